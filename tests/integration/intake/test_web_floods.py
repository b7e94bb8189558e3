"""What is sent on a page counts like mail: beyond a cap an answer waits, a form stays where it is, and whoever sent it is told."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from services.contracts.content import ReplyContent
from services.contracts.intake import FormReceived, ItemHeld
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import HeldReason, ReplyAct
from services.intake import flow, readers
from services.intake.answering.sending import Sending
from services.intake.flow import Limits
from services.intake.mailbox import Sender
from services.intake.readers import Readers
from services.intake.tables import RawMessage
from services.kit import clock
from services.kit.database import Database
from tests.integration.intake.answering_world import ADDRESS, PARTS, Reader, World, answered_in
from tests.integration.intake.web_world import ANSWERS, FORM, LINES, Practitioner, application, board, contacts, published
from tests.unit.notifier import samples


@pytest.fixture
async def world(make_database: Callable[[str], str], tmp_path: Path) -> AsyncIterator[World]:
    """The pages, with one case."""
    async with answered_in(make_database, tmp_path / "store") as world:
        yield world


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Sets the caps: of an address in an hour, and of a case in a day."""

    def limit(sender: int, case: int) -> None:
        monkeypatch.setattr(PARTS.flow, "_limits", Limits(sender, case))

    return limit


def reading(world: World) -> Readers:
    """Whoever reads what waits. What was sent on a page needs no sandbox, and nothing else waits here."""
    nothing = cast(Any, None)
    sending = Sending(world.database, world.store, samples.SEALER, PARTS.submissions, PARTS.flow)
    return Readers(world.database, world.store, nothing, nothing, sending)


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Move the clock of what waits."""
    for module in (flow, readers):
        monkeypatch.setattr(module, "now", lambda: clock.now() + by)


async def answer(reader: Reader, text: str) -> None:
    await reader.answer("response", {"text": text})


async def texts(world: World) -> list[str]:
    return [samples.SEALER.open(samples.CASE, one.content, ReplyContent).text for one in await world.replies()]


@pytest.mark.parametrize("caps", [(2, 200), (30, 2)], ids=["of the address", "of the case"])
async def test_an_answer_beyond_a_cap_is_kept_told_and_counts_in_its_turn(
    world: World, limited: Callable[[int, int], None], monkeypatch: pytest.MonkeyPatch, caps: tuple[int, int]
) -> None:
    limited(*caps)
    reader = Reader(world, await world.mailed())
    await reader.sign_in()
    for number in range(5):
        await answer(reader, f"Reason {number}.")
        assert ("counts in its turn" in reader.text) == (number > 1)
        assert "We have your answer" in reader.text
    assert await texts(world) == ["Reason 0.", "Reason 1."]
    held = [ItemHeld.model_validate_json(body) for body in await world.said(ItemHeld.topic)]
    assert [item.reason for item in held] == [HeldReason.TOO_MANY], "once an hour, not for each"
    told = [SendNotice.model_validate_json(body) for body in await world.said(SendNotice.topic)]
    assert {notice.to.address for notice in told if notice.kind == "item_held"} == {ADDRESS}
    assert await reading(world).read_one() is False
    for hours in (25, 50, 75):
        later(monkeypatch, timedelta(hours=hours))
        while await reading(world).read_one():
            pass
    assert await texts(world) == [f"Reason {number}." for number in range(5)], "none lost, in the order in which they came"
    (first, *_, last) = await world.replies()
    assert (last.by, last.side, last.notice_id) == (first.by, first.side, first.notice_id)
    await answer(reader, "Reason 4.")
    assert "counts in its turn" not in reader.text
    assert len(await texts(world)) == 5


async def test_mail_and_answers_on_pages_are_counted_together(world: World, limited: Callable[[int, int], None]) -> None:
    limited(2, 200)
    reader = Reader(world, await world.mailed())
    await reader.sign_in()
    await answer(reader, "One.")
    await answer(reader, "Two.")
    at = clock.now()
    row = {"sha256": "f" * 64, "recipients": [], "size": 1, "received_at": at, "next_at": at, "mail_from": ADDRESS, "starts": 0}
    async with world.database.transaction() as session:
        mail = RawMessage(**row)
        session.add(mail)
        await session.flush()
        assert await PARTS.flow.wait_until(session, mail, Sender(name="", address=ADDRESS), None, None) is not None


async def test_what_may_tell_of_danger_never_waits(world: World, limited: Callable[[int, int], None]) -> None:
    limited(1, 200)
    reader = Reader(
        world,
        await world.mailed(
            "asked",
            facts=samples.FACTS["asked"]
            | {"answers": [{"words": word, "means": "It does something."} for word in ("STILL AT RISK", "ADVICE", "LEARNING")]},
        ),
    )
    await reader.sign_in()
    await reader.answer("learning", {"text": "First."})
    await reader.answer("still-at-risk", {"text": "He is not safe there."})
    await reader.answer("advice-wanted", {"text": "He threatened to kill her. What now?"})
    assert "counts in its turn" not in reader.text
    assert [one.act for one in await world.replies()] == [ReplyAct.LEARNING, ReplyAct.STILL_AT_RISK, ReplyAct.ADVICE_WANTED]
    await reader.answer("learning", {"text": "Another."})
    assert "counts in its turn" in reader.text


@pytest.mark.parametrize("danger", ["No", "Yes"])
async def test_a_form_beyond_the_cap_stays_with_its_sender_who_is_told(
    database: Database, sealer: Sealer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, danger: str
) -> None:
    await published(database, board(), contacts(*LINES))
    app = application(database, sealer, tmp_path / "store", limits=Limits(1, 200))
    asha = Practitioner(app, database, sealer)
    for number, name in enumerate(("Robin One", "Kit Two"), start=1):
        await asha.begin(danger)
        for _ in ANSWERS:
            await asha.send({**ANSWERS[asha.where], **({"child_name": name} if asha.where == "child" else {})})
        form = asha.form
        assert asha.where == "check", asha.text
        await asha.go(f"{FORM}/{form}/declaration")
        await asha.send()
        assert len(await asha.said(FormReceived)) == (number if danger == "Yes" else 1)
    assert ("Your form is kept: send it after" in asha.text) == (danger == "No")
    assert [item.reason for item in await asha.said(ItemHeld)] == ([HeldReason.TOO_MANY] if danger == "No" else [])
    if danger == "No":
        later(monkeypatch, timedelta(hours=2))
        await asha.go(f"{FORM}/{form}/declaration")
        await asha.send()
        assert len(await asha.said(FormReceived)) == 2
