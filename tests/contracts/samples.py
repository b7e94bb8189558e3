"""One made-up message of every kind, the same every time: the golden files are these as JSON."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.contracts import escalator, intake, notifier, outline, records
from services.contracts.contact_list import ContactLine
from services.contracts.message import Message
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import (
    DeliveryKind,
    FollowUp,
    HeldReason,
    Person,
    Recipient,
    ReplyAct,
    Sector,
    Side,
    StaffAct,
    Writing,
)

AT = datetime(2026, 12, 4, 14, 5, tzinfo=UTC)
ID = UUID("00000000-0000-4000-8000-000000000001")
CASE = "DEMO-7K3QX9FA"
SEALED = Sealed(token="gAAAAA-sealed")
RAISER = Person(name="Asha Rees", address="asha.rees@school.demo.example", role="Head teacher", agency="Demo School")
OTHER = Person(name="Sam Oduya", address="sam.oduya@care.demo.example", role="Team Manager", agency="Demo Social Care")
TO = Recipient(name=OTHER.name, address=OTHER.address, side=Side.OTHER, full_content=True)
STAFF = Person(name="Board staff", address="staff@board.demo.example")
LINE = ContactLine(
    agency="Demo Social Care",
    role="team_manager",
    name=OTHER.name,
    address=OTHER.address,
    team="Intake and Assessment",
    sector=Sector.SOCIAL_CARE,
    rank=5,
    away_from=AT.date(),
)
FACT: Any = {"message_id": ID, "at": AT, "case_id": CASE, "board": "demonstration", "number": 2}

SAMPLES: tuple[Message, ...] = (
    intake.FormReceived(
        message_id=ID,
        at=AT,
        case_id=CASE,
        board="demonstration",
        case_stage="contact_referral",
        area="nfa",
        immediate_danger=False,
        raised_by=RAISER,
        other_agency="Demo Social Care",
        other_worker="Sam Oduya",
        channel="mail",
        received_at=AT,
        source="0" * 64,
        form=SEALED,
    ),
    intake.ReplyReceived(
        message_id=ID,
        at=AT,
        case_id=CASE,
        notice_id=f"{CASE}.3",
        side=Side.OTHER,
        by=OTHER,
        act=ReplyAct.OUTCOME_PROPOSED,
        received_at=AT,
        source="0" * 64,
        content=SEALED,
    ),
    intake.DeliveryReported(
        message_id=ID,
        at=AT,
        case_id=CASE,
        notice_id=f"{CASE}.3",
        side=Side.OTHER,
        kind=DeliveryKind.BOUNCE,
        detail="5.1.1",
        source="0" * 64,
    ),
    intake.ItemHeld(
        message_id=ID,
        at=AT,
        item_id="HELD-7K3QX9FA",
        board="demonstration",
        case_id=None,
        reason=HeldReason.NOT_A_FORM,
        detail="There is no Escalation Form in this mail.",
        from_address=RAISER.address,
        received_at=AT,
        source="0" * 64,
    ),
    escalator.BoardPublished(
        message_id=ID,
        at=AT,
        board="demonstration",
        name="Demonstration board",
        reference_prefix="DEMO",
        inbox="inbox@board.demo.example",
        demonstration="One second stands for one hour.",
        case_stages=(outline.Choice(key="contact_referral", name="Contact or referral"),),
        areas=(outline.AreaChoice(key="nfa", name="No further action", case_stage="contact_referral", ladder="BED-S4"),),
        known_domains=("school.demo.example",),
        staff=(Person(name="Board staff", address="staff@board.demo.example"),),
    ),
    escalator.CaseOpened(
        **FACT,
        ladder="BED-S4",
        ladder_name="Contact or referral: no further action",
        case_stage="contact_referral",
        area="nfa",
        protocol_version="2010-07",
        raised_by=RAISER,
        other_agency="Demo Social Care",
        raised_at=AT,
        immediate_danger=False,
        demonstration="",
    ),
    escalator.CaseRedirected(**FACT, route="The core group", paragraph="1.2"),
    escalator.StepReached(
        **FACT,
        step=1,
        steps=3,
        action="Discuss with the Duty Social Worker",
        other_side=(OTHER,),
        raising_side=(RAISER,),
        writing=Writing.NONE,
        paragraph="section 5",
        why="raised",
        deadline=AT,
        explanation="24 hours from 14:05.",
    ),
    escalator.ResponseRecorded(**FACT, step=1, side=Side.OTHER, by=OTHER, content=SEALED),
    escalator.OutcomeProposed(**FACT, step=1, outcome=1, side=Side.OTHER, by=OTHER, content=SEALED),
    escalator.OutcomeConfirmed(**FACT, outcome=1, side=Side.OTHER, by=OTHER),
    escalator.OutcomeDisputed(**FACT, outcome=1, side=Side.OTHER, by=OTHER, content=SEALED),
    escalator.DeadlineMissed(**FACT, step=1, deadline=AT),
    escalator.LastTierPassed(**FACT, step=3, why="deadline_missed"),
    escalator.ActNotTaken(**FACT, side=Side.OTHER, by=OTHER, act="confirmed", reason="No outcome has been proposed yet."),
    escalator.ContactsPublished(message_id=ID, at=AT, board="demonstration", lines=(LINE,)),
    escalator.ActRecorded(
        **FACT, act=ReplyAct.MEETING, step=2, side=Side.OTHER, by=OTHER, note="A meeting was arranged.", content=SEALED
    ),
    escalator.StandInAsked(**FACT, step=1, side=Side.OTHER, why="no_answer", hop="deputy", people=(OTHER,)),
    escalator.StepBypassed(**FACT, step=2, agreed_by=(RAISER, OTHER), paragraph="3.3"),
    escalator.DecisionMade(
        **FACT, step=1, outcome=1, side=Side.OTHER, by=OTHER, content=SEALED, paragraph="4.3", challenge_by=AT
    ),
    escalator.DissentRecorded(**FACT, outcome=1, side=Side.RAISING, by=RAISER, content=SEALED),
    escalator.DeadlineChanged(**FACT, step=1, deadline=AT, explanation="The two sides agreed it.", why="time_agreed"),
    escalator.RequirementNotMet(**FACT, step=1, what="The other side gave no reasons in writing.", paragraph="3.7(b)"),
    escalator.FollowUpBegun(
        **FACT,
        items=(
            FollowUp(
                number=1, kind="outstanding", text="Outstanding issue 1 of the outcome", owner="Sam Oduya", by=AT.date()
            ),
        ),
    ),
    escalator.LearningReferred(
        **FACT, by=RAISER, to="Joint Steering Group", procedures_followed=True, lapses=(), paragraph="7.1", content=SEALED
    ),
    escalator.CaseReopened(**FACT, by=RAISER, step=3, content=SEALED),
    escalator.CaseLinked(**FACT, by=STAFF, other_case="DEMO-00000001"),
    escalator.CaseClosed(**FACT, outcome=1, recipients=(TO,)),
    notifier.SendNotice(
        message_id=ID,
        at=AT,
        notice_id=f"{CASE}.3",
        case_id=CASE,
        board="demonstration",
        board_name="Demonstration board",
        demonstration="",
        kind="step_reached",
        to=TO,
        thread_started_at=AT,
        facts={"step": 1, "steps": 3},
        sealed={"form": SEALED},
        attachments=(notifier.Attachment(document="0" * 64, filename="record.pdf", media_type="application/pdf"),),
    ),
    notifier.NoticeSent(
        message_id=ID,
        at=AT,
        notice_id=f"{CASE}.3",
        case_id=CASE,
        kind="step_reached",
        address=OTHER.address,
        side=Side.OTHER,
        attempts=1,
        document="0" * 64,
    ),
    notifier.NoticeFailed(
        message_id=ID,
        at=AT,
        notice_id=f"{CASE}.3",
        case_id=CASE,
        kind="step_reached",
        address=OTHER.address,
        side=Side.OTHER,
        attempts=1,
        outcome="refused",
        detail="550 no such user",
    ),
    records.RecordIssued(
        message_id=ID,
        at=AT,
        case_id=CASE,
        board="demonstration",
        outcome=1,
        document="0" * 64,
        filename=f"{CASE}.pdf",
        sha256="0" * 64,
    ),
    records.StaffActed(
        message_id=ID,
        at=AT,
        case_id=CASE,
        board="demonstration",
        act=StaffAct.ASKED,
        by=STAFF,
        content=SEALED,
        person=OTHER,
        side=Side.OTHER,
    ),
    records.ContactsChanged(message_id=ID, at=AT, board="demonstration", by=STAFF, lines=(LINE,)),
)
