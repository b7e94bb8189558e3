"""What a mail that was read leads to: a form taken in, a reply passed on, a delivery reported, or something held for a person.

The reading (`understanding`) knew no board, key or case; here it is decided whose mail it is and whether it may act.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.escalator import BoardPublished
from services.contracts.intake import DeliveryReported
from services.contracts.reply_address import Token, find
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import DeliveryKind, HeldReason, Side
from services.intake import ledger, repository
from services.intake.advice import HOW_TO_RAISE, SOMEBODY_ELSE
from services.intake.aside import Aside
from services.intake.automatic import NOBODY
from services.intake.blank_forms.asking import Asking
from services.intake.conversation import Conversation, arrival
from services.intake.corrections import Corrections
from services.intake.desk import HELD, Desk, Held
from services.intake.flow import Flow, Limits
from services.intake.mailbox import Sender
from services.intake.notices import Notices
from services.intake.submissions import Submissions
from services.intake.tables import RawMessage
from services.intake.trust import authenticated, knows
from services.intake.understanding import Understanding
from services.kit.clock import now
from services.kit.outbox import say

UNKNOWN_BOARD_AFTER = timedelta(seconds=5)
"""How long a mail to an address of no board waits for one to be published: boards are published one after the other."""

_MACHINES = {kind.value: kind for kind in DeliveryKind}
WAIT_FOR_BOARD = timedelta(seconds=2)


class Trust(NamedTuple):
    """What mail is judged by: the key of reply addresses, our mail domain, and the receiving server that is believed, if any."""

    token_key: bytes
    mail_domain: str
    authserv_id: str | None


class Waits(NamedTuple):
    """A mail that is not settled yet, and when it is to be read again."""

    until: datetime


class Parts(NamedTuple):
    """What a mail's effect goes through."""

    submissions: Submissions
    corrections: Corrections
    desk: Desk
    flow: Flow

    @classmethod
    def of(cls, sealer: Sealer, submissions: Submissions, notices: Notices, limits: Limits = Limits()) -> "Parts":  # noqa: B008 - frozen
        """The parts that go with these."""
        desk = Desk(sealer, notices)
        return cls(submissions, Corrections(sealer, submissions, notices, desk), desk, Flow(limits, desk))


class Incoming:
    """Writes the effect of one mail, with its messages, in the transaction it is given. `public_url` is where the web form is.

    Without `asking` a mail that asks for the blank form is held as any other.
    """

    def __init__(self, sealer: Sealer, parts: Parts, trust: Trust, public_url: str, asking: Asking | None = None) -> None:
        self._submissions, corrections, desk, self._flow = parts
        self._aside = Aside(desk, trust.token_key)
        self._conversation = Conversation(sealer, self._submissions, corrections, self._aside)
        self._trust = trust
        self._asking = asking
        self._public_url = public_url.rstrip("/")

    async def answered(self, session: AsyncSession, seen: Understanding) -> str | None:
        """The document of the notice that a trusted reply answers, as it was sent; None where there is none or it is not known."""
        token = self._token(seen) if seen.kind == "reply" else None
        return await ledger.sent_document(session, token.notice_id) if token else None

    async def settle(self, session: AsyncSession, mail: RawMessage, seen: Understanding) -> str | Waits:
        """Take a mail's effect; what it turned out to be, or until when it must wait: for its board to be published, or for its turn."""
        if seen.kind in _MACHINES:
            return await self._machine(session, mail, seen, _MACHINES[seen.kind])
        if seen.kind == "reply" and (seen.tokens or seen.decision):
            return await self._reply(session, mail, seen)
        keys = self._board_keys(mail, seen)
        found = [board for key in keys if (board := await repository.board(session, key)) is not None]
        if keys and not found and await self._may_still_come(session, mail):
            return Waits(now() + WAIT_FOR_BOARD)
        if not found:
            detail = "It was sent to an address that belongs to no board here."
            return await self._aside.put(session, mail, Held(HeldReason.UNKNOWN_BOARD, detail, seen.sender), seen)
        until = await self._until(session, mail, seen, next((board for board in found if self._takes(board, seen)), None))
        if until is not None:
            return Waits(until)
        outcomes = [await self._for_board(session, mail, seen, board) for board in found]
        return outcomes[0]

    async def unreadable(self, session: AsyncSession, mail: RawMessage, detail: str) -> str:
        """Hold a mail nobody can read."""
        return await self._aside.put(session, mail, Held(HeldReason.UNREADABLE, detail), None)

    async def _for_board(self, session: AsyncSession, mail: RawMessage, seen: Understanding, board: BoardPublished) -> str:
        sender = seen.sender
        problem = self._sender_problem(seen) if seen.reason is not HeldReason.UNREADABLE or sender else None
        if problem is None and sender is not None and not knows(board, sender.address):
            problem = (HeldReason.UNKNOWN_SENDER, "Its sender’s mail domain is not one this board knows.")
        if problem is not None:
            return await self._aside.put(session, mail, Held(*problem, sender, board.board), seen)
        if seen.kind == "form" and seen.answers is not None and sender is not None:
            for answers in (seen.answers, *seen.others):
                await self._submissions.submit(session, board, sender, answers, arrival(mail, seen.asides))
            return "form"
        if seen.wants_form and seen.robot != NOBODY and sender is not None and self._asking is not None:
            return await self._asking.answer(session, board, sender, arrival(mail), robot=bool(seen.robot))
        reason, detail = seen.reason or HeldReason.NOT_A_FORM, seen.rule
        if seen.kind == "reply":
            reason, detail = (
                HeldReason.NOT_A_FORM,
                "There is no Escalation Form in it, and nothing says which notice it answers.",
            )
        advice = HOW_TO_RAISE.format(page=f"{self._public_url}/boards/{board.board}/form")
        return await self._aside.put(session, mail, Held(reason, detail, sender, board.board), seen, board=board, advice=advice)

    async def _reply(self, session: AsyncSession, mail: RawMessage, seen: Understanding) -> str | Waits:
        problem = self._sender_problem(seen)
        sender = seen.sender
        if sender is None or problem is not None:
            named = await self._board_named(session, mail, seen)
            return await self._aside.put(session, mail, Held(*(problem or _NO_SENDER), sender, named), seen)
        token = self._token(seen)
        if token is None:
            return await self._from_elsewhere(session, mail, seen, sender)
        submission = await repository.submission(session, token.case_id)
        board = await repository.board(session, submission.board) if submission is not None else None
        until = await self._until(session, mail, seen, board, token.case_id)
        if until is not None:
            return Waits(until)
        if submission is None and (item := await repository.held_item(session, token.case_id)) is not None:
            return await self._conversation.about_held_item(session, mail, seen, sender, item)
        if submission is not None and submission.completed_at is None and token.side is Side.RAISING:
            return await self._conversation.completion(session, mail, seen, submission)
        return await self._conversation.about_case(session, mail, seen, token, submission)

    async def _from_elsewhere(self, session: AsyncSession, mail: RawMessage, seen: Understanding, sender: Sender) -> str:
        """An answer from another address than our mail went to. Somebody the board knows is told that it waits, and may be a colleague."""
        for token in seen.tokens:
            submission = await repository.submission(session, token.case_id)
            board = await repository.board(session, submission.board) if submission is not None else None
            if board is not None and self._takes(board, seen):
                held = Held(HeldReason.UNTRUSTED_REPLY, _ELSEWHERE, sender, board.board, token.case_id)
                return await self._aside.put(session, mail, held, seen, board=board, advice=SOMEBODY_ELSE)
        named = await self._board_named(session, mail, seen)
        detail = _ELSEWHERE if seen.tokens else _TIED_TO_NOTHING
        return await self._aside.put(session, mail, Held(HeldReason.UNTRUSTED_REPLY, detail, sender, named), seen)

    def _token(self, seen: Understanding) -> Token | None:
        """The token that a mail was written with, where it was made for its sender."""
        address = seen.sender.address if seen.sender else ""
        return next((token for token in seen.tokens if token.is_for(self._trust.token_key, address)), None)

    def _takes(self, board: BoardPublished, seen: Understanding) -> bool:
        """Whether a board takes mail from this sender, so that it may have an effect or an answer."""
        return seen.sender is not None and self._sender_problem(seen) is None and knows(board, seen.sender.address)

    async def _until(
        self,
        session: AsyncSession,
        mail: RawMessage,
        seen: Understanding,
        board: BoardPublished | None,
        case_id: str | None = None,
    ) -> datetime | None:
        """Until when a mail waits because too much came. One that may tell of danger never does."""
        if seen.sender is None or (board is None and case_id is None) or seen.may_tell_of_danger():
            return None
        return await self._flow.wait_until(session, mail, seen.sender, case_id, board)

    async def _machine(self, session: AsyncSession, mail: RawMessage, seen: Understanding, kind: DeliveryKind) -> str:
        """A bounce or an automatic answer: told to the case when it names the address our notice went to. Never answered."""
        named = {*seen.reported, *([seen.sender.address] if seen.sender else [])}
        key = self._trust.token_key
        token = next((token for token in seen.tokens if any(token.is_for(key, address) for address in named)), None)
        if token is None or token.case_id.startswith(f"{HELD}-"):
            held = Held(
                HeldReason.AUTOMATIC,
                f"A machine sent it: {seen.rule}.",
                seen.sender,
                await self._board_key(session, mail, seen),
            )
            return await self._aside.put(session, mail, held, seen)
        report = DeliveryReported(
            message_id=uuid5(NAMESPACE_URL, f"concord:delivery:{mail.sha256}:{token.notice_id}"),
            at=now(),
            case_id=token.case_id,
            notice_id=token.notice_id,
            side=token.side,
            kind=kind,
            detail=seen.code or seen.rule,
            source=mail.sha256,
        )
        await say(session, report)
        return kind.value

    def _sender_problem(self, seen: Understanding) -> tuple[HeldReason, str] | None:
        if seen.sender is None:
            return _NO_SENDER
        server = self._trust.authserv_id
        if server is not None and not authenticated(seen.authentication, server, seen.sender.address):
            return HeldReason.UNCLEAR_SENDER, "Our mail server could not confirm that it comes from the address it shows."
        return None

    def _board_keys(self, mail: RawMessage, seen: Understanding) -> Sequence[str]:
        """The local parts it was sent to that are no reply addresses; where no envelope tells, those its headers name."""
        pairs = [address.lower().rpartition("@") for address in mail.recipients or seen.addressed]
        return [local for local, _, mail_domain in pairs if mail_domain == self._trust.mail_domain and find(local) is None]

    async def _board_key(self, session: AsyncSession, mail: RawMessage, seen: Understanding) -> str | None:
        for key in self._board_keys(mail, seen):
            if await repository.board(session, key) is not None:
                return key
        return None

    async def _board_named(self, session: AsyncSession, mail: RawMessage, seen: Understanding) -> str | None:
        """Whose staff look at a reply that is not trusted: those of the board whose case it names, or else of the one it was sent to."""
        for token in seen.tokens:
            if (key := await repository.board_of_reference(session, token.case_id)) is not None:
                return key
        return await self._board_key(session, mail, seen)

    async def _may_still_come(self, session: AsyncSession, mail: RawMessage) -> bool:
        return now() - mail.received_at < UNKNOWN_BOARD_AFTER or not await repository.boards(session)


_NO_SENDER = (HeldReason.UNCLEAR_SENDER, "It does not have exactly one sender with exactly one address.")
_ELSEWHERE = "It answers a mail of ours, but does not come from the address that mail went to."
_TIED_TO_NOTHING = "It begins with a decision word, but nothing in it says which notice it answers."
