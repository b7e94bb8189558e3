"""A board as this deployment runs it: its protocol with its own choices, its people and its mail. Read by `loader`."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, StringConstraints, model_validator

from services.contracts.message import Data
from services.contracts.vocabulary import Person
from services.escalator.protocol import Protocol
from services.escalator.text import Address, Key, Words

Domain = Annotated[str, StringConstraints(to_lower=True, pattern=r"^(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$")]

Link = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^https?://\S+$")]
"""Where a text is on the web."""

Answer = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]
"""What a board chose: a key, or a number written as one."""


def _no_number(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("a time such as 09:00")  # noqa: TRY004 - the error pydantic reports; a number would be seconds
    return value


ClockTime = Annotated[time, BeforeValidator(_no_number)]


class WorkingHours(Data):
    """When people work: the board's agencies together, or one of them.

    The bank holidays of England are closed without being listed. `also_closed` are further dates on which nobody works, such as a
    school's holidays; `open_after_all` are bank holidays on which they do.
    """

    opens: ClockTime = time(9)
    closes: ClockTime = time(17)
    also_closed: tuple[date, ...] = ()
    open_after_all: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _a_day_is_at_least_an_hour(self) -> Self:
        if datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens) < timedelta(hours=1):
            raise ValueError("a working day of at least an hour")
        return self


class BoardHead(Data):
    """What a board is, apart from its protocol.

    `inbox` is the address its form is mailed to and `staff` who watches it. Mail is believed from `known_domains` only, and
    full content goes only to `secure_domains`. `contacts` is the path of the contact list, `role_table` of a role equivalence table
    (BED-24) where the board has one of its own. `learning_inbox` is where what was learned goes
    (A-22): None for the board's own inbox. `demonstration` is empty, or the
    sentence every page and mail must carry.

    `time_counts_in` says whose working time a deadline counts: the board's `working_hours` for everybody, so that no agency's closure
    ever gives a child longer, or those of the agency, from `agency_hours` by its name on the contact list. `bank_holidays` are those
    announced since this release of Concord; they hold for every agency.
    """

    key: Key
    name: Words
    reference_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}$")]
    inbox: Address
    staff: tuple[Person, ...]
    known_domains: tuple[Domain, ...]
    secure_domains: tuple[Domain, ...] = ()
    contacts: Words | None = None
    role_table: Words | None = None
    learning_inbox: Address | None = None
    demonstration: str = ""
    working_hours: WorkingHours = WorkingHours()
    time_counts_in: Literal["board", "agency"] = "board"
    agency_hours: dict[Words, WorkingHours] = {}  # noqa: RUF012 - pydantic copies it
    bank_holidays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _hours_of_agencies_count(self) -> Self:
        if bool(self.agency_hours) != (self.time_counts_in == "agency"):
            raise ValueError("time_counts_in: agency together with agency_hours, or neither")
        return self


class Board(BoardHead):
    """A board with its protocol in force, the board's choices made in it."""

    protocol: Protocol


class BoardFile(BoardHead):
    """A board in a file: `protocol` is the key of one that comes with Concord, or the path of a file; `choices` are the board's.

    `local_procedures` are links to the texts that the protocol says come first and does not hold, by ladder (A-08, A-35).
    """

    protocol: Words
    choices: dict[str, Answer] = {}  # noqa: RUF012 - pydantic copies it
    local_procedures: dict[str, Link] = {}  # noqa: RUF012 - pydantic copies it

    def resolved(self, protocol: Protocol, contacts: Path | None) -> Board:
        """The board with this protocol in force, its contact list found, and its links in the ladders."""
        head = {name: getattr(self, name) for name in BoardHead.model_fields}
        ladders = tuple(ladder.with_link(self.local_procedures.get(ladder.id)) for ladder in protocol.ladders)
        linked = protocol.model_copy(update={"ladders": ladders})
        return Board(**{**head, "contacts": str(contacts) if contacts else None}, protocol=linked)
