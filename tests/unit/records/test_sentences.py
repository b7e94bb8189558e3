"""A case's history in plain sentences."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from services.contracts.catalogue import SPEAKERS
from services.contracts.escalator import StepReached
from services.contracts.intake import ReplyReceived
from services.contracts.notifier import NoticeFailed, SendNotice
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import DeliveryKind, Ending, HeldReason, Person, ReplyAct, Side, StaffAct
from services.kit.web import words
from services.records import domain, sentences, wording
from services.records.board.timeline import timeline
from services.records.board.view import REASONS
from services.records.naming import introduced
from services.records.sentences import ONLY_HERE, tell
from services.records.wording import who
from tests.contracts.samples import SAMPLES
from tests.unit.records.further import HEAD_OF_SERVICE, Further
from tests.unit.records.story import CASE, FORM, MANAGER, RAISER, STAFF, Story

SILENT = {
    "notifier.send_notice",
    "escalator.board_published",
    "escalator.contacts_published",
    "records.contacts_changed",
}


def test_there_is_a_sample_of_every_message() -> None:
    assert {type(sample) for sample in SAMPLES} == set(SPEAKERS)


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.topic)
def test_every_message_is_told_in_a_sentence_or_told_by_another(message: object) -> None:
    line = tell(message, words.moment)  # type: ignore[arg-type] # a sample
    if message.topic in SILENT:  # type: ignore[attr-defined] # a sample
        assert line is None
        return
    assert line is not None
    assert line.text[0].isupper()
    assert line.text.endswith(".")
    for key in ("_", "None", "Side.", "{", "outcome_disputed", "deadline_missed"):
        assert key not in line.text


def test_a_whole_case_reads_as_a_story_and_gives_nothing_sealed_away() -> None:
    sealer = Sealer([Fernet.generate_key().decode()])
    lines = [line for message in Story(sealer).whole() if (line := tell(message, words.moment))]
    assert [line.text for line in lines] == [
        "Asha Rees (Head teacher, Demo Lower School) sent the Escalation Form by email.",
        "The case was opened: Contact or referral: no further action.",
        "Step 1 of 3 began: Discuss with the Duty Social Worker, who must give the reasons for the decision. "
        "To be resolved by 4:05pm on Saturday 5 December 2026.",
        "Asha Rees (Head teacher, Demo Lower School) gave reasons in writing for the side that raised it.",
        "Time for step 1 ran out at 6:05pm on Friday 4 December 2026 without an agreed outcome.",
        "Step 2 of 3 began because time ran out at the step before: Discuss with the Deputy Team Manager or Team Manager. "
        "To be resolved by 7:05pm on Saturday 5 December 2026.",
        "Maria Kowalska (Team manager, Demo Social Care) gave reasons in writing for the other side.",
        "Maria Kowalska (Team manager, Demo Social Care) put outcome 1 in writing for the other side.",
        "Maria Kowalska (Team manager, Demo Social Care) confirmed outcome 1 for the other side.",
        "Asha Rees (Head teacher, Demo Lower School) confirmed outcome 1 for the side that raised it.",
        "Both sides confirmed outcome 1 in writing, and the case closed.",
    ]
    assert FORM.child_name not in " ".join(line.text for line in lines)


def test_a_demonstration_says_seconds() -> None:
    line = tell(Story(Sealer([Fernet.generate_key().decode()])).until(3)[2], words.instant)
    assert line is not None
    assert "4:05:00pm on Saturday 5 December 2026" in line.text


@pytest.mark.parametrize("act", list(ReplyAct))
def test_every_act_is_worded(act: ReplyAct) -> None:
    reply = next(sample for sample in SAMPLES if isinstance(sample, ReplyReceived))
    line = tell(reply.model_copy(update={"act": act}), words.moment)
    assert line is not None
    assert (line.sealed is not None) == (act in ONLY_HERE)


@pytest.mark.parametrize("kind", list(DeliveryKind))
def test_only_a_bounce_needs_a_person(kind: DeliveryKind) -> None:
    report = next(sample for sample in SAMPLES if sample.topic == "intake.delivery_reported")
    line = tell(report.model_copy(update={"kind": kind}), words.moment)
    assert line is not None
    assert (line.weight == "trouble") == (kind == DeliveryKind.BOUNCE)


def test_every_failure_and_every_reason_to_hold_is_worded() -> None:
    outcomes = NoticeFailed.model_fields["outcome"].annotation.__args__  # type: ignore[union-attr] # a Literal
    assert set(wording.FAILURES) == set(outcomes)
    assert set(REASONS) == {reason.value for reason in HeldReason}


def test_a_notice_of_a_kind_nobody_worded_is_still_named() -> None:
    assert wording.notice("something_new") == "something new"
    assert SendNotice.topic in SILENT


@pytest.mark.parametrize(
    ("person", "named"),
    [
        (Person(name="A B", address="a@b.example"), "A B"),
        (Person(name="", address="a@b.example"), "a@b.example"),
        (Person(name="A B", address="a@b.example", role="Head"), "A B (Head)"),
        (Person(name="A B", address="a@b.example", agency="School"), "A B (School)"),
    ],
)
def test_people_are_named_with_what_is_known(person: Person, named: str) -> None:
    assert who(person) == named


def test_somebody_known_only_by_address_is_named_as_the_case_knows_them() -> None:
    story = Story(Sealer([Fernet.generate_key().decode()]))
    bare = MANAGER.model_copy(update={"role": "", "agency": "", "address": MANAGER.address.upper()})
    stranger = Person(name="Nobody Known", address="nobody@elsewhere.example")
    messages = [*story.until(6), story.confirmed(Side.OTHER, bare), story.confirmed(Side.RAISING, stranger)]
    lines = [line for message in introduced(messages) if (line := tell(message, words.moment))]
    assert lines[-2].text == "Maria Kowalska (Team manager, Demo Social Care) confirmed outcome 1 for the other side."
    assert lines[-1].text == "Nobody Known confirmed outcome 1 for the side that raised it."


def test_emails_that_go_out_together_are_one_line() -> None:
    story = Story(Sealer([Fernet.generate_key().decode()]))
    together = [story.sent("1"), story.sent("2", to=RAISER), story.sent("3", to=MANAGER), story.sent("4")]
    other = story.sent("5", kind="reminder")
    story.at += timedelta(minutes=5)
    later = story.sent("6")
    assert [line.text for line in sentences.emails([later, *together, other])] == [
        "Emails sent to sam.oduya@care.demo.example, asha.rees@school.demo.example and maria.kowalska@care.demo.example: a step began.",
        "Email sent to sam.oduya@care.demo.example: a reminder.",
        "Email sent to sam.oduya@care.demo.example: a step began.",
    ]


def test_a_timeline_tells_a_reply_once_and_one_nobody_has_acted_on_yet() -> None:
    sealer = Sealer([Fernet.generate_key().decode()])
    story = Story(sealer)
    messages = story.until(3)
    reply = story.not_resolved("Still not.").model_copy(update={"act": ReplyAct.RESPONSE})
    case = domain.read(CASE, messages)
    assert timeline([*messages, reply], sealer, case)[0].line.text.startswith("A reply came in from Asha Rees")
    acted_on = [*messages, reply, story.response(1, Side.RAISING, RAISER, "Still not.")]
    told = timeline(acted_on, sealer, case)
    assert [line.line.text[:40] for line in told if "reply came in" in line.line.text] == []
    assert told[0].written == (("", "Still not."),)


def test_what_else_may_happen_reads_as_a_story() -> None:
    sealer = Sealer([Fernet.generate_key().decode()])
    story = Further(sealer)
    messages = [
        story.stand_in(),
        story.stand_in("board", (STAFF,)),
        story.staff(StaffAct.ASKED, "The deputy is on leave.", person=HEAD_OF_SERVICE, side=Side.OTHER),
        story.bypassed(),
        story.moved(),
        story.decided(),
        story.dissent(),
        story.lapse(),
        story.ended(Ending.IMPOSED, 1),
        story.follow_up(),
        story.act(ReplyAct.DONE, "Follow-up 1 is done: Outstanding issue 1 of the written outcome.", follow_up=1),
        story.learned(),
        story.linked("DEMO-00000001"),
        story.reopened(),
        story.ended(Ending.WITHDRAWN),
    ]
    lines = [line for message in messages if (line := tell(message, words.moment))]
    school, care = "Demo Lower School", "Demo Social Care"
    assert [line.text for line in lines] == [
        f"Maria Kowalska (Team manager, {care}) was asked for the other side, as the deputy, because nobody had answered.",
        "Nobody else on the contact list can be asked for the other side at step 1. Board staff must say who is.",
        "Jo Bright (Business manager, Demo Board) asked for somebody else to be asked: "
        f"Ruth Ellis (Head of service, {care}), for the other side.",
        f"Step 1 was passed over (3.3). Asha Rees (Head teacher, {school}) and Sam Oduya (Duty social worker, {care}) agreed to it in "
        "writing.",
        "The deadline of step 1 is now 11:06pm on Friday 4 December 2026: the two sides agreed it.",
        f"Maria Kowalska (Team manager, {care}) decided, and put outcome 1 in writing (4.3).",
        f"Tom Archer (Safeguarding lead, {school}) dissented from outcome 1 for the side that raised it.",
        "At step 1 something was not done as the protocol says (3.7(b)): The other side gave no reasons in writing.",
        "A decision was made, as the protocol allows, and it stands (outcome 1). The case closed.",
        "There are 2 follow-ups to pursue after the case.",
        f"Asha Rees (Head teacher, {school}) said that a follow-up is done, for the side that raised it.",
        f"Asha Rees (Head teacher, {school}) referred what was learned to Joint Steering Group (7.1).",
        "Jo Bright (Business manager, Demo Board) linked this case with DEMO-00000001: both concern the same matter.",
        f"Asha Rees (Head teacher, {school}) reopened the case. It goes on at step 2.",
        "The disagreement was withdrawn. The case closed.",
    ]
    assert [line.weight for line in lines].count("trouble") == 1


@pytest.mark.parametrize("act", list(StaffAct))
def test_every_act_of_board_staff_is_worded(act: StaffAct) -> None:
    line = tell(Further(Sealer([Fernet.generate_key().decode()])).staff(act, "Because.", number=1), words.moment)
    assert line is not None
    assert line.text.startswith("Jo Bright (Business manager, Demo Board) ")
    assert line.wrote == ("outcome" if act is StaffAct.DECIDED else "reply")


def test_every_reason_for_a_step_and_every_ending_is_worded() -> None:
    assert set(wording.WHY) == set(StepReached.model_fields["why"].annotation.__args__)  # type: ignore[union-attr] # a Literal
    assert set(wording.ENDINGS) == set(Ending)


@pytest.mark.parametrize(
    ("protocol", "version", "named"),
    [
        ("A protocol", "July 2010", "A protocol, version July 2010"),
        ("A protocol, undated", "undated", "A protocol, undated"),
        ("", "July 2010", "version July 2010"),
        ("A protocol", "", "A protocol"),
        ("", "", ""),
    ],
)
def test_a_document_is_named_with_its_version_once(protocol: str, version: str, named: str) -> None:
    assert wording.document(protocol, version) == named
