"""Contact lists coming into force: from the board's file at the start, and whenever board staff change them on their page.

A file is loaded once: only another file is loaded again, so that what staff changed stays. Whatever is in force is said after each.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.contact_list import ContactLine, read_csv, write_csv
from services.contracts.escalator import ContactsPublished
from services.contracts.records import ContactsChanged
from services.escalator import repository
from services.escalator.boards import Board
from services.escalator.contacts import parse_contacts
from services.escalator.errors import Refused, Unknown
from services.kit.bus import Bus
from services.kit.clock import now
from services.kit.database import Database

log = logging.getLogger(__name__)


async def load_contacts(database: Database, bus: Bus, boards: Mapping[str, Board]) -> None:
    """Put each board's contact list in force where its file is not the one last loaded, and say every board's list.

    Raises ProtocolError, Unavailable and BusError.
    """
    for board in boards.values():
        async with database.transaction() as session:
            await repository.lock_contacts(session)
            if board.contacts is not None:
                await _load(session, board, board.contacts)
            published = _published(uuid4(), now(), board.key, await repository.contacts_of(session, board.key))
        await bus.publish(published)


async def _load(session: AsyncSession, board: Board, path: str) -> None:
    data = await asyncio.to_thread(Path(path).read_bytes)
    digest = sha256(data).hexdigest()
    row = await repository.contact_list(session, board.key)
    if row is None or row.file_sha256 != digest:
        lines = parse_contacts(data, path, board.protocol.roles)
        if row is not None and row.changed_by:
            log.warning("the contact list of %s comes from its changed file, in place of the one that staff changed", board.key)
        await repository.replace_contacts(session, board.key, lines, at=now(), file_sha256=digest)


class ContactHandlers:
    """What the escalator does when board staff change a contact list. `boards` are by key."""

    def __init__(self, database: Database, bus: Bus, boards: Mapping[str, Board]) -> None:
        self._database = database
        self._bus = bus
        self._boards = boards

    async def on_contacts_changed(self, message: ContactsChanged) -> None:
        """Put the whole new list in force, and say it. One that is older than the last change by staff changes nothing.

        Raises Unknown and Refused, which a person sees, Unavailable and BusError.
        """
        if message.board not in self._boards:
            raise Unknown("board", message.board, self._boards)
        _, errors = read_csv(write_csv(message.lines), self._boards[message.board].protocol.roles)
        if errors:
            wrong = "; ".join(f"line {error.line}, {error.field}: {error.message}" for error in errors)
            raise Refused(f"the contact list of {message.board} was not put in force: {wrong}")
        async with self._database.transaction() as session:
            await repository.lock_contacts(session)
            row = await repository.contact_list(session, message.board)
            if row is None or not row.changed_by or row.changed_at <= message.at:
                await repository.replace_contacts(session, message.board, message.lines, at=message.at, by=message.by.address)
            in_force = await repository.contacts_of(session, message.board)
            published = _published(uuid5(message.message_id, "published"), now(), message.board, in_force)
        await self._bus.publish(published)


def _published(message_id: UUID, at: datetime, board: str, lines: list[ContactLine]) -> ContactsPublished:
    return ContactsPublished(message_id=message_id, at=at, board=board, lines=tuple(lines))
