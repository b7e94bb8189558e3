"""The escalator's tables: the contact list in force. Its cases live in the workflow engine."""

from sqlalchemy import Identity
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
