"""What a document leaves open, decided in the open."""

from typing import Literal

from services.contracts.message import Data
from services.escalator.text import Key, Words


class NumberRange(Data):
    """The whole numbers a choice allows."""

    least: int
    most: int


class Choice(Data):
    """A thing the document leaves open, decided in the open: the options, our default and why, and what the board chose.

    `id` is the ambiguity it settles (A-02). `chosen` is None until the board says otherwise.
    """

    id: Words
    name: Key
    question: Words
    asked_of: Literal["board", "practitioner"] = "board"
    options: tuple[Key, ...] = ()
    number: NumberRange | None = None
    default: Words
    reason: Words
    chosen: str | None = None

    @property
    def value(self) -> str:
        """What is in force."""
        return self.default if self.chosen is None else self.chosen

    @property
    def allowed(self) -> tuple[str, ...]:
        """What may be chosen, in words."""
        if self.number is not None:
            return (f"a whole number from {self.number.least} to {self.number.most}",)
        return self.options

    def allows(self, value: str) -> bool:
        """Whether this may be chosen."""
        if self.number is not None:
            return value.isascii() and value.isdigit() and self.number.least <= int(value) <= self.number.most
        return value in self.options
