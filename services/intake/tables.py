"""Intake's tables. A child's name, date of birth and narrative are in none of them in clear."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Intake's metadata."""

    type_annotation_map = {str: Text, datetime: DateTime(timezone=True), dict[str, Any]: JSONB}  # noqa: RUF012 - SQLAlchemy's way


class RawMessage(Base):
    """One mail as it was handed over; its bytes are in the document store under `sha256`. `outcome` is what it turned out to be.

    An empty `mail_from` is a machine's (a null return path); None where the way in does not tell it.
    """

    __tablename__ = "raw_messages"
    __table_args__ = (UniqueConstraint("sha256", "recipients"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    sha256: Mapped[str]
    mail_from: Mapped[str | None]
    recipients: Mapped[list[str]] = mapped_column(ARRAY(Text))
    size: Mapped[int]
    received_at: Mapped[datetime]
    next_at: Mapped[datetime]
    starts: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class BoardRow(Base):
    """What a board last published about itself."""

    __tablename__ = "boards"

    board: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    published: Mapped[dict[str, Any]]


class Submission(Base):
    """A form: a draft until it is complete. `answers` are sealed for the case; `catalogue` tells which numbered list was shown."""

    __tablename__ = "submissions"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    board: Mapped[str]
    channel: Mapped[str]
    sender_name: Mapped[str]
    sender_address: Mapped[str] = mapped_column(index=True)
    answers: Mapped[str]
    catalogue: Mapped[str]
    source: Mapped[str]
    received_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]


class Fingerprint(Base):
    """Answers somebody has sent, as a keyed hash: the same ones again are the same case."""

    __tablename__ = "fingerprints"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("submissions.case_id", deferrable=True, initially="DEFERRED"))


class HeldItem(Base):
    """Something that waits for board staff."""

    __tablename__ = "held_items"

    item_id: Mapped[str] = mapped_column(primary_key=True)
    board: Mapped[str | None]
    case_id: Mapped[str | None]
    reason: Mapped[str]
    detail: Mapped[str]
    from_address: Mapped[str]
    source: Mapped[str]
    received_at: Mapped[datetime]
    held_at: Mapped[datetime] = mapped_column(server_default=func.now())


class NoticeNumber(Base):
    """The number of the last notice intake sent about a reference."""

    __tablename__ = "notice_numbers"

    reference: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
