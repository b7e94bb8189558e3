"""Forms attached to a mail, as the process takes them: a case for each child, and its sender told what could not be read."""

from pathlib import Path

from services.contracts.content import FormContent
from services.contracts.intake import FormReceived, ItemHeld
from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import HeldReason
from tests.integration.intake.running import OTHER, Intake

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
    (notice,) = await intake.wait_for(SendNotice)
    assert "Please send one of them" in str(notice.facts["detail"])


async def test_a_form_behind_a_password_is_asked_for_again_in_plain_words(intake: Intake) -> None:
    await intake.send(attached("whole-protected.eml"))
    (item,) = await intake.wait_for(ItemHeld)
    assert "is protected by a password. Please send it without a password." in item.detail
    (notice,) = await intake.wait_for(SendNotice)
    assert str(notice.facts["detail"]).startswith(item.detail)
    assert ".docx" not in item.detail
