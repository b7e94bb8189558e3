"""Every query of answering on a page."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.notifier import NoticeSent
from services.intake.answering.tables import AnswerableNotice, GivenAnswer
from services.intake.tables import RawMessage


async def keep_notice(session: AsyncSession, message: NoticeSent) -> None:
    """Keep how a notice that left may be answered. Sent once more, it says the same."""
    if not message.answers:
        return
    row = {
        "notice_id": message.notice_id,
        "kind": message.kind,
        "to_name": message.to_name,
        "answers": list(message.answers),
        "document": message.document,
        "sent_at": message.at,
        "case_id": message.case_id,
        "address": message.address.lower(),
        "side": message.side.value,
    }
    await session.execute(insert(AnswerableNotice).values(row).on_conflict_do_nothing())


async def notice(session: AsyncSession, notice_id: str) -> AnswerableNotice | None:
    """A notice that may be answered; None when it is not known to have left, or needs no answer."""
    return await session.get(AnswerableNotice, notice_id)


async def latest(session: AsyncSession, case_id: str, address: str) -> AnswerableNotice | None:
    """The latest notice about a case that this address may answer."""
    theirs = (AnswerableNotice.case_id == case_id, AnswerableNotice.address == address.lower())
    newest = select(AnswerableNotice).where(*theirs).order_by(AnswerableNotice.sent_at.desc(), AnswerableNotice.notice_id)
    return (await session.scalars(newest.limit(1))).first()


async def keep_answer(session: AsyncSession, answer: GivenAnswer) -> bool:
    """Keep that an answer was given. False when this very one was given before: that one counts."""
    row = {"source": answer.source, "notice_id": answer.notice_id, "act": answer.act, "given_at": answer.given_at}
    statement = insert(GivenAnswer).values(row).on_conflict_do_nothing().returning(GivenAnswer.source)
    return (await session.scalar(statement)) is not None


async def waits_until(session: AsyncSession, source: str) -> datetime | None:
    """Until when an answer waits for its turn; None when it was passed on."""
    waiting = (RawMessage.sha256 == source, RawMessage.channel == "page", RawMessage.read_at.is_(None))
    return await session.scalar(select(RawMessage.next_at).where(*waiting).limit(1))


async def answers_to(session: AsyncSession, notice_id: str) -> Sequence[GivenAnswer]:
    """The answers given to a notice on its page, in order."""
    given = select(GivenAnswer).where(GivenAnswer.notice_id == notice_id)
    return (await session.scalars(given.order_by(GivenAnswer.given_at, GivenAnswer.source))).all()
