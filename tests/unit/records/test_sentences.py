"""A case's history in plain sentences."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from services.contracts.catalogue import SPEAKERS
from services.contracts.intake import ReplyReceived
from services.contracts.notifier import NoticeFailed, SendNotice
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import DeliveryKind, HeldReason, Person, ReplyAct, Side
from services.kit.web import words
from services.records import domain, sentences
from services.records.board.view import REASONS, timeline
from services.records.sentences import tell, who
from tests.contracts.samples import SAMPLES
from tests.unit.records.story import CASE, FORM, MANAGER, RAISER, Story

SILENT = {"notifier.send_notice", "escalator.board_published"}


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
    assert (line.sealed is not None) == (act == ReplyAct.NOT_RESOLVED)


@pytest.mark.parametrize("kind", list(DeliveryKind))
def test_only_a_bounce_needs_a_person(kind: DeliveryKind) -> None:
    report = next(sample for sample in SAMPLES if sample.topic == "intake.delivery_reported")
    line = tell(report.model_copy(update={"kind": kind}), words.moment)
    assert line is not None
    assert (line.weight == "trouble") == (kind == DeliveryKind.BOUNCE)


def test_every_failure_and_every_reason_to_hold_is_worded() -> None:
    outcomes = NoticeFailed.model_fields["outcome"].annotation.__args__  # type: ignore[union-attr] # a Literal
    assert set(sentences.FAILURES) == set(outcomes)
    assert set(REASONS) == {reason.value for reason in HeldReason}


def test_a_notice_of_a_kind_nobody_worded_is_still_named() -> None:
    assert sentences.notice("something_new") == "something new"
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
    lines = [line for message in sentences.introduced(messages) if (line := tell(message, words.moment))]
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
