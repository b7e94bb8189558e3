"""A board as this deployment runs it: its protocol with its own choices, its people and its mail. Read by `loader`."""

from datetime import date, time
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from services.contracts.message import Data
from services.contracts.vocabulary import Person
from services.escalator.protocol import Protocol
from services.escalator.text import Key, Words

Domain = Annotated[str, StringConstraints(to_lower=True, pattern=r"^(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$")]


Address = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]

Answer = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]
"""What a board chose: a key, or a number written as one."""


class WorkingHours(Data):
    """When the board's agencies work, and dates on which the bank holidays of England are wrong for them."""

    opens: time = time(9)
    closes: time = time(17)
    also_closed: tuple[date, ...] = ()
    open_after_all: tuple[date, ...] = ()


class BoardHead(Data):
    """What a board is, apart from its protocol.

    `inbox` is the address its form is mailed to and `staff` who watches it. Mail is believed from `known_domains` only, and
    full content goes only to `secure_domains`. `contacts` is the path of the contact list. `demonstration` is empty, or the
    sentence every page and mail must carry.
    """

    key: Key
    name: Words
    reference_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}$")]
    inbox: Address
    staff: tuple[Person, ...]
    known_domains: tuple[Domain, ...]
    secure_domains: tuple[Domain, ...] = ()
    contacts: Words | None = None
    demonstration: str = ""
    working_hours: WorkingHours = WorkingHours()


class Board(BoardHead):
    """A board with its protocol in force, the board's choices made in it."""

    protocol: Protocol


class BoardFile(BoardHead):
    """A board in a file: `protocol` is the key of one that comes with Concord, or the path of a file; `choices` are the board's."""

    protocol: Words
    choices: dict[str, Answer] = {}  # noqa: RUF012 - pydantic copies it

    def resolved(self, protocol: Protocol, contacts: Path | None) -> Board:
        """The board with this protocol in force and its contact list found."""
        head = {name: getattr(self, name) for name in BoardHead.model_fields}
        return Board(**{**head, "contacts": str(contacts) if contacts else None}, protocol=protocol)
