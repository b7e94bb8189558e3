"""Every query of the pages."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.contact_list import ContactLine
from services.contracts.escalator import ContactsPublished
from services.intake.tables import Fingerprint, Submission
from services.intake.web.tables import CodeRow, ContactsRow, DraftRow, SessionRow

TRIES = 5
"""How many codes one browser may type for one mail."""

_ALLOWANCES = {
    CodeRow.address: ((timedelta(minutes=15), 5), (timedelta(days=1), 40)),
    CodeRow.network: ((timedelta(minutes=15), 60), (timedelta(days=1), 1_000)),
}
"""How many codes one address may be sent, and one network may ask for, in how long. A whole trust may be one network."""

_UNPROVED_DRAFTS = ((timedelta(hours=1), 300),)
"""How many forms may be begun from one network, before anybody has proved an address, in how long."""


_MOST_LOOKED_AT = 50


async def may_have_code(session: AsyncSession, address: str, network: str, now: datetime) -> bool:
    """Whether another code may go to this address, asked for from this network. Requests for one address wait for each other."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"code {address}", 0))))
    for column, value in ((CodeRow.address, address), (CodeRow.network, network)):
        for period, allowed in _ALLOWANCES[column]:
            asked = select(func.count()).where(column == value, CodeRow.asked_at > now - period)
            if (await session.scalar(asked) or 0) >= allowed:
                return False
    return True


async def try_codes(session: AsyncSession, visit: str, now: datetime) -> Sequence[CodeRow]:
    """Count one try for this browser, and give back every code it may still type: mails overtake each other."""
    live = (CodeRow.visit == visit, CodeRow.expires_at > now, CodeRow.tries < TRIES, CodeRow.code_hash.is_not(None))
    counted = update(CodeRow).where(*live).values(tries=CodeRow.tries + 1).returning(CodeRow)
    return (await session.scalars(counted)).all()


async def use_codes(session: AsyncSession, visit: str) -> None:
    """Use up every code of this browser."""
    await session.execute(update(CodeRow).where(CodeRow.visit == visit).values(code_hash=None))


async def last_mailed(session: AsyncSession, visit: str) -> str | None:
    """The address that this browser last asked a code for."""
    latest = select(CodeRow.address).where(CodeRow.visit == visit).order_by(CodeRow.id.desc()).limit(1)
    address: str | None = await session.scalar(latest)
    return address


async def session_of(session: AsyncSession, token: str, now: datetime) -> SessionRow | None:
    """The session this is the token of, fresh or not; None when there is none or it is over."""
    row = await session.get(SessionRow, token)
    return row if row is not None and row.expires_at > now else None


async def seen(session: AsyncSession, token: str, now: datetime) -> None:
    """Note that somebody is there, at most once a minute."""
    stale = (SessionRow.token == token, SessionRow.seen_at < now - timedelta(minutes=1))
    await session.execute(update(SessionRow).where(*stale).values(seen_at=now))


async def end_session(session: AsyncSession, token: str) -> None:
    """Sign out."""
    await session.execute(delete(SessionRow).where(SessionRow.token == token))


async def may_begin(session: AsyncSession, network: str, now: datetime) -> bool:
    """Whether another form may be begun from this network by somebody nobody knows yet."""
    for period, allowed in _UNPROVED_DRAFTS:
        begun = (DraftRow.network == network, DraftRow.address.is_(None), DraftRow.begun_at > now - period)
        if (await session.scalar(select(func.count()).where(*begun)) or 0) >= allowed:
            return False
    return True


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete what is not kept any more: forms nobody came back to, sessions that are over, codes older than any allowance."""
    longest = max(period for allowances in _ALLOWANCES.values() for period, _ in allowances)
    await session.execute(delete(DraftRow).where(DraftRow.expires_at <= now))
    await session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
    await session.execute(delete(CodeRow).where(CodeRow.asked_at <= now - longest))


async def draft(session: AsyncSession, key: str, now: datetime) -> DraftRow | None:
    """A form that is still kept."""
    row = await session.get(DraftRow, key)
    return row if row is not None and row.expires_at > now else None


async def lock_draft(session: AsyncSession, key: str, now: datetime) -> DraftRow | None:
    """The same, locked until the transaction ends."""
    kept = select(DraftRow).where(DraftRow.draft == key, DraftRow.expires_at > now)
    return (await session.scalars(kept.with_for_update())).first()


async def drafts_at(session: AsyncSession, board: str, address: str, now: datetime) -> Sequence[DraftRow]:
    """What somebody has begun or sent at a board and is still kept, the latest first."""
    kept = select(DraftRow).where(DraftRow.board == board, DraftRow.address == address, DraftRow.expires_at > now)
    return (await session.scalars(kept.order_by(DraftRow.begun_at.desc()))).all()


async def sent_by(session: AsyncSession, board: str, address: str, since: datetime) -> Sequence[Submission]:
    """The forms that somebody has sent to a board since then, the latest first."""
    theirs = (Submission.board == board, func.lower(Submission.sender_address) == address.lower())
    latest = select(Submission).where(*theirs, Submission.received_at > since).order_by(Submission.received_at.desc())
    return (await session.scalars(latest.limit(_MOST_LOOKED_AT))).all()


async def is_known(session: AsyncSession, fingerprint: str) -> bool:
    """Whether these very answers were sent before."""
    return await session.get(Fingerprint, fingerprint) is not None


async def claim_drafts(session: AsyncSession, visit: str, address: str, expires_at: datetime) -> None:
    """Give what a browser began to the address it has proved."""
    mine = (DraftRow.visit == visit, DraftRow.address.is_(None))
    await session.execute(update(DraftRow).where(*mine).values(address=address, expires_at=expires_at))


async def keep_contacts(session: AsyncSession, message: ContactsPublished) -> None:
    """Keep a board's contact list, unless something newer is kept already."""
    row = {"board": message.board, "at": message.at, "published": message.model_dump(mode="json")}
    statement = insert(ContactsRow).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=[ContactsRow.board],
        set_={"at": statement.excluded.at, "published": statement.excluded.published},
        where=ContactsRow.at <= statement.excluded.at,
    )
    await session.execute(statement)


async def contacts(session: AsyncSession, board: str) -> tuple[ContactLine, ...]:
    """A board's contact list; empty where it has published none."""
    published = await session.scalar(select(ContactsRow.published).where(ContactsRow.board == board))
    return ContactsPublished.model_validate(published).lines if published is not None else ()
