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

    An empty `mail_from` is a machine's (a null return path); None where the way in does not tell it. `part` says why the bytes are
    only the mail's headers (see `partial.Part`); None when they are all of it. `sender` and `case_id` are what it is
    counted by; `deferred_at` is when it was first put back because too much had come. `channel` is `page` for an answer and `web` for a
    form that was sent on a page: they are counted as mail is.
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
    part: Mapped[str | None]
    sender: Mapped[str | None]
    case_id: Mapped[str | None]
    deferred_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(default="mail")


class Mailbox(Base):
    """A mailbox we look into, and the mark up to which its mail is noted: UIDVALIDITY and UID for IMAP, a delta link for Graph.

    `looked_at` is when some copy of the service last did, give or take half a minute.
    """

    __tablename__ = "mailboxes"

    mailbox: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str]
    looked_at: Mapped[datetime | None]


class MailboxMail(Base):
    """A mail in a mailbox. `sha256` once it is kept; nothing is to be done for it before `next_at`, nor ever when that is None."""

    __tablename__ = "mailbox_mails"
    __table_args__ = (UniqueConstraint("mailbox", "key"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    mailbox: Mapped[str]
    key: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    sha256: Mapped[str | None]


class BoardRow(Base):
    """What a board last published about itself."""

    __tablename__ = "boards"

    board: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    published: Mapped[dict[str, Any]]


class Submission(Base):
    """A form: a draft until it is complete. `answers` are sealed for the case; `catalogue` tells which numbered list was shown.

    `chased` counts how often its sender was reminded of what it lacks, and `next_chase_at` is when that is due again; None when it is
    not. `form_version` is the number of the version in `answers`.
    """

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
    chased: Mapped[int] = mapped_column(default=0)
    next_chase_at: Mapped[datetime | None]
    form_version: Mapped[int] = mapped_column(default=1)


class FormVersion(Base):
    """One version of a form that was corrected: its answers, sealed for the case, and where and when they came from."""

    __tablename__ = "form_versions"

    case_id: Mapped[str] = mapped_column(ForeignKey("submissions.case_id"), primary_key=True)
    form_version: Mapped[int] = mapped_column(primary_key=True)
    answers: Mapped[str]
    source: Mapped[str]
    received_at: Mapped[datetime]


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


class SentNotice(Base):
    """A notice that left: `document` names the mail as sent, so that an answer typed into it can be told from it."""

    __tablename__ = "sent_notices"

    notice_id: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]
    sent_at: Mapped[datetime]


class Told(Base):
    """Somebody was told something that they are told once in a while: `address`, `what`, and when that was the last time."""

    __tablename__ = "told"

    address: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
