"""The tables of records. The history is the truth; every other table about cases can be made again from it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, DateTime, Identity, Index, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The metadata of records. Times are aware; JSON is `json`, which keeps what it is given."""

    type_annotation_map = {datetime: DateTime(timezone=True), str: Text, dict[str, Any]: JSON}  # noqa: RUF012 - SQLAlchemy's own


class HistoryRow(Base):
    """One message, for ever: a trigger refuses to change or remove it, and `hash` covers it and everything before it."""

    __tablename__ = "history"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[UUID] = mapped_column(unique=True)
    topic: Mapped[str]
    version: Mapped[int]
    case_id: Mapped[str | None] = mapped_column(index=True)
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    body: Mapped[str]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class HeadRow(Base):
    """The end of the chain: one row, moved by every entry, so that a cut tail shows."""

    __tablename__ = "history_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]


class CaseRow(Base):
    """Where a case is now: a `case.Case` in `view`, and beside it what lists are searched and ordered by."""

    __tablename__ = "cases"
    __table_args__ = (Index("cases_by_board", "board", "state", "deadline"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    board: Mapped[str]
    state: Mapped[str]
    immediate_danger: Mapped[bool]
    needs_staff: Mapped[bool]
    raised_at: Mapped[datetime | None]
    deadline: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    view: Mapped[dict[str, Any]]


class LinkRow(Base):
    """Two cases concern the same matter; kept once, in the direction somebody said it."""

    __tablename__ = "case_links"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    other_case: Mapped[str] = mapped_column(primary_key=True, index=True)


class NoticeRow(Base):
    """One notice and where it is: queued, sent or failed. `delivery` is what a machine answered about it later."""

    __tablename__ = "notices"
    __table_args__ = (Index("notices_in_trouble", "case_id", postgresql_where=text("state <> 'sent' OR delivery = 'bounce'")),)

    notice_id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(index=True)
    board: Mapped[str | None]
    kind: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    side: Mapped[str]
    state: Mapped[str]
    outcome: Mapped[str]
    detail: Mapped[str]
    attempts: Mapped[int]
    queued_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    delivery: Mapped[str]
    delivery_detail: Mapped[str]
    delivered_at: Mapped[datetime | None]


class HeldRow(Base):
    """Something that came in and waits for board staff; `source` names its original in the document store.

    `content` is the sealed HeldContent of what could be read in it, and `settled` the ItemSettled that says what became of it.
    """

    __tablename__ = "held"
    __table_args__ = (
        Index("held_waiting", "received_at", postgresql_where=text("settled_at IS NULL")),
        Index("held_by_source", "source", postgresql_where=text("settled_at IS NOT NULL")),
    )

    item_id: Mapped[str] = mapped_column(primary_key=True)
    board: Mapped[str | None] = mapped_column(index=True)
    case_id: Mapped[str | None] = mapped_column(index=True)
    reason: Mapped[str]
    detail: Mapped[str]
    from_address: Mapped[str]
    received_at: Mapped[datetime]
    source: Mapped[str]
    content: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled: Mapped[str | None]


class DeadLetterRow(Base):
    """A message some service could not take in. It is a fault of ours, and board staff see that it happened, and say so (`seen_by`)."""

    __tablename__ = "dead_letters"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    queue: Mapped[str]
    message_id: Mapped[str]
    topic: Mapped[str]
    case_id: Mapped[str | None]
    reason: Mapped[str]
    body: Mapped[str]
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None]


class BoardRow(Base):
    """The latest BoardPublished of a board."""

    __tablename__ = "boards"

    board: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    demonstration: Mapped[str]
    at: Mapped[datetime]
    body: Mapped[str]


class StaffRow(Base):
    """Who may sign in for a board, by address in lower case."""

    __tablename__ = "staff"

    board: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True, index=True)
    name: Mapped[str]


class ContactsRow(Base):
    """The latest ContactsPublished of a board."""

    __tablename__ = "contact_lists"

    board: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    body: Mapped[str]


class RequestRow(Base):
    """What board staff asked for on a page: `body` is the StaffActed or ContactsChanged that says so, said once.

    `after` is the number of the case's last known fact when they asked: a later one may answer it.
    """

    __tablename__ = "requests"
    __table_args__ = (Index("requests_by_board", "board", "asked_at"),)

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    board: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    after: Mapped[int]
    body: Mapped[str]


class ConfirmationRow(Base):
    """The record of one closing of a case: asked for, issued, or issued plain because the PDF could not be made.

    `number` is that of the closing's fact, and `outcome` is None where the case ended without one. `tries` counts failed tries;
    `problem` says in plain words why it waits, or why it is plain. `chain_seq` and `chain_hash` are the end of the history it was
    printed with.
    """

    __tablename__ = "confirmations"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[int | None]
    state: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int]
    problem: Mapped[str]
    document: Mapped[str | None]
    filename: Mapped[str | None]
    media_type: Mapped[str | None]
    sha256: Mapped[str | None]
    chain_seq: Mapped[int | None] = mapped_column(BigInteger)
    chain_hash: Mapped[str | None]
    issued_at: Mapped[datetime | None]


class SignInRow(Base):
    """Somebody on a board's staff asked for a code. `code_hash` is None once it has been used."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("sign_ins_by_address", "address", "asked_at"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    code_hash: Mapped[str | None]
    tries: Mapped[int]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SessionRow(Base):
    """Somebody is signed in. Which boards they see is looked up each time, so leaving a board takes effect at once."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
