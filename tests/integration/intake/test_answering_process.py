"""A notice answered on a page of the running service: heard over the broker, and said over it."""

from uuid import uuid4

import httpx

from services.contracts import reply_address
from services.contracts.content import CodeContent, ReplyContent
from services.contracts.intake import FormReceived, ReplyReceived
from services.contracts.notifier import NoticeSent, SendNotice
from services.contracts.vocabulary import ReplyAct, Side
from services.kit.clock import now
from tests.integration.intake.answering_world import Forms
from tests.integration.intake.running import FORM, OTHER, TOKEN_KEY, Intake, mail, until

NOTICE = b"""\
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"

Please act

Demonstration board

WHAT YOU MUST DO

Speak to Asha Rees.
"""


async def test_a_notice_that_left_is_answered_on_its_page_and_by_mail_alike(intake: Intake) -> None:
    await intake.send(mail(FORM))
    (form,) = await intake.wait_for(FormReceived)
    notice_id = f"{form.case_id}.1"
    sent = NoticeSent(
        message_id=uuid4(),
        at=now(),
        notice_id=notice_id,
        case_id=form.case_id,
        kind="step_reached",
        address=OTHER,
        side=Side.OTHER,
        attempts=1,
        document=await intake.store.put(NOTICE),
        to_name="Sam Oduya",
        answers=("OUTCOME", "RESPONSE", "NOT RESOLVED"),
    )
    await intake.notifier.publish(sent)
    await until(lambda: (notice_id,) in intake.rows("SELECT notice_id FROM answerable_notices"), intake.process)
    token = reply_address.make(TOKEN_KEY.encode(), notice_id, Side.OTHER, OTHER)

    async with intake.http as browser:
        page = await submitted(browser, await browser.get(f"/answer/{token}"), {"email": OTHER})
        code = await code_for(intake, OTHER)
        page = await submitted(browser, page, {"code": code})
        assert "Speak to Asha Rees." in page.text
        page = await submitted(browser, page, {"act": "response"})
        page = await submitted(browser, page, {"text": "Our reasons."}, step="check")
        page = await submitted(browser, page, {}, step="send")
        assert "We have your answer" in page.text

    (reply,) = await intake.wait_for(ReplyReceived)
    address = f"{token}@concord.demo.example"
    await intake.send(mail("RESPONSE\nOur reasons.", f"Sam Oduya <{OTHER}>", address), address, OTHER)
    _, mailed = await intake.wait_for(ReplyReceived, 2)
    differ = {"message_id", "at", "received_at", "source", "content"}
    assert reply.model_dump(exclude=differ) == mailed.model_dump(exclude=differ)
    assert (reply.act, reply.by.name) == (ReplyAct.RESPONSE, "Sam Oduya")
    written = [intake.sealer.open(form.case_id, one.content, ReplyContent) for one in (reply, mailed)]
    assert written == [ReplyContent(text="Our reasons.")] * 2
    assert b"Our reasons." in await intake.store.get(reply.source)


async def submitted(browser: httpx.AsyncClient, page: httpx.Response, fields: dict[str, str], step: str = "") -> httpx.Response:
    """Fill in the first form of a page and send it."""
    form = Forms(page.text).found[0]
    pressed = {"step": step} if step else {}
    return await browser.post(form.action, data={**form.filled, **fields, **pressed}, follow_redirects=True)


async def code_for(intake: Intake, address: str) -> str:
    """The code that was mailed to this address."""

    def mailed() -> list[SendNotice]:
        return [one for one in intake.of(SendNotice) if (one.kind, one.to.address) == ("sign_in_code", address)]

    await until(lambda: bool(mailed()), intake.process)
    return intake.sealer.open(mailed()[-1].case_id, mailed()[-1].sealed["code"], CodeContent).code
