"""Held items released by board staff: as a form with what they fill in, and as somebody's reply to a case."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest

from services.contracts.content import FormContent, OutcomeContent, ReplyContent
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import HeldReason, Person, ReplyAct, Side
from services.kit.database import Database
from services.kit.store import Store
from tests.integration.held_world import CONTENT, ELSEWHERE, ITEM, STRANGER, TWO_AREAS, do, item, settled
from tests.integration.records_world import Form, browser, enter, migrated, rows, submit, take_in
from tests.unit.records.further import Further
from tests.unit.records.story import BOARD, CASE, STAFF, START, WORKER


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


async def test_it_is_a_form_with_what_staff_choose_and_fill_in(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    """With what was understood before: it comes before what is read from the original again."""
    page = (await client.get(f"/held/{ITEM}/do/form")).text
    assert 'value="Robin Sample"' in page
    assert "The form says: Contact or referral; no area." in page
    assert '<optgroup label="Contact or referral">' in page
    answers = {
        "area": "contact_referral/closure",
        "danger": "no",
        "child_dob": "12 May 2019",
        "agency_team": "Demo Social Care",
    }
    known = {key: value for key, value in beginning(page).items() if value}
    answer = await do(client, "form", **(known | answers))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/held/{ITEM}")
    (message,) = await settled(database)
    assert (message.how, message.by, message.board) == ("form", STAFF, BOARD)
    assert message.person == Person(name="Pat Ferris", address=STRANGER)
    assert (message.case_stage, message.area, message.immediate_danger) == ("contact_referral", "closure", False)
    assert message.content is not None
    filled = sealer.open(ITEM, message.content, FormContent)
    added = {"child_dob": "12 May 2019", "agency_team": "Demo Social Care"}
    assert filled == CONTENT.form.model_copy(update=added)
    assert "Robin" not in message.model_dump_json()


def beginning(page: str) -> dict[str, str]:
    """What the fields of a page are filled with."""
    texts = dict(re.findall(r'<textarea[^>]*? id="(\w+)"[^>]*>(.*?)</textarea>', page, re.DOTALL))
    inputs = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r' id="(\w+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and value and "radio" not in tag:
            inputs[name[1]] = value[1]
    return texts | inputs


async def test_what_is_left_empty_is_said_to_be_asked_of_the_sender(client: httpx.AsyncClient) -> None:
    checked = await submit(client, f"/held/{ITEM}/do/form", turn="check", danger="as_said", child_name="Robin Sample")
    assert "To (Manager), DOB, Social Worker/Practitioner, Agency/Team, Requested Action" in checked.text
    wrong = await submit(client, f"/held/{ITEM}/do/form", turn="check", area="x/y", danger="perhaps", summary="x" * 20_001)
    assert wrong.status_code == 422
    for message in ("Select what they disagree about", "Use 20,000 characters or fewer", "Select whether a child"):
        assert message in wrong.text
    assert "x" * 20_001 in wrong.text


async def test_a_form_whose_sender_is_not_clear_needs_one(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    await take_in(database, [item(sealer, item_id="HELD-00000001", from_address="", reason=HeldReason.UNCLEAR_SENDER)])
    wrong = await submit(client, "/held/HELD-00000001/do/form", turn="check", danger="no", name="Pat")
    assert "Enter an email address in the correct format" in wrong.text
    await do(client, "form", "HELD-00000001", danger="no", name="Pat", address="pat@charity.example")
    (message,) = await settled(database)
    assert message.person == Person(name="Pat", address="pat@charity.example")


async def test_it_is_a_reply_of_somebody_in_an_open_case(
    client: httpx.AsyncClient, database: Database, sealer: Sealer, story: Further
) -> None:
    """It answers the last notice they had when they wrote, and the case's history says who released it."""
    await take_in(database, [story.notice("1"), story.notice("2"), story.notice("9")])
    sent = await rows(database, "SELECT notice_id, address, side, queued_at FROM notices ORDER BY queued_at")
    address, side = sent[0][1], sent[0][2]
    choose = (await client.get(f"/held/{ITEM}/do/reply")).text
    assert f'<option value="{CASE}"' in choose
    whose = (await client.get(f"/held/{ITEM}/do/reply?case={CASE}")).text
    assert "Asha Rees" in whose
    assert "Sam Oduya" in whose
    assert "They confirmed the outcome" not in whose, "there is none"
    for staff_only in ("They reopened", "They asked for the case to be reopened", "They said that a follow-up is done"):
        assert staff_only not in whose
    page = f"/held/{ITEM}/do/reply"
    nothing = await client.post(page, data=Form(whose).hidden | {"turn": "next"})
    assert (nothing.status_code, "Select whose reply it is" in nothing.text) == (422, True)
    who = {"who": f"{side}|{address}", "act": "response"}
    words = await client.post(page, data=Form(whose).hidden | who | {"turn": "next"})
    assert ">Robin is hungry.</textarea>" in words.text, "their own words, to begin with"
    checked = await client.post(page, data=Form(words.text).hidden | {"turn": "check", "text": "We see it otherwise."})
    assert "Release it as their reply" in checked.text
    answer = await client.post(page, data=Form(checked.text).hidden | {"turn": "send"})
    assert answer.headers["location"] == f"/held/{ITEM}"
    (message,) = await settled(database)
    assert (message.how, message.case_id, message.act, message.side) == ("reply", CASE, ReplyAct.RESPONSE, Side(side))
    assert message.person is not None
    assert message.person.address == address
    assert message.content is not None
    assert sealer.open(CASE, message.content, ReplyContent).text == "We see it otherwise."
    before = [row[0] for row in sent if row[3] <= START + timedelta(hours=12)]
    assert message.notice_id == before[-1]
    await take_in(database, [message])
    case = (await client.get(f"/cases/{CASE}")).text
    assert "released something held as a reply of" in case


async def test_an_outcome_a_time_and_a_name_in_a_reply_are_asked_for(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    who = {"case": CASE, "who": f"other|{WORKER.address}"}
    hidden = Form((await client.get(f"/held/{ITEM}/do/reply?case={CASE}")).text).hidden
    page = f"/held/{ITEM}/do/reply"

    async def check(**answers: str) -> httpx.Response:
        return await client.post(page, data=hidden | who | {"turn": "check"} | answers)

    late = await check(act="time_proposed", text="On Monday", **{"when-day": "7", "when-month": "12", "when-year": "2026"})
    assert "Enter the time in figures, such as 16:00" in late.text
    half = await check(act="outcome_proposed", agreed="")
    assert "Write what is decided" in half.text
    named = await check(act="wrong_person", text="Not me.", named="Maria Kowalska")
    assert "Maria Kowalska" in named.text
    checked = await check(act="outcome_proposed", agreed="A visit.", risk="Neglect.")
    await client.post(page, data=Form(checked.text).hidden | {"turn": "send"})
    (message,) = await settled(database)
    assert (message.act, message.parts) == (ReplyAct.OUTCOME_PROPOSED, ("agreed", "risk"))
    assert message.content is not None
    assert sealer.open(CASE, message.content, OutcomeContent).agreed == "A visit."


async def test_a_case_that_is_not_open_cannot_be_chosen(
    client: httpx.AsyncClient, database: Database, sealer: Sealer, story: Further
) -> None:
    strange = Further(sealer, "ELSE-00000001", board="elsewhere")
    await take_in(database, [strange.form(), strange.opened()])
    for case in (strange.case_id, "DEMO-99999999"):
        page = (await client.get(f"/held/{ITEM}/do/reply?case={case}")).text
        assert "There is no open case with this reference" in page
        assert f'<option value="{strange.case_id}"' not in page


async def test_a_form_that_was_never_completed_is_completed_by_staff(
    client: httpx.AsyncClient, database: Database, sealer: Sealer, story: Further
) -> None:
    """There is no case to open until it is; from then on there is one, and nothing to complete."""
    draft = "DEMO-0000DRFT"
    understood = CONTENT.model_copy(update={"case_stage": "contact_referral", "area": "closure"})
    asked = {"item_id": "HELD-00000002", "reason": HeldReason.NOT_COMPLETED, "case_id": draft}
    await take_in(database, [item(sealer, understood, **asked)])
    for page in ("/held", "/held/HELD-00000002"):
        shown = (await client.get(page)).text
        assert draft in shown
        assert f"/cases/{draft}" not in shown, "there is no such page"
    form = (await client.get("/held/HELD-00000002/do/complete")).text
    assert "The form says: Contact or referral; Case closure." in form
    known = {key: value for key, value in beginning(form).items() if value}
    await do(client, "complete", "HELD-00000002", **known, danger="as_said", child_dob="12 May 2019")
    (message,) = await settled(database)
    assert (message.how, message.case_id) == ("form", draft)
    assert message.content is not None
    assert sealer.open("HELD-00000002", message.content, FormContent).child_dob == "12 May 2019"
    later = item(sealer, understood, item_id="HELD-00000003", reason=HeldReason.NOT_COMPLETED, case_id=CASE)
    await take_in(database, [later])
    completed = (await client.get("/held/HELD-00000003")).text
    assert "The form has been completed" in completed
    assert "/do/complete" not in completed
    assert f"/cases/{CASE}" in completed


async def test_what_was_unclear_can_be_read_in_the_cases_history_for_good(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    unclear = item(sealer, item_id="HELD-00000004", reason=HeldReason.UNCLEAR_REPLY, case_id=CASE)
    await take_in(database, [unclear])
    await do(client, "refuse", "HELD-00000004", text="We rang them.", tell="no")
    await take_in(database, await settled(database))
    case = (await client.get(f"/cases/{CASE}")).text
    assert "Robin is hungry." in case
    assert 'href="/held/HELD-00000004"' in case
