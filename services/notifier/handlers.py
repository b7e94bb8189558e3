"""What the notifier does with each message it hears."""

import logging

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.notifier import SendNotice
from services.kit.clock import now
from services.notifier import repository

log = logging.getLogger(__name__)


async def on_send_notice(session: AsyncSession, notice: SendNotice) -> None:
    """Keep the notice, to be sent once: the same name again is the same notice, whoever says it and however often."""
    if not await repository.queue(session, notice, now()):
        log.info("notice %s was asked for again; it is sent once", notice.notice_id)
