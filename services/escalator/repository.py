"""Every query of the escalator's database."""

from collections.abc import Iterable

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.escalator.people import Contact
from services.escalator.tables import ContactRow


async def replace_contacts(session: AsyncSession, board: str, contacts: Iterable[Contact]) -> None:
    """Put a board's contact list in force, in the order given; two copies of the service doing so at once leave one list."""
    await session.execute(text("LOCK TABLE contacts IN SHARE ROW EXCLUSIVE MODE"))
    await session.execute(delete(ContactRow).where(ContactRow.board == board))
    session.add_all(ContactRow(board=board, **contact.model_dump()) for contact in contacts)


async def contacts_of(session: AsyncSession, board: str) -> list[Contact]:
    """A board's contact list in force."""
    rows = await session.scalars(select(ContactRow).where(ContactRow.board == board).order_by(ContactRow.id))
    return [
        Contact(agency=row.agency, role=row.role, name=row.name, address=row.address, deputy=row.deputy) for row in rows.all()
    ]
