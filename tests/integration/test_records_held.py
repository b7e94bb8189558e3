"""What board staff do with held items: read as plain text when they ask, settled once, visible afterwards, and only for that board."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import httpx
import pytest

from services.contracts.content import ReplyContent
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import HeldReason, Person
from services.kit.bus import DeadLetter
from services.kit.database import Database
from services.kit.store import Store
from services.records.handlers import dead_letter
from tests.integration.held_world import ELSEWHERE, ITEM, STRANGER, TWO_AREAS, do, item, settled
from tests.integration.records_world import Form, browser, enter, migrated, rows, submit, take_in
from tests.unit.records.further import Further
from tests.unit.records.story import BOARD, CASE, FORM, RAISER, STAFF, START, WORKER


@pytest.fixture
async def database(make_migrated: Callable[[str], str]) -> AsyncIterator[Database]:
    made = await migrated(make_migrated)
    yield made
    await made.close()


@pytest.fixture
def story(sealer: Sealer) -> Further:
    return Further(sealer)


@pytest.fixture
async def client(database: Database, store: Store, sealer: Sealer, story: Further) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on the board's staff, signed in; one case is at step 1, and something from a stranger is held."""
    begun = [TWO_AREAS, ELSEWHERE, story.form(), story.opened(), story.step(1)]
    await take_in(database, [*begun, item(sealer)])
    async with browser(database, store, sealer) as opened:
        await enter(opened, database, sealer)
        yield opened


async def test_an_item_shows_what_it_is_and_its_text_only_when_asked_for(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Always as plain text: nothing of it is markup, whatever it says."""
    assert f'href="/held/{ITEM}"' in (await client.get("/held")).text
    page = (await client.get(f"/held/{ITEM}")).text
    for shown in ("The sender is not on the board’s list", STRANGER, "Saturday 5 December 2026", f"/held/{ITEM}/original"):
        assert shown in page
    assert "Robin" not in page
    assert "robin" not in page
    with caplog.at_level(logging.INFO):
        text = (await client.get(f"/held/{ITEM}/text")).text
    assert "Robin is hungry.\n&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "&lt;b&gt;robin sample.docx&lt;/b&gt;" in text
    assert "evil.example" in text
    assert "<a href=&#39;https://evil" not in text
    assert not re.search(r"<(script>|b>|a href='https)", text)
    assert f"the text of {ITEM} shown to" in caplog.text
    assert "obin" not in caplog.text


async def test_an_item_in_which_nothing_could_be_read_says_so(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    await take_in(database, [item(sealer, None, item_id="HELD-00000001", reason=HeldReason.UNREADABLE)])
    page = (await client.get("/held/HELD-00000001/text")).text
    assert "Nothing in it could be read." in page
    assert "It is a form" in page


async def test_the_sender_is_answered_or_told_why_it_is_refused(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    empty = await submit(client, f"/held/{ITEM}/do/answer", turn="check", text=" ")
    assert (empty.status_code, "Write your answer" in empty.text) == (422, True)
    await do(client, "answer", text="Please use the form.")
    await take_in(database, [item(sealer, item_id="HELD-00000001"), item(sealer, item_id="HELD-00000002")])
    unsaid = await submit(client, "/held/HELD-00000001/do/refuse", turn="check", text="Spam.")
    assert "Select whether the sender is told" in unsaid.text
    await do(client, "refuse", "HELD-00000001", text="It is for another board.", tell="yes")
    await do(client, "refuse", "HELD-00000002", text="Spam.", tell="no")
    answer, told, untold = await settled(database)
    assert (answer.how, told.how, untold.how) == ("answered", "refused", "refused")
    assert answer.person == told.person == Person(name="Pat Ferris", address=STRANGER)
    assert untold.person is None
    assert untold.content is not None
    assert sealer.open("HELD-00000002", untold.content, ReplyContent).text == "Spam."
    assert "Spam." in (await client.get("/held/HELD-00000002")).text


async def test_the_history_of_the_case_it_is_about_tells_what_became_of_it(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    await take_in(database, [item(sealer, item_id="HELD-00000001", case_id=CASE, reason=HeldReason.UNCLEAR_REPLY)])
    waits = (await client.get(f"/cases/{CASE}")).text
    assert "Needs a person: </strong>Something that came in was held for board staff." in waits
    assert 'href="/held/HELD-00000001"' in waits
    await do(client, "answer", "HELD-00000001", text="Which of the two do you mean?")
    await take_in(database, await settled(database))
    page = (await client.get(f"/cases/{CASE}")).text
    assert "Something that came in was held for board staff." in page
    assert "Needs a person" not in page
    assert "1 item about this case" not in page
    assert "of the board’s staff answered the sender of something held." in page


async def test_what_a_machine_sent_is_never_answered(client: httpx.AsyncClient, database: Database, sealer: Sealer) -> None:
    await take_in(database, [item(sealer, item_id="HELD-00000001", reason=HeldReason.AUTOMATIC)])
    page = (await client.get("/held/HELD-00000001")).text
    assert "Answer the sender" not in page
    assert (await client.get("/held/HELD-00000001/do/answer")).status_code == 303
    await do(client, "refuse", "HELD-00000001", text="An advertisement.")
    (message,) = await settled(database)
    assert message.person is None


@pytest.mark.parametrize("reason", [HeldReason.AUTOMATIC, HeldReason.TOO_MANY, HeldReason.NOT_COMPLETED, HeldReason.CHANGED])
async def test_what_only_tells_staff_of_something_is_marked_as_seen(
    client: httpx.AsyncClient, database: Database, sealer: Sealer, reason: HeldReason
) -> None:
    await take_in(database, [item(sealer, item_id="HELD-00000001", reason=reason)])
    await submit(client, "/held/HELD-00000001/do/seen", turn="send")
    (message,) = await settled(database)
    assert (message.how, message.content, message.person) == ("seen", None, None)
    assert (await client.get(f"/held/{ITEM}/do/seen")).status_code == 303, "a person's mail needs more than a look"


async def test_an_item_is_settled_once_whoever_says_what_and_however_often(
    client: httpx.AsyncClient, database: Database
) -> None:
    page = f"/held/{ITEM}/do"
    refused = Form((await submit(client, f"{page}/refuse", turn="check", text="No.", tell="no")).text).hidden | {"turn": "send"}
    answered = Form((await submit(client, f"{page}/answer", turn="check", text="Yes.")).text).hidden | {"turn": "send"}
    answers = await asyncio.gather(
        *(client.post(f"{page}/{slug}", data=data) for slug, data in [("refuse", refused), ("answer", answered)] * 3)
    )
    assert {answer.status_code for answer in answers} == {303}
    (message,) = await settled(database)
    shown = (await client.get(f"/held/{ITEM}")).text
    assert ("refused something held" if message.how == "refused" else "answered the sender of something held") in shown
    assert "What is to be done with it?" not in shown


async def test_what_was_done_by_whom_and_when_stays_on_the_page(
    client: httpx.AsyncClient, database: Database, sealer: Sealer, story: Further
) -> None:
    assert "Held items (1)" in (await client.get("/held")).text
    await do(client, "form", danger="no", area="contact_referral/nfa")
    (message,) = await settled(database)
    page = (await client.get("/held")).text
    assert "Held items (0)" in page
    waits, _, done = page.partition("Settled")
    assert f"/held/{ITEM}" not in waits
    assert (
        "Jo Bright (Business manager, Demo Board) of the board’s staff released something held as an Escalation Form." in done
    )
    became = Further(sealer, "DEMO-00000002").form().model_copy(update={"source": "0" * 64})
    await take_in(database, [message, became])
    assert 'href="/cases/DEMO-00000002"' in (await client.get("/held")).text.partition("Settled")[2]
    assert (await client.get(f"/held/{ITEM}/original")).status_code == 404, "the store of this test is empty"


async def test_another_boards_staff_see_and_settle_nothing(
    client: httpx.AsyncClient, database: Database, store: Store, sealer: Sealer
) -> None:
    async with browser(database, store, sealer) as other:
        await enter(other, database, sealer, "lee@elsewhere.demo.example")
        hidden = Form((await other.get("/held")).text).hidden
        assert ITEM not in (await other.get("/held")).text
        for page in ("", "/text", "/original", "/do/form", "/do/reply", "/do/answer", "/do/refuse", "/do/seen"):
            assert (await other.get(f"/held/{ITEM}{page}")).status_code == 404
        assert (await other.post(f"/held/{ITEM}/do/refuse", data=hidden | {"turn": "send", "text": "No."})).status_code == 404
        await do(client, "refuse", text="No.", tell="no")
        assert ITEM not in (await other.get("/held")).text
    assert len(await settled(database)) == 1


async def test_what_belongs_to_no_board_is_settled_by_one_and_is_its_own_from_then_on(
    client: httpx.AsyncClient, database: Database, store: Store, sealer: Sealer
) -> None:
    await take_in(database, [item(sealer, item_id="HELD-00000001", board=None, reason=HeldReason.UNKNOWN_BOARD)])
    async with browser(database, store, sealer) as other:
        await enter(other, database, sealer, "lee@elsewhere.demo.example")
        assert "HELD-00000001" in (await other.get("/held")).text
        await do(other, "answer", "HELD-00000001", text="Write to the board of your town.")
    (message,) = await settled(database)
    assert message.board == "elsewhere"
    assert "HELD-00000001" not in (await client.get("/held")).text


async def test_staff_of_two_boards_say_for_which(client: httpx.AsyncClient, database: Database, sealer: Sealer) -> None:
    both = ELSEWHERE.model_copy(update={"at": START, "message_id": uuid4(), "staff": (STAFF,)})
    await take_in(database, [both, item(sealer, item_id="HELD-00000001", board=None, reason=HeldReason.UNKNOWN_BOARD)])
    assert "For which board?" in (await client.get("/held/HELD-00000001/do/form")).text
    await do(client, "answer", "HELD-00000001", "?board=elsewhere", text="Hello.")
    await take_in(database, [item(sealer, item_id="HELD-00000002", board=None, reason=HeldReason.UNKNOWN_BOARD)])
    whose = {"case": CASE, "who": f"raising|{RAISER.address}", "act": "response", "text": "Words."}
    await do(client, "reply", "HELD-00000002", f"?case={CASE}", **whose)
    assert [message.board for message in await settled(database)] == ["elsewhere", BOARD]


@pytest.mark.parametrize("slug", ["form", "reply", "answer", "refuse"])
async def test_a_form_from_another_site_is_refused(client: httpx.AsyncClient, database: Database, slug: str) -> None:
    data = {
        "turn": "send",
        "text": "x",
        "tell": "no",
        "danger": "no",
        "case": CASE,
        "who": f"other|{WORKER.address}",
        "act": "response",
    }
    for csrf in ({}, {"csrf": "0" * 64}):
        assert (await client.post(f"/held/{ITEM}/do/{slug}", data=data | csrf)).status_code == 403
    assert await settled(database) == []
    assert (await client.get(f"/held/{ITEM}/do/nothing")).status_code == 404


async def test_a_stuck_message_leaves_the_list_when_somebody_has_seen_it(
    client: httpx.AsyncClient, database: Database, store: Store, sealer: Sealer
) -> None:
    strange = Further(sealer, "ELSE-00000001", board="elsewhere")
    await take_in(database, [strange.form()])
    for number, case in enumerate((CASE, strange.case_id)):
        body = f'{{"case_id": "{case}", "secret": "{FORM.child_name}"}}'
        letter = DeadLetter(
            message_id=str(number), topic="intake.form_received", queue="escalator.x", reason="rejected", body=body
        )
        async with database.transaction() as session:
            await dead_letter(session, letter)
    ids = dict(await rows(database, "SELECT case_id, id FROM dead_letters"))
    page = (await client.get("/held")).text
    assert f"/held/stuck/{ids[CASE]}" in page
    assert strange.case_id not in page
    assert (await client.get(f"/held/stuck/{ids[strange.case_id]}")).status_code == 404
    shown = await client.get(f"/held/stuck/{ids[CASE]}")
    assert "Robin" not in shown.text
    assert (await client.post(f"/held/stuck/{ids[CASE]}", data={"csrf": "x"})).status_code == 403
    for _ in range(2):
        assert (await client.post(f"/held/stuck/{ids[CASE]}", data=Form(shown.text).hidden)).status_code == 303
    waits, _, done = (await client.get("/held")).text.partition("Settled")
    assert f"/held/stuck/{ids[CASE]}" not in waits
    assert "Jo Bright marked it as seen." in done
    assert "Held items (1)" in waits
