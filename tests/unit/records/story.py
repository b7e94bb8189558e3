"""One made-up case from form to close, as the messages that tell it: a missed first step, an agreement at the second."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from services.contracts import escalator, intake, notifier, outline
from services.contracts.content import Action, FormContent, OutcomeContent, ReplyContent
from services.contracts.message import Message
from services.contracts.sealed import Sealed, Sealer
from services.contracts.vocabulary import DeliveryKind, HeldReason, Person, Recipient, ReplyAct, Side, Writing

CASE = "DEMO-7K3QX9FA"
BOARD = "demonstration"
START = datetime(2026, 12, 4, 14, 5, tzinfo=UTC)
DEMONSTRATION = "This is a demonstration with made-up people. One second stands for one hour."
RAISER = Person(name="Asha Rees", address="asha.rees@school.demo.example", role="Head teacher", agency="Demo Lower School")
LEAD = Person(name="Tom Archer", address="tom.archer@school.demo.example", role="Safeguarding lead", agency="Demo Lower School")
WORKER = Person(name="Sam Oduya", address="sam.oduya@care.demo.example", role="Duty social worker", agency="Demo Social Care")
MANAGER = Person(
    name="Maria Kowalska", address="maria.kowalska@care.demo.example", role="Team manager", agency="Demo Social Care"
)
STAFF = Person(name="Jo Bright", address="jo.bright@board.demo.example", role="Business manager", agency="Demo Board")
FORM = FormContent(
    date_raised="4 December 2026",
    from_practitioner="Asha Rees, Head teacher",
    to_manager="Maria Kowalska, Team manager",
    child_name="Robin Sample",
    child_dob="12 May 2019",
    social_worker="Sam Oduya",
    agency_team="Demo Social Care, Intake and Assessment",
    summary=(
        "Robin has come to school hungry and without a coat on eleven days since half term.\n"
        "On 2 December Robin said there was nobody at home the night before. The referral was closed with no further action."
    ),
    requested_action="An initial assessment, with a visit to the home this week.",
)
OUTCOME = OutcomeContent(
    agreed="Social care will open an initial assessment. A visit to the home will be made with the health visitor.",
    risk="Neglect, with a risk of significant harm if nothing changes over the holidays.",
    depends_on="What the health visitor’s records show about the younger sibling.",
    actions=(
        Action(what="Visit the home and see Robin alone", owner="Sam Oduya", by="9 December 2026"),
        Action(what="Send the attendance record and the log of concerns", owner="Asha Rees", by="7 December 2026"),
    ),
    outstanding=(Action(what="Whether the younger sibling is seen too", owner="Maria Kowalska", by="at the core group"),),
)
PUBLISHED = escalator.BoardPublished(
    message_id=UUID(int=7),
    at=START - timedelta(days=1),
    board=BOARD,
    name="Demonstration board",
    reference_prefix="DEMO",
    inbox="inbox@board.demo.example",
    demonstration=DEMONSTRATION,
    case_stages=(outline.Choice(key="contact_referral", name="Contact or referral"),),
    areas=(
        outline.AreaChoice(
            key="nfa", name="Social care decided to take no further action", case_stage="contact_referral", ladder="BED-S4"
        ),
    ),
    known_domains=("school.demo.example", "care.demo.example"),
    staff=(STAFF,),
)


class Story:
    """The messages of one case, made as they are asked for. Times move on by an hour with each."""

    def __init__(
        self,
        sealer: Sealer,
        case_id: str = CASE,
        board: str = BOARD,
        start: datetime = START,
        demonstration: str = DEMONSTRATION,
    ) -> None:
        self._sealer = sealer
        self._number = 0
        self.case_id = case_id
        self.board = board
        self.demonstration = demonstration
        self.start = start
        self.at = start

    def sealed(self, content: FormContent | ReplyContent | OutcomeContent) -> Sealed:
        """Sealed for this case."""
        return self._sealer.seal(self.case_id, content)

    def form(self, form: FormContent = FORM) -> intake.FormReceived:
        """The Escalation Form, by mail."""
        return intake.FormReceived(
            message_id=self._id("form"),
            at=self.start,
            case_id=self.case_id,
            board=self.board,
            case_stage="contact_referral",
            area="nfa",
            immediate_danger=False,
            raised_by=RAISER,
            other_agency="Demo Social Care",
            other_worker="Sam Oduya",
            channel="mail",
            received_at=self.start,
            source="0" * 64,
            form=self.sealed(form),
        )

    def opened(self) -> escalator.CaseOpened:
        """The escalator takes it up."""
        return escalator.CaseOpened(
            **self._fact(),
            ladder="BED-S4",
            ladder_name="Contact or referral: no further action",
            case_stage="contact_referral",
            area="nfa",
            protocol_version="July 2010",
            raised_by=RAISER,
            other_agency="Demo Social Care",
            raised_at=self.start,
            immediate_danger=False,
            demonstration=self.demonstration,
        )

    def step(self, number: int = 1, hours: int | None = 24, *, why: str = "raised") -> escalator.StepReached:
        """A step begins."""
        fact = self._fact()
        deadline = self.at + timedelta(hours=hours) if hours is not None else None
        return escalator.StepReached.model_validate(
            {
                **fact,
                "step": number,
                "steps": 3,
                "action": "Discuss with the Duty Social Worker, who must give the reasons for the decision"
                if number == 1
                else "Discuss with the Deputy Team Manager or Team Manager",
                "other_side": (WORKER,) if number == 1 else (MANAGER,),
                "raising_side": (RAISER,) if number == 1 else (LEAD, RAISER),
                "writing": Writing.NONE if number == 1 else Writing.CONFIRM,
                "paragraph": "section 5, stage Contact/Referral",
                "why": why,
                "deadline": deadline,
                "explanation": f"{hours} hours from the start of the step, elapsed hours: the board’s choice." if hours else "",
            }
        )

    def response(self, step: int, side: Side, by: Person, text: str) -> escalator.ResponseRecorded:
        """One side gives reasons."""
        return escalator.ResponseRecorded(
            **self._fact(), step=step, side=side, by=by, content=self.sealed(ReplyContent(text=text))
        )

    def missed(self, step: int) -> escalator.DeadlineMissed:
        """Time runs out."""
        return escalator.DeadlineMissed(**self._fact(), step=step, deadline=self.at)

    def proposed(self, outcome: int = 1, content: OutcomeContent = OUTCOME) -> escalator.OutcomeProposed:
        """An outcome in writing."""
        sealed = self.sealed(content)
        return escalator.OutcomeProposed(**self._fact(), step=2, outcome=outcome, side=Side.OTHER, by=MANAGER, content=sealed)

    def confirmed(self, side: Side, by: Person, outcome: int = 1) -> escalator.OutcomeConfirmed:
        """One side confirms."""
        return escalator.OutcomeConfirmed(**self._fact(), outcome=outcome, side=side, by=by)

    def disputed(self, text: str, outcome: int = 1) -> escalator.OutcomeDisputed:
        """One side says it is not what was agreed."""
        sealed = self.sealed(ReplyContent(text=text))
        return escalator.OutcomeDisputed(**self._fact(), outcome=outcome, side=Side.RAISING, by=RAISER, content=sealed)

    def last_tier(self) -> escalator.LastTierPassed:
        """No further step."""
        return escalator.LastTierPassed(**self._fact(), step=3, why="not_resolved")

    def closed(self, outcome: int = 1) -> escalator.CaseClosed:
        """Both sides confirmed."""
        people = ((RAISER, Side.RAISING), (LEAD, Side.RAISING), (MANAGER, Side.OTHER))
        recipients = tuple(Recipient(name=who.name, address=who.address, side=side, full_content=True) for who, side in people)
        return escalator.CaseClosed(**self._fact(), outcome=outcome, recipients=recipients)

    def not_resolved(self, text: str, by: Person = RAISER) -> intake.ReplyReceived:
        """A reply that says so."""
        self.at += timedelta(hours=1)
        return intake.ReplyReceived(
            message_id=self._id(f"reply {self.at}"),
            at=self.at,
            case_id=self.case_id,
            notice_id=f"{self.case_id}.1",
            side=Side.RAISING,
            by=by,
            act=ReplyAct.NOT_RESOLVED,
            received_at=self.at,
            source="0" * 64,
            content=self.sealed(ReplyContent(text=text)),
        )

    def notice(
        self, name: str, kind: str = "step_reached", to: Person = WORKER, side: Side = Side.OTHER
    ) -> notifier.SendNotice:
        """A notice to somebody."""
        return notifier.SendNotice(
            message_id=self._id(f"notice {name}"),
            at=self.at,
            notice_id=f"{self.case_id}.{name}",
            case_id=self.case_id,
            board=self.board,
            board_name="Demonstration board",
            demonstration=self.demonstration,
            kind=kind,
            to=Recipient(name=to.name, address=to.address, side=side, full_content=True),
            thread_started_at=self.start,
            facts={},
        )

    def sent(self, name: str, kind: str = "step_reached", to: Person = WORKER, side: Side = Side.OTHER) -> notifier.NoticeSent:
        """It left."""
        return notifier.NoticeSent(
            message_id=self._id(f"sent {name}"),
            at=self.at + timedelta(seconds=2),
            notice_id=f"{self.case_id}.{name}",
            case_id=self.case_id,
            kind=kind,
            address=to.address,
            side=side,
            attempts=1,
            document="0" * 64,
        )

    def failed(self, name: str, detail: str = "550 5.1.1 no such user here", to: Person = WORKER) -> notifier.NoticeFailed:
        """It did not."""
        return notifier.NoticeFailed(
            message_id=self._id(f"failed {name}"),
            at=self.at + timedelta(seconds=1),
            notice_id=f"{self.case_id}.{name}",
            case_id=self.case_id,
            kind="step_reached",
            address=to.address,
            side=Side.OTHER,
            attempts=1,
            outcome="refused",
            detail=detail,
        )

    def bounced(self, name: str) -> intake.DeliveryReported:
        """It came back."""
        return intake.DeliveryReported(
            message_id=self._id(f"bounce {name}"),
            at=self.at + timedelta(minutes=1),
            case_id=self.case_id,
            notice_id=f"{self.case_id}.{name}",
            side=Side.OTHER,
            kind=DeliveryKind.BOUNCE,
            detail="5.1.1",
            source="0" * 64,
        )

    def held(self, source: str = "0" * 64, case_id: str | None = None) -> intake.ItemHeld:
        """Something else came in."""
        return intake.ItemHeld(
            message_id=self._id(f"held {source}"),
            at=self.at,
            item_id=f"HELD-{source[:8]}",
            board=self.board,
            case_id=case_id,
            reason=HeldReason.NOT_A_FORM,
            detail="There is no Escalation Form in this mail.",
            from_address=RAISER.address,
            received_at=self.at,
            source=source,
        )

    def whole(self) -> list[Message]:
        """From form to close, in the order it happened."""
        return [
            self.form(),
            self.opened(),
            self.step(1),
            self.response(1, Side.RAISING, RAISER, "Eleven days of hunger and cold are a pattern, not an incident."),
            self.missed(1),
            self.step(2, 24, why="deadline_missed"),
            self.response(
                2, Side.OTHER, MANAGER, "The duty worker saw three of the eleven days.\nWith all of them the threshold is met."
            ),
            self.proposed(),
            self.confirmed(Side.OTHER, MANAGER),
            self.confirmed(Side.RAISING, RAISER),
            self.closed(),
        ]

    def until(self, count: int) -> list[Message]:
        """The first `count` messages of the whole."""
        return self.whole()[:count]

    def _fact(self) -> dict[str, object]:
        self._number += 1
        self.at += timedelta(hours=1)
        return {
            "message_id": self._id(str(self._number)),
            "at": self.at,
            "case_id": self.case_id,
            "board": self.board,
            "number": self._number,
        }

    def _id(self, name: str) -> UUID:
        return uuid5(UUID(int=1), f"{self.case_id} {name}")


def ids(messages: Iterable[Message]) -> list[UUID]:
    """Their message ids."""
    return [message.message_id for message in messages]
