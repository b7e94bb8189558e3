"""What board staff said about something held becomes so: a form is read again and taken in, a reply passed on, its sender answered.

Each message has its effect once (`kit.inbox`), and an item is settled by one message. The original is kept whatever becomes of it.
"""

import logging
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.content import FormContent
from services.contracts.escalator import BoardPublished
from services.contracts.intake import ReplyReceived
from services.contracts.records import ItemSettled
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import HeldReason
from services.intake import circumstances, repository
from services.intake.domain import Answers
from services.intake.errors import CannotSettle
from services.intake.holding import read_as_form
from services.intake.mailbox import Sender
from services.intake.notices import Matter, Notices
from services.intake.sandbox import Sandbox
from services.intake.submissions import Arrival, Submissions
from services.intake.tables import HeldItem
from services.kit.clock import now
from services.kit.errors import DocumentMissing
from services.kit.outbox import say
from services.kit.store import Store

log = logging.getLogger(__name__)


class Settling:
    """Settles held items, in the transaction it is given."""

    def __init__(self, store: Store, sandbox: Sandbox, sealer: Sealer, submissions: Submissions, notices: Notices) -> None:
        self._store = store
        self._sandbox = sandbox
        self._sealer = sealer
        self._submissions = submissions
        self._notices = notices

    async def settle(self, session: AsyncSession, message: ItemSettled) -> None:
        """Do what board staff said. Raises CannotSettle, which a person sees among the stuck messages, and SealError."""
        item = await repository.held_item(session, message.item_id)
        if item is None:
            raise CannotSettle(f"there is no {message.item_id}")
        match message.how:
            case "form":
                await self._form(session, message, item)
            case "reply":
                await say(session, _reply(message, item))
            case "answered" | "refused":
                await self._tell(session, message, item)
            case "seen":
                pass
        log.info("%s was settled: %s", item.item_id, message.how)

    async def _form(self, session: AsyncSession, message: ItemSettled, item: HeldItem) -> None:
        """Take it in as the form of somebody known. What staff filled in comes before what is read, and its time begins now.

        What is about a draft completes it: staff saw all of one that was never completed, and of an answer what could be read in it.

        Where there are several forms in it, staff saw the first, or the one about the child they name: the others are as they are read.
        """
        if message.person is None:
            raise CannotSettle(f"nobody is named who sent {item.item_id}")
        board = await self._board(session, message)
        filled = self._sealer.open(item.item_id, message.content, FormContent) if message.content else FormContent()
        danger = "" if message.immediate_danger is None else "Yes" if message.immediate_danger else "No"
        more = Answers(form=filled, case_stage=message.case_stage, area=message.area, immediate_danger=danger)
        draft = await repository.submission(session, item.case_id) if item.case_id else None
        whole_draft = item.reason == HeldReason.NOT_COMPLETED
        if draft is not None and draft.completed_at is not None and whole_draft:
            return  # its sender was quicker
        read = [Answers()] if whole_draft else await self._read_again(session, item)
        if draft is not None and draft.completed_at is None:
            arrival = Arrival("mail", item.source, message.at)
            await self._submissions.complete(session, board, draft, read[0].with_more(more), arrival)
            return
        shown = next((at for at, one in enumerate(read) if _same_child(one, more)), 0)
        sender = Sender(name=message.person.name, address=message.person.address.strip().lower())
        arrival = Arrival("mail", item.source, message.at)
        for at, answers in enumerate(read):
            whole = answers.with_more(more) if at == shown else answers
            taken = await self._submissions.submit(session, board, sender, whole, arrival)
            log.info("%s became %s", item.item_id, taken.case_id)

    async def _read_again(self, session: AsyncSession, item: HeldItem) -> list[Answers]:
        """The forms in its original, at least one; empty where it cannot be read."""
        try:
            raw = await self._store.get(item.source)
        except DocumentMissing:
            return [Answers()]
        mail = await repository.mail_of(session, item.source)
        recipients, mail_from = (tuple(mail.recipients), mail.mail_from) if mail else ((), None)
        seen = await self._sandbox.understand(raw, recipients, mail_from, item.received_at, read=read_as_form)
        found = (seen.answers or Answers(), *seen.others)
        return [circumstances.dated(answers, item.received_at) for answers in found]

    async def _tell(self, session: AsyncSession, message: ItemSettled, item: HeldItem) -> None:
        """Mail what staff wrote. They wrote it for this address, so nothing of it is left out there."""
        if message.person is None or message.content is None:
            return
        board = await self._board(session, message)
        to = Sender(name=message.person.name, address=message.person.address)
        headline = (
            "The board’s staff have answered your message"
            if message.how == "answered"
            else "The board’s staff cannot act on your message"
        )
        lines = [
            f"{message.by.name or 'Somebody'} of {board.name} has read what you sent to Concord. What they wrote is below.",
            "To write back, reply to this mail: a person reads it.",
        ]
        await self._notices.settled(
            session, Matter(board, item.item_id, to, item.received_at), headline, lines, message.content
        )

    async def _board(self, session: AsyncSession, message: ItemSettled) -> BoardPublished:
        board = await repository.board(session, message.board)
        if board is None:
            raise CannotSettle(f"the board {message.board} is not known")
        return board


def _same_child(one: Answers, other: Answers) -> bool:
    return bool(one.form.child_name) and one.form.child_name.lower().split() == other.form.child_name.lower().split()


def _reply(message: ItemSettled, item: HeldItem) -> ReplyReceived:
    """The reply as if it had been understood when it came; who released it, the history says."""
    if not (message.case_id and message.person and message.side and message.act and message.content):
        raise CannotSettle(f"it is not said whose reply {item.item_id} is, in which case, or what it does")
    return ReplyReceived(
        message_id=uuid5(NAMESPACE_URL, f"concord:released:{item.item_id}"),
        at=now(),
        case_id=message.case_id,
        notice_id=message.notice_id,
        side=message.side,
        by=message.person,
        act=message.act,
        received_at=item.received_at,
        source=item.source,
        content=message.content,
        parts=message.parts,
        pursued=message.pursued,
        moment=message.moment,
        named=message.named,
    )
