"""What board staff must look at: held with its original and the reason, and said to whoever sent it and to the board, once each."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.content import HeldContent
from services.contracts.escalator import BoardPublished
from services.contracts.intake import ItemHeld
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import HeldReason, Side
from services.intake import domain, ledger
from services.intake.mailbox import Sender
from services.intake.notices import Matter, Notices
from services.intake.tables import HeldItem
from services.kit.clock import now
from services.kit.outbox import say

HELD = "HELD"
"""What the references of held items begin with: no case, though a notice about one can be answered."""

_ITS_TIME = "The time of a step that is running goes on."
_TOLD = {
    HeldReason.UNCLEAR_REPLY: ("A reply needs a person", _ITS_TIME),
    HeldReason.UNTRUSTED_REPLY: ("A reply from another address needs a person", _ITS_TIME),
    HeldReason.CHANGED: (
        "A form was corrected in something its case was decided by",
        f"The case goes on as it began. {_ITS_TIME}",
    ),
    HeldReason.NOT_COMPLETED: ("A form was begun and not completed", "No case has begun, and no time is running."),
    HeldReason.TOO_MANY: ("Mail waits, because so much of it came", f"It is all kept, and read in its order. {_ITS_TIME}"),
}
"""What is held of somebody the board knows, in a case or on the way to one: the board's staff are told by mail, and what to know of it."""

_OTHERWISE = (
    "Something came in and waits for you",
    "Nothing has been done with it. It may be a form from somebody who is not on the board’s list.",
)
_DAY = timedelta(days=1)


class Original(NamedTuple):
    """Where something held came from: its bytes in the document store, when it arrived, and the address to show for it."""

    source: str
    received_at: datetime
    from_address: str


class Held(NamedTuple):
    """Why something is held, whose it is and what it is about, as far as that is known. `detail` is a sentence without case content."""

    reason: HeldReason
    detail: str
    sender: Sender | None = None
    board: str | None = None
    case_id: str | None = None
    side: Side = Side.RAISING
    urgent: bool = False
    """Words in it may mean that a child is in danger now."""


class Desk:
    """Puts things before board staff, in the transaction it is given."""

    def __init__(self, sealer: Sealer, notices: Notices) -> None:
        self._sealer = sealer
        self._notices = notices

    async def hold(self, session: AsyncSession, original: Original, held: Held, content: HeldContent | None = None) -> str:
        """Hold something; the reference it is held under."""
        item_id = domain.new_reference(HELD)
        row = {
            "item_id": item_id,
            "board": held.board,
            "case_id": held.case_id,
            "detail": held.detail,
            "from_address": original.from_address,
            "source": original.source,
            "received_at": original.received_at,
        }
        session.add(HeldItem(**row, reason=held.reason.value))
        message = ItemHeld(
            message_id=uuid5(NAMESPACE_URL, f"concord:held:{item_id}"),
            at=now(),
            item_id=item_id,
            board=held.board,
            case_id=held.case_id,
            reason=held.reason,
            detail=held.detail,
            from_address=original.from_address,
            received_at=original.received_at,
            source=original.source,
            content=self._sealer.seal(item_id, content) if content else None,
        )
        await say(session, message)
        return item_id

    async def tell_sender(
        self, session: AsyncSession, board: BoardPublished, item_id: str, original: Original, held: Held, *, advice: str = ""
    ) -> None:
        """Say to whoever sent it that it waits, and why; whoever that is must be known to the board.

        What they write back counts in the case only where this did: an answer to the mail of somebody else stays one.
        """
        if held.sender is None:
            return
        reference = item_id if held.reason is HeldReason.UNTRUSTED_REPLY else held.case_id or item_id
        matter = Matter(board, reference, held.sender, original.received_at, held.side, held.urgent)
        why = {HeldReason.TOO_MANY: "deferred", HeldReason.NOT_COMPLETED: "draft"}.get(held.reason, "held")
        await self._notices.item_held(session, matter, held.detail, why, advice=advice)

    async def tell_board(
        self, session: AsyncSession, board: BoardPublished, item_id: str, original: Original, held: Held
    ) -> None:
        """Say to the board's staff that something of a case, or on the way to one, waits for them."""
        await self._tell_board(session, board, item_id, original, held, said=_TOLD[held.reason])

    async def tell_board_once(
        self, session: AsyncSession, board: BoardPublished, item_id: str, original: Original, held: Held
    ) -> None:
        """Say to the board's staff that something of nobody they know waits: once a day, and where it may tell of danger, once for
        each address. Anybody can send such mail, so it is not said of each."""
        what = f"danger {original.from_address.lower()}" if held.urgent else "waiting"
        if held.reason is HeldReason.AUTOMATIC or not await ledger.tell_once(session, board.inbox, what, now(), _DAY):
            return
        more = "We tell you of such mail once a day. More may have come since you last looked."
        await self._tell_board(session, board, item_id, original, held, said=(*_OTHERWISE, more))

    async def _tell_board(
        self, session: AsyncSession, board: BoardPublished, item_id: str, original: Original, held: Held, *, said: Sequence[str]
    ) -> None:
        headline, *more = said
        nobody = Sender(name="", address="")
        matter = Matter(board, held.case_id or item_id, nobody, original.received_at, Side.BOARD, held.urgent)
        danger = ["Words in it may mean that a child is in danger now. Read it at once."] if held.urgent else []
        sender = f"It came from {held.sender.name or 'somebody'} ({held.sender.address})." if held.sender else ""
        lines = [
            *danger,
            f"{held.detail} {sender}".strip(),
            *more,
            f"Open {item_id} under “Held items” on the board’s page. There you say what is to be done with it.",
        ]
        await self._notices.board_told(session, matter, headline, lines)
