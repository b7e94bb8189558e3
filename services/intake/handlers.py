"""What intake does about each message it hears."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.escalator import BoardPublished, ContactsPublished
from services.contracts.notifier import NoticeSent
from services.intake import ledger, repository
from services.intake.answering import repository as answering
from services.intake.reception import CHANNEL
from services.intake.web.repository import keep_contacts
from services.kit.bell import ring
from services.kit.clock import now


async def board_published(session: AsyncSession, message: BoardPublished) -> None:
    """Keep what a board says about itself, and read the mail that waited for it."""
    await repository.keep_board(session, message)
    await repository.wake_waiting(session, now())
    await ring(session, CHANNEL)


async def contacts_published(session: AsyncSession, message: ContactsPublished) -> None:
    """Keep who works where, for the pages to name people on the other side."""
    await keep_contacts(session, message)


async def notice_sent(session: AsyncSession, message: NoticeSent) -> None:
    """Keep which mail a notice left as, to tell an answer typed into it from the notice, and how it may be answered on a page."""
    await answering.keep_notice(session, message)
    await ledger.keep_sent(session, message.notice_id, message.document, message.at)
