"""Forms attached to a mail, as the process takes them: a case for each child, and its sender told what could not be read."""

from email.message import EmailMessage
from pathlib import Path

from services.contracts.content import FormContent
from services.contracts.intake import FormReceived, ItemHeld
from services.contracts.notifier import SendNotice
from services.contracts.reply_address import make
from services.contracts.vocabulary import HeldReason, Side
from services.intake.domain import Answers
from tests.fixtures.forms.own import OWN
from tests.integration.intake.running import BOARD, MAIL_DOMAIN, OTHER, RAISER, TOKEN_KEY, Intake, mail
from tests.unit.intake.test_forms_blank import filled_docx, read

FILES = Path(__file__).parents[2] / "fixtures" / "forms"


def attached(name: str, sender: str = "asha.rees@school.demo.example") -> bytes:
    return (FILES / name).read_bytes().replace(b"asha.rees@school.demo.example", sender.encode())


def told(notice: SendNotice) -> list[str]:
    """What was understood, beside the form itself."""
    lines = notice.facts["understood"]
    assert isinstance(lines, list)
    return [str(line["answer"]) for line in lines if isinstance(line, dict)]


async def test_each_childs_form_in_one_mail_is_a_case_of_its_own(intake: Intake) -> None:
    await intake.send(attached("whole-two-children.eml"))
    received = await intake.wait_for(FormReceived, 2)
    forms = [intake.sealer.open(one.case_id, one.form, FormContent) for one in received]
    assert {form.child_name for form in forms} == {"Robin Example", "Kim Sample"}
    assert len({one.case_id for one in received}) == 2
    assert len({one.source for one in received}) == 1
    notices = await intake.wait_for(SendNotice, 2)
    assert {(notice.kind, notice.case_id) for notice in notices} == {("form_received", one.case_id) for one in received}


async def test_the_same_mail_again_begins_no_other_case(intake: Intake) -> None:
    raw = attached("whole-two-children.eml")
    await intake.send(raw)
    await intake.wait_for(FormReceived, 2)
    await intake.send(raw.replace(b"Subject: Escalation form", b"Subject: Escalation form again"))
    await intake.wait_for(SendNotice, 4)
    assert len(intake.of(FormReceived)) == 2


async def test_what_could_not_be_read_is_told_with_the_read_back(intake: Intake) -> None:
    await intake.send(attached("whole-form-and-bomb.eml"))
    (notice,) = await intake.wait_for(SendNotice)
    assert notice.kind == "form_received"
    assert [line for line in told(notice) if "unpacks to far more" in line]


async def test_two_versions_are_held_and_asked_about(intake: Intake) -> None:
    await intake.send(attached("whole-two-versions.eml", OTHER), sender=OTHER)
    (item,) = await intake.wait_for(ItemHeld)
    assert item.reason is HeldReason.NOT_A_FORM
    assert "two forms about the same child" in item.detail
    assert not intake.of(FormReceived)
    notice, _for_the_board = await intake.wait_for(SendNotice, 2)
    assert "Please send one of them" in str(notice.facts["detail"])


async def test_a_form_behind_a_password_is_asked_for_again_in_plain_words(intake: Intake) -> None:
    await intake.send(attached("whole-protected.eml"))
    (item,) = await intake.wait_for(ItemHeld)
    assert "is protected by a password. Please send it without a password." in item.detail
    notice, _for_the_board = await intake.wait_for(SendNotice, 2)
    assert str(notice.facts["detail"]).startswith(item.detail)
    assert ".docx" not in item.detail


async def test_a_blank_form_is_downloaded_filled_in_and_mailed(intake: Intake) -> None:
    """With the other agency filled in beforehand by the link, and nothing about the child."""
    known = {"agency_team": "Demonstration\nSocial Care", "case_stage": "contact_or_referral", "child_name": "Robin Example"}
    async with intake.http as browser:
        pages = [await browser.get(f"/boards/demonstration/escalation-form.{kind}", params=known) for kind in ("pdf", "docx")]
        assert (await browser.get("/boards/unknown/escalation-form.docx")).status_code == 404
    for page, kind in zip(pages, ("pdf", "docx"), strict=True):
        assert page.headers["Content-Disposition"] == f'attachment; filename="escalation-form.{kind}"'
        (before,) = read(page.content)
        assert before.given() == {"agency_team": "Demonstration Social Care", "case_stage": "Contact or referral"}
    answers = before.with_more(Answers.of(OWN | {"case_stage": "", "area": "No further action"}))
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Asha Rees <{RAISER}>", BOARD, "Escalation form"
    message.set_content("Please see attached.")
    filled = filled_docx(page.content, answers)
    message.add_attachment(filled, maintype="application", subtype="octet-stream", filename="form.docx")
    await intake.send(message.as_bytes())
    (received,) = await intake.wait_for(FormReceived)
    form = intake.sealer.open(received.case_id, received.form, FormContent)
    assert (form.child_name, form.agency_team, received.area) == ("Robin Example", OWN["agency_team"], "nfa")


async def test_the_word_form_brings_the_blank_form_and_a_reply_with_it_filled_in_is_taken_in(intake: Intake) -> None:
    await intake.send(mail("Hello,\n\nForm.\n"))
    (notice,) = await intake.wait_for(SendNotice)
    assert (notice.kind, notice.to.address, notice.to.full_content) == ("told", RAISER, True)
    assert [file.filename for file in notice.attachments] == ["escalation-form.docx", "escalation-form.pdf"]
    word, pdf = [await intake.store.get(file.document) for file in notice.attachments]
    assert read(word) == read(pdf) == [Answers()]
    assert not intake.of(ItemHeld)
    answers = Answers.of(OWN | {"case_stage": "Contact or referral", "area": "No further action"})
    address = f"{make(TOKEN_KEY.encode(), notice.notice_id, Side.RAISING, RAISER)}@{MAIL_DOMAIN}"
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Asha Rees <{RAISER}>", address, "Re: The blank Escalation Form"
    message.set_content("Please see attached.\n\n> The form is attached as a Word document\n")
    message.add_attachment(filled_docx(word, answers), maintype="application", subtype="octet-stream", filename="form.docx")
    await intake.send(message.as_bytes(), to=address)
    (received,) = await intake.wait_for(FormReceived)
    assert received.case_id == notice.case_id
    assert intake.sealer.open(received.case_id, received.form, FormContent).child_name == "Robin Example"


async def test_whoever_asks_for_the_form_twice_at_once_gets_it_once(intake: Intake) -> None:
    await intake.send(mail("FORM"))
    await intake.send(mail("FORM", Subject_Again="x"))
    await intake.settled()
    assert len(intake.of(SendNotice)) == 1
