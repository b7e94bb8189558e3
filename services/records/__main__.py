"""`python -m services.records`: serves; `python -m services.records verify` walks the history's hash chain."""

import sys


def main(arguments: list[str]) -> int:
    """Run one command; without one, serve. Returns the exit status."""
    if arguments[:1] not in ([], ["serve"]):
        from services.records.verify import run  # noqa: PLC0415 - checking the history needs the database and nothing else

        return run(arguments)
    from services.records.serve import serve  # noqa: PLC0415 - and serving needs all of it

    serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
