"""The escalator's tables: the contact lists in force, and cases that have ended. Open cases live in the workflow engine."""

from datetime import date, datetime

from sqlalchemy import DateTime, Identity
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The escalator's metadata."""


class ContactRow(Base):
    """One professional in one role of one agency, for one board."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    board: Mapped[str] = mapped_column(index=True)
    agency: Mapped[str]
    role: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    deputy: Mapped[str]
    team: Mapped[str]
    sector: Mapped[str]
    rank: Mapped[int | None]
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]


class ContactListRow(Base):
    """When a board's contact list was last put in force, and by whom: an address, or nobody where it came from the board's file.

    `file_sha256` is of the file that was last loaded: None where none ever was.
    """

    __tablename__ = "contact_lists"

    board: Mapped[str] = mapped_column(primary_key=True)
    file_sha256: Mapped[str | None]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_by: Mapped[str]


class EndedCaseRow(Base):
    """A case that has ended, as it was then (a `workflows.Resumed`): the workflow engine forgets it, and it may go on one day."""

    __tablename__ = "ended_cases"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    body: Mapped[str]
