"""Drafts whose sender has not been heard of: asked again, twice, then put before board staff. Each of these happens once.

When the next is due is written with the draft, so nothing is lost in a restart, and any number of copies of the service may sweep.
"""

import asyncio
import logging
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.content import HeldContent
from services.contracts.escalator import BoardPublished
from services.contracts.vocabulary import HeldReason
from services.intake import ledger, read_back, repository
from services.intake.desk import Desk, Held, Original
from services.intake.mailbox import Sender
from services.intake.submissions import Submissions
from services.intake.tables import Submission
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import Unavailable

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
TRY_AGAIN = timedelta(hours=1)


class Chaser:
    """Sweeps drafts until it is cancelled."""

    def __init__(self, database: Database, submissions: Submissions, desk: Desk) -> None:
        self._database = database
        self._submissions = submissions
        self._desk = desk

    async def run(self) -> None:
        """Chase what is due, for ever."""
        while True:
            try:
                while await self.chase_one():
                    pass
            except Unavailable as error:
                log.warning("drafts wait to be chased: %s", error)
            await asyncio.sleep(POLL_SECONDS)

    async def chase_one(self) -> bool:
        """Chase the draft that is due the longest; False when none is. One that fails is put off, and does not stop the others."""
        async with self._database.transaction() as session:
            draft = await ledger.next_draft_to_chase(session, now())
            if draft is None:
                return False
            case_id = draft.case_id
            try:
                async with session.begin_nested():
                    await self._chase(session, draft)
            except Unavailable:
                raise
            except Exception:
                log.exception("the draft %s could not be chased", case_id)
                await ledger.chase_later(session, case_id, now() + TRY_AGAIN)
        return True

    async def _chase(self, session: AsyncSession, draft: Submission) -> None:
        board = await repository.board(session, draft.board)
        assert board is not None, "a draft is only begun for a board that is known"  # noqa: S101 - see Submissions.submit
        if not await self._submissions.chase(session, board, draft):
            await self._give_up(session, board, draft)

    async def _give_up(self, session: AsyncSession, board: BoardPublished, draft: Submission) -> None:
        answers = self._submissions.answers(draft)
        lacking = self._submissions.asked(board, draft)
        sender = Sender(name=draft.sender_name, address=draft.sender_address)
        urgent = bool(read_back.danger_in(answers))
        detail = f"These parts of the form are missing: {'; '.join(lacking)}. We asked for them {draft.chased} times."
        held = Held(HeldReason.NOT_COMPLETED, detail, sender, board.board, draft.case_id, urgent=urgent)
        original = Original(draft.source, draft.received_at, draft.sender_address)
        content = HeldContent(
            sender_name=draft.sender_name,
            form=answers.form,
            case_stage=answers.case_stage,
            area=answers.area,
            immediate_danger=answers.immediate_danger,
        )
        item_id = await self._desk.hold(session, original, held, content)
        await self._desk.tell_sender(session, board, item_id, original, held)
        await self._desk.tell_board(session, board, item_id, original, held)
