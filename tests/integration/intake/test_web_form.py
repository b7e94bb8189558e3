"""The Escalation Form page after page, on a real database: what somebody sees, what is kept, and what is sent once."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from services.contracts.content import FormContent
from services.contracts.intake import FormReceived
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer
from services.intake.domain import plain_day
from services.intake.moments import LONDON
from services.intake.web.tables import DraftRow
from services.kit.clock import now
from services.kit.database import Database
from services.kit.store import Store
from tests.integration.intake.web_world import (
    ADDRESS,
    ANSWERS,
    CHILD,
    FORM,
    LINES,
    Fields,
    Practitioner,
    board,
    contacts,
    declare,
    published,
)
from tests.unit.intake.boards import small


def back(who: Practitioner) -> str:
    """Where the way back leads."""
    (address,) = re.findall(r'href="([^"]+)" class="govuk-back-link"', who.text)
    return str(address)


async def test_a_form_is_a_case_with_its_reference(asha: Practitioner, sealer: Sealer, store: Store) -> None:
    await asha.begin()
    await asha.answer()
    assert await asha.said(FormReceived) == []
    await declare(asha)
    (form,) = await asha.said(FormReceived)
    assert asha.page.url.path == f"{FORM}/sent/{form.case_id}"
    assert f"<strong>{form.case_id}</strong>" in asha.text
    assert CHILD not in asha.text
    assert (form.channel, form.immediate_danger, form.injury_to_infant) == ("web", False, False)
    assert (form.raised_by.name, form.raised_by.address) == ("Asha Rees, head teacher, Demonstration School", ADDRESS)
    assert (form.case_stage, form.area) == ("contact_or_referral", "nfa")
    assert (form.other_agency, form.other_worker) == ("Demonstration Social Care", "Sam Oduya, Social Worker, East")
    assert form.further_agencies == ("Police", "Housing")
    assert form.needed_by is not None
    assert form.decided_at is not None
    content = sealer.open(form.case_id, form.form, FormContent)
    assert content == FormContent(
        date_raised=plain_day(now().astimezone(LONDON)),
        from_practitioner="Asha Rees, head teacher, Demonstration School",
        to_manager="Morgan Ellis",
        child_name=CHILD,
        child_dob="31 March 2015",
        social_worker="Sam Oduya, Social Worker, East",
        agency_team="Demonstration Social Care",
        summary="Bruises twice.\nNobody came.",
        requested_action="A strategy meeting.",
        areas_agreed="That there were bruises.",
        supporter="The designated nurse.",
    )
    assert json.loads(await store.get(form.source))["child_name"] == CHILD
    told = [notice for notice in await asha.said(SendNotice) if notice.kind == "form_received"]
    assert [(notice.to.address, notice.to.name, notice.urgent) for notice in told] == [(ADDRESS, "Asha Rees", False)]


async def test_danger_comes_first_and_the_police_before_the_form(asha: Practitioner) -> None:
    """BED-10."""
    start = await asha.go("/")
    assert start.url.path == FORM
    assert "call 999 now" in start.text
    (on,) = re.findall(r'href="([^"]+)" role="button"[^>]*govuk-button--start', start.text)
    assert (await asha.go(on)).url.path == f"{FORM}/danger"
    await asha.send({"immediate_danger": "Yes"})
    assert '<h1 class="govuk-heading-xl">Call 999 now</h1>' in asha.text
    assert back(asha).endswith("/danger")
    await asha.go(re.findall(r'href="([^"]+/next)"', asha.text)[0])
    await asha.sign_in()
    await asha.answer()
    await declare(asha)
    (form,) = await asha.said(FormReceived)
    assert form.immediate_danger
    assert [notice.urgent for notice in await asha.said(SendNotice) if notice.kind == "form_received"] == [True]


async def test_every_page_has_its_way_back(asha: Practitioner) -> None:
    await asha.begin()
    before = "danger"
    for _ in ANSWERS:
        assert back(asha) == f"{FORM}/{asha.form}/{before}"
        before = asha.where
        await asha.send(ANSWERS[before])
    assert back(asha).endswith("/decision")
    assert list(ANSWERS)[-1] == before


@pytest.mark.parametrize("page", [page for page in ANSWERS if page not in ("other-agencies", "views", "support")])
async def test_what_is_missing_is_summed_up_and_nothing_typed_is_lost(asha: Practitioner, page: str) -> None:
    await asha.begin()
    await asha.answer(until=page)
    wrong = {"safe-by": {"needed_by": 'soon "<b>'}, "decision": {"decided_at": "the other day"}}.get(page, {})
    answer = await asha.send(wrong)
    assert (answer.status_code, asha.where) == (422, page)
    assert "<title>Error: " in asha.text
    summary = asha.text[asha.text.index("There is a problem") : asha.text.index("<h1")]
    fields = re.findall(r'href="#([a-z_-]+)"', summary)
    assert fields
    assert [field for field in fields if f'id="{field}"' not in asha.text] == []
    for name, typed in wrong.items():
        assert Fields(asha.text).filled[name] == typed
    await asha.send(ANSWERS[page])
    assert asha.where != page


async def test_half_a_page_keeps_its_other_half(asha: Practitioner) -> None:
    await asha.begin()
    await asha.answer(until="child")
    assert (await asha.send({"child_name": 'Robin "<b>', "child_dob-day": "31", "child_dob-month": "13"})).status_code == 422
    filled = Fields(asha.text).filled
    assert (filled["child_name"], filled["child_dob-day"], filled["child_dob-month"]) == ('Robin "<b>', "31", "13")
    assert "<b>" not in asha.text


async def test_what_nobody_has_to_answer_may_be_left_blank(asha: Practitioner) -> None:
    await asha.begin()
    optional = {"other-agencies", "views", "support", "safe-by", "decision"}
    for _ in ANSWERS:
        await asha.send({} if asha.where in optional else ANSWERS[asha.where])
    assert (asha.where, asha.text.count("Left blank")) == ("check", 5)
    await declare(asha)
    (form,) = await asha.said(FormReceived)
    assert (form.further_agencies, form.needed_by, form.decided_at) == ((), None, None)


async def test_what_is_no_disagreement_says_where_it_goes_instead(asha: Practitioner) -> None:
    """BIR-05, BIR-06."""
    await asha.begin()
    await asha.answer(until="area")
    await asha.send({"area": "plan_not_carried_out"})
    assert asha.where == "not-a-disagreement"
    for words in ("section 33, 1.2", "the core group", "a child protection conference", "has not been carried out"):
        assert words in asha.text
    assert back(asha).endswith("/area")
    await asha.go(re.findall(r'href="([^"]+/you)"', asha.text)[0])
    assert back(asha).endswith("/not-a-disagreement")
    await asha.answer()
    assert "section 33, 1.2" in asha.text
    await declare(asha)
    (form,) = await asha.said(FormReceived)
    assert (form.case_stage, form.area) == ("contact_or_referral", "plan_not_carried_out")


async def test_each_area_says_where_it_leads(asha: Practitioner) -> None:
    await asha.begin()
    await asha.answer(until="area")
    assert "Leads to: No further action (section 5). First step: within 24 hours." in asha.text
    assert "Case closure" not in asha.text, "an area of another stage"


async def test_an_answer_is_changed_from_the_last_page_and_asks_what_follows_from_it(asha: Practitioner) -> None:
    await asha.begin()
    await asha.answer()
    await asha.go(f"{FORM}/{asha.form}/manager?check=yes")
    assert back(asha).endswith("/check")
    await asha.send({"to_manager": "Kim Doe"})
    assert asha.where == "check"
    assert "Kim Doe" in asha.text
    await asha.go(f"{FORM}/{asha.form}/stage?check=yes")
    await asha.send({"case_stage": "core_assessment"})
    assert asha.where == "area"
    await asha.send({"area": "case_closure"})
    assert asha.where == "check"


async def test_nothing_half_finished_is_sent(asha: Practitioner) -> None:
    await asha.begin()
    await asha.answer(until="concern")
    await asha.go(f"{FORM}/{asha.form}/declaration")
    assert asha.page.status_code == 422
    assert re.findall(r'href="[^"]+/([a-z-]+)\?check=yes">(?:Enter|Select)', asha.text) == ["concern", "action", "injury"]
    csrf = re.findall(r'name="csrf" value="([^"]+)"', (await asha.go(f"{FORM}/{asha.form}/concern")).text)[0]
    answer = await asha.client.post(f"{FORM}/{asha.form}/declaration", data={"csrf": csrf})
    assert answer.status_code == 422
    assert await asha.said(FormReceived) == []


async def test_tomorrow_is_the_day_after_it_was_typed(asha: Practitioner) -> None:
    await asha.begin()
    await asha.answer(until="decision")
    tomorrow = plain_day(now().astimezone(LONDON) + timedelta(days=1))
    await asha.go(back(asha))
    assert Fields(asha.text).filled["needed_by"].endswith(f"{tomorrow} at 16:00")
    await asha.send()
    assert asha.where == "decision"


async def test_the_people_of_the_other_agency_are_offered_and_nobody_is_said_to_be_nobody(asha: Practitioner) -> None:
    """BED-24, A-18 to A-20."""
    await asha.begin()
    await asha.answer(until="other-person")
    assert "Social Worker, East; the same rank as yours on this board’s list" in asha.text
    assert asha.text.index("Sam Oduya") < asha.text.index("Lee Hartley")
    assert "Social Worker (Sam Oduya)" in asha.text
    assert "Head of Service (nobody on file)" in asha.text
    assert "council.demo.example" not in asha.text, "addresses are nobody's business here"
    await asha.send({"person": "other"})
    assert 'href="#person_other"' in asha.text
    await asha.send({"person": "other", "person_other": "Kim Doe, duty team"})
    assert asha.where == "other-agencies"
    await asha.go(f"{FORM}/{asha.form}/other-agency")
    await asha.send({"agency": "other", "agency_other": "Demonstration Housing"})
    assert "Nobody at Demonstration Housing is on file" in asha.text
    await asha.send({"person_other": "Jo Field"})
    await asha.answer()
    assert "Jo Field" in asha.text
    await declare(asha)
    (form,) = await asha.said(FormReceived)
    assert (form.other_agency, form.other_worker) == ("Demonstration Housing", "Jo Field")


async def test_without_a_contact_list_agency_and_person_are_typed(asha: Practitioner, site: tuple[FastAPI, Database]) -> None:
    await published(site[1], contacts())
    await asha.begin()
    await asha.answer(until="other-agency")
    assert "This board has no agencies on file yet" in asha.text
    await asha.send({"agency_other": "Social Care"})
    await asha.send({"person_other": "Sam Oduya"})
    assert asha.where == "other-agencies"


async def test_an_older_contact_list_changes_nothing(asha: Practitioner, site: tuple[FastAPI, Database]) -> None:
    await published(site[1], contacts().model_copy(update={"at": now() - timedelta(days=1)}))
    await asha.begin()
    await asha.answer(until="other-agency")
    assert LINES[0].agency in asha.text


async def test_nobody_without_a_code_sees_a_name(somebody: Callable[[], Practitioner]) -> None:
    asha = somebody()
    await asha.begin()
    stranger = somebody()
    for page in ("other-person", "check", "next", "declaration", "child"):
        assert (await stranger.go(f"{FORM}/{asha.form}/{page}")).url.path == f"{FORM}/email"
        assert "Sam Oduya" not in stranger.text
    await stranger.go(f"{FORM}/{asha.form}/child")
    await stranger.sign_in("jo@school.demo.example")
    assert (await stranger.go(f"{FORM}/{asha.form}/child")).status_code == 404
    answer = await stranger.client.post(f"{FORM}/{asha.form}/child", data={"csrf": "x"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("email", "mistake"),
    [
        ("", "Enter your work email address"),
        ("asha", "correct format"),
        ("asha@stranger.example", "an organisation that this board works with"),
        ("asha@school.demo.example, jo@school.demo.example", "correct format"),
    ],
)
async def test_a_code_goes_to_an_address_the_board_knows(asha: Practitioner, email: str, mistake: str) -> None:
    await asha.go(f"{FORM}/danger")
    await asha.send({"immediate_danger": "No"})
    assert (await asha.send({"email": email})).status_code == 422
    assert mistake in asha.text
    assert Fields(asha.text).filled["email"] == email
    assert await asha.said(SendNotice) == []


async def test_a_wrong_code_says_so_and_after_five_asks_for_a_new_one(asha: Practitioner) -> None:
    await asha.go(f"{FORM}/danger")
    await asha.send({"immediate_danger": "No"})
    await asha.send({"email": ADDRESS})
    for _ in range(4):
        assert "The code is not right" in (await asha.send({"code": "x"})).text
    assert "does not work any more" in (await asha.send({"code": "x"})).text
    assert "does not work any more" in (await asha.send({"code": await asha.code()})).text


async def test_too_many_codes_are_refused_in_words(asha: Practitioner) -> None:
    await asha.go(f"{FORM}/email")
    for _ in range(5):
        await asha.send({"email": ADDRESS})
        await asha.go(f"{FORM}/email")
    assert "Too many codes were asked for" in (await asha.send({"email": ADDRESS})).text


async def test_a_form_without_our_proof_does_nothing_and_loses_nothing(asha: Practitioner) -> None:
    await asha.begin()
    await asha.answer(until="concern")
    fields = {**Fields(asha.text).filled, "summary": "A long story."}
    for csrf in ("", "x", "é"):
        answer = await asha.client.post(f"{FORM}/{asha.form}/concern", data={**fields, "csrf": csrf})
        assert answer.status_code == 422
        assert "A long story." in answer.text
        assert "You signed in again" in answer.text
    await asha.go(f"{FORM}/{asha.form}/concern")
    assert Fields(asha.text).filled["summary"] == ""


async def test_a_browser_without_cookies_is_told(asha: Practitioner) -> None:
    answer = await asha.client.post(f"{FORM}/danger", data={"immediate_danger": "No", "csrf": "x"})
    assert answer.status_code == 422
    assert "Allow cookies" in answer.text


async def test_a_child_is_in_no_address_no_cookie_and_no_row(
    asha: Practitioner, site: tuple[FastAPI, Database], caplog: pytest.LogCaptureFixture
) -> None:
    await asha.begin()
    await asha.answer()
    seen = [str(response.url) for response in (asha.page, *asha.page.history)] + [str(asha.client.cookies)]
    async with site[1].transaction() as session:
        (before,) = (await session.execute(DraftRow.__table__.select())).all()
    await declare(asha)
    async with site[1].transaction() as session:
        (after,) = (await session.execute(DraftRow.__table__.select())).all()
    for text in (*seen, str(before), str(after), caplog.text):
        assert "Robin" not in text
        assert "Bruises" not in text
    assert len(after.answers) < len(before.answers), "what was written is with the case now"
    assert asha.page.headers["cache-control"] == "no-store"


async def test_an_unborn_child_has_a_day_it_is_due(asha: Practitioner, sealer: Sealer) -> None:
    due = now().astimezone(LONDON) + timedelta(days=60)
    parts = {"child_dob-day": f"{due.day}", "child_dob-month": f"{due.month}", "child_dob-year": f"{due.year}"}
    await asha.begin()
    await asha.answer(until="child")
    assert (await asha.send({"child_name": CHILD, **parts})).status_code == 422
    await asha.send({"child_name": CHILD, **parts, "unborn": "Yes"})
    await asha.answer()
    await declare(asha)
    (form,) = await asha.said(FormReceived)
    assert sealer.open(form.case_id, form.form, FormContent).child_dob == f"Unborn, due {plain_day(due)}"


async def test_boards_are_chosen_from_where_there_are_several(asha: Practitioner, site: tuple[FastAPI, Database]) -> None:
    await published(site[1], board().model_copy(update={"board": "another", "name": "Another board"}))
    page = await asha.go("/")
    assert re.findall(r'href="(/boards/[^"]+)"', page.text) == ["/boards/another/form", FORM]
    assert "One second stands for one hour." in page.text


async def test_somebody_another_board_knows_proves_an_address_this_one_knows(
    asha: Practitioner, site: tuple[FastAPI, Database]
) -> None:
    await published(site[1], small().model_copy(update={"board": "another", "known_domains": ("other.example",)}))
    await asha.begin()
    await asha.go("/boards/another/form/danger")
    await asha.send({"immediate_danger": "No"})
    assert asha.page.url.path == "/boards/another/form/email"
    await asha.sign_in("asha@other.example")
    assert asha.where == "stage"


async def test_somebody_the_board_no_longer_knows_sends_nothing(asha: Practitioner, site: tuple[FastAPI, Database]) -> None:
    await asha.begin()
    await asha.answer()
    await asha.go(f"{FORM}/{asha.form}/declaration")
    await published(site[1], board().model_copy(update={"at": now(), "known_domains": ("other.example",)}))
    assert (await asha.send()).status_code == 403
    assert await asha.said(FormReceived) == []


async def test_a_stage_there_is_only_one_of_is_not_asked(asha: Practitioner, site: tuple[FastAPI, Database]) -> None:
    one = board().model_copy(update={"at": now(), "case_stages": board().case_stages[:1]})
    await published(site[1], one)
    await asha.begin()
    assert asha.where == "area"
    await asha.answer()
    await declare(asha)
    (form,) = await asha.said(FormReceived)
    assert form.case_stage == "contact_or_referral"


async def test_forms_that_nobody_claims_are_limited(asha: Practitioner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.intake.web.repository._UNPROVED_DRAFTS", ((timedelta(hours=1), 1),))
    for expected in (303, 429):
        await asha.go(f"{FORM}/danger")
        fields = {**Fields(asha.text).filled, "immediate_danger": "No"}
        assert (await asha.client.post(f"{FORM}/danger", data=fields)).status_code == expected


@pytest.mark.parametrize(
    "path",
    ["/boards/nowhere/form", "/boards/%00/form", f"{FORM}/x/check", f"{FORM}/%00/check", f"{FORM}/{'x' * 16}/nothing"],
)
async def test_what_is_not_there_is_not_found(asha: Practitioner, path: str) -> None:
    await asha.begin()
    assert (await asha.go(path)).status_code == 404


@pytest.mark.parametrize("page", ["nothing", "sent/DEMO-00000000", "sent/%00"])
async def test_a_page_that_is_not_there_is_not_found(asha: Practitioner, page: str) -> None:
    await asha.begin()
    path = f"{FORM}/{page}" if "/" in page else f"{FORM}/{asha.form}/{page}"
    assert (await asha.go(path)).status_code == 404


@pytest.mark.parametrize("page", ["danger", "email", "code", "{form}/concern", "{form}/declaration", "{form}/nothing"])
@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe=%00%zz&&&=", b"a=b&" * 5000, b"summary=%ED%A0%80&form=%00&email=%00&code=%00"]
)
async def test_any_post_gets_an_answer(asha: Practitioner, page: str, body: bytes) -> None:
    await asha.begin()
    answer = await asha.client.post(f"{FORM}/{page.format(form=asha.form)}", content=body)
    assert answer.status_code in (303, 400, 404, 422)


async def test_more_than_anybody_types_is_refused(asha: Practitioner) -> None:
    await asha.begin()
    answer = await asha.client.post(f"{FORM}/{asha.form}/concern", data={"summary": "x" * 600_000})
    assert answer.status_code == 413
