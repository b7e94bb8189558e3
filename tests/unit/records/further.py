"""What may happen in a case beyond the plain story: stand-ins, decisions, dissent, consent, lapses, follow-ups, and coming back."""

from datetime import date

from services.contracts import escalator, intake, outline, records
from services.contracts.content import ReplyContent
from services.contracts.message import Message
from services.contracts.vocabulary import Ending, FollowUp, Person, Recipient, ReplyAct, Side, StaffAct, Writing
from tests.unit.records.story import FORM, LEAD, MANAGER, OUTCOME, RAISER, STAFF, WORKER, Story

HEAD_OF_SERVICE = Person(
    name="Ruth Ellis", address="ruth.ellis@care.demo.example", role="Head of service", agency="Demo Social Care"
)
OUTLINE = outline.LadderOutline(
    id="BED-S4",
    name="Contact or referral: no further action",
    case_stage="Contact or referral",
    areas=("Social care decided to take no further action",),
    paragraph="section 5",
    steps=tuple(
        outline.StepOutline(
            number=number,
            name=name,
            action=action,
            raising=("Head teacher",),
            other=(other,),
            within="within 24 hours",
            writing=Writing.NONE,
            paragraph="section 5",
        )
        for number, name, action, other in (
            (1, "Stage One: Prevention", "Discuss with the Duty Social Worker", "Duty social worker"),
            (2, "Stage Two: Managers", "Discuss with the Team Manager", "Team manager"),
            (3, "Stage Three: Heads", "Discuss with the Head of Service", "Head of service"),
        )
    ),
    ending="The board is told, and its staff act",
)
FOLLOW_UPS = (
    FollowUp(
        number=1,
        kind="outstanding",
        place=1,
        text="Outstanding issue 1 of the written outcome",
        owner="Maria Kowalska",
        by=date(2026, 12, 18),
        paragraph="6.11",
    ),
    FollowUp(number=2, kind="planning_meeting", text="Reconvene the planning meeting", paragraph="3.4"),
)


class Further(Story):
    """A story with everything that may happen in it."""

    def opened(self) -> escalator.CaseOpened:
        """The escalator takes it up, and says on what ladder of what document."""
        return super().opened().model_copy(update={"outline": OUTLINE, "protocol": "Demonstration protocol"})

    def corrected(self, version: int = 2, **changes: str) -> intake.FormCorrected:
        """Whoever sent the form corrects it."""
        self.at = self.at.replace(minute=(self.at.minute + 1) % 60)
        facts = {"message_id": self._id(f"form {version}"), "at": self.at, "case_id": self.case_id, "board": self.board}
        form = self.sealed(FORM.model_copy(update=changes))
        more = {
            "form_version": version,
            "by": RAISER,
            "changed": ("Summary of Concern(s)",),
            "received_at": self.at,
            "form": form,
        }
        return intake.FormCorrected.model_validate({**facts, **more, "source": "0" * 64})

    def stand_in(
        self, hop: str = "deputy", people: tuple[Person, ...] = (MANAGER,), why: str = "no_answer"
    ) -> escalator.StandInAsked:
        """Somebody else is asked at step 1."""
        suggested = () if hop != "board" else (HEAD_OF_SERVICE,)
        facts = {"step": 1, "side": Side.OTHER, "why": why, "hop": hop, "people": people, "suggested": suggested}
        return escalator.StandInAsked.model_validate({**self._fact(), **facts})

    def bypassed(self) -> escalator.StepBypassed:
        """Step 1 is passed over."""
        return escalator.StepBypassed(**self._fact(), step=1, agreed_by=(RAISER, WORKER), paragraph="3.3")

    def moved(self, hours: int = 5) -> escalator.DeadlineChanged:
        """The two sides agree another time for step 1."""
        fact = self._fact()
        at = self.at.replace(hour=(self.at.hour + hours) % 24)
        return escalator.DeadlineChanged(**fact, step=1, deadline=at, explanation="The two sides agreed it.", why="time_agreed")

    def decided(self, outcome: int = 1, by: Person = MANAGER, side: Side = Side.OTHER) -> escalator.DecisionMade:
        """Whoever may decide does."""
        sealed = self.sealed(OUTCOME)
        facts = {"step": 2, "outcome": outcome, "side": side, "by": by, "content": sealed, "paragraph": "4.3"}
        return escalator.DecisionMade.model_validate({**self._fact(), **facts, "challenge_by": self.at})

    def dissent(self, text: str = "The visit must come first.", outcome: int = 1) -> escalator.DissentRecorded:
        """The other one dissents."""
        sealed = self.sealed(ReplyContent(text=text))
        return escalator.DissentRecorded(**self._fact(), outcome=outcome, side=Side.RAISING, by=LEAD, content=sealed)

    def act(self, act: ReplyAct, note: str = "", text: str = "", follow_up: int | None = None) -> escalator.ActRecorded:
        """Somebody did one of the other things."""
        content = self.sealed(ReplyContent(text=text)) if text else None
        facts = {"act": act, "step": 1, "side": Side.RAISING, "by": RAISER, "note": note, "content": content}
        return escalator.ActRecorded.model_validate({**self._fact(), **facts, "follow_up": follow_up})

    def lapse(self, what: str = "The other side gave no reasons in writing.") -> escalator.RequirementNotMet:
        """Something was not done at step 1."""
        return escalator.RequirementNotMet(**self._fact(), step=1, what=what, paragraph="3.7(b)")

    def follow_up(self) -> escalator.FollowUpBegun:
        """Two things are to be pursued."""
        return escalator.FollowUpBegun(**self._fact(), items=FOLLOW_UPS)

    def learned(self) -> escalator.LearningReferred:
        """What was learned goes somewhere."""
        sealed = self.sealed(ReplyContent(text="Ask for all the dates at once."))
        facts = {"to": "Joint Steering Group", "procedures_followed": True, "lapses": (), "paragraph": "7.1", "content": sealed}
        return escalator.LearningReferred.model_validate({**self._fact(), "by": RAISER, **facts})

    def reopened(self, step: int = 2) -> escalator.CaseReopened:
        """It goes on."""
        sealed = self.sealed(ReplyContent(text="Nothing has been done."))
        return escalator.CaseReopened(**self._fact(), by=RAISER, step=step, content=sealed)

    def linked(self, other: str) -> escalator.CaseLinked:
        """It concerns the same matter as another."""
        return escalator.CaseLinked(**self._fact(), by=STAFF, other_case=other)

    def ended(
        self, how: Ending, outcome: int | None = None, lapses: tuple[str, ...] = (), to: Person = RAISER
    ) -> escalator.CaseClosed:
        """It ends in this way."""
        recipients = (Recipient(name=to.name, address=to.address, side=Side.RAISING, full_content=True),)
        facts = {"outcome": outcome, "recipients": recipients, "how": how, "lapses": lapses}
        return escalator.CaseClosed.model_validate({**self._fact(), **facts, "procedures_followed": not lapses})

    def staff(self, act: StaffAct, text: str = "", **facts: object) -> records.StaffActed:
        """Board staff did something on its page."""
        self.at = self.at.replace(minute=(self.at.minute + 1) % 60)
        content = self.sealed(ReplyContent(text=text)) if text else None
        base = {"message_id": self._id(f"staff {act} {self.at}"), "at": self.at, "case_id": self.case_id, "board": self.board}
        return records.StaffActed.model_validate({**base, "act": act, "by": STAFF, "content": content, **facts})

    def imposed(self) -> list[Message]:
        """A step passed over, a decision, dissent, and the end of it with something left to do."""
        return [
            self.form(),
            self.opened(),
            self.step(1),
            self.lapse(),
            self.bypassed(),
            self.step(2, why="bypassed"),
            self.decided(),
            self.dissent(),
            self.ended(Ending.IMPOSED, 1, ("The other side gave no reasons in writing.",)),
            self.follow_up(),
        ]
