"""What board staff can say of something held, form by form, without a server."""

from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.fernet import Fernet

from services.contracts.content import FormContent, HeldContent, ReplyContent
from services.contracts.escalator import CaseClosed, StepReached
from services.contracts.intake import ItemHeld
from services.contracts.outline import Redirect
from services.contracts.records import ItemSettled
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import HeldReason, Person, ReplyAct, Side
from services.records.board.held_acts import Settled, Settling, act_called, areas, possible
from services.records.board.held_reply import Chosen, acts_in, answered_notice, choose, people_of, read_reply
from services.records.board.view import REASONS
from services.records.case import Case, State
from services.records.chain import Head
from services.records.gathering import Opener, gather
from services.records.tables import HeldRow, NoticeRow
from tests.unit.records.story import BOARD, CASE, LEAD, PUBLISHED, RAISER, STAFF, START, WORKER, Story

CONTENT = HeldContent(sender_name="Pat Ferris", form=FormContent(child_name="Robin Sample", summary="Hungry."), area="NFA")
OPEN = Case(case_id=CASE, board="demonstration", state=State.OPEN, raised_by=RAISER, raising_side=(LEAD,), other_side=(WORKER,))
SAM = Chosen(Side.OTHER, WORKER, ReplyAct.RESPONSE)


def item(reason: HeldReason = HeldReason.UNKNOWN_SENDER, address: str = "pat@charity.example") -> HeldRow:
    """Something that waits."""
    return HeldRow(
        item_id="HELD-7K3QX9FA",
        reason=reason.value,
        from_address=address,
        received_at=START + timedelta(hours=5),
        settled_at=None,
    )


def settling(held: HeldRow | None = None, content: HeldContent = CONTENT) -> Settling:
    return Settling(held or item(), content, PUBLISHED)


def read(slug: str, about: Settling, **answers: str) -> Settled | dict[str, str]:
    act = act_called(slug)
    assert act is not None
    assert act.read is not None
    return act.read(answers, about)


@pytest.mark.parametrize("reason", list(HeldReason))
@pytest.mark.parametrize("address", ["pat@charity.example", ""])
def test_something_can_be_said_of_every_item_until_something_was(reason: HeldReason, address: str) -> None:
    """Nothing waits for ever, and each reason has its words."""
    assert reason in REASONS
    held = item(reason, address)
    acts = {act.slug for act in possible(held, begun=False)}
    assert acts & {"form", "seen"}
    assert ("answer" in acts) == (bool(address) and reason is not HeldReason.AUTOMATIC), "no machine is answered"
    held.settled_at = START
    assert list(possible(held, begun=False)) == []


def test_what_leads_elsewhere_can_be_chosen_too() -> None:
    """BIR-05."""
    elsewhere = Redirect(
        area="plan", name="The plan was not carried out", case_stages=("contact_referral",), instead=(), paragraph="1.2"
    )
    found = areas(PUBLISHED.model_copy(update={"redirects": (elsewhere,)}))
    assert [key for key, _ in found["Contact or referral"]] == ["contact_referral/nfa", "contact_referral/plan"]


def test_a_form_says_what_was_read_with_what_was_filled_in_and_what_will_be_asked() -> None:
    found = read(
        "form", settling(), name=" Pat  Ferris ", area="contact_referral/nfa", danger="as_said", child_dob="12 May 2019"
    )
    assert isinstance(found, Settled)
    assert found.content == FormContent(child_name="Robin Sample", summary="Hungry.", child_dob="12 May 2019")
    assert found.said["immediate_danger"] is None
    assert found.said["person"] == Person(name="Pat Ferris", address="pat@charity.example")
    rows = dict(found.rows)
    assert rows["What they disagree about"] == "Contact or referral: Social care decided to take no further action"
    asked = rows["Asked of the sender by email, unless the original says it"]
    assert asked == "To (Manager), Social Worker/Practitioner, Agency/Team, Requested Action"
    unchosen = read("form", settling(), danger="no")
    assert isinstance(unchosen, Settled)
    assert dict(unchosen.rows)["What they disagree about"] == "As the form says: NFA"


def test_danger_is_never_passed_over() -> None:
    found = read("form", settling(), name="Pat")
    assert isinstance(found, dict)
    assert list(found) == ["danger"]


def test_who_may_have_replied_is_everybody_the_case_has_written_to() -> None:
    bounced = NoticeRow(notice_id=f"{CASE}.1", name="Ruth", address="ruth@care.demo.example", side="other", queued_at=START)
    board = NoticeRow(notice_id=f"{CASE}.2", name="Board", address="inbox@board.demo.example", side="board", queued_at=START)
    people = people_of(OPEN, [bounced, board])
    assert [(side.value, person.name) for side, person in people.values()] == [
        ("raising", "Asha Rees"),
        ("raising", "Tom Archer"),
        ("other", "Ruth"),
        ("other", "Sam Oduya"),
    ]
    assert people[f"other|{WORKER.address}"] == (Side.OTHER, WORKER), "with the role the case knows"


@pytest.mark.parametrize(
    ("state", "there", "not_there"),
    [
        (State.OPEN, {"response", "not_resolved"}, {"confirmed", "disputed", "dissent", "challenge"}),
        (State.TO_CONFIRM, {"confirmed", "disputed", "not_resolved"}, {"dissent", "challenge"}),
        (State.DECIDED, {"confirmed", "dissent", "challenge", "no_challenge"}, {"not_resolved"}),
    ],
)
def test_only_what_a_reply_can_do_where_the_case_is(state: State, there: set[str], not_there: set[str]) -> None:
    acts = acts_in(OPEN.model_copy(update={"state": state}))
    assert there <= acts.keys()
    assert not (not_there | {"reopened", "learning", "done"}) & acts.keys()
    assert all(text.startswith("They ") for text in acts.values())


def test_whose_reply_it_is_and_what_it_does_must_both_be_said() -> None:
    people, acts = people_of(OPEN, []), acts_in(OPEN)
    assert choose({}, people, acts) == {"who": "Select whose reply it is", "act": "Select what the reply does"}
    assert choose({"who": f"raising|{WORKER.address}", "act": "response"}, people, acts) == {"who": "Select whose reply it is"}
    assert choose({"who": f"other|{WORKER.address}", "act": "response"}, people, acts) == SAM


def test_a_reply_answers_the_last_notice_they_had_when_they_wrote() -> None:
    """What came later they had not read: an outcome that was changed since is not the one they confirmed."""

    def sent(number: str, hours: int, address: str = WORKER.address) -> NoticeRow:
        at = START + timedelta(hours=hours)
        return NoticeRow(notice_id=f"{CASE}.{number}", name="", address=address, side="other", queued_at=at)

    rows = [sent("2", 1), sent("7", 4), sent("9", 6), sent("8", 2, LEAD.address), sent("i1", 3), sent("r1", 3)]
    assert answered_notice(CASE, SAM, rows, START + timedelta(hours=5)) == f"{CASE}.7"
    assert answered_notice(CASE, SAM, rows, START) == f"{CASE}.2", "the first there is"
    assert answered_notice(CASE, SAM, [], START) == f"{CASE}.0"


def test_a_time_is_a_real_one_in_england() -> None:
    day = {"when-day": "11", "when-month": "7", "when-year": "2026", "text": "Let us meet."}
    proposed = Chosen(Side.OTHER, WORKER, ReplyAct.TIME_PROPOSED)
    found = read_reply(day | {"time": "16:00"}, settling(), OPEN, proposed, [])
    assert isinstance(found, Settled)
    assert str(found.said["moment"]) == "2026-07-11 16:00:00+01:00"
    assert dict(found.rows)["When"] == "4pm on Saturday 11 July 2026"
    assert read_reply({"text": "x"}, settling(), OPEN, proposed, []) == {"when": "Enter the day"}
    meeting = Chosen(Side.OTHER, WORKER, ReplyAct.MEETING)
    assert isinstance(read_reply({"text": "At the school."}, settling(), OPEN, meeting, []), Settled), (
        "the day may not be known"
    )


def test_their_words_are_sealed_and_a_name_is_not_lost() -> None:
    wrong = Chosen(Side.OTHER, WORKER, ReplyAct.WRONG_PERSON)
    found = read_reply({"text": "Not me.", "named": "Maria"}, settling(), OPEN, wrong, [])
    assert isinstance(found, Settled)
    assert (found.content, found.said["named"], found.said["case_id"]) == (ReplyContent(text="Not me."), "Maria", CASE)
    assert read_reply({"text": " "}, settling(), OPEN, SAM, []) == {"text": "Write what they said, in their words"}
    long = read_reply({"text": "x" * 20_001}, settling(), OPEN, SAM, [])
    assert isinstance(long, dict)


def test_the_record_of_a_case_says_what_was_unclear_who_released_it_and_as_whose() -> None:
    sealer = Sealer([Fernet.generate_key().decode()])
    messages = Story(sealer).whole()
    began = next(message for message in messages if isinstance(message, StepReached))
    released = ItemSettled(
        message_id=UUID(int=9),
        at=began.at + timedelta(minutes=1),
        item_id="HELD-7K3QX9FA",
        board=BOARD,
        how="reply",
        by=STAFF,
        person=WORKER,
        case_id=CASE,
        side=Side.OTHER,
        act=ReplyAct.RESPONSE,
    )
    number = max(message.number for message in messages if isinstance(message, CaseClosed))
    opened, head = Opener(sealer, CASE), Head(1, "0" * 64)
    unclear = ItemHeld(
        message_id=UUID(int=8),
        at=began.at + timedelta(seconds=30),
        item_id="HELD-7K3QX9FA",
        board=BOARD,
        case_id=CASE,
        reason=HeldReason.UNCLEAR_REPLY,
        detail="It begins with no word we act on.",
        from_address=WORKER.address,
        received_at=began.at + timedelta(seconds=20),
        source="0" * 64,
        content=sealer.seal("HELD-7K3QX9FA", HeldContent(words="We see it differently.")),
    )
    record = gather([*messages, unclear, released], number=number, board=PUBLISHED, opened=opened, head=head, made_at=START)
    assert [happening.words for step in record.steps for happening in step.happened if "no word" in happening.text] == [
        "We see it differently."
    ]
    told = [happening.text for step in record.steps for happening in step.happened]
    assert (
        "Jo Bright (Business manager, Demo Board) of the board’s staff released something held as a reply of "
        "Sam Oduya (Duty social worker, Demo Social Care), who gave reasons." in told
    )
