"""How much is read at once from one address and about one case. What is beyond it is kept, read later in its order, and said so."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.escalator import BoardPublished
from services.contracts.vocabulary import HeldReason
from services.intake import ledger
from services.intake.desk import Desk, Held, Original
from services.intake.mailbox import Sender
from services.intake.tables import RawMessage
from services.kit.clock import now

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_SHORTEST = timedelta(seconds=1)


class Limits(NamedTuple):
    """The most that is read from one address in an hour, and about one case in a day."""

    sender_an_hour: int = 30
    case_a_day: int = 200


class Given(NamedTuple):
    """What somebody sent on a page: its original in the document store, where it came from (`link`), and what it is, as in `RawMessage`."""

    channel: Literal["page", "web"]
    source: str
    link: str
    sender: Sender
    received_at: datetime
    case_id: str | None = None


class Flow:
    """Counts mail, and what is sent on a page as if it were mail, in the transaction it is given.

    What comes of people a board knows is counted: nobody else's mail has an effect or an answer.
    """

    def __init__(self, limits: Limits, desk: Desk) -> None:
        self._limits = limits
        self._desk = desk

    async def wait_until(
        self, session: AsyncSession, mail: RawMessage, sender: Sender, case_id: str | None, board: BoardPublished | None
    ) -> datetime | None:
        """When this mail is to be read, or None for now. The first to wait is said to its sender and put before the board's staff."""
        mail.sender, mail.case_id = sender.address, case_id
        moment, limits = now(), self._limits
        by_sender = await ledger.pressure_of_sender(session, mail, moment - HOUR)
        found = [
            (
                by_sender,
                limits.sender_an_hour,
                HOUR,
                f"More than {limits.sender_an_hour} messages in an hour came from one address.",
            )
        ]
        if case_id is not None:
            by_case = await ledger.pressure_of_case(session, mail, moment - DAY)
            found.append(
                (by_case, limits.case_a_day, DAY, f"More than {limits.case_a_day} messages in a day came about one case.")
            )
        waits: list[datetime] = []
        why = ""
        for pressure, most, window, sentence in found:
            if pressure.earlier_until is not None:
                waits.append(pressure.earlier_until)
            if pressure.read >= most and pressure.first_at is not None:
                waits.append(pressure.first_at + window)
                why = why or sentence
        if not waits:
            return None
        if mail.deferred_at is None:
            mail.deferred_at = moment
            if why and board is not None:
                await self._say(session, mail, Held(HeldReason.TOO_MANY, why, sender, board.board, case_id), board)
        return max(*waits, moment + _SHORTEST)

    async def wait_until_on_page(
        self, session: AsyncSession, given: Given, board: BoardPublished | None, *, danger: bool
    ) -> datetime | None:
        """The same for what was sent on a page. An answer that has to wait is read in its turn; a form stays with whoever fills it in.

        Where there may be `danger` nothing waits.
        """
        row = RawMessage(
            sha256=given.source,
            mail_from=given.sender.address,
            recipients=[given.link],
            size=0,
            received_at=given.received_at,
            next_at=given.received_at,
            starts=0,
            channel=given.channel,
            sender=given.sender.address,
            case_id=given.case_id,
        )
        session.add(row)
        await session.flush()
        until = None if danger else await self.wait_until(session, row, given.sender, given.case_id, board)
        if until is None:
            row.read_at, row.outcome = now(), "reply" if given.channel == "page" else "form"
        elif given.channel == "web":
            await session.delete(row)
        else:
            row.next_at = until
        return until

    async def _say(self, session: AsyncSession, mail: RawMessage, held: Held, board: BoardPublished) -> None:
        """Once an hour to each address: this is not another flood."""
        if held.sender is None or not await ledger.tell_once(session, held.sender.address, "deferred", now(), HOUR):
            return
        original = Original(mail.sha256, mail.received_at, held.sender.address)
        item_id = await self._desk.hold(session, original, held)
        await self._desk.tell_sender(session, board, item_id, original, held)
        await self._desk.tell_board(session, board, item_id, original, held)
