"""A form that was sent already, in a real browser on a phone: completed, corrected, and asked about before it is sent twice."""

from collections.abc import Awaitable, Callable

import pytest

from services.contracts import reply_address
from services.contracts.intake import FormCorrected, FormReceived
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Side
from services.intake.incoming import Parts
from services.intake.notices import Notices
from services.intake.submissions import Submissions
from services.kit.database import Database
from tests.browser.test_form import look
from tests.browser.visitor import Site, Visitor
from tests.integration.intake.test_web_again import mailed
from tests.integration.intake.web_world import ADDRESS, ANSWERS, FORM, KEY

Visit = Callable[..., Awaitable[Visitor]]


@pytest.fixture
def parts(sealer: Sealer) -> Parts:
    """What a mail goes through."""
    notices = Notices(sealer)
    return Parts.of(sealer, Submissions(sealer, notices, KEY), notices)


async def test_a_mailed_form_is_completed_and_corrected_and_not_sent_twice(
    visit: Visit, site: Site, web_database: Database, parts: Parts
) -> None:
    case_id = await mailed(web_database, parts, "to_manager")
    link = f"/answer/{reply_address.make(KEY, f'{case_id}.i1', Side.RAISING, ADDRESS)}"
    visitor = await visit(width=320, javascript=False)
    await visitor.page.goto(link)
    await visitor.fill({"email": ADDRESS})
    await visitor.go_on()
    await visitor.fill({"code": await visitor.code_when_it_comes()})
    await visitor.go_on()
    assert "Your form is not complete" in await visitor.page.inner_text("main")
    await visitor.press("Complete the form")
    await visitor.answer(ANSWERS["manager"])
    await visitor.press("Continue")
    await visitor.go_on()
    (form,) = await site.mail.said(FormReceived)
    assert (form.case_id, form.case_id in await visitor.page.inner_text("main")) == (case_id, True)


async def test_axe_finds_nothing_where_a_form_is_gone_on_with(
    visit: Visit, site: Site, web_database: Database, parts: Parts
) -> None:
    lacking = await mailed(web_database, parts, "to_manager", child_name="Kit Example")
    whole = await mailed(web_database, parts)
    visitor = await visit(width=320)
    page = visitor.page
    await visitor.begin()
    for case_id, name in ((lacking, "own-form-lacking"), (whole, "own-form")):
        await page.goto(f"/answer/{reply_address.make(KEY, f'{case_id}.i1', Side.RAISING, ADDRESS)}")
        await look(visitor, name)
    await visitor.press("Correct the form")
    await look(visitor, "correct-check")
    await visitor.press("Continue")
    await look(visitor, "correct-declaration")
    await page.goto(f"{FORM}/forms")
    await look(visitor, "forms-changes")
    await page.goto(f"{FORM}/danger")
    await visitor.answer({"immediate_danger": "No"})
    await visitor.answer_all()
    await visitor.press("Continue")
    assert visitor.where == "same"
    await look(visitor, "same")
    await visitor.go_on()
    await look(visitor, "same-wrong")
    await visitor.answer({"same": "Yes"})
    await look(visitor, "same-declaration")
    await visitor.go_on()
    await look(visitor, "sent-correction")
    assert [one.case_id for one in await site.mail.said(FormCorrected)] == [whole]
