"""A board's contact list as it is written and read: one line for each role somebody holds in an agency."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.contracts.message import Data
from services.contracts.vocabulary import Sector

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^@\s]+@[^@\s]+$")]


class ContactLine(Data):
    """One professional in one role of one agency.

    `role` is a role key of the board's protocol. `deputy` is the address of another line. `sector` is what kind of agency it is, where a
    protocol makes a difference. `rank` orders the agency's own roles, 1 the most senior (BED-24); None where nobody has said.
    `away_from` and `away_until` are the first and the last day of an absence that is known beforehand.
    """

    agency: Words
    role: Words
    name: Words
    address: Address
    deputy: Address | Literal[""] = ""
    team: Text = ""
    sector: Sector = Sector.OTHER
    rank: Annotated[int, Field(ge=1, le=50)] | None = None
    away_from: date | None = None
    away_until: date | None = None

    def is_away(self, day: date) -> bool:
        """Whether they are known to be away on this day, in local time."""
        begins = self.away_from is not None and self.away_from <= day
        return begins and (self.away_until is None or day <= self.away_until)
