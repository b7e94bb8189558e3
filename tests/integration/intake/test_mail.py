"""Intake as a process: what is mailed is kept before it is answered, and has its effect once."""

import asyncio
import hashlib
import smtplib
from datetime import date, timedelta

import pytest

from services.contracts.content import FormContent, OutcomeContent, ReplyContent
from services.contracts.intake import DeliveryReported, FormReceived, ItemHeld, Pursued, ReplyReceived
from services.contracts.notifier import SendNotice
from services.contracts.outline import Redirect
from services.contracts.reply_address import make
from services.contracts.vocabulary import DeliveryKind, HeldReason, ReplyAct, Side
from services.intake.domain import plain_day
from services.intake.moments import spoken
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
)

INBOX = published().inbox


def token(notice_id: str, side: Side, address: str) -> str:
    return make(TOKEN_KEY.encode(), notice_id, side, address)


async def test_a_mailed_form_becomes_a_case_and_is_read_back(intake: Intake) -> None:
    raw = mail(FORM)
    await intake.send(raw)
    (form,) = await intake.wait_for(FormReceived)
    (notice,) = await intake.wait_for(SendNotice)
    assert (form.board, form.case_stage, form.area, form.immediate_danger) == (
        "demonstration",
        "contact_or_referral",
        "nfa",
        False,
    )
    assert (form.raised_by.name, form.raised_by.address) == ("Asha Rees, head teacher", RAISER)
    assert (form.other_agency, form.other_worker, form.channel) == ("Demonstration Social Care", "Sam Oduya", "mail")
    assert await intake.store.get(form.source) == raw
    content = intake.sealer.open(form.case_id, form.form, FormContent)
    assert content.child_name == "Robin Example"
    assert content.summary.startswith("Robin came to school with bruises twice.")
    assert (notice.kind, notice.notice_id, notice.case_id) == ("form_received", f"{form.case_id}.i1", form.case_id)
    assert notice.facts["area"] == "No further action"
    assert notice.to.full_content is False
    assert intake.sealer.open(form.case_id, notice.sealed["form"], FormContent) == content
    assert "Robin" not in form.model_dump_json() + notice.model_dump_json()


async def test_the_bytes_are_kept_before_the_answer_while_the_broker_is_away(stopped: Intake) -> None:
    there, stopped.environment["CONCORD_AMQP_URL"] = stopped.environment["CONCORD_AMQP_URL"], "amqp://guest:guest@127.0.0.1:1/"
    await stopped.start(broker=False)
    assert stopped.checks() == {"database": "ok", "broker": "BusError", "mail": "ok", "readers": "ok"}
    raw = mail(FORM)
    answer = await stopped.send(raw)
    sha256 = hashlib.sha256(raw).hexdigest()
    assert sha256[:12] in answer
    assert await stopped.store.get(sha256) == raw
    assert stopped.rows("SELECT sha256, recipients FROM raw_messages") == [(sha256, [BOARD])]
    assert stopped.process is not None
    stopped.process.kill()  # nothing of what was answered 250 may depend on a clean end
    await asyncio.to_thread(stopped.process.wait)
    stopped.environment["CONCORD_AMQP_URL"] = there
    await stopped.start()
    await stopped.publish(published())
    (form,) = await stopped.wait_for(FormReceived)
    assert form.source == sha256


async def test_mail_that_cannot_be_kept_is_for_later(intake: Intake) -> None:
    with intake.without_a_store(), pytest.raises(smtplib.SMTPResponseException) as refused:
        await intake.send(mail(FORM))
    assert refused.value.smtp_code == 451
    await intake.send(mail(FORM))
    await intake.wait_for(FormReceived)


@pytest.mark.parametrize("to", ["demonstration@elsewhere.example", "demonstration"])
async def test_mail_for_another_domain_is_refused(intake: Intake, to: str) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        await intake.send(mail(FORM), to=to)
    assert refused.value.smtp_code == 550


async def test_mail_that_is_too_large_is_refused(intake: Intake) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        await intake.send(mail("x" * 70 + "\n") + b"y" * 70 * 4000)
    assert refused.value.smtp_code in (500, 552)


async def test_the_same_bytes_twice_have_one_effect(intake: Intake) -> None:
    raw = mail(FORM)
    assert await intake.send(raw) == await intake.send(raw)
    await intake.wait_for(FormReceived)
    await intake.settled()
    assert len(intake.of(FormReceived)) == len(intake.of(SendNotice)) == 1
    assert intake.rows("SELECT count(*) FROM raw_messages") == [(1,)]


async def test_the_same_form_in_a_new_mail_gets_the_same_reference_again(intake: Intake) -> None:
    await intake.send(mail(FORM))
    await intake.wait_for(SendNotice)
    await intake.send(mail(FORM.replace("\n\n", "\n \n") + "\n-- \nAsha"))
    first, second = await intake.wait_for(SendNotice, 2)
    await intake.settled()
    (form,) = intake.of(FormReceived)
    assert (first.case_id, second.case_id) == (form.case_id, form.case_id)
    assert (first.notice_id, second.notice_id) == (f"{form.case_id}.i1", f"{form.case_id}.i2")
    assert second.kind == "form_received"


async def test_the_same_answers_from_somebody_else_are_another_case(intake: Intake) -> None:
    await intake.send(mail(FORM))
    await intake.send(mail(FORM, sender="jo@school.demo.example"))
    forms = await intake.wait_for(FormReceived, 2)
    assert len({form.case_id for form in forms}) == 2


async def test_missing_parts_are_asked_for_in_one_mail_and_completed_by_a_reply(intake: Intake) -> None:
    partly = FORM.replace("31/03/2015", "").replace("Contact or referral", "").replace("No further action", "Case closure")
    await intake.send(mail(partly))
    (asked,) = await intake.wait_for(SendNotice)
    assert asked.kind == "form_incomplete"
    assert asked.facts["missing"] == ["DOB"]
    assert asked.facts["choices"] == [
        {"label": "Stage of the case", "options": ["2. Section 17: Initial Assessment", "3. Section 17: Core Assessment"]}
    ]
    await intake.settled()
    assert not intake.of(FormReceived)
    reply = token(asked.notice_id, Side.RAISING, RAISER)
    answer = mail(
        "Hello\n\nDOB: 31 March 2015\nStage of the case: 3\n\nAsha\n\nOn 7 Dec 2026, Concord wrote:\n> DOB: your answer\n",
        to=f"{reply}@{MAIL_DOMAIN}",
    )
    await intake.send(answer, to=f"{reply}@{MAIL_DOMAIN}")
    (form,) = await intake.wait_for(FormReceived)
    assert (form.case_id, form.case_stage, form.area) == (asked.case_id, "core_assessment", "case_closure")
    assert intake.sealer.open(form.case_id, form.form, FormContent).child_dob == "31 March 2015"
    _, confirmed = await intake.wait_for(SendNotice, 2)
    assert (confirmed.kind, confirmed.notice_id) == ("form_received", f"{form.case_id}.i2")


async def test_a_draft_is_completed_by_the_whole_form_in_a_new_mail(intake: Intake) -> None:
    await intake.send(mail(FORM.replace("31/03/2015", "")))
    (asked,) = await intake.wait_for(SendNotice)
    await intake.send(mail(FORM))
    (form,) = await intake.wait_for(FormReceived)
    assert form.case_id == asked.case_id
    await intake.settled()
    assert intake.rows("SELECT count(*) FROM submissions") == [(1,)]


async def test_one_thing_asked_may_be_answered_without_its_label(intake: Intake) -> None:
    await intake.send(mail(FORM.replace("31/03/2015", "")))
    (asked,) = await intake.wait_for(SendNotice)
    reply = f"{token(asked.notice_id, Side.RAISING, RAISER)}@{MAIL_DOMAIN}"
    await intake.send(mail("Hi,\n31 March 2015\n\nThanks\nAsha", to=reply), to=reply)
    (form,) = await intake.wait_for(FormReceived)
    assert intake.sealer.open(form.case_id, form.form, FormContent).child_dob == "31 March 2015"


async def test_what_may_make_a_case_more_urgent_travels_in_clear_and_is_read_back(intake: Intake) -> None:
    """A-01, OXF-04, OXF-05, OXF-28, BED-14."""
    day = plain_day(now() + timedelta(days=30))
    also = (
        f"Other agencies: Police; Housing\nDate of the decision: yesterday\nThe child needs to be safe by: {day} at 4pm\n"
        "Possible injury to a baby or young child: yes\nPossible cause: thresholds\n"
    )
    await intake.send(mail(FORM + also))
    (form,) = await intake.wait_for(FormReceived)
    assert (form.further_agencies, form.injury_to_infant) == (("Police", "Housing"), True)
    assert form.decided_at is not None
    assert timedelta(0) < form.received_at - form.decided_at < timedelta(hours=49)
    assert form.needed_by is not None
    (notice,) = await intake.wait_for(SendNotice)
    understood = notice.facts["understood"]
    assert {"label": "The child needs to be safe by", "answer": spoken(form.needed_by)} in understood  # type: ignore[operator] # JSON
    assert day in spoken(form.needed_by)
    assert intake.sealer.open(form.case_id, form.form, FormContent).possible_cause == "thresholds"


async def test_a_time_that_cannot_be_read_is_asked_for_and_may_be_taken_back(intake: Intake) -> None:
    await intake.send(mail(FORM + "The child needs to be safe by: soon\n"))
    (asked,) = await intake.wait_for(SendNotice)
    assert (asked.kind, asked.facts["missing"]) == ("form_incomplete", [])
    assert asked.facts["choices"] == [
        {
            "label": "The child needs to be safe by",
            "options": ["a date and a time, for example 11 December 2026 at 16:00", "none"],
        }
    ]
    reply = f"{token(asked.notice_id, Side.RAISING, RAISER)}@{MAIL_DOMAIN}"
    await intake.send(mail("The child needs to be safe by: N/A", to=reply), to=reply)
    (form,) = await intake.wait_for(FormReceived)
    assert (form.case_id, form.needed_by) == (asked.case_id, None)


async def test_what_is_no_disagreement_here_comes_with_its_area(intake: Intake) -> None:
    """BIR-05, BIR-06."""
    name = "Part of an agreed plan has not been carried out"
    failure = Redirect(
        area="failure_of_action", name=name, case_stages=("core_assessment",), instead=("the core group",), paragraph="1.2"
    )
    await intake.publish(published(redirects=(failure,)))
    await intake.heard_the_board()
    await intake.send(mail(FORM.replace("Contact or referral", "").replace("No further action", name)))
    (form,) = await intake.wait_for(FormReceived)
    assert (form.case_stage, form.area) == ("core_assessment", "failure_of_action")
    (notice,) = await intake.wait_for(SendNotice)
    assert (notice.facts["case_stage"], notice.facts["area"]) == ("Section 17: Core Assessment", name)


async def test_blank_from_and_date_are_known_from_the_mail_and_said_so(intake: Intake) -> None:
    await intake.send(mail(FORM.replace("Asha Rees, head teacher", "").replace("Date: 7 December 2026", "Date:")))
    (form,) = await intake.wait_for(FormReceived)
    content = intake.sealer.open(form.case_id, form.form, FormContent)
    assert form.raised_by.name == "Asha Rees"
    assert content.from_practitioner == "Asha Rees (the name on your mail)"
    assert content.date_raised.endswith("(the day we received it)")


async def test_a_reply_counts_by_the_token_in_its_address(intake: Intake) -> None:
    reply = f"{token('DEMO-7K3QX9FA.3', Side.OTHER, OTHER)}@{MAIL_DOMAIN}"
    raw = mail("OUTCOME\nWe will hold a strategy meeting.\n", sender=OTHER, to=reply)
    await intake.send(raw, to=reply)
    (received,) = await intake.wait_for(ReplyReceived)
    assert (received.case_id, received.notice_id, received.side) == ("DEMO-7K3QX9FA", "DEMO-7K3QX9FA.3", Side.OTHER)
    assert received.act is ReplyAct.OUTCOME_PROPOSED
    content = intake.sealer.open(received.case_id, received.content, OutcomeContent)
    assert content.agreed == "We will hold a strategy meeting."
    assert "strategy" not in received.model_dump_json()


async def test_what_an_outcome_says_of_who_does_what_travels_without_what_it_is_about(intake: Intake) -> None:
    """BIR-10, BED-19: and nobody's name that is also the child's."""
    await intake.send(mail(FORM))
    (form,) = await intake.wait_for(FormReceived)
    reply = f"{token(f'{form.case_id}.3', Side.OTHER, OTHER)}@{MAIL_DOMAIN}"
    text = (
        "OUTCOME\nAgreed: a visit\nRisk: none\nActions:\n- Visit the home - Sam Oduya - 1 March 2027\n"
        "- Tell the mother - Robin’s school - soon\n"
    )
    await intake.send(mail(text, sender=OTHER, to=reply), to=reply)
    (received,) = await intake.wait_for(ReplyReceived)
    assert received.parts == ("agreed", "risk", "actions")
    assert received.pursued == (
        Pursued(kind="action", owner="Sam Oduya", by=date(2027, 3, 1)),
        Pursued(kind="action", owner=""),
    )
    content = intake.sealer.open(received.case_id, received.content, OutcomeContent)
    assert [action.owner for action in content.actions] == ["Sam Oduya", "Robin’s school"]
    assert "Robin" not in received.model_dump_json()


async def test_the_time_the_number_and_the_name_in_a_reply_travel_with_it(intake: Intake) -> None:
    reply = f"{token('DEMO-7K3QX9FA.3', Side.OTHER, OTHER)}@{MAIL_DOMAIN}"
    day = plain_day(now() + timedelta(days=60))
    for text in (f"TIME {day} at 4pm", "DONE 2", "WRONG PERSON it is Jo Bloggs"):
        await intake.send(mail(text, sender=OTHER, to=reply), to=reply)
    replies = {reply.act: reply for reply in await intake.wait_for(ReplyReceived, 3)}
    moment = replies[ReplyAct.TIME_PROPOSED].moment
    assert moment is not None
    assert spoken(moment).endswith(f"{day} at 16:00")
    assert replies[ReplyAct.DONE].number == 2
    assert replies[ReplyAct.WRONG_PERSON].named == "Jo Bloggs"


async def test_a_reply_counts_by_the_message_it_answers(intake: Intake) -> None:
    reply = f"<{token('DEMO-7K3QX9FA.3', Side.OTHER, OTHER)}@{MAIL_DOMAIN}>"
    await intake.send(mail("RESPONSE: we visited on Friday.", sender=OTHER, In_Reply_To=reply))
    (received,) = await intake.wait_for(ReplyReceived)
    assert received.act is ReplyAct.RESPONSE
    assert intake.sealer.open(received.case_id, received.content, ReplyContent).text == "we visited on Friday."


async def test_the_same_reply_handed_over_for_two_addresses_is_one_message(intake: Intake) -> None:
    reply = f"{token('DEMO-7K3QX9FA.3', Side.OTHER, OTHER)}@{MAIL_DOMAIN}"
    raw = mail("CONFIRM", sender=OTHER, to=f"{reply}, {BOARD}")
    await intake.send(raw, to=reply)
    await intake.send(raw, to=BOARD)
    await intake.wait_for(ReplyReceived)
    await intake.settled()
    assert len({message.message_id for message in intake.of(ReplyReceived)}) == 1


async def test_a_reply_from_another_address_is_held(intake: Intake) -> None:
    reply = f"{token('DEMO-7K3QX9FA.3', Side.OTHER, OTHER)}@{MAIL_DOMAIN}"
    await intake.send(mail("CONFIRM", sender="mallory@social-care.demo.example", to=reply), to=reply)
    (held,) = await intake.wait_for(ItemHeld)
    assert held.reason is HeldReason.UNTRUSTED_REPLY
    await intake.settled()
    assert not intake.of(ReplyReceived)
    assert {notice.to.address for notice in intake.of(SendNotice)} == {INBOX}


async def test_an_unclear_reply_is_held_and_its_sender_told_how_to_answer(intake: Intake) -> None:
    await intake.send(mail(FORM))
    (form,) = await intake.wait_for(FormReceived)
    reply = f"{token(f'{form.case_id}.4', Side.OTHER, OTHER)}@{MAIL_DOMAIN}"
    await intake.send(mail("We are mostly fine with this.", sender=OTHER, to=reply), to=reply)
    (held,) = await intake.wait_for(ItemHeld)
    assert (held.reason, held.case_id, held.board) == (HeldReason.UNCLEAR_REPLY, form.case_id, "demonstration")
    _, told, board = await intake.wait_for(SendNotice, 3)
    assert (told.kind, told.to.address, told.to.side, told.case_id) == ("item_held", OTHER, Side.OTHER, form.case_id)
    assert "RESPONSE, OUTCOME, NOT RESOLVED, CONFIRM or DISPUTE" in str(told.facts["advice"])
    assert (board.kind, board.to.address, board.to.side, board.case_id) == (
        "told",
        "inbox@board.demo.example",
        Side.BOARD,
        form.case_id,
    )
    assert board.facts["headline"] == "A reply needs a person"
    assert held.item_id in str(board.facts["lines"])


async def test_a_bounce_is_reported_to_the_case_and_never_answered(intake: Intake) -> None:
    ours = token("DEMO-7K3QX9FA.3", Side.OTHER, OTHER)
    bounce = (
        "From: Mail Delivery System <mailer-daemon@mx.demo.example>\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.demo.example\r\n\r\n"
        f"Final-Recipient: rfc822; {OTHER}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{ours}@{MAIL_DOMAIN}>\r\nSubject: a notice\r\n\r\nhello\r\n\r\n--b--\r\n"
    )
    await intake.send(bounce.encode(), to=BOARD, sender="")
    (report,) = await intake.wait_for(DeliveryReported)
    assert (report.case_id, report.notice_id, report.side) == ("DEMO-7K3QX9FA", "DEMO-7K3QX9FA.3", Side.OTHER)
    assert (report.kind, report.detail) == (DeliveryKind.BOUNCE, "5.1.1")
    await intake.settled()
    assert not intake.of(SendNotice)
    assert not intake.of(ItemHeld)


async def test_a_bounce_of_a_notice_nobody_sent_is_held(intake: Intake) -> None:
    forged = f"demo-7k3qx9fa.3.o.{'a' * 16}@{MAIL_DOMAIN}"
    await intake.send(
        mail(f"It failed for {OTHER}: <{forged}>", sender="MAILER-DAEMON@x.example", Auto_Submitted="auto-replied")
    )
    (held,) = await intake.wait_for(ItemHeld)
    assert held.reason is HeldReason.AUTOMATIC


async def test_an_absence_is_reported_to_the_case(intake: Intake) -> None:
    ours = f"{token('DEMO-7K3QX9FA.3', Side.OTHER, OTHER)}@{MAIL_DOMAIN}"
    raw = mail("I am on annual leave until Monday.", sender=OTHER, to=ours, Auto_Submitted="auto-replied")
    await intake.send(raw, to=ours)
    (report,) = await intake.wait_for(DeliveryReported)
    assert report.kind is DeliveryKind.ABSENCE


async def test_a_mail_without_an_envelope_sender_is_a_machines(intake: Intake) -> None:
    await intake.send(mail("It could not be delivered."), sender="")
    (held,) = await intake.wait_for(ItemHeld)
    assert held.reason is HeldReason.AUTOMATIC
    await intake.settled()
    assert not intake.of(SendNotice)


async def test_a_bounce_about_a_held_item_is_held_and_is_no_case(intake: Intake) -> None:
    ours = f"{token('HELD-7K3QX9FA.i1', Side.RAISING, RAISER)}@{MAIL_DOMAIN}"
    await intake.send(mail(f"<{RAISER}>: no such user", to=ours, sender="MAILER-DAEMON@x.example"), to=ours, sender="")
    (held,) = await intake.wait_for(ItemHeld)
    assert held.reason is HeldReason.AUTOMATIC
    await intake.settled()
    assert not intake.of(DeliveryReported)


async def test_what_is_not_a_form_is_held_and_its_sender_told(intake: Intake) -> None:
    await intake.send(mail("Could somebody call me about a child?"))
    (held,) = await intake.wait_for(ItemHeld)
    assert (held.reason, held.board, held.from_address) == (HeldReason.NOT_A_FORM, "demonstration", RAISER)
    told, board = await intake.wait_for(SendNotice, 2)
    assert board.to.address == INBOX
    assert (told.kind, told.case_id, told.notice_id) == ("item_held", held.item_id, f"{held.item_id}.i1")
    assert "http://intake.demo.example/boards/demonstration/form" in str(told.facts["advice"])
    reply = f"{token(told.notice_id, Side.RAISING, RAISER)}@{MAIL_DOMAIN}"
    await intake.send(mail(FORM, to=reply), to=reply)
    (form,) = await intake.wait_for(FormReceived)
    assert form.case_id.startswith("DEMO-")


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        ("asha@stranger.example", HeldReason.UNKNOWN_SENDER),
        (f"{RAISER}, jo@school.demo.example", HeldReason.UNCLEAR_SENDER),
    ],
)
async def test_a_form_from_nobody_known_is_held_and_not_answered(intake: Intake, sender: str, reason: HeldReason) -> None:
    await intake.send(mail(FORM, sender=sender))
    (held,) = await intake.wait_for(ItemHeld)
    assert held.reason is reason
    await intake.settled()
    assert not intake.of(FormReceived)
    assert {notice.to.address for notice in intake.of(SendNotice)} == {INBOX}


async def test_mail_for_a_board_nobody_knows_is_held_in_the_end(intake: Intake) -> None:
    await intake.send(mail(FORM), to=f"nowhere@{MAIL_DOMAIN}")
    (held,) = await intake.wait_for(ItemHeld)
    assert (held.reason, held.board) == (HeldReason.UNKNOWN_BOARD, None)


async def test_mail_waits_for_its_board_to_be_published(stopped: Intake) -> None:
    await stopped.start()
    await stopped.send(mail(FORM))
    assert stopped.rows("SELECT read_at FROM raw_messages") == [(None,)]
    await stopped.publish(published())
    await stopped.wait_for(FormReceived)
    assert not stopped.of(ItemHeld)
