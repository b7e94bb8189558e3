"""Each board's contact list in force."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.escalator import ContactsPublished
from services.records.tables import ContactsRow


async def publish(session: AsyncSession, message: ContactsPublished) -> None:
    """A board's list as it is now; an older message than the one kept changes nothing."""
    row = {"board": message.board, "at": message.at, "body": message.model_dump_json()}
    statement = insert(ContactsRow).values(row)
    newer = statement.on_conflict_do_update(index_elements=["board"], set_=row, where=ContactsRow.at <= message.at)
    await session.execute(newer)


async def in_force(session: AsyncSession, board: str) -> ContactsPublished | None:
    """A board's list as last published; None where none was."""
    body = await session.scalar(select(ContactsRow.body).where(ContactsRow.board == board))
    return ContactsPublished.model_validate_json(body) if body else None
