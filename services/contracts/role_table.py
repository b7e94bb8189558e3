"""Which titles of different agencies stand side by side in a board's document (BED-24), as a value.

A table says what is printed and no more. `opposite` suggests from it, and a person confirms.
"""

from collections import Counter
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from services.contracts.contact_list import Words
from services.contracts.message import Data
from services.contracts.vocabulary import Sector

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Row = Annotated[int, Field(ge=1, le=50)]


class Misaligned(Data):
    """Rows of one agency that stand beside others of another level, and why we think so (A-18).

    `here` is the row of this agency that answers to another agency's row, `elsewhere` the row of other agencies that answers to one of
    this agency's. A row that answers to itself is one that nobody can be sure of.
    """

    here: dict[Row, Row] = {}  # noqa: RUF012 - pydantic copies it
    elsewhere: dict[Row, Row] = {}  # noqa: RUF012 - pydantic copies it
    why: Words


class Column(Data):
    """One agency's titles from the most senior down, None where the document leaves the cell blank (A-20)."""

    key: Key
    name: Words
    short: str = ""
    sector: Sector
    titles: tuple[Words | None, ...]
    misaligned: Misaligned | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What people may call the agency."""
        return tuple(name for name in (self.name, self.short, self.key) if name)

    @property
    def blank(self) -> bool:
        """Whether the document names no title at all."""
        return not any(self.titles)

    def title(self, row: int) -> str:
        """The title in this row, counted from 1; empty where the cell is blank or there is no such row."""
        return (self.titles[row - 1] or "") if 1 <= row <= len(self.titles) else ""


class Printed(Data):
    """One table as it is printed: nothing says that a row of it is of the level of the same row in another (A-19)."""

    agencies: Annotated[tuple[Column, ...], Field(min_length=1)]


class RoleTable(Data):
    """A board's role equivalence table. `source` is the place in its document, and `rows` how many each of its tables has."""

    key: Key
    name: Words
    source: Words
    rows: Row
    tables: Annotated[tuple[Printed, ...], Field(min_length=1)]

    @property
    def agencies(self) -> tuple[Column, ...]:
        """Every agency, in the document's order."""
        return tuple(column for printed in self.tables for column in printed.agencies)

    def printed_with(self, column: Column) -> Printed:
        """The table that this agency stands in."""
        return next(printed for printed in self.tables if column in printed.agencies)

    @model_validator(mode="after")
    def _columns_fit(self) -> Self:
        for key, times in Counter(column.key for column in self.agencies).items():
            if times > 1:
                raise ValueError(f"a key for each agency: {key} is there {times} times")
        for column in self.agencies:
            if len(column.titles) != self.rows:
                raise ValueError(f"{self.rows} titles for {column.key}, with ~ for a blank cell, not {len(column.titles)}")
            given = column.misaligned or Misaligned(why="none")
            if not all(column.title(row) for row in (*given.here.values(), *given.elsewhere)):
                raise ValueError(f"rows that have a title where {column.key} is misaligned")
        return self
