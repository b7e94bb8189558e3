"""The Escalation Form put aside, come back to, and sent: what is kept and for how long, and what is sent once."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from services.contracts.intake import FormReceived
from services.intake.tables import Submission
from services.intake.web import drafts
from services.intake.web.forgetting import Forgetting
from services.intake.web.tables import CodeRow, DraftRow, SessionRow
from services.kit.clock import now
from services.kit.database import Database
from services.kit.store import Store
from tests.integration.intake.web_world import (
    ANSWERS,
    CHILD,
    FORM,
    Fields,
    Practitioner,
    declare,
)


async def test_a_form_is_put_aside_and_found_again_from_another_place(somebody: Callable[[], Practitioner]) -> None:
    asha = somebody()
    await asha.begin()
    await asha.answer(until="child")
    form = asha.form
    await asha.send({"child_name": CHILD, "child_dob-day": "99"}, button="later")
    assert asha.where == "kept"
    assert (await asha.go(f"{FORM}/{form}/child")).url.path == f"{FORM}/email", "signed out"
    home = somebody()
    await home.go(f"{FORM}/forms")
    await home.sign_in()
    assert home.where == "forms"
    await home.go(re.findall(r'href="([^"]+/next)"', home.text)[0])
    assert (home.form, home.where) == (form, "child")
    assert Fields(home.text).filled["child_name"] == CHILD
    assert Fields(home.text).filled["child_dob-day"] == "99"
    await home.answer()
    await declare(home)
    assert len(await home.said(FormReceived)) == 1
    await home.go(f"{FORM}/forms")
    (sent,) = re.findall(r'href="([^"]+/sent/[^"]+)"', home.text)
    assert "Form received" in (await home.go(sent)).text


async def test_two_forms_at_once_stay_two(asha: Practitioner) -> None:
    await asha.begin()
    first = asha.form
    await asha.begin()
    second = asha.form
    assert first != second
    for form, name in ((first, "Robin One"), (second, "Kit Two")):
        await asha.go(f"{FORM}/{form}/child")
        await asha.send({**ANSWERS["child"], "child_name": name})
    await asha.go(f"{FORM}/{first}/child")
    assert Fields(asha.text).filled["child_name"] == "Robin One"


async def test_what_is_typed_while_a_session_goes_quiet_is_kept(asha: Practitioner, monkeypatch: pytest.MonkeyPatch) -> None:
    await asha.begin()
    await asha.answer(until="concern")
    with monkeypatch.context() as patch:
        patch.setattr("services.intake.web.codes.now", lambda: now() + timedelta(hours=3))
        await asha.send({"summary": "A long story."})
        assert asha.page.url.path == f"{FORM}/email"
        assert "A long story." not in asha.text
        await asha.sign_in()
        assert asha.where == "concern"
        assert Fields(asha.text).filled["summary"] == "A long story."


async def test_a_form_is_kept_for_two_weeks(asha: Practitioner, monkeypatch: pytest.MonkeyPatch) -> None:
    await asha.begin()
    with monkeypatch.context() as patch:
        patch.setattr(drafts, "now", lambda: now() + timedelta(days=13))
        await asha.go(f"{FORM}/{asha.form}/stage")
        await asha.send(ANSWERS["stage"])
        assert asha.where == "area"
        patch.setattr(drafts, "now", lambda: now() + timedelta(days=26))
        assert (await asha.go(f"{FORM}/{asha.form}/area")).status_code == 200
        form = asha.form
        patch.setattr(drafts, "now", lambda: now() + timedelta(days=28))
        assert (await asha.go(f"{FORM}/{form}/area")).status_code == 404


async def test_what_is_not_kept_any_more_is_deleted(
    asha: Practitioner, site: tuple[FastAPI, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    await asha.go(f"{FORM}/danger")
    await asha.send({"immediate_danger": "No"})
    await asha.begin()

    async def left(days: int) -> list[int]:
        monkeypatch.setattr("services.intake.web.forgetting.now", lambda: now() + timedelta(days=days))
        await Forgetting(site[1]).forget()
        async with site[1].transaction() as session:
            tables = (DraftRow, CodeRow, SessionRow)
            return [len((await session.execute(table.__table__.select())).all()) for table in tables]

    assert await left(0) == [2, 1, 1]
    assert await left(1) == [2, 0, 1]
    assert await left(13) == [2, 0, 1]
    assert await left(14) == [0, 0, 0]


async def test_the_same_form_sent_twice_is_one_case(asha: Practitioner) -> None:
    await asha.begin()
    await asha.answer()
    await asha.go(f"{FORM}/{asha.form}/declaration")
    address, fields = Fields(asha.text).action, Fields(asha.text).filled
    answers = await asyncio.gather(*(asha.client.post(address, data=fields) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    (form,) = await asha.said(FormReceived)
    assert {answer.headers["location"] for answer in answers} == {f"{FORM}/sent/{form.case_id}"}
    for page in ("check", "child", "declaration", "next"):
        assert (await asha.go(address.replace("declaration", page))).url.path == f"{FORM}/sent/{form.case_id}"
    await asha.begin()
    await asha.answer()
    await declare(asha)
    assert asha.page.url.path == f"{FORM}/sent/{form.case_id}", "the same answers again"
    assert len(await asha.said(FormReceived)) == 1


async def test_answers_that_change_while_they_are_sent_are_looked_at_again(
    asha: Practitioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asha.begin()
    await asha.answer()
    form = asha.form
    await asha.go(f"{FORM}/{form}/declaration")
    put = Store.put

    async def meanwhile(self: Store, content: bytes) -> str:
        other = await asha.client.get(f"{FORM}/{form}/manager")
        await asha.client.post(f"{FORM}/{form}/manager", data={**Fields(other.text).filled, "to_manager": "Kim Doe"})
        return await put(self, content)

    monkeypatch.setattr(Store, "put", meanwhile)
    await asha.send()
    assert asha.where == "check"
    assert "Kim Doe" in asha.text
    assert await asha.said(FormReceived) == []


async def test_only_its_sender_sees_that_a_form_was_sent(somebody: Callable[[], Practitioner]) -> None:
    asha, jo = somebody(), somebody()
    await asha.begin()
    await asha.answer()
    await declare(asha)
    sent = asha.page.url.path
    assert (await jo.go(sent)).url.path == f"{FORM}/email"
    await jo.sign_in("jo@school.demo.example")
    assert (await jo.go(sent)).status_code == 404


async def test_a_form_of_which_something_is_still_asked_says_so(asha: Practitioner, site: tuple[FastAPI, Database]) -> None:
    await asha.begin()
    await asha.answer()
    await declare(asha)
    assert "A second email tells you" in asha.text
    async with site[1].transaction() as session:
        await session.execute(update(Submission).values(completed_at=None))
    await asha.go(asha.page.url.path)
    assert "Something in your form still has to be asked" in asha.text
    assert "A second email tells you" not in asha.text
