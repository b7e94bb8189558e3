"""A case told as a story: what people do and what time does, and every message that follows."""

from datetime import datetime

from services.contracts.contact_list import ContactLine
from services.contracts.escalator import CaseEvent, StepReached
from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import Person, ReplyAct, Side
from services.escalator.case import Answered, Case, CaseStart, Decision, NotReached, TimePassed
from services.escalator.domain import begin, decide
from tests.cases import CONTACTS, RAISED_AT, people_for, reply, start


class Story:
    """A case as it unfolds: every message it has said, in order."""

    def __init__(self, begun: str | CaseStart = "BED-S6", contacts: tuple[ContactLine, ...] = CONTACTS) -> None:
        self.now = RAISED_AT
        self.messages: list[CaseEvent | SendNotice] = []
        self._contacts = contacts
        self.take(begin(start(begun) if isinstance(begun, str) else begun, self.now))

    @property
    def case(self) -> Case:
        return self.decision.case

    def take(self, decision: Decision) -> None:
        """Go on from a decision, asking the contact list where it wants to know somebody."""
        self.decision = decision
        self.messages += decision.messages
        if decision.find is not None:
            self.take(decide(decision.case, people_for(decision.case, decision.find, self._contacts), self.now))

    def wait_until(self, moment: datetime) -> None:
        """Let time pass, looking whenever the case asked to be looked at."""
        while self.decision.wake_at is not None and self.decision.wake_at <= moment:
            self.now = self.decision.wake_at
            self.take(decide(self.case, TimePassed(), self.now))
        self.now = moment

    def says(
        self, act: ReplyAct, side: Side, notice: int | str | None = None, by: Person | None = None, **written: object
    ) -> None:
        """A person answers, the latest notice unless another is named, with this `written` in it."""
        answer = reply(act, side, notice or self.case.notices, by, self.case.case_id, **written)
        self.take(decide(self.case, Answered(reply=answer), self.now))

    def not_reached(self, address: str) -> None:
        """The latest notice to this address bounces."""
        self.bounces(max(n for n, to in enumerate(self.case.addressed, 1) if to == address))

    def bounces(self, number: int | str) -> None:
        """A notice comes back."""
        notice_id = f"{self.case.case_id}.{number}"
        self.take(decide(self.case, NotReached(notice_id=notice_id, detail="bounce"), self.now))

    def state(self) -> str:
        return self.case.state

    def facts(self) -> list[str]:
        return [type(message).__name__ for message in self.messages if isinstance(message, CaseEvent)]

    def notices(self, kind: str) -> list[SendNotice]:
        return [message for message in self.messages if isinstance(message, SendNotice) and message.kind == kind]

    def told(self, kind: str) -> list[str]:
        return [notice.to.address for notice in self.notices(kind)]

    def steps(self) -> list[StepReached]:
        """Every step that was reached."""
        return [message for message in self.messages if isinstance(message, StepReached)]

    def asked(self) -> dict[Side, set[str]]:
        """The addresses of those who act at this step, by side."""
        people = self.case.people
        return {side: {p.person.address for p in people if p.side is side} for side in (Side.RAISING, Side.OTHER)}

    def last(self, kind: str) -> SendNotice:
        """The latest notice of this kind."""
        return self.notices(kind)[-1]
