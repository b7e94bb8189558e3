"""Answering a notice on a page, from the link in the mail to what the escalator hears."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from services.contracts import reply_address
from services.contracts.content import Action, OutcomeContent, ReplyContent
from services.contracts.intake import ReplyReceived
from services.contracts.vocabulary import ReplyAct, Side
from services.intake.moments import LONDON
from services.intake.web import codes
from services.kit import clock
from services.kit.errors import Unavailable
from tests.integration.intake.answering_world import ADDRESS, CHILD, KEY, NUMBER, Forms, Reader, World, answered_in
from tests.unit.notifier import samples
from tests.unit.notifier.variants import RULED

SOON = (clock.now() + timedelta(days=20)).astimezone(LONDON).replace(hour=16, minute=0, second=0, microsecond=0)
DAY = f"{SOON.day} {SOON:%B %Y}"
SPOKEN = f"{SOON:%A} {DAY} at 16:00"
OUTCOME = {
    "agreed": "A strategy meeting is held.\r\nHealth and police come.",
    "risk": "High until then.",
    "depends_on": "None",
    "actions-0-what": "Convene it",
    "actions-0-owner": "Sam Lee",
    "actions-0-by": DAY,
    "actions-1-what": "Visit at home",
    "actions-1-by": "before the conference",
    "outstanding-none": "yes",
    "planning": "The plan is looked at again.",
}


@pytest.fixture
async def world(make_database: Callable[[str], str], tmp_path: Path) -> AsyncIterator[World]:
    """The pages, with one case."""
    async with answered_in(make_database, tmp_path / "store") as world:
        yield world


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock of the codes."""

    def move(by: timedelta) -> None:
        monkeypatch.setattr(codes, "now", lambda: clock.now() + by)

    return move


async def only(world: World) -> ReplyReceived:
    (reply,) = await world.replies()
    return reply


async def test_a_link_shows_the_reference_and_nothing_else(world: World) -> None:
    reader = Reader(world, await world.mailed())
    page = await reader.go()
    assert page.status_code == 200
    assert samples.CASE in reader.text
    assert [word for word in (*samples.SECRETS, "Sam Lee", "Demonstration board", ADDRESS) if word in reader.text] == []
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
    for elsewhere in ("outcome-proposed", "confirmed", "email", "code", "sent/0", "anything"):
        assert (await reader.go(elsewhere)).text.count("Which email address was the notice sent to?") == 1
    assert (await world.replies(), await world.codes()) == ([], [])


async def test_a_link_that_is_none_is_not_found(world: World) -> None:
    for link in ("something", "demo-7k3qx9fa.1.o", "demo-7k3qx9fa.1.o.abcdefghijklmnop%00", "%2e%2e", "a" * 300):
        assert (await Reader(world, link).go()).status_code == 404


async def test_every_address_gets_the_same_answer(world: World) -> None:
    link = await world.mailed()
    made_up = "demo-00000000.1.o.abcdefghijklmnop"
    pages = []
    for where, address in ((link, ADDRESS), (link, "somebody@bedford.example.gov.uk"), (made_up, ADDRESS)):
        reader = Reader(world, where)
        await reader.go()
        csrf = reader.text.split('name="csrf" value="')[1][:64]
        for _ in range(7):
            page = await reader.client.post(f"/answer/{where}/email", data={"csrf": csrf, "email": address})
        wrong = await reader.client.post(f"/answer/{where}/code", data={"csrf": csrf, "email": address, "code": "nothing"})
        pages += [
            (
                answer.status_code,
                answer.text.replace(csrf, "").replace(address, "").replace(where, "").replace("00000000", "7K3QX9FA"),
            )
            for answer in (page, wrong)
        ]
    assert pages[0] == pages[2] == pages[4]
    assert pages[1] == pages[3] == pages[5]
    sent = await world.codes()
    assert {notice.to.address for notice in sent} == {ADDRESS}
    assert len(sent) == 5, "the seventh mail in a minute is one too many, and nobody is told"
    assert sent[0].to.name == "Sam Lee"


async def test_a_mistyped_address_is_said(world: World) -> None:
    reader = Reader(world, await world.mailed())
    await reader.go()
    for typed, said in (("", "Enter your work email address"), ("sam.lee", "in the correct format")):
        page = await reader.send({"email": typed})
        assert page.status_code == 422
        assert said in reader.text
        assert "Error: " in reader.text


async def test_a_code_opens_the_notice_and_the_answers_it_offers(world: World) -> None:
    reader = Reader(world, await world.mailed(facts=samples.FACTS["step_reached"] | RULED))
    await reader.sign_in()
    assert reader.where == ""
    assert "Act by 2:05pm on Friday 4 December 2026" in reader.text
    assert "lost weight" in reader.text, "this address may have the form, and has it in the mail"
    assert "Reply to this mail" not in reader.text
    for name in ("Put an outcome in writing", "Give your side’s reasons", "Say that you cannot agree", "Make a decision"):
        assert name in reader.text
    assert "Confirm the outcome" not in reader.text
    assert (await reader.send(form=0)).status_code == 422
    assert "Select what you want to do" in reader.text


async def test_somebody_elses_code_does_not_open_it(world: World) -> None:
    mine = await world.mailed()
    another = reply_address.make(KEY, f"{samples.CASE}.2", Side.RAISING, "jo@nhs.example")
    reader = Reader(world, another)
    await reader.sign_in("jo@nhs.example")
    assert "There is nothing to answer here yet" in reader.text
    reader.link = mine
    await reader.go()
    assert "Which email address was the notice sent to?" in reader.text
    assert (await reader.go("outcome-proposed")).text.count("Which email address was the notice sent to?") == 1
    forged = reply_address.make(b"another key", NUMBER, Side.OTHER, ADDRESS)
    stranger = Reader(world, forged)
    await stranger.go()
    await stranger.send({"email": ADDRESS})
    assert len(await world.codes()) == 1


async def test_an_outcome_is_written_checked_and_sent(world: World) -> None:
    reader = Reader(world, await world.mailed())
    await reader.sign_in()
    await reader.choose("outcome-proposed")
    await reader.send(OUTCOME, button="check")
    assert f"Convene it, Sam Lee, by {DAY}" in reader.text
    assert "before the conference (we cannot read a date in this)" in reader.text
    assert "Nothing is outstanding" in reader.text
    assert await world.replies() == []
    await reader.send(button="change")
    assert "A strategy meeting is held.\nHealth and police come." in reader.text
    await reader.send(button="check")
    await reader.send(button="send")
    assert "We have your answer" in reader.text
    assert "ask each of them to confirm" in reader.text

    reply = await only(world)
    assert (reply.case_id, reply.notice_id, reply.side) == (samples.CASE, NUMBER, Side.OTHER)
    assert (reply.act, reply.by.name, reply.by.address) == (ReplyAct.OUTCOME_PROPOSED, "Sam Lee", ADDRESS)
    assert reply.parts == ("agreed", "risk", "depends_on", "actions", "outstanding", "planning")
    assert [(item.kind, item.owner, item.by and item.by.isoformat()) for item in reply.pursued] == [
        ("action", "Sam Lee", SOON.date().isoformat()),
        ("action", "", None),
    ]
    assert samples.SEALER.open(samples.CASE, reply.content, OutcomeContent) == OutcomeContent(
        agreed="A strategy meeting is held.\nHealth and police come.",
        risk="High until then.",
        actions=(
            Action(what="Convene it", owner="Sam Lee", by=DAY),
            Action(what="Visit at home", by="before the conference"),
        ),
        planning="The plan is looked at again.",
    )
    kept = json.loads(await world.store.get(reply.source))
    assert (kept["answer_to"], kept["from"], kept["act"]) == (NUMBER, ADDRESS, "outcome_proposed")
    assert kept["risk"] == "High until then."
    assert "strategy" not in reply.model_dump_json()


async def test_the_same_answer_twice_is_said_once(world: World) -> None:
    link = await world.mailed("outcome_proposed")
    reader = Reader(world, link)
    await reader.sign_in()
    await reader.choose("confirmed")
    check = reader.page
    first = await reader.send(button="send")
    reader.page = check
    second = await reader.send(button="send")
    assert (first.url, first.text) == (second.url, second.text)
    assert (await only(world)).act is ReplyAct.CONFIRMED
    await reader.answer("disputed", {"text": "The date is wrong."})
    assert [reply.act for reply in await world.replies()] == [ReplyAct.CONFIRMED, ReplyAct.DISPUTED]
    await reader.go()
    assert reader.text.count("You have answered this notice") == 2


ACTS: tuple[tuple[str, str, Mapping[str, str], str], ...] = (
    ("reminder", "response", {"text": "Our reasons."}, "Our reasons."),
    ("reminder", "not-resolved", {"text": ""}, ""),
    ("told", "challenge", {"text": "Because."}, "Because."),
    ("told", "done", {"number": "2", "text": "It was held."}, "2\nIt was held."),
    ("told", "bypass-agreed", {}, ""),
    ("told", "still-at-risk", {"text": "Nobody visits."}, "Nobody visits."),
    ("told", "reopened", {"text": "It goes on."}, "It goes on."),
    ("told", "time-proposed", {"moment": f"{DAY} at 4pm"}, SPOKEN),
    (
        "told",
        "meeting",
        {"moment": f"{DAY} at 4pm", "place": "County Hall"},
        f"{SPOKEN}\nCounty Hall",
    ),
    (
        "told",
        "wrong-person",
        {"named": "Kim Osei", "their_email": "kim@nhs.example", "text": "I left."},
        "It is Kim Osei <kim@nhs.example>\nI left.",
    ),
)
OFFERED = (
    "CHALLENGE",
    "DONE 1",
    "AGREE BYPASS",
    "STILL AT RISK",
    "REOPEN",
    "TIME 1 May 2030 at 4pm",
    "MEETING",
    "WRONG PERSON",
)


@pytest.mark.parametrize(("kind", "act", "typed", "text"), ACTS, ids=lambda value: value if isinstance(value, str) else "")
async def test_every_kind_of_answer_is_the_one_a_mail_would_be(
    world: World, kind: str, act: str, typed: Mapping[str, str], text: str
) -> None:
    facts = samples.FACTS[kind] | {"answers": [{"words": words, "means": "It does something."} for words in OFFERED]}
    reader = Reader(world, await world.mailed(kind, facts=facts))
    await reader.sign_in()
    await reader.answer(act, typed)
    reply = await only(world)
    assert reply.act.value == act.replace("-", "_")
    assert samples.SEALER.open(samples.CASE, reply.content, ReplyContent).text == text
    assert reply.number == (2 if act == "done" else None)
    assert reply.named == ("Kim Osei <kim@nhs.example>" if act == "wrong-person" else "")
    assert reply.moment == (SOON if act in ("meeting", "time-proposed") else None)


async def test_the_childs_name_does_not_travel_in_clear(world: World) -> None:
    facts = samples.FACTS["told"] | {"answers": [{"words": "WRONG PERSON", "means": "Somebody else."}]}
    reader = Reader(world, await world.mailed("told", facts=facts))
    await reader.sign_in()
    await reader.answer("wrong-person", {"named": CHILD})
    reply = await only(world)
    assert reply.named == ""
    assert CHILD not in reply.model_dump_json()


async def test_nothing_typed_is_lost_to_a_mistake(world: World) -> None:
    reader = Reader(world, await world.mailed())
    await reader.sign_in()
    await reader.choose("outcome-proposed")
    await reader.send({"agreed": "Something.", "actions-1-owner": "Sam"}, button="more-actions")
    assert reader.page.status_code == 200
    assert "actions-2-what" in reader.text
    page = await reader.send({"planning": "Kept."}, button="check")
    assert page.status_code == 422
    for said in ("Enter the risk to the child", "Enter what action 2 is", "Enter what stays outstanding"):
        assert said in reader.text
    for kept in ("Something.", 'value="Sam"', "Kept."):
        assert kept in reader.text
    assert await world.replies() == []


async def test_nothing_typed_is_lost_to_a_session_that_went_quiet(world: World, later: Callable[[timedelta], None]) -> None:
    reader = Reader(world, await world.mailed())
    await reader.sign_in()
    await reader.choose("response")
    later(timedelta(hours=3))
    await reader.send({"text": "What took me three hours."}, button="check")
    assert "You were signed out" in reader.text
    assert "Demonstration board" not in reader.text
    await reader.send({"email": ADDRESS})
    page = await reader.send({"code": "nothing"})
    assert page.status_code == 422
    await reader.send({"code": await world.code()})
    assert "What took me three hours." in reader.text
    await reader.send(button="check")
    await reader.send(button="send")
    assert samples.SEALER.open(samples.CASE, (await only(world)).content, ReplyContent).text == "What took me three hours."


async def test_a_form_that_is_not_from_our_page_sends_nothing(world: World) -> None:
    reader = Reader(world, await world.mailed())
    await reader.sign_in()
    typed = {"text": "Our reasons.", "step": "send", "csrf": "0" * 64}
    page = await reader.client.post(f"/answer/{reader.link}/response", data=typed)
    assert page.status_code == 422
    assert "Our reasons." in page.text
    stranger = Reader(world, reader.link)
    page = await stranger.client.post(f"/answer/{reader.link}/response", data=typed)
    assert page.status_code == 422
    assert "Our reasons." not in page.text
    assert (await stranger.client.post(f"/answer/{reader.link}/leave", data=typed)).status_code == 403
    assert await world.replies() == []


async def test_an_answer_the_notice_does_not_offer_is_not_taken(world: World) -> None:
    reader = Reader(world, await world.mailed("outcome_proposed"))
    await reader.sign_in()
    await reader.choose("confirmed")
    typed = {"csrf": reader.text.split('name="csrf" value="')[1][:64], "text": "Because.", "step": "send"}
    page = await reader.client.post(f"/answer/{reader.link}/withdrawn", data=typed, follow_redirects=True)
    assert "What do you want to do?" in page.text
    assert await world.replies() == []


async def test_a_notice_that_intake_has_not_heard_of_yet_says_so(world: World) -> None:
    reader = Reader(world, await world.mailed(heard=False))
    await reader.sign_in()
    assert "There is nothing to answer here yet" in reader.text
    await world.mailed()
    await reader.go()
    assert "What do you want to do?" in reader.text


async def test_a_notice_without_an_answer_leads_to_the_latest_that_has_one(world: World) -> None:
    first = await world.mailed()
    told = await world.mailed("act_not_taken", number=f"{samples.CASE}.2")
    reader = Reader(world, told)
    await reader.sign_in()
    assert f'href="/answer/{first}"' in reader.text
    second = await world.mailed("outcome_proposed", number=f"{samples.CASE}.3")
    await reader.go()
    assert f'href="/answer/{second}"' in reader.text
    assert (await reader.client.post(f"/answer/{told}/confirmed", data={})).headers["location"] == f"/answer/{told}"
    older, newer = Reader(world, first), Reader(world, second)
    older.client = newer.client = reader.client
    await older.go()
    assert f'<a class="govuk-link" href="/answer/{second}">Answer the later notice</a>' in older.text
    assert "What do you want to do?" in older.text
    await newer.go()
    assert "later notice" not in newer.text


async def test_a_notice_whose_mail_is_gone_can_still_be_answered(world: World) -> None:
    reader = Reader(world, await world.mailed("outcome_proposed"))
    await reader.sign_in()
    (document,) = [path for path in world.folder.rglob("*") if path.is_file()]
    document.unlink()
    await reader.answer("confirmed", {})
    assert (await only(world)).act is ReplyAct.CONFIRMED


async def test_signing_out_closes_the_page(world: World) -> None:
    reader = Reader(world, await world.mailed())
    await reader.sign_in()
    await reader.send(form=-1)
    assert "Which email address was the notice sent to?" in reader.text


async def test_whatever_a_program_sends_is_no_fault_of_ours(world: World) -> None:
    reader = Reader(world, await world.mailed())
    await reader.sign_in()
    await reader.choose("response")
    csrf = Forms(reader.text).found[0].filled["csrf"]
    sent = "&step=send&csrf=" + csrf
    kind = {"content-type": "application/x-www-form-urlencoded"}
    for page, body, status in (
        ("response", "text=%00%01%e2%80%8b" + sent, 422),
        ("response", "text=" + "a" * 20_001 + sent, 422),
        ("response", "text=" + "a" * 500_001, 413),
        ("response", "a=1&" * 200, 400),
        ("response", b"\xff\x00=\xfe&step=more-\x00", 200),
        ("outcome-proposed", "step=more-actions&actions-rows=999&actions-99-what=x&csrf=" + csrf, 200),
        ("choose", "act=%00", 422),
        ("code", "code=%00", 422),
    ):
        answer = await reader.client.post(f"/answer/{reader.link}/{page}", content=body, headers=kind)
        assert answer.status_code == status, (page, answer.text)
    assert await world.replies() == []


async def test_a_database_that_is_away_when_a_code_is_asked_for_is_no_fault_either(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def away(*_: object, **__: object) -> bool:
        raise Unavailable("the database did not answer")

    reader = Reader(world, await world.mailed())
    await reader.go()
    monkeypatch.setattr(codes.Codes, "send", away)
    assert (await reader.send({"email": ADDRESS})).status_code == 200
    assert "was not mailed: the database did not answer" in caplog.text
    assert ADDRESS not in caplog.text
