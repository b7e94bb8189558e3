"""`python -m services.escalator`: serves, or answers a question about the protocols on the command line."""

import sys


def main(arguments: list[str]) -> int:
    """Run one command; without one, serve. Returns the exit status."""
    if arguments[:1] not in ([], ["serve"]):
        from services.escalator.cli import run  # noqa: PLC0415 - a command line answer needs no broker and no Temporal

        return run(arguments)
    raise NotImplementedError("serve")  # composition root of the service


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
