"""Says that a mailbox is not looked into: in numbers on a page for whoever runs Concord, and to the boards by mail, which goes out
another way than it comes in."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from services.contracts.vocabulary import Side
from services.intake import domain, ledger, repository
from services.intake.collector import Collector
from services.intake.errors import Busy
from services.intake.mailbox import Sender
from services.intake.notices import Matter, Notices
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import SignInRefused, Unavailable
from services.kit.web import words

log = logging.getLogger(__name__)

POLL_SECONDS = 30.0
SAID_AGAIN = timedelta(hours=6)
REFERENCE = "MAIL"
"""What the reference of such a notice begins with: there is no case it belongs to."""

_WHY = {
    SignInRefused: "The mail server refuses the name, password, token or permission that Concord signs in with.",
    Busy: "The mail server asks Concord to wait.",
}
_NO_REASON = "The mail server does not answer as it should."


class Watch:
    """Watches the collectors, by their kind. A mailbox that no copy of the service has looked into for `patience` is told of."""

    def __init__(self, database: Database, notices: Notices, collectors: Mapping[str, Collector], patience: timedelta) -> None:
        self._database = database
        self._notices = notices
        self._collectors = collectors
        self._patience = patience

    async def run(self) -> None:
        """Watch until cancelled; not at once, so that a service that was away can look first."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self.tell(now())
            except Unavailable as error:
                log.warning("what is said of the mailboxes waits: %s", error)

    async def tell(self, moment: datetime) -> None:
        """Tell the boards whose mail waits, once in six hours while it does. A mailbox without a board is everybody's."""
        for kind, collector in self._collectors.items():
            async with self._database.transaction() as session:
                since = await repository.looked_at(session, collector.name) or collector.started_at
                if moment - since < self._patience:
                    continue
                log.error("the mailbox (%s) has not been looked into since %s", kind, since.isoformat())
                for board in await repository.boards(session):
                    theirs = collector.board in (None, board.board)
                    what = f"mailbox {collector.name}"
                    if not theirs or not await ledger.tell_once(session, board.inbox, what, moment, SAID_AGAIN):
                        continue
                    nobody = Sender(name="", address="")
                    matter = Matter(board, domain.new_reference(REFERENCE), nobody, since, Side.BOARD, urgent=True)
                    lines = [
                        f"Concord has not been able to look into it since {words.moment(since)}.",
                        _why(collector.trouble),
                        "Forms and replies that people sent there since then wait in it, and nobody is told. Nothing is lost.",
                        "Tell whoever runs Concord for you. Until it works, read the mailbox yourselves. The web form still works.",
                        "The time of every step that is running goes on.",
                    ]
                    await self._notices.board_told(
                        session, matter, "The mailbox for forms and replies is not being read", lines
                    )

    async def state(self) -> dict[str, dict[str, object]]:
        """Of each mailbox: `looked_at`, when that last succeeded, or null; `problem`, the kind of error since, or null; how many mails are
        known to be `waiting` to be taken; and how many are taken and `not_put_away` yet, which is a number that stays small."""
        found: dict[str, dict[str, object]] = {}
        for kind, collector in self._collectors.items():
            async with self._database.transaction() as session:
                backlog = await repository.backlog(session, collector.name)
                at = await repository.looked_at(session, collector.name)
            found[kind] = {
                "looked_at": at.isoformat() if at else None,
                "problem": type(collector.trouble).__name__ if collector.trouble else None,
                "waiting": backlog.waiting,
                "not_put_away": backlog.not_put_away,
            }
        return found


def _why(trouble: Exception | None) -> str:
    return next((why for kind, why in _WHY.items() if isinstance(trouble, kind)), _NO_REASON)
