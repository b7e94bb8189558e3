"""What board staff do on a case's page: asked for once, checked first, sealed, and shown until something has come of it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import httpx
import pytest

from services.contracts.content import OutcomeContent, ReplyContent
from services.contracts.escalator import ContactsPublished
from services.contracts.records import StaffActed
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Ending, Person, Side, StaffAct
from services.kit.database import Database
from services.kit.store import Store
from tests.contracts.samples import LINE
from tests.integration.records_world import Form, browser, enter, migrated, said, submit, take_in
from tests.unit.records.further import HEAD_OF_SERVICE, Further
from tests.unit.records.story import BOARD, CASE, PUBLISHED, STAFF, START

CONTACTS = ContactsPublished(message_id=UUID(int=8), at=START, board=BOARD, lines=(LINE,))
PAGE = f"/cases/{CASE}/do"


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
    """Somebody on the board's staff, signed in; one case is at step 1."""
    await take_in(database, [PUBLISHED, CONTACTS, story.form(), story.opened(), story.step(1)])
    async with browser(database, store, sealer) as opened:
        await enter(opened, database, sealer)
        yield opened


async def acted(database: Database) -> list[StaffActed]:
    return [StaffActed.model_validate_json(body) for topic, body in await said(database) if topic == StaffActed.topic]


async def do(client: httpx.AsyncClient, slug: str, **answers: str) -> httpx.Response:
    """Fill in a form, check the answers and send them."""
    checked = await submit(client, f"{PAGE}/{slug}", turn="check", **answers)
    assert checked.status_code == 200, re.findall("error-message.*?</p>", checked.text, re.DOTALL)
    assert "Check your answers" in checked.text
    return await client.post(f"{PAGE}/{slug}", data=Form(checked.text).hidden | {"turn": "send"})


async def test_what_is_asked_for_is_sealed_and_said_by_whom(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    answer = await do(client, "withdraw", text="The two sides have talked.\r\nIt is over.")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{CASE}")
    (act,) = await acted(database)
    assert (act.act, act.by, act.case_id, act.board) == (StaffAct.WITHDRAWN, STAFF, CASE, BOARD)
    assert act.content is not None
    assert sealer.open(CASE, act.content, ReplyContent).text == "The two sides have talked.\nIt is over."
    assert "talked" not in act.model_dump_json()


async def test_nothing_is_asked_for_before_the_answers_were_checked(client: httpx.AsyncClient, database: Database) -> None:
    checked = await submit(client, f"{PAGE}/withdraw", turn="check", text="It is over.")
    assert "It is over." in checked.text
    assert await acted(database) == []
    changed = await client.post(f"{PAGE}/withdraw", data=Form(checked.text).hidden | {"turn": "change"})
    assert re.search(r"<textarea[^>]*>It is over.</textarea>", changed.text)
    assert await acted(database) == []


async def test_the_same_form_sent_again_and_at_once_has_one_effect(
    client: httpx.AsyncClient, database: Database, story: Further
) -> None:
    checked = await submit(client, f"{PAGE}/withdraw", turn="check", text="It is over.")
    sent = Form(checked.text).hidden | {"turn": "send"}
    answers = await asyncio.gather(*(client.post(f"{PAGE}/withdraw", data=sent) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await acted(database)) == 1
    await take_in(database, [story.ended(Ending.WITHDRAWN)])
    assert (await client.post(f"{PAGE}/withdraw", data=sent)).status_code == 303
    assert len(await acted(database)) == 1


async def test_the_page_says_what_was_asked_for_until_something_has_come_of_it(
    client: httpx.AsyncClient, database: Database, story: Further
) -> None:
    await do(client, "withdraw", text="It is over.")
    asked = "asked for the case to be withdrawn."
    assert asked in (await client.get(f"/cases/{CASE}")).text
    await take_in(database, [story.lapse()])
    assert asked in (await client.get(f"/cases/{CASE}")).text
    await take_in(database, [story.ended(Ending.WITHDRAWN)])
    page = (await client.get(f"/cases/{CASE}")).text
    assert asked not in page
    assert "The disagreement was withdrawn." in page


@pytest.mark.parametrize("slug", ["withdraw", "ask", "link"])
async def test_a_form_from_another_site_is_refused(client: httpx.AsyncClient, database: Database, slug: str) -> None:
    hidden = Form((await client.get(f"{PAGE}/{slug}")).text).hidden
    for csrf in ("", "0" * 64):
        answer = await client.post(f"{PAGE}/{slug}", data=hidden | {"csrf": csrf, "turn": "send", "text": "It is over."})
        assert answer.status_code == 403
    assert (await client.post(f"{PAGE}/{slug}", data=hidden | {"form": "x", "turn": "send"})).status_code == 400
    assert await acted(database) == []


async def test_a_mistake_is_said_and_nothing_typed_is_lost(client: httpx.AsyncClient, database: Database) -> None:
    answers = {
        "side": "other",
        "who": "typed",
        "name": "Ann Bell",
        "address": "ann@elsewhere.example",
        "text": "She knows him.",
    }
    answer = await submit(client, f"{PAGE}/ask", turn="check", **answers)
    assert answer.status_code == 422
    assert "Enter an address at one of the mail domains the board knows: care.demo.example, school.demo.example" in answer.text
    assert 'value="Ann Bell"' in answer.text
    assert ">She knows him.</textarea>" in answer.text
    empty = await submit(client, f"{PAGE}/withdraw", turn="send", text=" ")
    assert (empty.status_code, "Write it in a few words" in empty.text) == (422, True)
    long = await submit(client, f"{PAGE}/withdraw", turn="send", text="x" * 5001)
    assert "Use 5,000 characters or fewer: this has 5,001" in long.text
    assert await acted(database) == []


async def test_staff_name_somebody_suggested_listed_or_typed(
    client: httpx.AsyncClient, database: Database, story: Further
) -> None:
    """A-18 to A-20."""
    await take_in(database, [story.stand_in("board", (STAFF,))])
    page = (await client.get(f"{PAGE}/ask")).text
    assert "Ruth Ellis (Head of service, Demo Social Care)" in page
    assert '<optgroup label="Demo Social Care">' in page
    assert "Nobody else on the contact list can be asked" in (await client.get(f"/cases/{CASE}")).text
    await do(client, "ask", side="other", who=f"suggested:{HEAD_OF_SERVICE.address}")
    listed = "|".join((LINE.agency, LINE.team, LINE.role, LINE.address))
    await do(client, "ask", side="other", who="listed", listed=listed)
    await do(client, "ask", side="raising", who="typed", name="Ann Bell", address="Ann.Bell@School.demo.example", role="Nurse")
    first, second, third = await acted(database)
    assert (first.person, first.side) == (HEAD_OF_SERVICE, Side.OTHER)
    assert second.person == Person(name=LINE.name, address=LINE.address, role=LINE.role, agency=LINE.agency)
    assert third.person == Person(name="Ann Bell", address="Ann.Bell@School.demo.example", role="Nurse")
    assert third.side is Side.RAISING


async def test_staff_decide_only_after_the_last_step_and_say_who_pursues_what(
    client: httpx.AsyncClient, database: Database, story: Further, sealer: Sealer
) -> None:
    """A-15, BED-19."""
    assert (await client.get(f"{PAGE}/decide")).status_code == 409
    assert "Decide how it ends" not in (await client.get(f"/cases/{CASE}")).text
    await take_in(database, [story.step(3, why="not_resolved"), story.last_tier()])
    assert "Decide how it ends" in (await client.get(f"/cases/{CASE}")).text
    half = await submit(client, f"{PAGE}/decide", turn="check", **{"actions-1-owner": "Sam Oduya"})
    assert "Write what is decided" in half.text
    assert "Say what is to be done, or leave the whole row empty" in half.text
    rows = {
        "actions-1-what": "Visit the home",
        "actions-1-owner": "Sam Oduya",
        "actions-1-by": "9/12/2026",
        "outstanding-2-what": "The sibling",
        "outstanding-2-by": "at the core group",
    }
    await do(client, "decide", agreed="An assessment begins.", risk="Neglect.", **rows)
    (act,) = await acted(database)
    assert act.content is not None
    content = sealer.open(CASE, act.content, OutcomeContent)
    assert (content.agreed, content.actions[0].by, content.outstanding[0].by) == (
        "An assessment begins.",
        "9 December 2026",
        "at the core group",
    )
    assert act.parts == ("agreed", "risk", "actions", "outstanding")
    assert [(one.kind, one.owner, str(one.by)) for one in act.pursued] == [
        ("action", "Sam Oduya", "2026-12-09"),
        ("outstanding", "", "None"),
    ]


async def test_a_case_is_linked_with_another_of_the_same_board_and_both_show_it(
    client: httpx.AsyncClient, database: Database, story: Further, sealer: Sealer
) -> None:
    other = Further(sealer, "DEMO-00000001")
    strange = Further(sealer, "ELSE-00000001", board="elsewhere")
    await take_in(database, [other.form(), other.opened(), strange.form(), strange.opened()])
    for wrong, message in (
        ("", "Enter the reference of the other case"),
        (CASE, "not of this one"),
        ("DEMO-99999999", "there is no DEMO-99999999"),
        (strange.case_id, f"there is no {strange.case_id}"),
    ):
        answer = await submit(client, f"{PAGE}/link", turn="check", other_case=wrong)
        assert (answer.status_code, message in answer.text) == (422, True)
    await do(client, "link", other_case=other.case_id.lower())
    (act,) = await acted(database)
    assert (act.act, act.other_case) == (StaffAct.LINKED, other.case_id)
    await take_in(database, [story.linked(other.case_id)])
    assert f'href="/cases/{other.case_id}"' in (await client.get(f"/cases/{CASE}")).text
    assert f'href="/cases/{CASE}"' in (await client.get(f"/cases/{other.case_id}")).text
    again = await submit(client, f"{PAGE}/link", turn="check", other_case=other.case_id)
    assert "is linked with DEMO-00000001 already" in again.text


async def test_a_closed_case_is_reopened_and_its_follow_ups_are_marked_as_done(
    client: httpx.AsyncClient, database: Database, story: Further, store: Store
) -> None:
    """BED-19."""
    assert (await client.get(f"{PAGE}/reopen")).status_code == 409
    await take_in(database, [story.decided(), story.dissent(), story.ended(Ending.IMPOSED, 1), story.follow_up()])
    page = (await client.get(f"/cases/{CASE}")).text
    for words in (
        "A decision was made, as the protocol allows, and it stands.",
        "The visit must come first.",
        "by 18 December 2026",
    ):
        assert words in page
    await do(client, "done", number="2", text="It met on Monday.")
    missing = await submit(client, f"{PAGE}/done?number=7", turn="check")
    assert "This follow-up is done already, or is not one of this case" in missing.text
    await do(client, "learning", text="Ask for all the dates at once.")
    await do(client, "reopen", text="Nothing has been done.")
    assert [(act.act, act.number) for act in await acted(database)] == [
        (StaffAct.DONE, 2),
        (StaffAct.LEARNING, None),
        (StaffAct.REOPENED, None),
    ]


async def test_staff_of_another_board_can_do_nothing_here(
    client: httpx.AsyncClient, database: Database, sealer: Sealer, store: Store
) -> None:
    stranger = Person(name="Ann Other", address="ann.other@elsewhere.example")
    update = {"board": "elsewhere", "staff": (stranger,), "message_id": Further(sealer)._id("elsewhere")}
    await take_in(database, [PUBLISHED.model_copy(update=update)])
    async with browser(database, store, sealer) as other:
        await enter(other, database, sealer, stranger.address)
        csrf = Form((await other.get("/")).text).hidden["csrf"]
        assert (await other.get(f"{PAGE}/withdraw")).status_code == 404
        sent = {"csrf": csrf, "form": "0" * 32, "turn": "send", "text": "Mine now."}
        assert (await other.post(f"{PAGE}/withdraw", data=sent)).status_code == 404
    assert await acted(database) == []
