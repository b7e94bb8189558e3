"""Every query of intake's."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.escalator import BoardPublished
from services.contracts.vocabulary import HeldReason
from services.intake.tables import BoardRow, Fingerprint, HeldItem, Mailbox, MailboxMail, NoticeNumber, RawMessage, Submission

LONGEST_PAUSE = timedelta(seconds=60)
CLAIM = timedelta(seconds=60)
TIME_TO_READ = timedelta(seconds=1)


class Handed(NamedTuple):
    """A mail as it was handed over; its bytes are stored under `sha256`."""

    sha256: str
    mail_from: str | None
    recipients: Sequence[str]
    size: int
    received_at: datetime
    part: str | None = None


async def keep_mail(session: AsyncSession, mail: Handed) -> None:
    """Note a mail whose bytes are stored. The same bytes for the same recipients again change nothing."""
    row = {
        "sha256": mail.sha256,
        "mail_from": mail.mail_from,
        "recipients": sorted(set(mail.recipients)),
        "size": mail.size,
        "received_at": mail.received_at,
        "next_at": mail.received_at,
        "starts": 0,
        "part": mail.part,
    }
    await session.execute(insert(RawMessage).values(row).on_conflict_do_nothing())


async def begin_reading(session: AsyncSession, moment: datetime) -> int | None:
    """Choose the mail that has waited longest and note that its reading begins; its id, or None when none waits.

    Commit this before reading: a mail that ends the whole service is then met a bounded number of times, further and further apart.
    """
    waiting = (
        select(RawMessage.id, RawMessage.starts)
        .where(RawMessage.read_at.is_(None), RawMessage.next_at <= moment)
        .order_by(RawMessage.next_at, RawMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = (await session.execute(waiting)).first()
    if found is None:
        return None
    pause = min(timedelta(seconds=2**found.starts), LONGEST_PAUSE)
    change = update(RawMessage).where(RawMessage.id == found.id).values(starts=found.starts + 1, next_at=moment + pause)
    await session.execute(change)
    return int(found.id)


async def lock_unread(session: AsyncSession, identity: int) -> RawMessage | None:
    """A mail nobody has read and nobody is reading, locked until the transaction ends."""
    unread = select(RawMessage).where(RawMessage.id == identity, RawMessage.read_at.is_(None))
    return (await session.scalars(unread.with_for_update(skip_locked=True))).first()


async def wake_waiting(session: AsyncSession, moment: datetime) -> None:
    """Let every unread mail be read now, but for what waits because too much came."""
    waiting = update(RawMessage).where(RawMessage.read_at.is_(None), RawMessage.deferred_at.is_(None))
    await session.execute(waiting.values(next_at=moment))


async def keep_board(session: AsyncSession, message: BoardPublished) -> None:
    """Keep what a board published, unless something newer is kept already."""
    row = {"board": message.board, "at": message.at, "published": message.model_dump(mode="json")}
    statement = insert(BoardRow).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=[BoardRow.board],
        set_={"at": statement.excluded.at, "published": statement.excluded.published},
        where=BoardRow.at <= statement.excluded.at,
    )
    await session.execute(statement)


async def board(session: AsyncSession, key: str) -> BoardPublished | None:
    """What a board last published, or None when it never has."""
    published = await session.scalar(select(BoardRow.published).where(BoardRow.board == key))
    return BoardPublished.model_validate(published) if published is not None else None


async def boards(session: AsyncSession) -> list[BoardPublished]:
    """Every board, by name."""
    rows = await session.scalars(select(BoardRow.published))
    return sorted((BoardPublished.model_validate(row) for row in rows), key=lambda published: published.name)


async def board_of_reference(session: AsyncSession, reference: str) -> str | None:
    """The board a case or a held item belongs to, as its reference says; None where that is nobody's."""
    if (item := await held_item(session, reference)) is not None:
        return item.board
    prefix = reference.partition("-")[0]
    return next((board.board for board in await boards(session) if board.reference_prefix == prefix), None)


async def claim_fingerprint(session: AsyncSession, fingerprint: str, case_id: str) -> str:
    """The case these answers belong to: `case_id`, unless they were sent before. Waits for somebody who is just sending the same."""
    row = {"fingerprint": fingerprint, "case_id": case_id}
    statement = insert(Fingerprint).values(row).on_conflict_do_nothing().returning(Fingerprint.case_id)
    mine = await session.scalar(statement)
    if mine is not None:
        return mine
    return (await session.scalars(select(Fingerprint.case_id).where(Fingerprint.fingerprint == fingerprint))).one()


async def move_fingerprint(session: AsyncSession, fingerprint: str, case_id: str) -> None:
    """Let these answers belong to another case."""
    await session.execute(update(Fingerprint).where(Fingerprint.fingerprint == fingerprint).values(case_id=case_id))


async def submission(session: AsyncSession, case_id: str) -> Submission | None:
    """A form by its case, locked until the transaction ends."""
    return (await session.scalars(select(Submission).where(Submission.case_id == case_id).with_for_update())).first()


async def drafts_of(session: AsyncSession, board: str, sender_address: str) -> Sequence[Submission]:
    """The forms a person has begun and not completed, newest first, locked until the transaction ends."""
    drafts = select(Submission).where(
        Submission.board == board, Submission.sender_address == sender_address, Submission.completed_at.is_(None)
    )
    return (await session.scalars(drafts.order_by(Submission.received_at.desc()).with_for_update())).all()


async def held_item(session: AsyncSession, item_id: str) -> HeldItem | None:
    """A held item by its id."""
    return await session.get(HeldItem, item_id)


async def mail_of(session: AsyncSession, sha256: str) -> RawMessage | None:
    """A mail by what it contains: the first that was handed over, where it was more than once."""
    return (
        await session.scalars(select(RawMessage).where(RawMessage.sha256 == sha256).order_by(RawMessage.id).limit(1))
    ).first()


async def next_notice_number(session: AsyncSession, reference: str) -> int:
    """The next number for a notice about a reference: 1, 2, 3 and so on."""
    statement = insert(NoticeNumber).values(reference=reference, last=1)
    statement = statement.on_conflict_do_update(index_elements=[NoticeNumber.reference], set_={"last": NoticeNumber.last + 1})
    return (await session.scalars(statement.returning(NoticeNumber.last))).one()


class Claim(NamedTuple):
    """A mail of a mailbox that this copy of the service has for a minute, and how often it has been tried with this time."""

    id: int
    key: str
    tries: int
    sha256: str | None


class Reading(NamedTuple):
    """How far a kept mail is: whether it has been read, and whether a person needs its original in the mailbox."""

    done: bool
    original_needed: bool


async def mark_of(session: AsyncSession, mailbox: str) -> str | None:
    """The mark up to which a mailbox's mail is noted; None when nobody has looked into it."""
    return await session.scalar(select(Mailbox.mark).where(Mailbox.mailbox == mailbox))


async def note_mails(session: AsyncSession, mailbox: str, mark: str, keys: Sequence[str], moment: datetime) -> None:
    """Note mails, each once, in this order, and the mark up to which that is all of them. One we were done with is there again."""
    rows = [{"mailbox": mailbox, "key": key, "tries": 0, "next_at": moment} for key in dict.fromkeys(keys)]
    if rows:
        statement = insert(MailboxMail)
        statement = statement.on_conflict_do_update(
            index_elements=[MailboxMail.mailbox, MailboxMail.key],
            set_={"tries": 0, "next_at": statement.excluded.next_at},
            where=MailboxMail.next_at.is_(None),
        )
        await session.execute(statement, rows)
    statement = insert(Mailbox).values(mailbox=mailbox, mark=mark, looked_at=moment)
    seen = {"mark": mark, "looked_at": moment}
    await session.execute(statement.on_conflict_do_update(index_elements=[Mailbox.mailbox], set_=seen))


async def looked_at(session: AsyncSession, mailbox: str) -> datetime | None:
    """When a copy of the service last looked into a mailbox; None when none has."""
    return await session.scalar(select(Mailbox.looked_at).where(Mailbox.mailbox == mailbox))


async def claim_mails(session: AsyncSession, mailbox: str, moment: datetime, most_kept: int) -> list[Claim]:
    """Claim what is due next: one mail to be taken, the one tried least and oldest of those; or, when there is none, the kept ones
    to be put away, so many at the most. People wait for the former. Empty when nothing is due.

    Commit this before doing it: a mail that ends the whole service is then tried a bounded number of times.
    """
    due = select(MailboxMail).where(MailboxMail.mailbox == mailbox, MailboxMail.next_at <= moment)
    due = due.order_by(MailboxMail.tries, MailboxMail.id).with_for_update(skip_locked=True)
    mails = (await session.scalars(due.where(MailboxMail.sha256.is_(None)).limit(1))).all()
    if not mails:
        mails = (await session.scalars(due.where(MailboxMail.sha256.is_not(None)).limit(most_kept))).all()
    for mail in mails:
        mail.tries, mail.next_at = mail.tries + 1, moment + CLAIM
    return [Claim(mail.id, mail.key, mail.tries, mail.sha256) for mail in mails]


async def next_due(session: AsyncSession, mailbox: str) -> datetime | None:
    """When something is next due for a mail of this mailbox."""
    return await session.scalar(select(func.min(MailboxMail.next_at)).where(MailboxMail.mailbox == mailbox))


class Backlog(NamedTuple):
    """The mails of a mailbox that are not done with: how many wait to be taken, and how many are taken and still where they were."""

    waiting: int
    not_put_away: int


async def backlog(session: AsyncSession, mailbox: str) -> Backlog:
    """What of a mailbox is not done yet."""
    counts = select(func.count().filter(MailboxMail.sha256.is_(None)), func.count(MailboxMail.sha256))
    undone = counts.where(MailboxMail.mailbox == mailbox, MailboxMail.next_at.is_not(None))
    waiting, not_put_away = (await session.execute(undone)).one()
    return Backlog(waiting, not_put_away)


async def postpone_mail(session: AsyncSession, identity: int, tries: int, until: datetime) -> None:
    """Give a claimed mail back until later."""
    await session.execute(update(MailboxMail).where(MailboxMail.id == identity).values(tries=tries, next_at=until))


async def mail_is_kept(session: AsyncSession, identity: int, sha256: str, moment: datetime) -> None:
    """A mail of a mailbox is kept; once it has had time to be read it can be put away."""
    change = update(MailboxMail).where(MailboxMail.id == identity)
    await session.execute(change.values(sha256=sha256, tries=0, next_at=moment + TIME_TO_READ))


async def finish_mail(session: AsyncSession, identity: int) -> None:
    """Nothing more is to be done for a mail of a mailbox: it is put away, or gone."""
    await session.execute(update(MailboxMail).where(MailboxMail.id == identity).values(next_at=None))


async def reading_of(session: AsyncSession, sha256: str, recipients: Sequence[str]) -> Reading | None:
    """How far a kept mail is; None when it is not known any more."""
    mail = select(RawMessage).where(RawMessage.sha256 == sha256, RawMessage.recipients == sorted(set(recipients)))
    found = (await session.scalars(mail)).first()
    if found is None:
        return None
    needed = found.part is not None or found.outcome == f"held: {HeldReason.UNREADABLE.value}"
    return Reading(found.read_at is not None, needed)
