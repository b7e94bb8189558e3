"""The form's pages of a running intake: what it hears is on them, and what is sent there becomes a case."""

import httpx

from services.contracts.content import CodeContent
from services.contracts.escalator import ContactsPublished
from services.contracts.intake import FormReceived
from services.contracts.notifier import SendNotice
from tests.integration.intake.running import RAISER, Intake, published, until
from tests.integration.intake.web_world import ANSWERS, FORM, LINES, Practitioner, contacts


class Visitor(Practitioner):
    """Somebody at the pages of that process, whose mail is what it says."""

    def __init__(self, intake: Intake) -> None:
        self.client = intake.http
        self.page = httpx.Response(200)
        self._intake = intake

    async def code(self) -> str:
        """The code in the first mail of the kind."""

        def mails() -> list[SendNotice]:
            return [notice for notice in self._intake.of(SendNotice) if notice.kind == "sign_in_code"]

        await until(lambda: bool(mails()), self._intake.process)
        (mail,) = mails()
        return self._intake.sealer.open(mail.case_id, mail.sealed["code"], CodeContent).code


async def test_a_form_from_the_start_to_its_case(intake: Intake) -> None:
    await intake.escalator.publish(contacts(*LINES))
    await intake.wait_for(ContactsPublished)
    await until(lambda: intake.rows("SELECT board FROM contacts") == [("demonstration",)], intake.process)
    visitor = Visitor(intake)
    await visitor.go("/")
    assert visitor.page.url.path == FORM
    assert "demonstration@concord.demo.example" in visitor.text
    await visitor.begin("Yes")
    answers = {**ANSWERS, "other-person": {"person": "other", "person_other": "Sam Oduya"}}
    for page, answer in answers.items():
        if page == visitor.where:
            await visitor.send(answer)
    assert visitor.where == "check", visitor.text
    await visitor.go(f"{FORM}/{visitor.form}/declaration")
    await visitor.send()
    (form,) = await intake.wait_for(FormReceived)
    assert visitor.page.url.path == f"{FORM}/sent/{form.case_id}"
    assert (form.channel, form.immediate_danger, form.raised_by.address) == ("web", True, RAISER)
    assert (form.other_agency, form.other_worker) == ("Demonstration Social Care", "Sam Oduya")
    await visitor.client.aclose()


async def test_what_a_board_says_anew_is_on_its_pages(intake: Intake) -> None:
    await intake.publish(published(name="A board of another name"))
    await intake.heard_the_board()
    visitor = Visitor(intake)
    assert "A board of another name" in (await visitor.go(FORM)).text
    await visitor.client.aclose()
