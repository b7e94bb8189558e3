"""Tells a board by mail of notices that do not leave, while other mail does: where none leaves, only its page and health can tell."""

import asyncio
import base64
import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from services.contracts.escalator import BoardPublished
from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import Recipient, Side
from services.kit import outbox
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import Unavailable
from services.records.repository import notices, people
from services.records.tables import NoticeRow

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=15)
POLL_SECONDS = 60.0
REFERENCE = "LATE"
"""What the reference of such a mail begins with: there is no case it belongs to."""
_MOST_NAMED = 20


class Late:
    """Looks for late notices until cancelled."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        """Look once a minute."""
        while True:
            try:
                await self.tell(now())
            except Unavailable as error:
                log.warning("nobody looks for late notices just now: %s", error)
            await asyncio.sleep(POLL_SECONDS)

    async def tell(self, moment: datetime) -> None:
        """Tell each board that has late notices; once for as long as the same one has waited the longest."""
        async with self._database.transaction() as session:
            late = await notices.late(session, moment - PATIENCE, REFERENCE)
            if not late or not await notices.any_left(session, moment - PATIENCE):
                return
            for key, board in (await people.boards(session, late)).items():
                notice = _notice(board, late[key], moment)
                if not await notices.is_known(session, notice.notice_id):
                    log.warning("%d notices of the board %s are late", len(late[key]), key)
                    await outbox.say(session, notice)


def _notice(board: BoardPublished, late: Sequence[NoticeRow], moment: datetime) -> SendNotice:
    """The mail to the board's own address. Its name follows from the oldest late notice, so that it is one however often it is said."""
    digest = hashlib.sha256(f"{board.board}|{late[0].notice_id}".encode()).digest()
    reference = f"{REFERENCE}-{base64.b32encode(digest)[:8].decode()}"
    several = len(late) > 1
    lines = [
        f"{len(late)} notices have" if several else "1 notice has",
        f"waited for more than {PATIENCE.seconds // 60} minutes. Concord goes on trying to send {'them' if several else 'it'}.",
    ]
    return SendNotice(
        message_id=uuid5(NAMESPACE_URL, f"concord:late:{reference}"),
        at=moment,
        notice_id=f"{reference}.r1",
        case_id=reference,
        board=board.board,
        board_name=board.name,
        demonstration=board.demonstration,
        kind="told",
        to=Recipient(name=board.name, address=board.inbox, side=Side.BOARD, full_content=False),
        thread_started_at=moment,
        urgent=True,
        facts={
            "headline": "A notice does not leave" if not several else "Notices do not leave",
            "lines": [
                " ".join(lines),
                "The mail server takes other mail, so the fault may be with the addresses.",
                "Tell these people in another way: the time of their step goes on. Their names are on the board’s page, under "
                "“Notices in trouble”. These are the cases:",
            ],
            "items": sorted({row.case_id for row in late})[:_MOST_NAMED],
        },
    )
