"""The readers of the Escalation Form, one module per format. A reader takes a letter and returns the answers it finds, or None."""

from collections.abc import Callable

from services.intake.domain import Answers
from services.intake.forms import text
from services.intake.mailbox import Letter

Reader = Callable[[Letter], Answers | None]

READERS: tuple[tuple[str, Reader], ...] = (("the form is in the body of the mail", text.read),)
"""Each reader with the rule it stands for, in the order they are asked. A new format is a module here and a line there."""


def find(letter: Letter) -> tuple[str, Answers] | None:
    """The first form any reader finds, and the rule that found it."""
    for rule, read in READERS:
        answers = read(letter)
        if answers is not None:
            return rule, answers
    return None
