"""What a case's facts say about where it is now. Pure: facts in, the case as board staff see it out.

Facts reach records by one queue per kind, so they come in any order. A case is therefore not moved along by the fact that has just
come in: it is read again from all its facts, in the order they happened (`CaseEvent.number`). So a late fact never takes it back.
"""

from collections.abc import Iterable
from functools import singledispatch
from typing import Final

from services.contracts import escalator
from services.contracts.escalator import CaseEvent
from services.contracts.intake import FormReceived
from services.contracts.message import Message
from services.contracts.vocabulary import ReplyAct, Side
from services.records.case import WAITING, Case, NotDone, Referral, State, once_each

_NOTHING_WAITS: Final[dict[str, object]] = {
    "outcome": None,
    "decided_by": None,
    "confirmed_by": (),
    "dissented_by": (),
    "challenge_by": None,
}
"""What is changed where nothing written down waits for a side any more."""
_BEGUN: Final[dict[str, object]] = {
    **_NOTHING_WAITS,
    "state": State.OPEN,
    "past_last_tier": False,
    "closed_at": None,
    "how": None,
    "procedures_followed": None,
    "lapses": (),
    "follow_ups": (),
    "done": (),
}
"""What is changed where a case begins, or goes on after it had ended."""


def read(case_id: str, facts: Iterable[Message]) -> Case:
    """The case these facts tell, whatever order they are given in and however often one is repeated."""
    case = Case(case_id=case_id)
    for fact in sorted(facts, key=_order):
        if not isinstance(fact, CaseEvent) or fact.number > case.number:
            case = follow(fact, case)
    return case


def missing(facts: Iterable[Message], up_to: int) -> str:
    """What a complete story up to fact `up_to` still lacks, in words; empty when it is complete."""
    kept = list(facts)
    numbers = {fact.number for fact in kept if isinstance(fact, CaseEvent)}
    gaps = [str(number) for number in range(1, up_to + 1) if number not in numbers]
    if gaps:
        return f"fact {', '.join(gaps)} of {up_to}"
    if not any(isinstance(fact, FormReceived) for fact in kept):
        return "the Escalation Form"
    return ""


def _order(fact: Message) -> int:
    return fact.number if isinstance(fact, CaseEvent) else 0


@singledispatch
def follow(fact: Message, case: Case) -> Case:
    """The case after one more fact; a fact that moves nothing leaves it as it is."""
    return _moved(fact, case) if isinstance(fact, CaseEvent) else case


def _moved(fact: CaseEvent, case: Case, **changes: object) -> Case:
    return case.model_copy(update={"number": fact.number, "board": fact.board, **changes})


@follow.register
def _form_received(fact: FormReceived, case: Case) -> Case:
    return case.model_copy(
        update={
            "board": fact.board,
            "case_stage": fact.case_stage,
            "area": fact.area,
            "raised_by": fact.raised_by,
            "raised_at": fact.received_at,
            "other_agency": fact.other_agency,
            "immediate_danger": fact.immediate_danger,
        }
    )


@follow.register
def _case_opened(fact: escalator.CaseOpened, case: Case) -> Case:
    return _moved(
        fact,
        case,
        **_BEGUN,
        ladder_name=fact.ladder_name,
        protocol=fact.protocol,
        protocol_version=fact.protocol_version,
        case_stage=fact.case_stage,
        area=fact.area,
        raised_by=fact.raised_by,
        raised_at=fact.raised_at,
        other_agency=fact.other_agency,
        immediate_danger=fact.immediate_danger,
        demonstration=fact.demonstration,
    )


@follow.register
def _case_redirected(fact: escalator.CaseRedirected, case: Case) -> Case:
    return _moved(
        fact, case, state=State.REDIRECTED, action=fact.route, paragraph=fact.paragraph, deadline=None, closed_at=fact.at
    )


@follow.register
def _step_reached(fact: escalator.StepReached, case: Case) -> Case:
    """What waits for a side goes up with the case when time ran out; whatever else begins a step ends it."""
    pending = case.outcome is not None and fact.why == "deadline_missed"
    waiting = case.state if case.state in WAITING else State.TO_CONFIRM
    changes = {
        **({} if pending else _NOTHING_WAITS),
        "state": waiting if pending else State.OPEN,
        "step": fact.step,
        "steps": fact.steps,
        "step_name": fact.name,
        "action": fact.action,
        "raising_side": fact.raising_side,
        "other_side": fact.other_side,
        "asked_board": False,
        "suggested": (),
        "writing": fact.writing,
        "paragraph": fact.paragraph,
        "deadline": fact.deadline,
        "explanation": fact.explanation,
        "readings": fact.readings,
        "past_last_tier": False,
    }
    return _moved(fact, case, **changes)


@follow.register
def _stand_in_asked(fact: escalator.StandInAsked, case: Case) -> Case:
    """Whoever was asked before may still answer, so they stay (BED-17)."""
    changes: dict[str, object] = {"asked_board": fact.hop == "board", "suggested": fact.suggested}
    if fact.hop != "board":
        side = "raising_side" if fact.side is Side.RAISING else "other_side"
        changes[side] = once_each((*getattr(case, side), *fact.people))
    return _moved(fact, case, **changes)


@follow.register
def _deadline_changed(fact: escalator.DeadlineChanged, case: Case) -> Case:
    if fact.step != case.step:
        return _moved(fact, case)
    return _moved(fact, case, deadline=fact.deadline, explanation=fact.explanation, readings=())


@follow.register
def _outcome_proposed(fact: escalator.OutcomeProposed, case: Case) -> Case:
    return _moved(fact, case, **{**_NOTHING_WAITS, "state": State.TO_CONFIRM, "outcome": fact.outcome})


@follow.register
def _decision_made(fact: escalator.DecisionMade, case: Case) -> Case:
    changes = {**_NOTHING_WAITS, "state": State.DECIDED, "outcome": fact.outcome, "decided_by": fact.side}
    return _moved(fact, case, **{**changes, "challenge_by": fact.challenge_by})


@follow.register
def _outcome_confirmed(fact: escalator.OutcomeConfirmed, case: Case) -> Case:
    if fact.outcome != case.outcome or fact.side in case.confirmed_by:
        return _moved(fact, case)
    return _moved(fact, case, confirmed_by=(*case.confirmed_by, fact.side))


@follow.register
def _dissent_recorded(fact: escalator.DissentRecorded, case: Case) -> Case:
    if fact.outcome != case.outcome or fact.side in case.dissented_by:
        return _moved(fact, case)
    return _moved(fact, case, dissented_by=(*case.dissented_by, fact.side))


@follow.register
def _outcome_disputed(fact: escalator.OutcomeDisputed, case: Case) -> Case:
    state = State.LAST_TIER_PASSED if case.past_last_tier else State.OPEN
    return _moved(fact, case, **{**_NOTHING_WAITS, "state": state})


@follow.register
def _last_tier_passed(fact: escalator.LastTierPassed, case: Case) -> Case:
    changes = {} if fact.why == "deadline_missed" else _NOTHING_WAITS
    return _moved(fact, case, **{**changes, "state": State.LAST_TIER_PASSED, "past_last_tier": True, "deadline": None})


@follow.register
def _requirement_not_met(fact: escalator.RequirementNotMet, case: Case) -> Case:
    missed = NotDone(step=fact.step, what=fact.what, paragraph=fact.paragraph)
    return _moved(fact, case, not_done=(*case.not_done, missed))


@follow.register
def _case_closed(fact: escalator.CaseClosed, case: Case) -> Case:
    return _moved(
        fact,
        case,
        state=State.CLOSED,
        outcome=fact.outcome,
        closed_at=fact.at,
        deadline=None,
        asked_board=False,
        how=fact.how,
        procedures_followed=fact.procedures_followed,
        lapses=fact.lapses,
    )


@follow.register
def _follow_up_begun(fact: escalator.FollowUpBegun, case: Case) -> Case:
    return _moved(fact, case, follow_ups=fact.items, done=())


@follow.register
def _act_recorded(fact: escalator.ActRecorded, case: Case) -> Case:
    if fact.act is not ReplyAct.DONE or fact.follow_up is None:
        return _moved(fact, case)
    return _moved(fact, case, done=tuple(sorted({*case.done, fact.follow_up})))


@follow.register
def _learning_referred(fact: escalator.LearningReferred, case: Case) -> Case:
    referral = Referral(at=fact.at, by=fact.by, to=fact.to, paragraph=fact.paragraph)
    return _moved(fact, case, learning=(*case.learning, referral))


@follow.register
def _case_reopened(fact: escalator.CaseReopened, case: Case) -> Case:
    """It goes on at this step; how it had closed no longer holds."""
    return _moved(fact, case, **_BEGUN, step=fact.step, ladder_name=fact.ladder_name or case.ladder_name)
