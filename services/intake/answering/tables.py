"""What answering on a page keeps: which notices may be answered, and which answers were given."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.tables import Base


class AnswerableNotice(Base):
    """A notice that left and may be answered on a page: by which words, whom it was to, and the mail as sent.

    `case_id`, `address` (in small letters) and `side` are empty for one that left before they were kept.
    """

    __tablename__ = "answerable_notices"
    __table_args__ = (Index("answerable_notices_by_case", "case_id", "address"),)

    notice_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    to_name: Mapped[str]
    answers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    document: Mapped[str]
    sent_at: Mapped[datetime]
    case_id: Mapped[str]
    address: Mapped[str]
    side: Mapped[str]


class GivenAnswer(Base):
    """An answer given on a page: `source` names what was typed, in the document store, so that the same one is given once."""

    __tablename__ = "given_answers"

    source: Mapped[str] = mapped_column(primary_key=True)
    notice_id: Mapped[str] = mapped_column(index=True)
    act: Mapped[str]
    given_at: Mapped[datetime]
