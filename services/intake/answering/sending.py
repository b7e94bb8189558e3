"""An answer from a page goes the way of one from a mail: kept first, said once."""

import json
from collections.abc import Mapping
from uuid import NAMESPACE_URL, uuid5

from services.contracts.intake import ReplyReceived
from services.contracts.reply_address import Token
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Person
from services.intake import repository as intake
from services.intake.answering import repository
from services.intake.answering.tables import GivenAnswer
from services.intake.replies import Decision, without_child
from services.intake.submissions import Submissions
from services.kit.clock import now
from services.kit.database import Database
from services.kit.outbox import say
from services.kit.store import Store


class Sending:
    """Sends answers."""

    def __init__(self, database: Database, store: Store, sealer: Sealer, submissions: Submissions) -> None:
        self._database = database
        self._store = store
        self._sealer = sealer
        self._submissions = submissions

    async def send(self, token: Token, by: Person, decision: Decision, typed: Mapping[str, str]) -> str:
        """Send what `by` decided about the notice of this token; the document of what they typed.

        The same answer to the same notice again is the same document, and is said once. Raises Unavailable.
        """
        at = now()
        source = await self._store.put(_document(token, by, decision, typed))
        answer = GivenAnswer(source=source, notice_id=token.notice_id, act=decision.act.value, given_at=at)
        async with self._database.transaction() as session:
            if not await repository.keep_answer(session, answer):
                return source
            submission = await intake.submission(session, token.case_id)
            child = self._submissions.answers(submission).form.child_name if submission is not None else ""
            told = without_child(decision, child)
            reply = ReplyReceived(
                message_id=uuid5(NAMESPACE_URL, f"concord:reply:{source}:{token.notice_id}"),
                at=at,
                case_id=token.case_id,
                notice_id=token.notice_id,
                side=token.side,
                by=by,
                act=told.act,
                received_at=at,
                source=source,
                content=self._sealer.seal(token.case_id, told.content),
                parts=told.parts,
                pursued=told.pursued,
                moment=told.moment,
                number=told.number,
                named=told.named,
            )
            await say(session, reply)
        return source


def _document(token: Token, by: Person, decision: Decision, typed: Mapping[str, str]) -> bytes:
    """What was typed, for whoever wants to see the original. A time counts as it was read: "tomorrow" is another day tomorrow."""
    about = {"answer_to": token.notice_id, "from": by.address, "act": decision.act.value}
    read = {"read_as": decision.moment.isoformat()} if decision.moment else {}
    return json.dumps(about | dict(typed) | read, ensure_ascii=False, indent=1).encode()
