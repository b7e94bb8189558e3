"""The form on the web page of a running intake."""

import json
import re
from datetime import timedelta

import httpx
import pytest

from services.contracts.content import FormContent
from services.contracts.intake import FormReceived
from services.contracts.notifier import SendNotice
from services.contracts.outline import Redirect
from services.intake.domain import plain_day
from services.intake.moments import spoken
from services.kit.clock import now
from tests.integration.intake.running import FORM, RAISER, Intake, mail, published

TYPED = {
    "immediate_danger": "Yes",
    "case_stage": "contact_or_referral",
    "area": "contact_or_referral/nfa",
    "date_raised": "7 December 2026",
    "from_practitioner": "Asha Rees, head teacher",
    "email": "Asha.Rees@school.demo.example",
    "to_manager": "Morgan Ellis",
    "child_name": "Robin Example",
    "child_dob": "31/03/2015",
    "social_worker": "Sam Oduya",
    "agency_team": "Demonstration Social Care",
    "summary": "Robin came to school with bruises twice.\r\nThe referral was closed without a visit.",
    "requested_action": "A strategy meeting this week.",
}
PAGE = "/boards/demonstration/form"


async def test_one_board_needs_no_choosing(intake: Intake) -> None:
    async with intake.http as browser:
        answer = await browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)


async def test_several_boards_are_chosen_from_and_none_is_said(stopped: Intake) -> None:
    await stopped.start()
    async with stopped.http as browser:
        assert "No board takes forms here yet" in (await browser.get("/")).text
        assert (await browser.get(PAGE)).status_code == 404
        for board in (published(), published(board="another", name="Another board")):
            await stopped.publish(board)
        await stopped.wait_for_boards(2)
        page = (await browser.get("/")).text
    assert re.findall(r'href="(/boards/[^"]+)"', page) == ["/boards/another/form", PAGE]


async def test_danger_is_asked_before_anything_else(intake: Intake) -> None:
    async with intake.http as browser:
        page = (await browser.get(PAGE)).text
    assert page.index("call 999") < page.index("Is a child in immediate danger?") < page.index("Stage of the case")
    assert "One second stands for one hour." in page
    assert (
        page.index("Name of Child") < page.index("DOB") < page.index("Summary of Concern(s)") < page.index("Requested Action")
    )


async def test_a_form_sent_from_the_page_becomes_a_case(intake: Intake) -> None:
    async with intake.http as browser:
        answer = await browser.post(PAGE, data=TYPED)
        assert answer.status_code == 303
        (form,) = await intake.wait_for(FormReceived)
        assert answer.headers["location"] == f"{PAGE}/{form.case_id}"
        page = await browser.get(answer.headers["location"])
    assert f"<strong>{form.case_id}</strong>" in page.text
    assert "Robin" not in page.text + answer.headers["location"]
    assert (form.channel, form.immediate_danger, form.raised_by.address) == ("web", True, RAISER)
    assert (form.case_stage, form.area) == ("contact_or_referral", "nfa")
    content = intake.sealer.open(form.case_id, form.form, FormContent)
    assert content.summary == "Robin came to school with bruises twice.\nThe referral was closed without a visit."
    assert json.loads(await intake.store.get(form.source))["child_name"] == "Robin Example"
    (notice,) = await intake.wait_for(SendNotice)
    assert (notice.kind, notice.to.address, notice.urgent) == ("form_received", RAISER, True)


async def test_the_page_asks_what_the_boards_protocol_asks_for(intake: Intake) -> None:
    """BIR-11, BAR-06, OXF-04, OXF-05; and offers what is no disagreement there among the areas (BIR-05)."""
    failure = Redirect(
        area="failure_of_action",
        name="Part of an agreed plan has not been carried out",
        case_stages=("core_assessment",),
        instead=("the core group",),
        paragraph="1.2",
    )
    await intake.publish(published(asks=("possible_cause",), redirects=(failure,)))
    await intake.heard_the_board()
    day = plain_day(now() + timedelta(days=30))
    also = {
        "possible_cause": "Thresholds",
        "injury_to_infant": "Yes",
        "needed_by": f"{day} at 4pm",
        "further_agencies": "Police\r\nHousing",
        "decided_at": "yesterday",
        "case_stage": "",
        "area": "core_assessment/failure_of_action",
    }
    async with intake.http as browser:
        page = (await browser.get(PAGE)).text
        wrong = await browser.post(PAGE, data=TYPED | also | {"needed_by": "soon"})
        await browser.post(PAGE, data=TYPED | also)
    assert "Possible cause (optional)" in page
    assert "Advice sought" not in page
    assert '<option value="core_assessment/failure_of_action">' in page
    assert wrong.status_code == 422
    assert 'href="#needed_by"' in wrong.text
    assert 'value="soon"' in wrong.text
    (form,) = await intake.wait_for(FormReceived)
    assert (form.case_stage, form.area) == ("core_assessment", "failure_of_action")
    assert (form.further_agencies, form.injury_to_infant) == (("Police", "Housing"), True)
    assert form.needed_by is not None
    assert spoken(form.needed_by).endswith(f"{day} at 16:00")
    assert form.decided_at is not None
    assert intake.sealer.open(form.case_id, form.form, FormContent).possible_cause == "Thresholds"


async def test_the_same_form_posted_again_has_the_same_reference(intake: Intake) -> None:
    async with intake.http as browser:
        first, second = await browser.post(PAGE, data=TYPED), await browser.post(PAGE, data=TYPED)
    assert first.headers["location"] == second.headers["location"]
    await intake.settled()
    assert len(intake.of(FormReceived)) == 1


async def test_a_form_that_was_mailed_and_then_typed_in_is_one_case(intake: Intake) -> None:
    await intake.send(mail(FORM))
    (form,) = await intake.wait_for(FormReceived)
    async with intake.http as browser:
        answer = await browser.post(PAGE, data=TYPED | {"immediate_danger": "No"})
    assert answer.headers["location"] == f"{PAGE}/{form.case_id}"


async def test_mistakes_are_summed_up_and_nothing_typed_is_lost(intake: Intake) -> None:
    typed = TYPED | {"child_dob": "", "email": "asha@stranger.example", "summary": 'She said "no" <b>'}
    async with intake.http as browser:
        answer = await browser.post(PAGE, data=typed)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    summary = answer.text[answer.text.index("There is a problem") : answer.text.index("<h1")]
    assert re.findall(r'href="#([a-z_]+)"', summary) == ["email", "child_dob"]
    for field in ("email", "child_dob"):
        assert f'id="{field}"' in answer.text
    assert 'value="Robin Example"' in answer.text
    assert "She said &#34;no&#34; &lt;b&gt;" in answer.text
    assert re.search(r'<option value="contact_or_referral/nfa" selected', answer.text)
    await intake.settled()
    assert not intake.of(FormReceived)


@pytest.mark.parametrize("path", ["/boards/nowhere/form", f"{PAGE}/DEMO-00000000", f"{PAGE}/x"])
async def test_what_is_not_there_is_not_found(intake: Intake, path: str) -> None:
    async with intake.http as browser:
        assert (await browser.get(path)).status_code == 404


async def test_more_than_anybody_types_is_refused(intake: Intake) -> None:
    async with intake.http as browser:
        answer = await browser.post(PAGE, data=TYPED | {"summary": "x" * 600_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=%00%zz&&&=", b"a=b&" * 5000, b"summary=%ED%A0%80&child_name=%00"])
async def test_any_post_gets_an_answer(intake: Intake, body: bytes) -> None:
    async with intake.http as browser:
        answer: httpx.Response = await browser.post(PAGE, content=body)
    assert answer.status_code in (400, 422)
