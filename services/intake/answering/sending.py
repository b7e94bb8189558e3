"""An answer from a page goes the way of one from a mail: kept first, said once."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.intake import ReplyReceived
from services.contracts.reply_address import Token, find
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Person, ReplyAct
from services.intake import danger
from services.intake import repository as intake
from services.intake.answering import repository
from services.intake.answering.acts import BY_ACT
from services.intake.answering.tables import GivenAnswer
from services.intake.answering.typed import decision
from services.intake.desk import Original
from services.intake.flow import Flow, Given
from services.intake.mailbox import Sender
from services.intake.passing_on import reply_received
from services.intake.replies import Decision
from services.intake.submissions import Submissions
from services.intake.tables import RawMessage, Submission
from services.kit.clock import now
from services.kit.database import Database
from services.kit.outbox import say
from services.kit.store import Store

_ABOUT = {"answer_to", "from", "act", "read_as"}
"""What a document says beside what was typed."""


class Sending:
    """Sends answers. Beyond a cap they wait for their turn, like mail."""

    def __init__(self, database: Database, store: Store, sealer: Sealer, submissions: Submissions, flow: Flow) -> None:
        self._database = database
        self._store = store
        self._sealer = sealer
        self._submissions = submissions
        self._flow = flow

    async def send(self, link: str, token: Token, by: Person, decided: Decision, typed: Mapping[str, str]) -> str:
        """Send what `by` decided about the notice of this link; the document of what they typed.

        The same answer to the same notice again is the same document, and is said once. Raises Unavailable.
        """
        at = now()
        source = await self._store.put(_document(token, by, decided, typed))
        answer = GivenAnswer(source=source, notice_id=token.notice_id, act=decided.act.value, given_at=at)
        given = Given("page", source, link, Sender(name=by.name, address=by.address), at, token.case_id)
        urgent = decided.act is ReplyAct.STILL_AT_RISK or danger.speaks(*typed.values())
        async with self._database.transaction() as session:
            if not await repository.keep_answer(session, answer):
                return source
            submission = await intake.submission(session, token.case_id)
            board = await intake.board(session, submission.board) if submission is not None else None
            if await self._flow.wait_until_on_page(session, given, board, danger=urgent) is None:
                await say(session, self._reply(token, by, decided, submission, Original(source, at, by.address)))
        return source

    async def waits_until(self, source: str) -> datetime | None:
        """Until when an answer waits for its turn; None when it was passed on. Raises Unavailable."""
        async with self._database.transaction() as session:
            return await repository.waits_until(session, source)

    async def take_up(self, session: AsyncSession, mail: RawMessage, document: bytes) -> datetime | None:
        """Say an answer whose turn has come; or until when it goes on waiting."""
        token, told = find(mail.recipients[0]), json.loads(document)
        assert token is not None, "an answer is kept with the link it was given by"  # noqa: S101 - see `send`
        notice = await repository.notice(session, token.notice_id)
        by = Person(name=notice.to_name if notice and notice.to_name else told["from"], address=told["from"])
        submission = await intake.submission(session, token.case_id)
        board = await intake.board(session, submission.board) if submission is not None else None
        sender = Sender(name=by.name, address=by.address)
        until = await self._flow.wait_until(session, mail, sender, token.case_id, board)
        if until is None:
            typed = {name: value for name, value in told.items() if name not in _ABOUT}
            decided = decision(BY_ACT[ReplyAct(told["act"])], typed, mail.received_at)
            original = Original(mail.sha256, mail.received_at, by.address)
            await say(session, self._reply(token, by, decided, submission, original))
        return until

    def _reply(
        self, token: Token, by: Person, decided: Decision, submission: Submission | None, original: Original
    ) -> ReplyReceived:
        child = self._submissions.answers(submission).form.child_name if submission is not None else ""
        return reply_received(self._sealer, token, by, decided, original, child_name=child)


def _document(token: Token, by: Person, decided: Decision, typed: Mapping[str, str]) -> bytes:
    """What was typed, for whoever wants to see the original. A time counts as it was read: "tomorrow" is another day tomorrow."""
    about = {"answer_to": token.notice_id, "from": by.address, "act": decided.act.value}
    read = {"read_as": decided.moment.isoformat()} if decided.moment else {}
    return json.dumps(about | dict(typed) | read, ensure_ascii=False, indent=1).encode()
