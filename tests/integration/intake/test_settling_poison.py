"""Mail that kills or breaks what reads it is held after a bounded number of tries, and may still be released by a person.

It never stops the mail behind it, whichever way it came in (`test_readers` for SMTP and IMAP).
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.content import FormContent
from services.contracts.records import ItemSettled
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Person
from services.intake import repository, settling
from services.intake.answering.sending import Sending
from services.intake.corrections import Corrections
from services.intake.desk import Desk
from services.intake.errors import CannotSettle
from services.intake.flow import Flow, Limits
from services.intake.incoming import Incoming, Parts, Trust, Waits
from services.intake.notices import Notices
from services.intake.readers import MOST_STARTS, Readers
from services.intake.reception import Reception
from services.intake.sandbox import Sandbox
from services.intake.settling import Settling
from services.intake.submissions import Submissions
from services.intake.tables import HeldItem, RawMessage, Submission
from services.intake.understanding import Understanding
from services.kit import migrate
from services.kit.clock import now
from services.kit.database import Database
from services.kit.store import Store
from tests.integration.intake.running import BOARD, FORM, MAIL_DOMAIN, RAISER, mail, published

STRANGER = "pat@charity.example"


def fatal(
    raw: bytes, recipients: tuple[str, ...], mail_from: str | None, at: datetime, *, open_files: bool = True
) -> Understanding:
    """Dies of every mail."""
    del raw, recipients, mail_from, at, open_files
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class Fragile(Incoming):
    """Breaks while it takes a mail's effect, each time, when the mail says so."""

    async def settle(self, session: AsyncSession, mail: RawMessage, seen: Understanding) -> str | Waits:
        if "break" in seen.text:
            raise ZeroDivisionError
        return await super().settle(session, mail, seen)


@pytest.fixture
async def database(make_database: Callable[[str], str]) -> AsyncIterator[Database]:
    url = make_database("intake")
    await asyncio.to_thread(migrate.upgrade, url, "services.intake")
    database = Database(url)
    async with database.transaction() as session:
        await repository.keep_board(session, published())
    yield database
    await database.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(workers=1)
    yield sandbox
    sandbox.close()


@pytest.fixture
def parts(sealer: Sealer) -> Parts:
    notices = Notices(sealer)
    submissions, desk = Submissions(sealer, notices, b"key"), Desk(sealer, notices)
    return Parts(submissions, Corrections(sealer, submissions, notices, desk), desk, Flow(Limits(), desk))


@pytest.fixture
def readers(database: Database, store: Store, sealer: Sealer, sandbox: Sandbox, parts: Parts) -> Readers:
    trust = Trust(b"key", MAIL_DOMAIN, None)
    sending = Sending(database, store, sealer, parts.submissions, parts.flow)
    return Readers(database, store, sandbox, Fragile(sealer, parts, trust, "http://intake.demo.example"), sending)


@pytest.fixture
def settler(store: Store, sealer: Sealer, sandbox: Sandbox, parts: Parts) -> Settling:
    return Settling(store, sandbox, sealer, parts.submissions, Notices(sealer))


@pytest.fixture
async def held_item(database: Database, store: Store, readers: Readers) -> str:
    """A form of somebody nobody knows, which waits for board staff."""
    await Reception(database, store).keep(mail(FORM, sender=STRANGER), STRANGER, [BOARD])
    await readers.read_one()
    return (await the_item(database)).item_id


async def outcomes(database: Database) -> list[str | None]:
    async with database.transaction() as session:
        return list(await session.scalars(select(RawMessage.outcome).order_by(RawMessage.id)))


async def read_all(readers: Readers) -> int:
    """Read what waits, as the service does; how often that failed."""
    failures, more = 0, True
    while more:
        try:
            more = await readers.read_one()
        except ZeroDivisionError:
            failures += 1
    return failures


async def the_item(database: Database) -> HeldItem:
    async with database.transaction() as session:
        return (await session.scalars(select(HeldItem))).one()


def said(item_id: str, sealer: Sealer, **what: object) -> ItemSettled:
    staff = Person(name="Jo Bright", address="staff@board.demo.example")
    facts = {"message_id": uuid4(), "at": now(), "item_id": item_id, "board": "demonstration", "by": staff, "how": "form"}
    form = FormContent(child_name="Robin Example", summary="Robin is hungry.")
    return ItemSettled.model_validate({**facts, "content": sealer.seal(item_id, form), **what})


async def test_a_mail_whose_effect_fails_each_time_is_held_in_the_end_and_stops_none_behind_it(
    database: Database, store: Store, readers: Readers
) -> None:
    reception = Reception(database, store)
    await reception.keep(mail("break"), RAISER, [BOARD])
    await reception.keep(mail(FORM), RAISER, [BOARD])
    failures = await read_all(readers)
    assert await outcomes(database) == [None, "form"], "the one behind it has been read"
    while await outcomes(database) == [None, "form"]:
        async with database.transaction() as session:
            await session.execute(update(RawMessage).values(next_at=now()))
        failures += await read_all(readers)
    assert failures == MOST_STARTS
    assert await outcomes(database) == ["held: unreadable", "form"]
    assert (await the_item(database)).from_address == RAISER


async def test_what_kills_its_reader_again_is_released_as_staff_filled_it_in(
    database: Database, sealer: Sealer, held_item: str, settler: Settling, monkeypatch: pytest.MonkeyPatch
) -> None:
    item_id = held_item
    monkeypatch.setattr(settling, "read_as_form", fatal)
    async with database.transaction() as session:
        await settler.settle(session, said(item_id, sealer, person=Person(name="Pat", address=STRANGER)))
    async with database.transaction() as session:
        submission = (await session.scalars(select(Submission))).one()
    assert (submission.sender_address, submission.completed_at) == (STRANGER, None), "the rest is asked for"


async def test_what_says_too_little_is_refused_where_a_person_sees_it(
    database: Database, sealer: Sealer, held_item: str, settler: Settling
) -> None:
    item_id = held_item
    somebody = Person(name="Pat", address=STRANGER)
    for wrong in (
        said("HELD-00000000", sealer, person=somebody),
        said(item_id, sealer),
        said(item_id, sealer, person=somebody, board="nowhere"),
        said(item_id, sealer, person=somebody, how="reply"),
    ):
        async with database.transaction() as session:
            with pytest.raises(CannotSettle) as refused:
                await settler.settle(session, wrong)
        assert "Robin" not in str(refused.value)
