"""Whatever people do, and whenever: a case is in a named state, closes only when both sides confirmed, and is looked at again."""

import os
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.contracts.escalator import CaseEvent, OutcomeConfirmed
from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import ReplyAct, Side
from services.escalator.case import Answered, Case, Decision, NotReached, TimePassed
from services.escalator.domain import begin, decide
from tests.cases import CONTACTS, RAISED_AT, people_for, reply, start

STATES = {"open", "confirming", "last_tier_passed", "closed"}


class CaseMachine(RuleBasedStateMachine):
    """Any act at any time, against one case."""

    decision: Decision

    @initialize(
        ladder=st.sampled_from([f"BED-S{number}" for number in range(1, 13)]), contacts=st.booleans(), chair=st.booleans()
    )
    def open(self, ladder: str, contacts: bool, chair: bool) -> None:
        self.contacts = CONTACTS if contacts else ()
        self.now = RAISED_AT
        self.looked_at: datetime | None = None
        self.ids: set[Any] = set()
        self.facts = 0
        self.confirmed: dict[int, set[Side]] = {}
        self.take(begin(start(ladder, own=("Demo School", ("conference_chair",) if chair else ())), self.now))

    def take(self, decision: Decision) -> None:
        for message in decision.messages:
            assert message.message_id not in self.ids
            self.ids.add(message.message_id)
            assert message.at == self.now
            if isinstance(message, CaseEvent):
                self.facts += 1
                assert message.number == self.facts
            if isinstance(message, OutcomeConfirmed):
                self.confirmed.setdefault(message.outcome, set()).add(message.side)
            if isinstance(message, SendNotice):
                assert "sealed-" not in message.model_dump_json(exclude={"sealed"})
        self.decision = decision
        if decision.find is not None:
            self.take(decide(decision.case, people_for(decision.case, decision.find, self.contacts), self.now))

    @property
    def open_case(self) -> bool:
        return self.decision.case.state != "closed"

    @rule(act=st.sampled_from(list(ReplyAct)), side=st.sampled_from(list(Side)), back=st.integers(0, 30))
    def somebody_answers(self, act: ReplyAct, side: Side, back: int) -> None:
        notice = self.decision.case.notices - back
        self.take(decide(self.decision.case, Answered(reply=reply(act, side, notice)), self.now))

    @rule(back=st.integers(0, 30))
    def a_notice_bounces(self, back: int) -> None:
        notice = f"{self.decision.case.case_id}.{self.decision.case.notices - back}"
        self.take(decide(self.decision.case, NotReached(notice_id=notice, detail="bounce"), self.now))

    @rule(hours=st.floats(0.1, 200))
    def time_passes(self, hours: float) -> None:
        """The engine may look late, when it was away."""
        self.now += timedelta(hours=hours)
        if self.decision.wake_at is not None and self.decision.wake_at <= self.now:
            self.looked_at = self.now
            self.take(decide(self.decision.case, TimePassed(), self.now))

    @invariant()
    def the_state_is_named(self) -> None:
        assert self.decision.case.state in STATES
        assert 1 <= self.decision.case.step <= len(self.decision.case.ladder.steps)

    @invariant()
    def an_open_case_is_looked_at_again(self) -> None:
        """And never in a moment that has passed when it has just been looked at: it would be looked at for ever."""
        assert (self.decision.wake_at is not None) == self.open_case
        assert self.decision.wake_at is None or self.looked_at is None or self.decision.wake_at > self.looked_at

    @invariant()
    def each_address_is_on_one_side_and_asked_once(self) -> None:
        addresses = [participant.person.address.lower() for participant in self.decision.case.people]
        assert len(set(addresses)) == len(addresses)
        past = self.decision.case.state in {"last_tier_passed", "closed"}  # nobody stands in for anybody then
        assert past or not set(addresses) & set(self.decision.case.unreached)

    @invariant()
    def it_can_be_kept_and_taken_up_again(self) -> None:
        assert Case.model_validate_json(self.decision.case.model_dump_json()) == self.decision.case

    @invariant()
    def it_closes_only_when_both_sides_confirmed_one_outcome(self) -> None:
        both = any(sides >= {Side.RAISING, Side.OTHER} for sides in self.confirmed.values())
        assert both == (not self.open_case)


NIGHTLY = os.environ.get("CONCORD_NIGHTLY") == "1"
TestCase = CaseMachine.TestCase
TestCase.settings = settings(
    max_examples=300 if NIGHTLY else 25,
    stateful_step_count=50 if NIGHTLY else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
