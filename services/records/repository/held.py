"""What came in and waits for board staff, what became of it, and messages that are stuck. Nothing leaves these lists without a person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from services.contracts.intake import FormReceived, ItemHeld
from services.contracts.records import ItemSettled
from services.kit import outbox
from services.records.tables import CaseRow, DeadLetterRow, HeldRow

WAITS = HeldRow.settled_at.is_(None)
"""An item nobody has settled."""
_WITHOUT_CONTENT = defer(HeldRow.content, raiseload=True)
"""A list shows none of it, and it may be long."""


async def hold(session: AsyncSession, message: ItemHeld) -> None:
    """Something waits for board staff."""
    row = {
        "item_id": message.item_id,
        "board": message.board,
        "case_id": message.case_id,
        "reason": message.reason.value,
        "detail": message.detail,
        "from_address": message.from_address,
        "received_at": message.received_at,
        "source": message.source,
        "content": message.content.token if message.content else None,
    }
    await session.execute(insert(HeldRow).values(_clean(row)).on_conflict_do_nothing())


async def waiting(session: AsyncSession, boards: Collection[str], limit: int) -> Sequence[HeldRow]:
    """What waits for these boards, the latest first. What belongs to no board known waits for everybody's staff: nothing is lost."""
    query = _of(boards).where(WAITS).order_by(HeldRow.received_at.desc(), HeldRow.item_id)
    return (await session.scalars(query.limit(limit).options(_WITHOUT_CONTENT))).all()


async def count_waiting(session: AsyncSession, boards: Collection[str]) -> int:
    """How much waits for these boards, stuck messages among it."""
    queries = (_of(boards).where(WAITS), _letters(boards).where(DeadLetterRow.seen_at.is_(None)))
    return sum([await session.scalar(select(func.count()).select_from(query.subquery())) or 0 for query in queries])


async def settled(session: AsyncSession, boards: Collection[str], limit: int) -> Sequence[HeldRow]:
    """What these boards' staff have settled, the latest first."""
    query = _of(boards).where(HeldRow.settled_at.is_not(None)).order_by(HeldRow.settled_at.desc(), HeldRow.item_id)
    return (await session.scalars(query.limit(limit).options(_WITHOUT_CONTENT))).all()


async def item(session: AsyncSession, boards: Collection[str], item_id: str) -> HeldRow | None:
    """One item of these boards, settled or not; or None."""
    return await session.scalar(_of(boards).where(HeldRow.item_id == item_id))


async def board_of(session: AsyncSession, row: HeldRow) -> str | None:
    """The board an item belongs to: its own, or that of the case it is about; None where neither is known."""
    return row.board or await session.scalar(select(CaseRow.board).where(CaseRow.case_id == row.case_id))


async def of_case(session: AsyncSession, case_id: str) -> Sequence[HeldRow]:
    """What waits for board staff about one case."""
    query = select(HeldRow).where(HeldRow.case_id == case_id, WAITS)
    return (await session.scalars(query.order_by(HeldRow.received_at))).all()


async def begun(session: AsyncSession, items: Iterable[HeldRow]) -> frozenset[str]:
    """Which of the references these items are about are cases: the others are forms that were begun and are not complete."""
    about = {row.case_id for row in items if row.case_id}
    return frozenset((await session.scalars(select(CaseRow.case_id).where(CaseRow.case_id.in_(about)))).all())


async def settle(session: AsyncSession, message: ItemSettled) -> bool:
    """Settle an item and say so: False when somebody has settled it already, and then nothing is said."""
    if not await keep_settled(session, message):
        return False
    await outbox.say(session, message)
    return True


async def keep_settled(session: AsyncSession, message: ItemSettled) -> bool:
    """Keep what became of an item, the first time; from then on it belongs to the board whose staff settled it."""
    changes = {"settled_at": message.at, "settled": message.model_dump_json(), "board": message.board}
    if message.case_id:
        changes["case_id"] = message.case_id
    change = update(HeldRow).where(HeldRow.item_id == message.item_id, WAITS).values(changes)
    return (await session.execute(change.returning(HeldRow.item_id))).first() is not None


async def became_case(session: AsyncSession, message: FormReceived) -> None:
    """A form that was held is a case now."""
    same = (HeldRow.source == message.source, HeldRow.board == message.board, HeldRow.settled_at.is_not(None))
    await session.execute(update(HeldRow).where(*same, HeldRow.case_id.is_(None)).values(case_id=message.case_id))


async def bury(session: AsyncSession, row: DeadLetterRow) -> None:
    """Keep a message some service could not take in; the same one found again is kept once."""
    same = (DeadLetterRow.queue == row.queue, DeadLetterRow.message_id == row.message_id, DeadLetterRow.body == row.body)
    await session.execute(delete(DeadLetterRow).where(*same))
    session.add(row)


async def dead_letters(
    session: AsyncSession, boards: Collection[str], limit: int, *, seen: bool = False
) -> Sequence[DeadLetterRow]:
    """Messages that are stuck, the latest first: those nobody has looked at, or those somebody has `seen`. Those of no case known are
    everybody's."""
    query = _letters(boards).where(DeadLetterRow.seen_at.is_not(None) if seen else DeadLetterRow.seen_at.is_(None))
    return (await session.scalars(query.order_by(DeadLetterRow.found_at.desc()).limit(limit))).all()


async def dead_letter(session: AsyncSession, boards: Collection[str], number: int) -> DeadLetterRow | None:
    """One message that is stuck, of these boards; or None."""
    return await session.scalar(_letters(boards).where(DeadLetterRow.id == number))


async def see_letter(session: AsyncSession, number: int, by: str, at: datetime) -> None:
    """Somebody has looked at a message that is stuck; who did first stays."""
    unseen = and_(DeadLetterRow.id == number, DeadLetterRow.seen_at.is_(None))
    await session.execute(update(DeadLetterRow).where(unseen).values(seen_at=at, seen_by=by))


def _letters(boards: Collection[str]) -> Select[DeadLetterRow]:
    theirs: ColumnElement[bool] = or_(CaseRow.board.in_(boards), CaseRow.board.is_(None))
    return select(DeadLetterRow).outerjoin(CaseRow, CaseRow.case_id == DeadLetterRow.case_id).where(theirs)


def _of(boards: Collection[str]) -> Select[HeldRow]:
    board = func.coalesce(HeldRow.board, CaseRow.board)
    theirs: ColumnElement[bool] = or_(board.in_(boards), board.is_(None))
    return select(HeldRow).outerjoin(CaseRow, CaseRow.case_id == HeldRow.case_id).where(theirs)


def _clean(row: Mapping[str, object]) -> dict[str, object]:
    """A row as PostgreSQL can keep it: no text there may hold a zero byte."""
    return {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in row.items()}
