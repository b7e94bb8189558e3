"""What can go wrong in escalator.

EscalatorError
├── ProtocolError     a protocol, board or contact file is not right: every problem, with file and line
├── Unknown           no such board, ladder, choice or option: says which there are
├── NoCase            a message is for a case that is not there, or whose workflow was ended from outside
├── TooLarge          a message is larger than a case can carry
└── Refused           the workflow engine will never take this message
"""

from collections.abc import Iterable, Sequence

from services.contracts.message import Data


class Problem(Data):
    """One thing wrong in one file. `line` counts from 1; `found` is empty when something is missing."""

    file: str
    line: int
    expected: str
    found: str = ""

    def __str__(self) -> str:
        found = f", found {self.found}" if self.found else ""
        return f"{self.file}:{self.line}: expected {self.expected}{found}"


class EscalatorError(Exception):
    """Anything escalator itself reports."""


class ProtocolError(EscalatorError):
    """A protocol or board file is not right. `problems` are all that were found, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Unknown(EscalatorError):
    """There is no such thing; the message lists what there is."""

    def __init__(self, what: str, given: str, allowed: Iterable[str]) -> None:
        self.what, self.given, self.allowed = what, given, tuple(allowed)
        super().__init__(f"unknown {what} '{given}': expected one of {', '.join(self.allowed) or 'none'}")


class NoCase(EscalatorError):
    """There is no case to take this message in: a person must look at it."""


class TooLarge(EscalatorError):
    """The message is larger than a case can carry."""


class Refused(EscalatorError):
    """The workflow engine will not take this message, however often it is asked."""
