"""A form that was sent already: completed and corrected on the pages, and not sent a second time by mistake."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from services.contracts import reply_address
from services.contracts.content import FormContent
from services.contracts.intake import FormCorrected, FormReceived, ItemHeld
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import HeldReason, Side
from services.intake.domain import Answers
from services.intake.incoming import Parts
from services.intake.mailbox import Sender
from services.intake.notices import Notices
from services.intake.submissions import Arrival, Submissions
from services.intake.tables import FormVersion, Submission
from services.kit.clock import now
from services.kit.database import Database
from tests.integration.intake.answering_world import Forms
from tests.integration.intake.web_world import (
    ADDRESS,
    ANSWERS,
    CHILD,
    FORM,
    KEY,
    LINES,
    Fields,
    Practitioner,
    application,
    board,
    contacts,
    published,
)

MAILED = {
    "from_practitioner": "Asha Rees, head teacher, Demonstration School",
    "date_raised": "1 December 2026",
    "to_manager": "Morgan Ellis",
    "child_name": CHILD,
    "child_dob": "31/03/2015",
    "social_worker": "Sam Oduya, Social Worker, East",
    "agency_team": "Demonstration Social Care",
    "summary": "Bruises twice.\nNobody came.",
    "requested_action": "A strategy meeting.",
    "response": "none yet",
    "case_stage": "Contact or referral to Children's Social Care",
    "area": "Children's Social Care takes no further action",
    "immediate_danger": "no, not now",
    "injury_to_infant": "no",
}
"""A whole form, as somebody mails it."""


@pytest.fixture
async def parts(database: Database, sealer: Sealer) -> Parts:
    """What a mail goes through, with the demonstration board published."""
    await published(database, board(), contacts(*LINES))
    notices = Notices(sealer)
    return Parts.of(sealer, Submissions(sealer, notices, KEY), notices)


@pytest.fixture
def somebody(database: Database, sealer: Sealer, tmp_path: Path, parts: Parts) -> Callable[[], Practitioner]:
    """Makes a browser."""
    assert parts
    return lambda: Practitioner(application(database, sealer, tmp_path / "store"), database, sealer)


async def mailed(database: Database, parts: Parts, *without: str, **other: str) -> str:
    """A form that came by mail, but for some of it; its reference."""
    told = {name: text for name, text in {**MAILED, **other}.items() if name not in without}
    arrival = Arrival("mail", "0" * 64, now())
    async with database.transaction() as session:
        sender = Sender(name="Asha Rees", address=ADDRESS)
        return (await parts.submissions.submit(session, board(), sender, Answers.of(told), arrival)).case_id


async def follow(who: Practitioner, case_id: str, number: int = 1, address: str = ADDRESS) -> None:
    """Open the link of a notice about a form, and type the code."""
    link = reply_address.make(KEY, f"{case_id}.i{number}", Side.RAISING, address)
    await who.go(f"/answer/{link}")
    if 'name="email"' in who.text:
        await press(who, {"email": address})
        await press(who, {"code": await who.code()})


async def press(who: Practitioner, answers: Mapping[str, str] | None = None) -> None:
    """Fill in the first form of this page and send it."""
    form = Forms(who.text).found[0]
    who.page = await who.client.post(form.action, data={**form.filled, **(answers or {})}, follow_redirects=True)


async def go_on(who: Practitioner, answers: Mapping[str, Mapping[str, str]], until: str = "check") -> None:
    """Answer what is asked, page after page."""
    for _ in range(9):
        if who.where == until:
            return
        await who.send(answers[who.where])
    assert who.where == until, who.text


async def declare(who: Practitioner) -> None:
    await who.go(f"{FORM}/{who.form}/declaration")
    await who.send()


async def test_a_form_that_lacks_something_is_completed_on_its_page(
    asha: Practitioner, database: Database, parts: Parts, sealer: Sealer
) -> None:
    case_id = await mailed(database, parts, "to_manager", "injury_to_infant")
    await follow(asha, case_id)
    assert "Your form is not complete" in asha.text
    assert "One second stands for one hour." in asha.text
    assert "Sign out" in asha.text
    assert "To (Manager)" in asha.text
    assert CHILD not in asha.text
    await press(asha)
    assert asha.where == "manager", "the first thing that is missing, and nothing that was said"
    await go_on(asha, ANSWERS)
    for words in (CHILD, "31 March 2015", "Sam Oduya", "takes no further action", "Nobody came.", "head teacher", case_id):
        assert words in asha.text
    await declare(asha)
    assert asha.page.url.path == f"{FORM}/sent/{case_id}"
    (form,) = await asha.said(FormReceived)
    assert (form.case_id, form.channel, form.raised_by.address) == (case_id, "mail", ADDRESS)
    content = sealer.open(case_id, form.form, FormContent)
    same = {name: text for name, text in MAILED.items() if name in FormContent.model_fields}
    assert content == FormContent(**{**same, "to_manager": "Morgan Ellis"}), "as it was mailed, and what was missing"
    assert await asha.said(FormCorrected) == []


async def test_the_link_opens_nothing_for_anybody_else(
    somebody: Callable[[], Practitioner], database: Database, parts: Parts
) -> None:
    case_id = await mailed(database, parts, "to_manager")
    link = reply_address.make(KEY, f"{case_id}.i1", Side.RAISING, ADDRESS)
    stranger = somebody()
    await stranger.go(f"{FORM}/danger")
    await stranger.send({"immediate_danger": "No"})
    await stranger.sign_in("jo@school.demo.example")
    await stranger.go(f"/answer/{link}")
    assert "Which email address was the notice sent to?" in stranger.text
    csrf = Fields(stranger.text).filled["csrf"]
    answer = await stranger.client.post(f"/answer/{link}/form", data={"csrf": csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/answer/{link}")
    other = reply_address.make(KEY, f"{case_id}.2", Side.OTHER, "jo@school.demo.example")
    await stranger.go(f"/answer/{other}")
    assert "There is nothing to answer here yet" in stranger.text
    assert (await stranger.client.post(f"/answer/{other}/form", data={"csrf": "x"})).status_code == 403


async def test_going_on_twice_is_one_form_and_what_was_typed_is_there(
    asha: Practitioner, database: Database, parts: Parts
) -> None:
    case_id = await mailed(database, parts, "to_manager", "injury_to_infant")
    await follow(asha, case_id)
    await press(asha)
    first = asha.form
    await asha.send(ANSWERS["manager"])
    await follow(asha, case_id)
    await press(asha)
    assert (asha.form, asha.where) == (first, "injury")
    await asha.go(f"{FORM}/forms")
    assert f"the changes to {case_id}" in asha.text


async def test_a_reply_that_comes_in_between_is_not_undone(
    asha: Practitioner, database: Database, parts: Parts, sealer: Sealer
) -> None:
    case_id = await mailed(database, parts, "to_manager", "summary")
    await follow(asha, case_id)
    await press(asha)
    await go_on(asha, {**ANSWERS, "concern": {"summary": "As typed."}})
    async with database.transaction() as session:
        draft = await session.get(Submission, case_id)
        assert draft is not None
        more = Answers.of({"requested_action": "By mail.", "summary": "By mail too."})
        await parts.submissions.complete(session, board(), draft, more, Arrival("mail", "1" * 64, now()))
    await declare(asha)
    (form,) = await asha.said(FormReceived)
    content = sealer.open(case_id, form.form, FormContent)
    assert (content.requested_action, content.summary) == ("By mail.", "As typed.")


async def test_a_form_is_corrected_on_its_page_and_both_versions_are_kept(
    asha: Practitioner, database: Database, parts: Parts, sealer: Sealer
) -> None:
    case_id = await mailed(database, parts, needed_by="tomorrow at 16:00")
    await follow(asha, case_id)
    assert "We have your form" in asha.text
    await press(asha)
    assert asha.where == "check"
    await asha.go(f"{FORM}/{asha.form}/child?check=yes")
    assert Fields(asha.text).filled["child_dob-month"] == "3"
    await asha.send({"child_dob-month": "5"})
    await asha.go(f"{FORM}/{asha.form}/safe-by?check=yes")
    assert " at 16:00" in Fields(asha.text).filled["needed_by"]
    await asha.send({"needed_by": ""})
    await asha.go(f"{FORM}/{asha.form}/declaration")
    assert "Now send your correction" in asha.text
    await asha.send()
    assert "Correction received" in asha.text
    (corrected,) = await asha.said(FormCorrected)
    assert (corrected.case_id, corrected.form_version) == (case_id, 2)
    assert set(corrected.changed) == {"DOB", "The child needs to be safe by"}
    assert sealer.open(case_id, corrected.form, FormContent).child_dob == "31 May 2015"
    assert len(await asha.said(FormReceived)) == 1
    async with database.transaction() as session:
        assert len((await session.scalars(select(FormVersion))).all()) == 2
    assert [item.reason for item in await asha.said(ItemHeld)] == [HeldReason.CHANGED], "staff look at a changed time"


async def test_what_no_page_has_a_field_for_stays_as_it_was_mailed(
    asha: Practitioner, database: Database, parts: Parts, sealer: Sealer
) -> None:
    odd = {"child_name": "Robin Example\nKit Example", "child_dob": "Robin 3/4/2015, Kit not known", "needed_by": "now"}
    case_id = await mailed(database, parts, "to_manager", **odd)
    await follow(asha, case_id)
    await press(asha)
    await go_on(asha, ANSWERS)
    assert "Robin 3/4/2015, Kit not known" in asha.text
    await declare(asha)
    (form,) = await asha.said(FormReceived)
    content = sealer.open(case_id, form.form, FormContent)
    assert (content.child_name, content.child_dob) == (odd["child_name"], odd["child_dob"])
    assert form.needed_by is not None


async def test_the_same_child_again_is_asked_about_and_completes_the_form_that_was_mailed(
    asha: Practitioner, database: Database, parts: Parts
) -> None:
    case_id = await mailed(database, parts, "to_manager", summary="In other words.", child_name="EXAMPLE, robin")
    await asha.begin()
    await asha.answer()
    await declare(asha)
    assert asha.where == "same"
    assert case_id in asha.text
    assert (await asha.send()).status_code == 422
    assert "Select yes if it is the same disagreement" in asha.text
    await asha.client.post(f"{FORM}/{asha.form}/declaration", data=Fields(asha.text).filled)
    assert await asha.said(FormReceived) == [], "not without an answer"
    await asha.send({"same": "Yes"})
    assert f"the form you sent as {case_id}" in asha.text
    await asha.send()
    (form,) = await asha.said(FormReceived)
    assert (form.case_id, asha.page.url.path) == (case_id, f"{FORM}/sent/{case_id}")


@pytest.mark.parametrize("said", ["Yes", "No"])
async def test_the_same_child_again_after_a_whole_form_is_as_its_sender_says(
    asha: Practitioner, database: Database, parts: Parts, said: str
) -> None:
    case_id = await mailed(database, parts)
    await asha.begin()
    await asha.answer()
    await declare(asha)
    await asha.send({"same": said})
    await asha.send()
    assert len(await asha.said(FormReceived)) == (1 if said == "Yes" else 2)
    assert len(await asha.said(FormCorrected)) == (1 if said == "Yes" else 0)
    assert (asha.page.url.path == f"{FORM}/sent/{case_id}") == (said == "Yes")


async def test_nobody_is_asked_about_another_child_an_old_form_or_a_colleagues(
    asha: Practitioner, database: Database, parts: Parts
) -> None:
    await mailed(database, parts, child_name="Kit Example")
    old, of_another = await mailed(database, parts, summary="Old."), await mailed(database, parts, summary="A colleague's.")
    async with database.transaction() as session:
        for case_id, changes in (
            (old, {"received_at": now() - timedelta(days=61)}),
            (of_another, {"sender_address": "jo@school.demo.example"}),
        ):
            await session.execute(update(Submission).where(Submission.case_id == case_id).values(changes))
    await asha.begin()
    await asha.answer()
    await declare(asha)
    assert "Form received" in asha.text
    assert (await asha.go(f"{FORM}/{'x' * 16}/same")).status_code == 404


async def test_a_correction_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    asha: Practitioner, database: Database, parts: Parts
) -> None:
    case_id = await mailed(database, parts)
    await follow(asha, case_id)
    await press(asha)
    await asha.go(f"{FORM}/{asha.form}/concern?check=yes")
    await asha.send({"summary": "x" * 20_000})
    async with database.transaction() as session:
        draft = await session.get(Submission, case_id)
        assert draft is not None
        more = Answers.of(dict.fromkeys(("areas_agreed", "rationale", "possible_cause", "to_achieve"), "y" * 20_000))
        await parts.submissions.complete(session, board(), draft, more, Arrival("mail", "1" * 64, now()))
    await declare(asha)
    assert asha.page.status_code == 422
    assert "the form is too long" in re.sub(r"\s+", " ", asha.text)
    assert await asha.said(FormCorrected) == []
    assert [notice.kind for notice in await asha.said(SendNotice)].count("form_received") == 2
