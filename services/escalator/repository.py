"""Every query of the escalator's database."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.contact_list import ContactLine
from services.escalator.tables import ContactListRow, ContactRow, EndedCaseRow


async def lock_contacts(session: AsyncSession) -> None:
    """Until the end of this transaction, nobody else puts a contact list in force: two copies of the service may both want to."""
    await session.execute(text("LOCK TABLE contact_lists IN SHARE ROW EXCLUSIVE MODE"))


async def contact_list(session: AsyncSession, board: str) -> ContactListRow | None:
    """When and by whom the board's list was put in force; None where it has none yet."""
    return await session.get(ContactListRow, board)


async def replace_contacts(
    session: AsyncSession,
    board: str,
    lines: Iterable[ContactLine],
    *,
    at: datetime,
    by: str = "",
    file_sha256: str | None = None,
) -> None:
    """Put a board's contact list in force, in the order given. `file_sha256` where it came from a file, `by` where a person did it."""
    row = await contact_list(session, board)
    if row is None:
        session.add(ContactListRow(board=board, file_sha256=file_sha256, changed_at=at, changed_by=by))
    else:
        row.file_sha256, row.changed_at, row.changed_by = file_sha256 or row.file_sha256, at, by
    await session.execute(delete(ContactRow).where(ContactRow.board == board))
    session.add_all(ContactRow(board=board, **line.model_dump()) for line in lines)


async def contacts_of(session: AsyncSession, board: str) -> list[ContactLine]:
    """A board's contact list in force."""
    rows = await session.scalars(select(ContactRow).where(ContactRow.board == board).order_by(ContactRow.id))
    return [ContactLine.model_validate({name: getattr(row, name) for name in ContactLine.model_fields}) for row in rows.all()]


async def keep_ended(session: AsyncSession, case_id: str, body: str, at: datetime) -> None:
    """Keep a case that has ended as it is now, in place of an earlier end."""
    row = {"case_id": case_id, "ended_at": at, "body": body}
    kept = insert(EndedCaseRow).values(row)
    await session.execute(kept.on_conflict_do_update(index_elements=[EndedCaseRow.case_id], set_=row))


async def ended_case(session: AsyncSession, case_id: str) -> str | None:
    """A case that has ended, as it was then; None where it has not, or where there is none."""
    row = await session.get(EndedCaseRow, case_id)
    return row.body if row else None
