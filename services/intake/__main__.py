"""`python -m services.intake`: serves; `python -m services.intake read FILE` tells what it would understand of one file."""

import sys


def main(arguments: list[str]) -> int:
    """Run one command; without one, serve. Returns the exit status."""
    if arguments[:1] not in ([], ["serve"]):
        from services.intake.cli import run  # noqa: PLC0415 - reading one file needs no server

        return run(arguments)
    from services.intake.serve import serve  # noqa: PLC0415 - and serving needs all of it

    serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
