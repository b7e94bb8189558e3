"""What board staff say of something held, as the process does it: once, from the stored original, and told to nobody who was not there."""

from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest

from services.contracts.content import FormContent, HeldContent, ReplyContent
from services.contracts.intake import FormReceived, ItemHeld, ReplyReceived
from services.contracts.notifier import SendNotice
from services.contracts.records import ItemSettled
from services.contracts.reply_address import make
from services.contracts.vocabulary import HeldReason, Person, ReplyAct, Side
from services.kit.bus import Bus
from services.kit.clock import now
from tests.integration.intake.running import (
    BOARD,
    FORM,
    MAIL_DOMAIN,
    OTHER,
    RAISER,
    TOKEN_KEY,
    Intake,
    mail,
    published,
    until,
)

STAFF = Person(name="Jo Bright", address="staff@board.demo.example")
STRANGER = "pat@charity.example"
PAT = Person(name="Pat Ferris", address=STRANGER)


@pytest.fixture
def board_pages(running: Intake) -> Bus:
    """The bus that records speaks on."""
    return running.records


def settled(item: ItemHeld, **what: object) -> ItemSettled:
    """What board staff said of this item."""
    facts: dict[str, object] = {
        "message_id": uuid5(NAMESPACE_URL, item.item_id),
        "at": now(),
        "item_id": item.item_id,
        "board": "demonstration",
        "by": STAFF,
    }
    return ItemSettled.model_validate(facts | what)


async def held(intake: Intake, raw: bytes, sender: str = STRANGER, to: str = BOARD) -> ItemHeld:
    """Something that was mailed and is held."""
    await intake.send(raw, to=to, sender=sender)
    (item,) = await intake.wait_for(ItemHeld)
    return item


async def mailed(intake: Intake) -> SendNotice:
    """The one notice that somebody got besides the board, which is told that something waits."""
    await until(lambda: bool(to_people(intake)), intake.process)
    (notice,) = to_people(intake)
    return notice


def to_people(intake: Intake) -> list[SendNotice]:
    return [notice for notice in intake.of(SendNotice) if notice.to.side is not Side.BOARD]


async def test_what_is_held_travels_with_its_text_sealed(intake: Intake) -> None:
    item = await held(intake, mail(FORM, sender=f"Pat Ferris <{STRANGER}>"))
    assert (item.reason, item.from_address) == (HeldReason.UNKNOWN_SENDER, STRANGER)
    assert "Robin" not in item.model_dump_json()
    assert item.content is not None
    content = intake.sealer.open(item.item_id, item.content, HeldContent)
    assert content.sender_name == "Pat Ferris"
    assert "Robin came to school with bruises twice." in content.text
    assert (content.form.child_name, content.case_stage, content.area) == (
        "Robin Example",
        "Contact or referral",
        "No further action",
    )


async def test_a_form_of_somebody_unknown_is_read_again_and_begins_when_it_is_released(
    intake: Intake, board_pages: Bus
) -> None:
    """The sender is known for this once, and takes part from then on."""
    raw = mail(FORM, sender=f"Pat Ferris <{STRANGER}>")
    item = await held(intake, raw)
    message = settled(item, how="form", person=PAT)
    await board_pages.publish(message)
    (form,) = await intake.wait_for(FormReceived)
    assert (form.raised_by.address, form.area, form.source) == (STRANGER, "nfa", item.source)
    assert (form.received_at, form.received_at > item.received_at) == (message.at, True)
    assert await intake.store.get(form.source) == raw
    assert intake.sealer.open(form.case_id, form.form, FormContent).child_name == "Robin Example"
    notice = await mailed(intake)
    assert (notice.kind, notice.to.address) == ("form_received", STRANGER)
    await intake.send(raw, sender=STRANGER)
    await intake.send(raw + b"\r\n", sender=STRANGER)
    await intake.settled()
    assert len(intake.of(FormReceived)) == 1
    assert len(intake.of(ItemHeld)) == 2, "only this one was known"


async def test_what_staff_chose_and_filled_in_completes_what_was_read(intake: Intake, board_pages: Bus) -> None:
    partly = FORM.replace("31/03/2015", "").replace("No further action", "We are not happy").replace("danger? No", "danger?")
    item = await held(intake, mail(partly, sender=STRANGER))
    filled = intake.sealer.seal(item.item_id, FormContent(child_dob="31 March 2015", to_manager="Maria Kowalska"))
    choice = {"case_stage": "core_assessment", "area": "case_closure", "immediate_danger": True}
    await board_pages.publish(settled(item, how="form", person=PAT, content=filled, **choice))
    (form,) = await intake.wait_for(FormReceived)
    assert (form.case_stage, form.area, form.immediate_danger) == ("core_assessment", "case_closure", True)
    content = intake.sealer.open(form.case_id, form.form, FormContent)
    assert (content.child_name, content.child_dob, content.to_manager) == ("Robin Example", "31 March 2015", "Maria Kowalska")


async def test_what_is_left_empty_is_asked_of_the_sender_who_answers_without_being_known(
    intake: Intake, board_pages: Bus
) -> None:
    item = await held(intake, mail(FORM.replace("31/03/2015", ""), sender=STRANGER))
    await board_pages.publish(settled(item, how="form", person=PAT))
    asked = await mailed(intake)
    assert (asked.kind, asked.facts["missing"], asked.to.address) == ("form_incomplete", ["DOB"], STRANGER)
    to = f"{make(TOKEN_KEY.encode(), asked.notice_id, Side.RAISING, STRANGER)}@{MAIL_DOMAIN}"
    await intake.send(mail("DOB: 31 March 2015", sender=STRANGER, to=to), to=to, sender=STRANGER)
    (form,) = await intake.wait_for(FormReceived)
    assert form.case_id == asked.case_id


async def test_a_form_in_a_machines_mail_is_a_form_when_staff_say_so(intake: Intake, board_pages: Bus) -> None:
    item = await held(intake, mail(FORM, sender=STRANGER, Auto_Submitted="auto-generated"))
    assert item.reason is HeldReason.AUTOMATIC
    await board_pages.publish(settled(item, how="form", person=PAT))
    (form,) = await intake.wait_for(FormReceived)
    assert form.area == "nfa"


async def test_a_reply_is_passed_on_as_what_staff_say_it_is(intake: Intake, board_pages: Bus) -> None:
    """It counts from when it came, as the answer of the person in the case."""
    sam = Person(name="Sam Oduya", address=OTHER, role="Duty social worker")
    item = await held(intake, mail("I think we agree on this.", sender=STRANGER))
    content = intake.sealer.seal("DEMO-7K3QX9FA", ReplyContent(text="We agree."))
    reply = {"case_id": "DEMO-7K3QX9FA", "side": "other", "act": "confirmed", "notice_id": "DEMO-7K3QX9FA.7"}
    await board_pages.publish(settled(item, how="reply", person=sam, content=content, **reply))
    (passed,) = await intake.wait_for(ReplyReceived)
    assert (passed.by, passed.side, passed.act) == (sam, Side.OTHER, ReplyAct.CONFIRMED)
    assert (passed.notice_id, passed.received_at, passed.source) == ("DEMO-7K3QX9FA.7", item.received_at, item.source)
    assert intake.sealer.open(passed.case_id, passed.content, ReplyContent).text == "We agree."


@pytest.mark.parametrize("how", ["answered", "refused"])
async def test_the_sender_is_told_what_staff_wrote_and_no_more(intake: Intake, board_pages: Bus, how: str) -> None:
    item = await held(intake, mail("Robin is not well. What can I do?", sender=STRANGER))
    content = intake.sealer.seal(item.item_id, ReplyContent(text="Please use the form."))
    await board_pages.publish(settled(item, how=how, person=PAT, content=content))
    notice = await mailed(intake)
    assert (notice.kind, notice.case_id, notice.to.address) == ("told", item.item_id, STRANGER)
    assert notice.to.full_content, "staff wrote it for this address"
    assert intake.sealer.open(item.item_id, notice.sealed["reply"], ReplyContent).text == "Please use the form."
    assert "Robin" not in notice.model_dump_json()


@pytest.mark.parametrize("how", ["refused", "seen"])
async def test_nobody_is_told_where_nobody_is_named(intake: Intake, board_pages: Bus, how: str) -> None:
    """No robot is answered."""
    item = await held(intake, mail("I am away.", sender=STRANGER, Auto_Submitted="auto-replied"))
    await board_pages.publish(settled(item, how=how))
    other = settled(item, message_id=uuid4(), how="form", person=PAT)
    await board_pages.publish(other)  # heard after it
    await mailed(intake)
    await intake.settled()
    assert [notice.kind for notice in to_people(intake)] == ["form_incomplete"]


async def test_the_answer_to_an_answer_waits_for_staff_and_makes_no_case(intake: Intake, board_pages: Bus) -> None:
    """Somebody the board does not know is not made known by being answered."""
    item = await held(intake, mail("Hello", sender=STRANGER))
    content = intake.sealer.seal(item.item_id, ReplyContent(text="Please use the form."))
    await board_pages.publish(settled(item, how="answered", person=PAT, content=content))
    notice = await mailed(intake)
    to = f"{make(TOKEN_KEY.encode(), notice.notice_id, Side.RAISING, STRANGER)}@{MAIL_DOMAIN}"
    await intake.send(mail(FORM, sender=STRANGER, to=to), to=to, sender=STRANGER)
    await intake.wait_for(ItemHeld, 2)
    await intake.settled()
    assert intake.of(FormReceived) == []


async def test_the_same_message_twice_has_one_effect(intake: Intake, board_pages: Bus) -> None:
    item = await held(intake, mail("Hello", sender=STRANGER))
    content = intake.sealer.seal(item.item_id, ReplyContent(text="Please use the form."))
    message = settled(item, how="answered", person=PAT, content=content)
    for _ in range(2):
        await board_pages.publish(message)
    await mailed(intake)
    await until(lambda: intake.rows("SELECT 1 FROM outbox") == [])
    await intake.settled()
    assert len(to_people(intake)) == 1


async def test_a_reply_that_is_not_trusted_waits_for_the_board_whose_case_it_names(intake: Intake) -> None:
    """Nobody else's staff read it; whether the case is right is theirs to say, so it is not shown as about that case."""
    to = f"{make(b'another key', 'DEMO-7K3QX9FA.4', Side.OTHER, OTHER)}@{MAIL_DOMAIN}"
    item = await held(intake, mail("CONFIRM", sender=STRANGER, to=to), to=to)
    assert (item.reason, item.board, item.case_id) == (HeldReason.UNTRUSTED_REPLY, "demonstration", None)


async def test_staff_complete_a_form_that_was_never_completed(stopped: Intake) -> None:
    """With what its sender told them. It is the same form, with the same reference."""
    stopped.environment["CONCORD_CHASE_AFTER"] = "[1, 2, 3]"
    await stopped.start()
    await stopped.publish(published())
    await stopped.send(mail(FORM.replace("31/03/2015", "").replace("No further action", "not sure")))
    (item,) = await stopped.wait_for(ItemHeld)
    assert item.reason is HeldReason.NOT_COMPLETED
    filled = stopped.sealer.seal(item.item_id, FormContent(child_dob="31 March 2015"))
    asha = Person(name="Asha Rees", address=RAISER)
    choice = {"case_stage": "contact_or_referral", "area": "nfa"}
    message = settled(item, how="form", person=asha, content=filled, case_id=item.case_id, **choice)
    await stopped.records.publish(message)
    (form,) = await stopped.wait_for(FormReceived)
    assert (form.case_id, form.area, form.raised_by.address) == (item.case_id, "nfa", RAISER)
    assert stopped.sealer.open(form.case_id, form.form, FormContent).child_dob == "31 March 2015"
    await stopped.records.publish(settled(item, message_id=uuid4(), how="form", person=asha, case_id=item.case_id))
    await stopped.settled()
    assert len(stopped.of(FormReceived)) == 1, "it is complete"


async def test_a_colleagues_answer_completes_the_form_when_staff_say_so(intake: Intake, board_pages: Bus) -> None:
    await intake.send(mail(FORM.replace("31/03/2015", "")))
    asked = await mailed(intake)
    to = f"{make(TOKEN_KEY.encode(), asked.notice_id, Side.RAISING, RAISER)}@{MAIL_DOMAIN}"
    colleague = "morgan.ellis@school.demo.example"
    item = await held(intake, mail("DOB: 31 March 2015", sender=colleague, to=to), sender=colleague, to=to)
    person = Person(name="Morgan Ellis", address=colleague)
    await board_pages.publish(settled(item, how="form", person=person, case_id=item.case_id))
    (form,) = await intake.wait_for(FormReceived)
    assert (form.case_id, form.raised_by.address) == (asked.case_id, RAISER)
