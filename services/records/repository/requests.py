"""What board staff asked for on a page: kept once with the message that says so, and shown until something has come of it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.records import ContactsChanged, StaffActed
from services.kit import outbox
from services.records.tables import RequestRow


async def make(session: AsyncSession, message: StaffActed | ContactsChanged, after: int = 0) -> bool:
    """Ask for this, once: False when it has been asked for already, and then nothing more is said.

    `after` is the number of the case's last known fact.
    """
    row = {
        "message_id": message.message_id,
        "board": message.board,
        "case_id": message.case_id if isinstance(message, StaffActed) else None,
        "asked_at": message.at,
        "after": after,
        "body": message.model_dump_json(),
    }
    new = insert(RequestRow).values(row).on_conflict_do_nothing().returning(RequestRow.message_id)
    if (await session.execute(new)).first() is None:
        return False
    await outbox.say(session, message)
    return True


async def is_made(session: AsyncSession, message_id: UUID) -> bool:
    """Whether this has been asked for already."""
    return await session.get(RequestRow, message_id) is not None


async def of_case(session: AsyncSession, case_id: str) -> Sequence[tuple[StaffActed, int]]:
    """What was asked for in a case, in order, and the number of the last fact that was known then."""
    query = select(RequestRow.body, RequestRow.after).where(RequestRow.case_id == case_id).order_by(RequestRow.asked_at)
    return [(StaffActed.model_validate_json(body), after) for body, after in await session.execute(query)]


async def last_contacts(session: AsyncSession, board: str) -> ContactsChanged | None:
    """The latest contact list somebody asked to put in force; None where nobody has."""
    query = select(RequestRow.body).where(RequestRow.board == board, RequestRow.case_id.is_(None))
    body = await session.scalar(query.order_by(RequestRow.asked_at.desc()).limit(1))
    return ContactsChanged.model_validate_json(body) if body else None
