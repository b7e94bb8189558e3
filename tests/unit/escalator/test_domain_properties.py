"""Whatever people do, and whenever, on every ladder of every board: a case is in a named state, ends only with both confirmations or
a named exception, and is looked at again."""

import os
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.contracts.escalator import CaseClosed, CaseEvent, CaseRedirected, CaseReopened, OutcomeConfirmed
from services.contracts.intake import Pursued
from services.contracts.notifier import SendNotice
from services.contracts.records import StaffActed
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Ending, Person, ReplyAct, Sector, Side, StaffAct
from services.escalator.boards import WorkingHours
from services.escalator.calendars import make_calendar
from services.escalator.case import Answered, CalendarChanged, Case, Decision, NotReached, StaffDid, State, TimePassed
from services.escalator.domain import begin, decide
from services.escalator.loader import packaged_protocols
from tests.cases import CONTACTS, RAISED_AT, everybody, people_for, reply, start

LADDERS = [(key, ladder.id) for key, protocol in packaged_protocols().items() for ladder in protocol.ladders]
BY_CONFIRMATION = {Ending.CONFIRMED, Ending.WORKING_ARRANGEMENT}
STAFF = Person(name="Board staff", address="staff@board.example")
OUTSTANDING = (Pursued(kind="outstanding", owner="Sam Oduya", by=None),)
HURRY: tuple[dict[str, object], ...] = (
    {},
    {"immediate_danger": True},
    {"injury_to_infant": True},
    {"needed_by": RAISED_AT + timedelta(hours=30)},
)
"""What a form may say that beats the table: nothing, or one of these."""


class CaseMachine(RuleBasedStateMachine):
    """Any act at any time, against one case."""

    decision: Decision

    @initialize(
        place=st.sampled_from(LADDERS),
        contacts=st.sampled_from(("none", "few", "everybody")),
        roles=st.sampled_from(((), ("conference_chair",))),
        hurry=st.sampled_from(HURRY),
        sector=st.sampled_from(list(Sector)),
        agencies=st.sampled_from(((), ("Police",))),
    )
    def open(
        self,
        *,
        place: tuple[str, str],
        contacts: str,
        roles: tuple[str, ...],
        hurry: dict[str, object],
        sector: Sector,
        agencies: tuple[str, ...],
    ) -> None:
        key, ladder = place
        self.contacts = {"none": (), "few": CONTACTS, "everybody": everybody(key)}[contacts]
        self.now = RAISED_AT
        self.looked_at: datetime | None = None
        self.ids: set[Any] = set()
        self.facts = 0
        self.confirmed: dict[int, set[Side]] = {}
        self.ended: Ending | None = None
        begun = start(ladder, on=key, own=("Demo School", roles))
        written = begun.form.model_copy(update={"further_agencies": agencies, **hurry})
        self.take(begin(begun.model_copy(update={"own_sector": sector, "form": written}), self.now))

    def take(self, decision: Decision) -> None:
        for message in decision.messages:
            assert message.message_id not in self.ids
            self.ids.add(message.message_id)
            assert message.at == self.now
            if isinstance(message, CaseEvent):
                self.facts += 1
                assert message.number == self.facts
            self.follow(message)
            if isinstance(message, SendNotice):
                assert "sealed-" not in message.model_dump_json(exclude={"sealed"})
        self.decision = decision
        if decision.find is not None:
            self.take(decide(decision.case, people_for(decision.case, decision.find, self.contacts), self.now))

    def follow(self, message: object) -> None:
        if isinstance(message, OutcomeConfirmed):
            self.confirmed.setdefault(message.outcome, set()).add(message.side)
        if isinstance(message, CaseClosed):
            self.ended = message.how
        if isinstance(message, CaseReopened):
            self.ended, self.confirmed = None, {}
        assert not isinstance(message, CaseRedirected)

    @rule(
        act=st.sampled_from(list(ReplyAct)),
        side=st.sampled_from(list(Side)),
        back=st.integers(0, 30),
        whom=st.integers(0, 20),
        hours=st.integers(-5, 200),
        number=st.integers(0, 3),
        outstanding=st.booleans(),
    )
    def somebody_answers(
        self, *, act: ReplyAct, side: Side, back: int, whom: int, hours: int, number: int, outstanding: bool
    ) -> None:
        case = self.decision.case
        mine = [participant.person for participant in case.people if participant.side is side]
        answer = reply(
            act,
            side,
            case.notices - back,
            mine[whom % len(mine)] if mine else None,
            moment=self.now + timedelta(hours=hours),
            number=number,
            pursued=OUTSTANDING if outstanding else (),
        )
        self.take(decide(case, Answered(reply=answer), self.now))

    @rule(act=st.sampled_from(list(StaffAct)), written=st.booleans(), side=st.sampled_from(list(Side)))
    def board_staff_act(self, *, act: StaffAct, written: bool, side: Side) -> None:
        did = StaffActed(
            message_id=uuid4(),
            at=self.now,
            case_id=self.decision.case.case_id,
            board="bedfordshire",
            act=act,
            by=STAFF,
            content=Sealed(token="sealed-staff") if written else None,
            person=Person(name="Chris Bell", address="chris@care.example"),
            side=side,
            number=1,
        )
        self.take(decide(self.decision.case, StaffDid(act=did), self.now))

    @rule(days=st.integers(1, 30))
    def a_day_is_closed(self, days: int) -> None:
        hours = WorkingHours(also_closed=((self.now + timedelta(days=days)).date(),))
        calendar = make_calendar(hours, RAISED_AT.year - 1, RAISED_AT.year + 3)
        self.take(decide(self.decision.case, CalendarChanged(calendar=calendar), self.now))

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
        assert self.decision.case.state in get_args(State)
        assert 1 <= self.decision.case.step <= len(self.decision.case.ladder.steps)

    @invariant()
    def an_open_case_is_looked_at_again(self) -> None:
        """And never in a moment that has passed when it has just been looked at: it would be looked at for ever."""
        over = self.decision.case.state in {"closed", "redirected"}
        assert (self.decision.wake_at is None) == over
        assert self.decision.wake_at is None or self.looked_at is None or self.decision.wake_at > self.looked_at

    @invariant()
    def each_address_is_on_one_side_and_asked_once(self) -> None:
        addresses = [participant.person.address.lower() for participant in self.decision.case.people]
        assert len(set(addresses)) == len(addresses)
        past = self.decision.case.ended or self.decision.case.state == "last_tier_passed"  # nobody stands in for anybody then
        assert past or not set(addresses) & set(self.decision.case.unreached)

    @invariant()
    def it_can_be_kept_and_taken_up_again(self) -> None:
        assert Case.model_validate_json(self.decision.case.model_dump_json()) == self.decision.case

    @invariant()
    def it_ends_only_when_both_sides_confirmed_one_outcome_or_by_a_named_exception(self) -> None:
        case = self.decision.case
        assert case.ended == (self.ended is not None)
        assert case.how is self.ended
        both = any(sides >= {Side.RAISING, Side.OTHER} for sides in self.confirmed.values())
        assert self.ended not in BY_CONFIRMATION or both

    @invariant()
    def what_is_left_to_do_is_chased(self) -> None:
        assert bool(self.decision.case.pursuits) == (self.decision.case.state == "following_up")


NIGHTLY = os.environ.get("CONCORD_NIGHTLY") == "1"
TestCase = CaseMachine.TestCase
TestCase.settings = settings(
    max_examples=300 if NIGHTLY else 25,
    stateful_step_count=50 if NIGHTLY else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
