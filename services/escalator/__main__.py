"""`python -m services.escalator`: serves, or answers a question about the protocols on the command line."""

import sys


def main(arguments: list[str]) -> int:
    """Run one command; without one, serve. Returns the exit status."""
    if arguments[:1] not in ([], ["serve"]):
        from services.escalator.cli import run  # noqa: PLC0415 - a command line answer needs no broker and no Temporal

        return run(arguments)
    from services.escalator.serve import serve  # noqa: PLC0415 - and serving needs both

    serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
