"""What intake tells people: that a form arrived, what it lacks, that something waits for a person. The notifier writes the mails."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.content import FormContent, ReplyContent
from services.contracts.escalator import BoardPublished
from services.contracts.notifier import Attachment, SendNotice
from services.contracts.sealed import Sealed, Sealer
from services.contracts.vocabulary import Recipient, Side
from services.intake import repository
from services.intake.domain import Question
from services.intake.mailbox import Sender
from services.intake.trust import is_secure
from services.kit.clock import now
from services.kit.outbox import say

_BLANK_FORM = (
    "The form is attached as a Word document and as a PDF to fill in. Use the one you like better.",
    "Fill it in, save it, and reply to this mail with the form attached. You can leave a question empty: we will ask.",
    "If a child is in immediate danger, call 999 first. This form does not call the police for you.",
)


_ASKED = "You get this mail because you asked for the blank form."


class Matter(NamedTuple):
    """What a notice is about and who gets it. `reference` is a case or a held item; `since` is when it first arrived."""

    board: BoardPublished
    reference: str
    to: Sender
    since: datetime
    side: Side = Side.RAISING
    urgent: bool = False


class Lacking(NamedTuple):
    """What a form lacks: labels of what is to be written, and questions with a list of answers. `chaser` counts the reminders."""

    missing: Sequence[str]
    questions: Sequence[Question]
    chaser: int = 0
    last: bool = False


class Notices:
    """Says SendNotice, each notice with the next number of its reference: `DEMO-7K3QX9FA.i1`, `.i2` and so on."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    async def form_received(
        self, session: AsyncSession, matter: Matter, facts: dict[str, JsonValue], form: FormContent, changed: str = ""
    ) -> None:
        """The form is complete: `facts` are what was understood (see `read_back`). `changed` are a correction's changes, in words."""
        reply = self._sealer.seal(matter.reference, ReplyContent(text=changed)) if changed else None
        await self._send(
            session, matter, "form_received", {"received_at": matter.since.isoformat(), **facts}, form, reply=reply
        )

    async def form_incomplete(
        self, session: AsyncSession, matter: Matter, lacking: Lacking, facts: dict[str, JsonValue], form: FormContent
    ) -> None:
        """Parts are missing, and what was understood so far."""
        asked: dict[str, JsonValue] = {
            "missing": list(lacking.missing),
            "choices": [{"label": question.label, "options": list(question.options)} for question in lacking.questions],
            "chaser": lacking.chaser,
            "last": lacking.last,
        }
        await self._send(session, matter, "form_incomplete", asked | facts, form)

    async def item_held(
        self, session: AsyncSession, matter: Matter, detail: str, why: str = "held", *, advice: str = ""
    ) -> None:
        """What they sent waits: the reason, and what they can do. `why` and `danger` as in the notifier's facts."""
        danger = "words" if matter.urgent else ""
        facts: dict[str, JsonValue] = {"detail": detail, "danger": danger, "why": why, "advice": advice}
        await self._send(session, matter, "item_held", facts, None)

    async def blank_form(self, session: AsyncSession, matter: Matter, files: Sequence[Attachment]) -> None:
        """The blank form, in several formats. It says nothing about anybody, so it goes to every address."""
        facts: dict[str, JsonValue] = {"headline": "The blank Escalation Form", "lines": list(_BLANK_FORM), "because": _ASKED}
        await self._send(session, matter, "told", facts, None, whole=True, attachments=files)

    async def board_told(self, session: AsyncSession, matter: Matter, headline: str, lines: Sequence[str]) -> None:
        """Something that the board's staff should look at. It goes to the board's own address."""
        board = matter.board
        to = Sender(name=board.name, address=board.inbox)
        facts: dict[str, JsonValue] = {"headline": headline, "lines": list(lines)}
        await self._send(session, matter._replace(to=to, side=Side.BOARD), "told", facts, None)

    async def settled(
        self, session: AsyncSession, matter: Matter, headline: str, lines: Sequence[str], written: Sealed
    ) -> None:
        """What board staff wrote about something held (a ReplyContent, sealed for it), whole: they wrote it for this address."""
        facts: dict[str, JsonValue] = {
            "headline": headline,
            "lines": list(lines),
            "because": f"You get this mail because you wrote to {matter.board.name}.",
        }
        await self._send(session, matter, "told", facts, None, reply=written, whole=True)

    async def _send(
        self,
        session: AsyncSession,
        matter: Matter,
        kind: str,
        facts: dict[str, JsonValue],
        form: FormContent | None,
        *,
        reply: Sealed | None = None,
        whole: bool = False,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        board, to = matter.board, matter.to
        sealed = {"form": self._sealer.seal(matter.reference, form)} if form is not None else {}
        notice_id = f"{matter.reference}.i{await repository.next_notice_number(session, matter.reference)}"
        notice = SendNotice(
            message_id=uuid5(NAMESPACE_URL, f"concord:notice:{notice_id}"),
            at=now(),
            notice_id=notice_id,
            case_id=matter.reference,
            board=board.board,
            board_name=board.name,
            demonstration=board.demonstration,
            kind=kind,
            to=Recipient(
                name=to.name or to.address,
                address=to.address,
                side=matter.side,
                full_content=whole or is_secure(board, to.address),
            ),
            thread_started_at=matter.since,
            urgent=matter.urgent,
            facts=facts,
            sealed=sealed | ({"reply": reply} if reply is not None else {}),
            attachments=tuple(attachments),
        )
        await say(session, notice)
