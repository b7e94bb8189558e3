"""The written confirmation on a real PostgreSQL: issued once, when everything it needs is there, and plain rather than not at all."""

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import page
import pytest
from pypdf import PdfReader

from services.contracts.content import FormContent
from services.contracts.notifier import SendNotice
from services.contracts.records import RecordIssued
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Ending
from services.kit.database import Database
from services.kit.store import Store
from services.records.confirmation import Confirmation
from services.records.errors import PrintFailed
from services.records.issuing import TRIES, Issuer
from services.records.printer import Printer
from services.records.verify import check
from tests.integration.records_world import connect, migrated, rows, said, take_in
from tests.unit.records.further import Further
from tests.unit.records.story import CASE, DEMONSTRATION, OUTCOME, PUBLISHED, START, Story


@pytest.fixture
async def database(make_migrated: Callable[[str], str]) -> AsyncIterator[Database]:
    made = await migrated(make_migrated)
    yield made
    await made.close()


@pytest.fixture(scope="module")
async def printer() -> AsyncIterator[Printer]:
    made = Printer(seconds=60)
    yield made
    await made.close()


class _Broken(Printer):
    """A printer that never prints, and says how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def pdf(self, confirmation: Confirmation) -> bytes:
        del confirmation
        self.asked += 1
        raise PrintFailed("it took longer than 20 seconds")


async def due_now(database: Database) -> None:
    """Nobody waits in a test."""
    connection = await connect(database)
    await connection.execute("UPDATE confirmations SET due_at = now() - interval '1 second'")
    await connection.close()


async def test_both_sides_get_a_record_that_validates_and_carries_its_data(
    database: Database, store: Store, sealer: Sealer, printer: Printer
) -> None:
    story = Story(sealer)
    await take_in(database, [PUBLISHED, story.notice("1"), *story.whole()])
    issuer = Issuer(database, store, sealer, printer)
    assert await issuer.issue_next()
    assert not await issuer.issue_next()

    (_, body), *notices = await said(database)
    issued = RecordIssued.model_validate_json(body)
    pdf = await store.get(issued.document)
    assert hashlib.sha256(pdf).hexdigest() == issued.sha256
    for profile in ("pdfa-3a", "pdfua-1"):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        assert report.is_compliant, report.failures
    kept = json.loads(PdfReader(io.BytesIO(pdf)).attachments["case.json"][0])
    assert kept["form"]["child_name"] == "Robin Sample"
    assert kept["agreed"] == OUTCOME.model_dump(mode="json")
    assert kept["board_name"] == "Demonstration board"
    found = await check(database.url, {kept["history_entries"]: kept["history_hash"]})
    assert found["ok"]

    told = [SendNotice.model_validate_json(body) for _, body in notices]
    assert [notice.notice_id for notice in told] == [f"{CASE}.r1", f"{CASE}.r2", f"{CASE}.r3"]
    assert {notice.to.address for notice in told} == {
        "asha.rees@school.demo.example",
        "tom.archer@school.demo.example",
        "maria.kowalska@care.demo.example",
    }
    first = told[0]
    assert (first.kind, first.demonstration, first.thread_started_at) == ("record_issued", DEMONSTRATION, START)
    assert first.facts["filename"] == issued.filename
    assert [attachment.document for attachment in first.attachments] == [issued.document]
    assert sealer.open(CASE, first.sealed["form"], FormContent).child_name == "Robin Sample"


async def test_the_record_is_not_mailed_to_a_domain_that_is_not_secure(
    database: Database, store: Store, sealer: Sealer, printer: Printer
) -> None:
    *before, closed = Story(sealer).whole()
    open_to_all = [to.model_copy(update={"full_content": False}) for to in closed.recipients]  # type: ignore[attr-defined] # a CaseClosed
    await take_in(database, [PUBLISHED, *before, closed.model_copy(update={"recipients": tuple(open_to_all)})])
    assert await Issuer(database, store, sealer, printer).issue_next()
    notices = [SendNotice.model_validate_json(body) for topic, body in await said(database) if topic == SendNotice.topic]
    assert len(notices) == 3
    assert all(notice.attachments == () for notice in notices)


@pytest.mark.parametrize("late", [0, 1, 3, 7])
async def test_it_waits_for_a_fact_that_comes_after_the_close_and_is_then_made_at_once(
    database: Database, store: Store, sealer: Sealer, printer: Printer, late: int
) -> None:
    messages = Story(sealer).whole()
    missing = messages.pop(late)
    await take_in(database, messages)
    issuer = Issuer(database, store, sealer, printer)
    assert await issuer.issue_next()
    ((state, problem),) = await rows(database, "SELECT state, problem FROM confirmations")
    assert state == "asked"
    assert problem.startswith("waiting for ")
    assert not await issuer.issue_next()
    await take_in(database, [missing])
    assert await issuer.issue_next()
    assert await rows(database, "SELECT state, problem FROM confirmations") == [("issued", "")]


async def test_two_workers_issue_once(database: Database, store: Store, sealer: Sealer, printer: Printer) -> None:
    await take_in(database, Story(sealer).whole())
    first, second = (Issuer(database, store, sealer, printer) for _ in range(2))
    taken = await asyncio.gather(first.issue_next(), second.issue_next())
    assert sorted(taken) == [False, True]
    assert len(await said(database)) == 4


async def test_a_worker_that_died_in_the_middle_is_taken_over_and_the_effect_is_one(
    database: Database, store: Store, sealer: Sealer, printer: Printer
) -> None:
    await take_in(database, Story(sealer).whole())

    class Slow(Printer):
        """Another worker issues the same one while this one prints, as after a lease that ran out."""

        def __init__(self) -> None:
            self.again = True

        async def pdf(self, confirmation: Confirmation) -> bytes:
            if self.again:
                self.again = False
                await due_now(database)
                assert await Issuer(database, store, sealer, printer).issue_next()
            return await printer.pdf(confirmation)

    assert await Issuer(database, store, sealer, Slow()).issue_next()
    assert len(await said(database)) == 4
    assert await rows(database, "SELECT state, tries FROM confirmations") == [("issued", 0)]


async def test_a_record_that_cannot_be_printed_is_issued_plain(database: Database, store: Store, sealer: Sealer) -> None:
    await take_in(database, [PUBLISHED, *Story(sealer).whole()])
    broken = _Broken()
    issuer = Issuer(database, store, sealer, broken)
    for _ in range(TRIES):
        assert await issuer.issue_next()
        assert (await rows(database, "SELECT state FROM confirmations")) == [("asked",)]
        await due_now(database)
    assert await issuer.issue_next()
    assert broken.asked == TRIES
    ((state, problem, document, media_type),) = await rows(
        database, "SELECT state, problem, document, media_type FROM confirmations"
    )
    assert (state, media_type) == ("issued_plain", "text/plain")
    assert "could not be made" in problem
    text = (await store.get(document)).decode()
    for words in (OUTCOME.agreed, "Robin Sample", "Maria Kowalska", "core group", DEMONSTRATION, CASE):
        assert words in text
    notices = [SendNotice.model_validate_json(body) for topic, body in await said(database) if topic == SendNotice.topic]
    assert {notice.attachments[0].filename for notice in notices} == {f"{CASE}-outcome-1.txt"}


async def test_what_cannot_be_opened_waits_with_a_reason_and_does_not_hold_up_others(
    database: Database, store: Store, sealer: Sealer, printer: Printer
) -> None:
    elsewhere = Story(Sealer(["MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="]))
    await take_in(database, elsewhere.whole())
    await take_in(database, Story(sealer, "DEMO-00000001").whole())
    issuer = Issuer(database, store, sealer, printer)
    while await issuer.issue_next():
        pass
    found = await rows(database, "SELECT case_id, state, tries FROM confirmations ORDER BY case_id")
    assert found == [("DEMO-00000001", "issued", 0), (CASE, "asked", 1)]
    ((problem,),) = await rows(database, "SELECT problem FROM confirmations WHERE state = 'asked'")
    assert problem == "What was written in this case cannot be opened with the keys there are."


async def test_a_decision_is_issued_with_its_dissent_and_told_as_what_it_is(
    database: Database, store: Store, sealer: Sealer, printer: Printer
) -> None:
    """BIR-19, OXF-20."""
    await take_in(database, [PUBLISHED, *Further(sealer).imposed()])
    assert await Issuer(database, store, sealer, printer).issue_next()
    (_, body), (_, told) = await said(database)
    issued, notice = RecordIssued.model_validate_json(body), SendNotice.model_validate_json(told)
    assert (issued.outcome, issued.filename) == (1, f"{CASE}-outcome-1.pdf")
    assert (notice.kind, notice.facts["headline"]) == ("told", "Closed: the written confirmation of the outcome")
    assert notice.facts["lines"] == [
        "A decision was made, as the protocol allows, and it stands. The case is closed.",
        f"Keep the attached file, {CASE}-outcome-1.pdf, on the child’s record in your agency.",
        "Do what it gives you to do, in the time it says.",
    ]
    kept = json.loads(PdfReader(io.BytesIO(await store.get(issued.document))).attachments["case.json"][0])
    assert [dissent["text"] for dissent in kept["dissents"]] == ["The visit must come first."]
    assert [item["by"] for item in kept["to_pursue"]] == ["2026-12-18", None]


async def test_each_closing_of_a_case_has_a_record_and_notices_of_its_own(
    database: Database, store: Store, sealer: Sealer, printer: Printer
) -> None:
    """A-13."""
    story = Further(sealer)
    first = [story.form(), story.opened(), story.step(1), story.ended(Ending.WITHDRAWN)]
    await take_in(database, [PUBLISHED, *first])
    issuer = Issuer(database, store, sealer, printer)
    assert await issuer.issue_next()
    await take_in(database, [story.reopened(1), story.step(1, why="reopened"), story.ended(Ending.ADVICE_TAKEN)])
    assert await issuer.issue_next()
    assert not await issuer.issue_next()
    bodies = await said(database)
    issued = [RecordIssued.model_validate_json(body) for topic, body in bodies if topic == RecordIssued.topic]
    assert [(one.outcome, one.filename) for one in issued] == [(None, f"{CASE}-record.pdf")] * 2
    assert issued[0].sha256 != issued[1].sha256
    notices = [SendNotice.model_validate_json(body) for topic, body in bodies if topic == SendNotice.topic]
    assert [notice.notice_id for notice in notices] == [f"{CASE}.r1", f"{CASE}.r2"]
    assert await rows(database, "SELECT number, outcome, state FROM confirmations ORDER BY number") == [
        (3, None, "issued"),
        (6, None, "issued"),
    ]


async def test_a_record_waits_a_moment_for_what_is_to_be_pursued(
    database: Database, store: Store, sealer: Sealer, printer: Printer
) -> None:
    """BED-19."""
    *closed, follow_up = Further(sealer).imposed()
    await take_in(database, closed)
    issuer = Issuer(database, store, sealer, printer, settle=timedelta(minutes=1))
    assert not await issuer.issue_next()
    await take_in(database, [follow_up])
    assert not await issuer.issue_next()
    connection = await connect(database)
    await connection.execute("UPDATE confirmations SET asked_at = asked_at - interval '1 minute'")
    await connection.close()
    assert await issuer.issue_next()
    ((document,),) = await rows(database, "SELECT document FROM confirmations")
    kept = json.loads(PdfReader(io.BytesIO(await store.get(document))).attachments["case.json"][0])
    assert [item["number"] for item in kept["to_pursue"]] == [1, 2]
