"""Intake as a process: a form read back, corrected and chased; answers typed into a notice; robots and floods."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from services.contracts.content import FormContent, HeldContent, ReplyContent
from services.contracts.intake import DeliveryReported, FormCorrected, FormReceived, ItemHeld, ReplyReceived
from services.contracts.notifier import NoticeSent, SendNotice
from services.contracts.outline import LadderOutline, Redirect, StepOutline
from services.contracts.reply_address import make
from services.contracts.vocabulary import HeldReason, ReplyAct, Side, Writing
from services.kit.clock import now
from tests.integration.intake.running import (
    FORM,
    MAIL_DOMAIN,
    OTHER,
    RAISER,
    TOKEN_KEY,
    Intake,
    free_port,
    mail,
    published,
    until,
)

SENT = Path(__file__).parents[2] / "fixtures" / "mail" / "sent"
INBOX = published().inbox
LADDER = LadderOutline(
    id="BED-S4",
    name="Contact or referral: no further action",
    case_stage="Contact or referral",
    areas=("No further action",),
    paragraph="Section 5",
    steps=(
        StepOutline(
            number=1,
            action="Discuss with the social worker",
            raising=("Practitioner",),
            other=("Social worker",),
            within="within 24 hours",
            writing=Writing.NONE,
            paragraph="Section 5, row 1",
        ),
    ),
)


def address(notice_id: str, side: Side = Side.RAISING, to: str = RAISER) -> str:
    return f"{make(TOKEN_KEY.encode(), notice_id, side, to)}@{MAIL_DOMAIN}"


async def answer(intake: Intake, notice: SendNotice, text: str, sender: str = RAISER) -> None:
    to = address(notice.notice_id, notice.to.side, notice.to.address)
    await intake.send(mail(text, sender=sender, to=to), to=to, sender=sender)


async def sent_form(intake: Intake, text: str = FORM) -> tuple[FormReceived, SendNotice]:
    await intake.send(mail(text))
    (form,) = await intake.wait_for(FormReceived)
    (notice,) = await intake.wait_for(SendNotice)
    return form, notice


def to(intake: Intake, recipient: str, kind: str) -> list[SendNotice]:
    return [notice for notice in intake.of(SendNotice) if notice.to.address == recipient and notice.kind == kind]


async def test_a_form_is_read_back_with_where_it_leads_and_what_is_empty(intake: Intake) -> None:
    await intake.publish(published(ladders=(LADDER,), asks=("possible_cause",)))
    await intake.heard_the_board()
    _, notice = await sent_form(intake)
    assert notice.facts["route"] == {
        "name": "Contact or referral: no further action",
        "paragraph": "Section 5",
        "steps": 1,
        "step_name": "",
        "action": "Discuss with the social worker",
        "within": "within 24 hours",
        "step_paragraph": "Section 5, row 1",
    }
    assert notice.facts["understood"] == [{"label": "Is a child in immediate danger?", "answer": "No"}]
    assert "Possible cause" in notice.facts["blank"]  # type: ignore[operator] # JSON
    assert (notice.urgent, notice.facts["danger"]) == (False, "")


async def test_what_is_no_disagreement_here_is_read_back_with_where_it_goes(intake: Intake) -> None:
    """BIR-05."""
    name = "Part of an agreed plan has not been carried out"
    elsewhere = Redirect(
        area="failure", name=name, case_stages=("core_assessment",), instead=("the core group",), paragraph="1.2"
    )
    await intake.publish(published(redirects=(elsewhere,)))
    await intake.heard_the_board()
    _, notice = await sent_form(intake, FORM.replace("Contact or referral", "").replace("No further action", name))
    assert notice.facts["instead"] == {"where": ["the core group"], "paragraph": "1.2"}
    assert notice.facts["route"] is None


async def test_words_of_danger_put_the_police_first_and_do_not_outweigh_a_no(intake: Intake) -> None:
    """BED-10."""
    form, notice = await sent_form(intake, FORM.replace("bruises twice", "bruises twice. His uncle threatened to kill him"))
    assert form.immediate_danger is False
    assert (notice.urgent, notice.facts["danger"]) == (True, "words")


async def test_words_of_danger_run_the_fastest_path_where_the_question_was_left_empty(intake: Intake) -> None:
    """BED-10, A-21."""
    text = FORM.replace("bruises twice", "bruises twice. His uncle threatened to kill him").replace("danger? No", "danger?")
    form, notice = await sent_form(intake, text)
    assert form.immediate_danger is True
    assert (notice.urgent, notice.facts["danger"], notice.facts["assumed"]) == (True, "words", True)


async def test_a_correction_is_a_new_version_and_both_are_kept(intake: Intake) -> None:
    form, first = await sent_form(intake)
    await answer(intake, first, "Sorry, this was wrong.\n\nDOB: 31/03/2014\n\nThanks\nAsha")
    (corrected,) = await intake.wait_for(FormCorrected)
    assert (corrected.case_id, corrected.form_version, corrected.changed) == (form.case_id, 2, ("DOB",))
    assert intake.sealer.open(form.case_id, corrected.form, FormContent).child_dob == "31/03/2014"
    _, notice = await intake.wait_for(SendNotice, 2)
    assert (notice.kind, notice.facts["changed"], notice.facts["form_version"]) == ("form_received", ["DOB"], 2)
    assert notice.facts["board_told"] is False
    told = intake.sealer.open(form.case_id, notice.sealed["reply"], ReplyContent)
    assert told.text == "DOB\nbefore: 31/03/2015\nnow: 31/03/2014"
    await answer(intake, notice, "DOB: 31/03/2014")  # the same again
    _, _, again = await intake.wait_for(SendNotice, 3)
    assert (again.kind, again.facts.get("changed", [])) == ("form_received", [])
    await intake.settled()
    assert len(intake.of(FormReceived)) == len(intake.of(FormCorrected)) == 1
    assert not intake.of(ItemHeld)
    versions = intake.rows("SELECT form_version, source FROM form_versions ORDER BY form_version")
    assert versions == [(1, form.source), (2, corrected.source)]


async def test_a_correction_of_what_the_case_was_decided_by_is_put_before_board_staff(intake: Intake) -> None:
    form, first = await sent_form(intake)
    await answer(intake, first, "Area of disagreement: Case closure\nStage of the case: Section 17: Core Assessment\n")
    (held,) = await intake.wait_for(ItemHeld)
    assert (held.reason, held.case_id) == (HeldReason.CHANGED, form.case_id)
    assert held.detail == "Its sender corrected the form in: Stage of the case; Area of disagreement."
    await intake.wait_for(SendNotice, 3)
    (board,) = to(intake, INBOX, "told")
    assert board.to.side is Side.BOARD
    assert to(intake, RAISER, "form_received")[1].facts["board_told"] is True
    await intake.settled()
    assert len(intake.of(FormReceived)) == 1


async def test_danger_told_by_a_correction_is_urgent_for_everybody_told(intake: Intake) -> None:
    """BED-10."""
    _, first = await sent_form(intake)
    await answer(intake, first, "Is a child in immediate danger? Yes")
    await intake.wait_for(SendNotice, 3)
    (board,) = to(intake, INBOX, "told")
    assert board.urgent
    assert "immediate danger" in str(board.facts["lines"])
    corrected = to(intake, RAISER, "form_received")[1]
    assert (corrected.urgent, corrected.facts["danger"]) == (True, "said")


async def test_a_correction_that_may_be_meant_in_two_ways_is_asked_about(intake: Intake) -> None:
    _, first = await sent_form(intake)
    await answer(intake, first, "Area of disagreement: Case closure")
    (held,) = await intake.wait_for(ItemHeld)
    assert held.reason is HeldReason.UNCLEAR_REPLY
    await intake.wait_for(SendNotice, 3)
    (told,) = to(intake, RAISER, "item_held")
    assert "2. Section 17: Initial Assessment; 3. Section 17: Core Assessment" in str(told.facts["detail"])
    assert not intake.of(FormCorrected)


async def test_the_whole_form_in_a_reply_corrects_it(intake: Intake) -> None:
    form, first = await sent_form(intake)
    await answer(intake, first, FORM.replace("this week", "today").replace("Morgan Ellis", "Jo Bloggs"))
    (corrected,) = await intake.wait_for(FormCorrected)
    assert (corrected.case_id, corrected.changed) == (form.case_id, ("To (Manager)", "Requested Action"))
    await intake.settled()
    assert len(intake.of(FormReceived)) == 1


async def test_an_answer_typed_into_a_notice_is_told_from_it(intake: Intake) -> None:
    document = await intake.store.put((SENT / "step-reached.eml").read_bytes())
    sent = NoticeSent(
        message_id=uuid4(),
        at=now(),
        notice_id="DEMO-7K3QX9FA.3",
        case_id="DEMO-7K3QX9FA",
        kind="step_reached",
        address=OTHER,
        side=Side.OTHER,
        attempts=1,
        document=document,
    )
    await intake.notifier.publish(sent)
    await until(lambda: intake.rows("SELECT document FROM sent_notices") == [(document,)], intake.process)
    typed = (SENT.parent / "typed-outlook-between-our-lines.eml").read_bytes()
    reply = address("DEMO-7K3QX9FA.3", Side.OTHER, OTHER)
    await intake.send(typed.replace(b"\n", b"\r\n"), to=reply, sender=OTHER)
    (received,) = await intake.wait_for(ReplyReceived)
    assert received.act is ReplyAct.RESPONSE
    written = intake.sealer.open(received.case_id, received.content, ReplyContent)
    assert written.text.startswith("We visited on Friday and saw both parents.")


@pytest.mark.parametrize(("robot", "answers"), [("duty@social-care.demo.example", 1), ("noreply@social-care.demo.example", 0)])
async def test_what_may_be_a_robot_is_answered_once_a_day_at_most_and_every_one_is_held(
    intake: Intake, robot: str, answers: int
) -> None:
    form, _ = await sent_form(intake)
    reply = address(f"{form.case_id}.3", Side.OTHER, robot)
    for number in range(3):
        text = f"This is an automated message, number {number}."
        await intake.send(mail(text, sender=robot, to=reply), to=reply, sender=robot)
    held = await intake.wait_for(ItemHeld, 3)
    assert {item.reason for item in held} == {HeldReason.UNCLEAR_REPLY}
    await intake.settled()
    assert len(to(intake, robot, "item_held")) == answers
    assert len(to(intake, INBOX, "told")) == 1


async def test_a_decision_that_a_gateway_made_look_like_a_machines_is_looked_at_by_a_person(intake: Intake) -> None:
    form, _ = await sent_form(intake)
    reply = address(f"{form.case_id}.3", Side.OTHER, OTHER)
    raw = mail("CONFIRM\n\nSam", sender=OTHER, to=reply, Precedence="bulk")
    await intake.send(raw, to=reply, sender=OTHER)
    (held,) = await intake.wait_for(ItemHeld)
    assert (held.reason, held.case_id) == (HeldReason.UNCLEAR_REPLY, form.case_id)
    await intake.settled()
    assert not [*intake.of(ReplyReceived), *intake.of(DeliveryReported)]
    assert len(to(intake, OTHER, "item_held")) == 1


async def test_an_answer_that_nobody_can_read_is_said_to_be_so_and_belongs_to_its_case(intake: Intake) -> None:
    form, _ = await sent_form(intake)
    reply = address(f"{form.case_id}.3", Side.OTHER, OTHER)
    head = f"From: {OTHER}\r\nTo: {reply}\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
    await intake.send(f"{head}Auto-Submitted: auto-replied\r\n\r\nMIAG".encode(), to=reply, sender=OTHER)
    await intake.wait_for(DeliveryReported)
    assert not to(intake, OTHER, "item_held")
    await intake.send(f"{head}\r\nMIAG".encode(), to=reply, sender=OTHER)
    (held,) = await intake.wait_for(ItemHeld)
    assert (held.reason, held.case_id) == (HeldReason.UNCLEAR_REPLY, form.case_id)
    await intake.settled()
    (told,) = to(intake, OTHER, "item_held")
    assert "encrypted" in str(told.facts["detail"])


async def test_what_may_be_a_robot_is_no_answer_to_the_one_thing_asked(intake: Intake) -> None:
    await intake.send(mail(FORM.replace("31/03/2015", "")))
    (asked,) = await intake.wait_for(SendNotice)
    await answer(intake, asked, "Your request has been received and logged.")
    (held,) = await intake.wait_for(ItemHeld)
    assert held.reason is HeldReason.UNCLEAR_REPLY
    assert not intake.of(FormReceived)


async def test_the_same_words_again_are_held_and_answered_once(intake: Intake) -> None:
    _, first = await sent_form(intake)
    for _ in range(2):
        await answer(intake, first, "Could somebody call me?")
    await intake.wait_for(ItemHeld, 2)
    await intake.settled()
    assert len(to(intake, RAISER, "item_held")) == 1


async def test_danger_in_a_form_that_lacks_something_is_told_to_the_board_at_once_and_once(intake: Intake) -> None:
    """BED-10: no case begins with a form that is not complete, so a person must know."""
    text = FORM.replace("31/03/2015", "").replace("danger? No", "danger? Yes")
    await intake.send(mail(text))
    await intake.wait_for(SendNotice, 2)
    (asked,) = to(intake, RAISER, "form_incomplete")
    (board,) = to(intake, INBOX, "told")
    assert asked.urgent
    assert board.urgent
    assert RAISER in str(board.facts["lines"])
    await intake.send(mail(text))
    await intake.wait_for(SendNotice, 3)
    await intake.settled()
    assert len(to(intake, INBOX, "told")) == 1


async def test_a_draft_is_chased_twice_then_held_once_by_several_copies_of_the_service(stopped: Intake) -> None:
    stopped.environment["CONCORD_CHASE_AFTER"] = "[1, 2, 3]"
    other = stopped.copy(CONCORD_HTTP_PORT=str(free_port()), CONCORD_SMTP_PORT=str(free_port()))
    await stopped.start()
    await other.start()
    try:
        await stopped.publish(published())
        for number in range(4):
            await stopped.send(mail(FORM.replace("31/03/2015", "").replace("Robin", f"Robin{number}")))
        held = await stopped.wait_for(ItemHeld, 4)
        await stopped.settled()
        assert {item.reason for item in held} == {HeldReason.NOT_COMPLETED}
        assert len(stopped.of(ItemHeld)) == 4
        assert stopped.rows("SELECT DISTINCT chased, next_chase_at FROM submissions") == [(3, None)]
        for item in held:
            assert item.case_id is not None
            notices = [notice for notice in stopped.of(SendNotice) if notice.case_id == item.case_id]
            chasers = [notice.facts["chaser"] for notice in notices if notice.kind == "form_incomplete"]
            assert chasers == [0, 1, 2]
            assert [notice.facts["why"] for notice in notices if notice.kind == "item_held"] == ["draft"]
            assert [notice.to.address for notice in notices if notice.kind == "told"] == [INBOX]
            assert item.content is not None
            assert stopped.sealer.open(item.item_id, item.content, HeldContent).form.to_manager == "Morgan Ellis"
        last = to(stopped, RAISER, "item_held")[0]
        await answer(stopped, last, "DOB: 31 March 2015")
        (form,) = await stopped.wait_for(FormReceived)
        assert form.case_id == last.case_id
    finally:
        await asyncio.to_thread(other.stop)


async def test_a_draft_that_is_completed_is_not_chased(stopped: Intake) -> None:
    stopped.environment["CONCORD_CHASE_AFTER"] = "[3600, 7200, 10800]"
    await stopped.start()
    await stopped.publish(published())
    await stopped.send(mail(FORM.replace("31/03/2015", "")))
    (asked,) = await stopped.wait_for(SendNotice)
    assert stopped.rows("SELECT next_chase_at > now() FROM submissions") == [(True,)]
    await answer(stopped, asked, "31 March 2015")
    await stopped.wait_for(FormReceived)
    assert stopped.rows("SELECT next_chase_at FROM submissions") == [(None,)]


@pytest.mark.parametrize("what", ["address", "case"])
async def test_what_is_beyond_a_cap_is_read_later_in_its_order_and_said_once(stopped: Intake, what: str) -> None:
    names = {"address": "CONCORD_MOST_FROM_ONE_ADDRESS", "case": "CONCORD_MOST_ABOUT_ONE_CASE"}
    stopped.environment[names[what]] = "3"
    await stopped.start()
    await stopped.publish(published())
    if what == "address":
        texts = [FORM.replace("Robin Example", f"Robin Example{number}") for number in range(6)]
        for text in texts:
            await stopped.send(mail(text))
    else:
        _, notice = await sent_form(stopped)
        texts = [f"DOB: {number} March 2015" for number in range(1, 7)]
        for text in texts:
            await answer(stopped, notice, text)
    kind = FormReceived if what == "address" else FormCorrected
    await stopped.wait_for(kind, 3)
    waiting = "SELECT id FROM raw_messages WHERE read_at IS NULL AND deferred_at IS NOT NULL"
    await until(lambda: len(stopped.rows(waiting)) == 3, stopped.process)
    (held,) = await stopped.wait_for(ItemHeld)
    assert held.reason is HeldReason.TOO_MANY
    assert [notice.facts["why"] for notice in to(stopped, RAISER, "item_held")] == ["deferred"]
    assert len(to(stopped, INBOX, "told")) == 1
    await stopped.send(mail(FORM.replace("danger? No", "danger? Yes")))  # danger never waits
    await until(lambda: any(message.immediate_danger for message in stopped.of(FormReceived)), stopped.process)
    assert len(stopped.rows(waiting)) == 3
    stopped.rows("UPDATE raw_messages SET read_at = read_at - interval '2 days' WHERE read_at IS NOT NULL RETURNING id")
    stopped.rows("UPDATE raw_messages SET next_at = now() WHERE read_at IS NULL RETURNING id")
    await stopped.wait_for(kind, 7 if what == "address" else 6)
    read = stopped.rows("SELECT id FROM raw_messages WHERE deferred_at IS NOT NULL ORDER BY read_at")
    assert read == stopped.rows("SELECT id FROM raw_messages WHERE deferred_at IS NOT NULL ORDER BY id")
    await stopped.settled()
    assert len(stopped.of(ItemHeld)) == 1


async def test_a_correction_with_words_of_danger_beside_it_is_taken_and_read_by_a_person(intake: Intake) -> None:
    form, first = await sent_form(intake)
    await answer(intake, first, "His uncle has a knife and is at the house.\n\nDOB: 31/03/2014")
    (corrected,) = await intake.wait_for(FormCorrected)
    (held,) = await intake.wait_for(ItemHeld)
    assert (corrected.changed, held.case_id) == (("DOB",), form.case_id)
    await intake.wait_for(SendNotice, 4)
    assert [notice.urgent for notice in to(intake, INBOX, "told")] == [True]
    assert [notice.facts["danger"] for notice in to(intake, RAISER, "item_held")] == ["words"]


async def test_a_form_is_corrected_in_a_sentence(intake: Intake) -> None:
    form, first = await sent_form(intake)
    await answer(
        intake,
        first,
        "Hi,\nthe date should be 4 December not 7. The social worker is wrong, it should be Dana Whitfield.\nAsha",
    )
    (corrected,) = await intake.wait_for(FormCorrected)
    now_says = intake.sealer.open(form.case_id, corrected.form, FormContent)
    assert (now_says.date_raised, now_says.social_worker) == ("4 December 2026", "Dana Whitfield")
    await intake.settled()
    assert not intake.of(ItemHeld)


async def test_thanks_for_the_read_back_ask_for_nothing_and_anything_more_is_held(intake: Intake) -> None:
    _, first = await sent_form(intake)
    await answer(intake, first, "Thank you, that is all correct.\n\nKind regards\nAsha")
    await answer(intake, first, "I confirm that this is correct.")
    await answer(intake, first, "Thank you. I am not sure about the date.")
    (held,) = await intake.wait_for(ItemHeld)
    assert held.detail == "We could not tell what to change in your form."
    await intake.settled()
    (told,) = to(intake, RAISER, "item_held")
    assert "with each right answer on a line of its own" in str(told.facts["advice"])
    assert len(intake.of(ItemHeld)) == 1
    assert intake.rows("SELECT outcome FROM raw_messages ORDER BY id")[1:3] == [("thanks",), ("thanks",)]
    assert not intake.of(ReplyReceived)


async def test_the_same_form_again_is_said_to_be_that(intake: Intake) -> None:
    await sent_form(intake)
    await intake.send(mail(FORM))
    await intake.wait_for(SendNotice, 2)
    assert [notice.facts["again"] for notice in to(intake, RAISER, "form_received")] == [False, True]


async def test_whoever_cannot_choose_gets_a_person_to_help(intake: Intake) -> None:
    await intake.send(mail(FORM.replace("No further action", "").replace("31/03/2015", "")))
    (asked,) = await intake.wait_for(SendNotice)
    await answer(intake, asked, "DOB: I don't know\nArea of disagreement: not sure which")
    (held,) = await intake.wait_for(ItemHeld)
    assert (held.reason, held.case_id) == (HeldReason.UNCLEAR_REPLY, asked.case_id)
    await intake.wait_for(SendNotice, 4)
    assert len(to(intake, INBOX, "told")) == 1
    again = to(intake, RAISER, "form_incomplete")[1]
    assert (again.facts["missing"], again.facts["unclear"]) == ([], ["Area of disagreement"])


async def test_a_colleagues_answer_waits_and_gives_the_colleague_no_part_in_the_case(intake: Intake) -> None:
    colleague = "morgan.ellis@school.demo.example"
    await intake.send(mail(FORM.replace("31/03/2015", "")))
    (asked,) = await intake.wait_for(SendNotice)
    await answer(intake, asked, "DOB: 31 March 2015", sender=colleague)
    (held,) = await intake.wait_for(ItemHeld)
    assert (held.reason, held.case_id) == (HeldReason.UNTRUSTED_REPLY, asked.case_id)
    await intake.wait_for(SendNotice, 3)
    (told,) = to(intake, colleague, "item_held")
    assert told.case_id == held.item_id  # an answer to it is about what is held, and no answer in the case
    assert len(to(intake, INBOX, "told")) == 1
    assert not intake.of(FormReceived)


async def test_the_board_is_told_of_strangers_mail_once_a_day_and_of_danger_in_it_each_time(intake: Intake) -> None:
    for number in range(3):
        await intake.send(mail(f"{number} {FORM}", sender=f"gp{number}@surgery.example"))
    await intake.wait_for(ItemHeld, 3)
    for number in range(2):
        text = FORM.replace("bruises", "a broken arm")
        await intake.send(mail(text, sender=f"nurse{number}@surgery.example"))
    await intake.wait_for(ItemHeld, 5)
    await intake.settled()
    told = to(intake, INBOX, "told")
    assert [notice.urgent for notice in told] == [False, True, True]
    assert len(intake.of(SendNotice)) == len(told)
