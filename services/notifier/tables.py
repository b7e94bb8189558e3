"""The notifier's tables: every notice it was ever asked for, and where it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Index, Integer, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The metadata of notifier. Times are aware."""

    type_annotation_map = {datetime: DateTime(timezone=True), str: Text, dict[str, Any]: JSON}  # noqa: RUF012 - SQLAlchemy's own


class NoticeRow(Base):
    """One notice. `command` is the SendNotice as it came, its content still sealed.

    `next_attempt_at` is set while it waits to be sent, `claimed_by` (the number of a process) while one is sending it, and neither
    once it has come to its end. `again`: it may be with its recipient already. `document`: the mail as last handed over.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index("notices_waiting", "next_attempt_at", postgresql_where=text("next_attempt_at IS NOT NULL")),
        Index("notices_claimed", "claimed_by", postgresql_where=text("claimed_by IS NOT NULL")),
    )

    notice_id: Mapped[str] = mapped_column(primary_key=True)
    command: Mapped[dict[str, Any]]
    urgent: Mapped[bool]
    state: Mapped[str] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    again: Mapped[bool] = mapped_column(default=False)
    queued_at: Mapped[datetime]
    first_attempt_at: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    claimed_by: Mapped[int | None]
    changed_at: Mapped[datetime]
    document: Mapped[str | None]
    detail: Mapped[str] = mapped_column(default="")
