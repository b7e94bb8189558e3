"""What the pages keep: codes on their way, who is there, and forms begun. Codes and tokens are kept as hashes, answers sealed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.tables import Base


class CodeRow(Base):
    """A code was mailed to `address` for the browser `visit`. `code_hash` is None once it has been used.

    `visit` and `network` (where it was asked from) are hashes.
    """

    __tablename__ = "web_codes"
    __table_args__ = (
        Index("web_codes_by_visit", "visit"),
        Index("web_codes_by_address", "address", "asked_at"),
        Index("web_codes_by_network", "network", "asked_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    visit: Mapped[str]
    network: Mapped[str]
    address: Mapped[str]
    code_hash: Mapped[str | None]
    tries: Mapped[int]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SessionRow(Base):
    """Somebody proved that they read mail to `address`. `token` is a hash."""

    __tablename__ = "web_sessions"

    token: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class DraftRow(Base):
    """A form begun on the pages. `answers` are sealed under `draft`, and emptied once it is the case `case_id`.

    It belongs to the browser `visit` (a hash) until somebody has proved their `address`, and to that address from then on. `about` is
    the form already sent that it completes or corrects; None for a form of its own.
    """

    __tablename__ = "web_drafts"
    __table_args__ = (
        Index("web_drafts_by_address", "address", "board"),
        Index("web_drafts_by_network", "network", "begun_at"),
    )

    draft: Mapped[str] = mapped_column(primary_key=True)
    board: Mapped[str]
    visit: Mapped[str]
    network: Mapped[str]
    address: Mapped[str | None]
    answers: Mapped[str]
    case_id: Mapped[str | None]
    about: Mapped[str | None]
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ContactsRow(Base):
    """A board's contact list as last published: for the finder of opposite numbers."""

    __tablename__ = "contacts"

    board: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    published: Mapped[dict[str, Any]]
