"""Every query of intake's conversations: how much came from whom, who was told what, drafts to be chased, notices as they left."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.tables import FormVersion, RawMessage, SentNotice, Submission, Told


class Pressure(NamedTuple):
    """How much of somebody's mail was read since a moment, when the first of it was, and whether earlier mail still waits."""

    read: int
    first_at: datetime | None
    earlier_until: datetime | None


async def pressure_of_sender(session: AsyncSession, mail: RawMessage, since: datetime) -> Pressure:
    """From the address that a mail came from."""
    await _one_at_a_time(session, f"sender {mail.sender}")
    return await _pressure(session, mail, RawMessage.sender == mail.sender, since)


async def pressure_of_case(session: AsyncSession, mail: RawMessage, since: datetime) -> Pressure:
    """About the case that a mail is about."""
    await _one_at_a_time(session, f"case {mail.case_id}")
    return await _pressure(session, mail, RawMessage.case_id == mail.case_id, since)


async def tell_once(session: AsyncSession, address: str, what: str, moment: datetime, pause: timedelta) -> bool:
    """Whether somebody may be told this now: they were not, for so long. Notes that they are. Waits for others who ask the same."""
    statement = insert(Told).values(address=address.lower(), what=what, at=moment)
    statement = statement.on_conflict_do_update(
        index_elements=[Told.address, Told.what], set_={"at": moment}, where=Told.at <= moment - pause
    )
    return (await session.execute(statement.returning(Told.what))).first() is not None


async def next_draft_to_chase(session: AsyncSession, moment: datetime) -> Submission | None:
    """The draft whose sender is to be reminded, locked until the transaction ends; what another copy has in hand is passed over."""
    due = select(Submission).where(Submission.next_chase_at <= moment, Submission.completed_at.is_(None))
    return (await session.scalars(due.order_by(Submission.next_chase_at).limit(1).with_for_update(skip_locked=True))).first()


async def chase_later(session: AsyncSession, case_id: str, moment: datetime) -> None:
    """Put off when a draft is chased."""
    await session.execute(update(Submission).where(Submission.case_id == case_id).values(next_chase_at=moment))


async def keep_version(session: AsyncSession, submission: Submission, source: str, received_at: datetime) -> None:
    """Keep the version of a form that is in force among its versions, with where and when it came from."""
    row = {
        "case_id": submission.case_id,
        "form_version": submission.form_version,
        "answers": submission.answers,
        "source": source,
        "received_at": received_at,
    }
    await session.execute(insert(FormVersion).values(row).on_conflict_do_nothing())


async def keep_sent(session: AsyncSession, notice_id: str, document: str, moment: datetime) -> None:
    """Keep which mail a notice left as; sent once more it is the later one, which says the same."""
    statement = insert(SentNotice).values(notice_id=notice_id, document=document, sent_at=moment)
    set_ = {"document": document, "sent_at": moment}
    await session.execute(statement.on_conflict_do_update(index_elements=[SentNotice.notice_id], set_=set_))


async def sent_document(session: AsyncSession, notice_id: str) -> str | None:
    """The document of a notice as it left, or None when we have not heard that it did."""
    return await session.scalar(select(SentNotice.document).where(SentNotice.notice_id == notice_id))


async def _pressure(session: AsyncSession, mail: RawMessage, same: ColumnElement[bool], since: datetime) -> Pressure:
    read = select(func.count(), func.min(RawMessage.read_at)).where(same, RawMessage.read_at > since)
    number, first_at = (await session.execute(read)).one()
    earlier = select(func.max(RawMessage.next_at)).where(
        same, RawMessage.read_at.is_(None), RawMessage.deferred_at.is_not(None), RawMessage.id < mail.id
    )
    return Pressure(number, first_at, await session.scalar(earlier))


async def _one_at_a_time(session: AsyncSession, what: str) -> None:
    """Let mails that are counted together be counted one after the other, until each one's transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"concord intake {what}", 0))))
