"""The commands that show and check protocols: `ladders`, `simulate` and `check`."""


def run(arguments: list[str]) -> int:
    """Run one command and return the exit status: 0 right, 1 a file is wrong, 2 the command was not understood."""
    raise NotImplementedError(arguments)
