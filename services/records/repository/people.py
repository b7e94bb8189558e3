"""Boards, who may sign in for them, one-time codes and sessions. Tokens and codes are kept as hashes only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.escalator import BoardPublished
from services.records.tables import BoardRow, SessionRow, SignInRow, StaffRow

TRIES = 5
"""How many codes one person may type for one mail."""
_ALLOWANCES = ((timedelta(minutes=15), 5), (timedelta(days=1), 40))
"""How many codes one address may be sent in how long."""


@dataclass(frozen=True)
class Staff:
    """Somebody on a board's staff."""

    name: str
    address: str
    board: str
    board_name: str
    demonstration: str


async def publish(session: AsyncSession, message: BoardPublished) -> None:
    """A board as it is now, and its staff; an older message than the one kept changes nothing."""
    row = {
        "board": message.board,
        "name": message.name,
        "demonstration": message.demonstration,
        "at": message.at,
        "body": message.model_dump_json(),
    }
    newer = (
        insert(BoardRow).values(row).on_conflict_do_update(index_elements=["board"], set_=row, where=BoardRow.at <= message.at)
    )
    if (await session.execute(newer.returning(BoardRow.board))).first() is None:
        return
    await session.execute(delete(StaffRow).where(StaffRow.board == message.board))
    people = {person.address.strip().lower(): person.name for person in message.staff}
    for address, name in people.items():
        await session.execute(insert(StaffRow).values(board=message.board, address=address, name=name))


async def boards(session: AsyncSession, wanted: Collection[str]) -> dict[str, BoardPublished]:
    """These boards as last published, as far as they are known."""
    rows = await session.execute(select(BoardRow.board, BoardRow.body).where(BoardRow.board.in_(wanted)))
    return {board: BoardPublished.model_validate_json(body) for board, body in rows}


async def demonstration(session: AsyncSession) -> str:
    """The sentence a page before sign-in must carry: that of a board here, when every board here is a demonstration."""
    sentences = (await session.scalars(select(BoardRow.demonstration).order_by(BoardRow.board))).all()
    return sentences[0] if sentences and all(sentences) else ""


async def staff(session: AsyncSession, address: str) -> Sequence[Staff]:
    """The boards this address is staff of; empty for anybody else."""
    query = (
        select(StaffRow.name, StaffRow.address, StaffRow.board, BoardRow.name, BoardRow.demonstration)
        .join(BoardRow, BoardRow.board == StaffRow.board)
        .where(StaffRow.address == address.strip().lower())
        .order_by(BoardRow.name)
    )
    return [Staff(*row) for row in await session.execute(query)]


async def may_have_code(session: AsyncSession, address: str, now: datetime) -> bool:
    """Whether this address may be sent another code yet. Requests of one address wait for each other."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"sign-in {address}", 0))))
    for period, allowed in _ALLOWANCES:
        asked = select(func.count()).where(SignInRow.address == address, SignInRow.asked_at > now - period)
        if (await session.scalar(asked) or 0) >= allowed:
            return False
    return True


async def begin_sign_in(session: AsyncSession, row: SignInRow) -> None:
    """Keep that somebody asked for a code; what is older than any allowance goes."""
    longest = max(period for period, _ in _ALLOWANCES)
    await session.execute(delete(SignInRow).where(SignInRow.asked_at < row.asked_at - longest))
    session.add(row)


async def try_code(session: AsyncSession, token_hash: str, now: datetime) -> SignInRow | None:
    """Count one try, and give back what was asked for; None when it is unknown, too old or tried too often."""
    counted = (
        update(SignInRow)
        .where(SignInRow.token_hash == token_hash, SignInRow.expires_at > now, SignInRow.tries < TRIES)
        .values(tries=SignInRow.tries + 1)
        .returning(SignInRow)
    )
    return await session.scalar(counted)


async def use_code(session: AsyncSession, token_hash: str) -> bool:
    """Use a code up. False when somebody else just did."""
    used = update(SignInRow).where(SignInRow.token_hash == token_hash, SignInRow.code_hash.is_not(None))
    return (await session.execute(used.values(tries=TRIES, code_hash=None).returning(1))).first() is not None


async def begin_session(session: AsyncSession, row: SessionRow) -> None:
    """Keep that somebody is signed in; sessions that are over go."""
    await session.execute(delete(SessionRow).where(SessionRow.expires_at < row.started_at))
    session.add(row)


async def session_of(session: AsyncSession, token_hash: str, now: datetime, idle: timedelta, *, there: bool) -> str | None:
    """Whose session this is, or None when there is none or nobody was there for too long; `there` marks that somebody is."""
    live = (SessionRow.token_hash == token_hash, SessionRow.expires_at > now, SessionRow.seen_at > now - idle)
    address: str | None = await session.scalar(select(SessionRow.address).where(*live))
    if address is not None and there:
        stale = SessionRow.seen_at < now - timedelta(minutes=1)
        await session.execute(update(SessionRow).where(*live, stale).values(seen_at=now))
    return address


async def end_session(session: AsyncSession, token_hash: str, now: datetime, idle: timedelta) -> None:
    """Sign out, and forget sessions that are over."""
    over = or_(SessionRow.token_hash == token_hash, SessionRow.expires_at < now, SessionRow.seen_at < now - idle)
    await session.execute(delete(SessionRow).where(over))
