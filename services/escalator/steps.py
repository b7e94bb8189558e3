"""Steps of a ladder: reaching one, telling the people it means, and moving up."""

from collections.abc import Iterable
from datetime import timedelta

from pydantic import JsonValue

from services.contracts.escalator import LastTierPassed, StepReached
from services.contracts.vocabulary import Person, Side
from services.escalator.case import FindPeople, NotReached, Participant, PeopleFound, Why
from services.escalator.people import Wanted
from services.escalator.times import Deadline, deadline, interval, reminder_times, sharing
from services.escalator.turn import Turn, without_repeats


def reach(turn: Turn, number: int, why: Why) -> None:
    """Begin a step: its time runs from now, and the contact list is asked who it means."""
    case, protocol = turn.case, turn.board.protocol
    sharers = sharing(case.ladder, case.ladder.step(number))
    shared_from = case.shared_from if case.step in sharers else turn.now
    due = deadline(
        protocol,
        case.ladder,
        number,
        raised_at=case.start.form.received_at,
        step_reached_at=turn.now,
        calendar=case.start.calendar,
        shared_from=shared_from,
    )
    turn.change(
        step=number,
        reached_at=turn.now,
        shared_from=shared_from,
        why=why,
        deadline=due,
        reminders=reminder_times(protocol, due.at, now=turn.now) if due.at else (),
        chase_at=None if due.at else turn.now + chase(turn),
        people=(),
        unreached=(),
        step_first_notice=case.notices + 1,
    )
    turn.find = FindPeople(raising=_wanted(turn, Side.RAISING), other=_wanted(turn, Side.OTHER))


def _wanted(turn: Turn, side: Side) -> Wanted | None:
    """What to ask the contact list for one side; None where the step means only whoever raised it."""
    case, protocol = turn.case, turn.board.protocol
    roles = tuple(role for role in case.ladder.step(case.step).people(side) if not protocol.roles[role].raiser)
    if not roles:
        return None
    form = case.start.form
    agency, named = (case.start.own_agency, "") if side is Side.RAISING else (form.other_agency, form.other_worker)
    return Wanted(side=side, agency=agency, roles=roles, named=named, excluded=case.unreached)


def people_found(turn: Turn, found: PeopleFound) -> None:
    """Tell both sides that the step has begun, or, where somebody was not reached, those who stand in for them."""
    before = turn.case.people
    people = list(before) or ([turn.raiser] if _raiser_acts(turn) else [])
    for side, answer in ((Side.RAISING, found.raising), (Side.OTHER, found.other)):
        if answer is not None and answer.hop != "board":
            people += [Participant(person=person, side=side) for person in answer.people]
        elif answer is not None and not any(participant.side is side for participant in people):
            turn.alert_board("nobody_on_file", f"Nobody on the contact list can be asked at step {turn.case.step} on one side.")
    turn.change(people=without_repeats(people))
    turn.change(involved=without_repeats((*turn.case.involved, *turn.case.people)))
    new = [participant for participant in turn.case.people if participant not in before]
    if not found.replacing:
        _record_step(turn)
    _tell_step(turn, new, must_act=True)
    if not found.replacing and not _raiser_acts(turn):
        _tell_step(turn, [turn.raiser], must_act=False)
    tell_outcome(turn, new)


def _record_step(turn: Turn) -> None:
    case, step = turn.case, turn.case.ladder.step(turn.case.step)
    turn.record(
        StepReached,
        step=case.step,
        steps=len(case.ladder.steps),
        action=step.action,
        other_side=tuple(_people(turn, Side.OTHER)),
        raising_side=tuple(_people(turn, Side.RAISING)),
        writing=step.writing,
        paragraph=step.source,
        why=case.why,
        deadline=case.deadline.at,
        explanation=case.deadline.explanation,
    )


def _tell_step(turn: Turn, whom: list[Participant], *, must_act: bool) -> None:
    case, step = turn.case, turn.case.ladder.step(turn.case.step)
    facts: dict[str, JsonValue] = {
        **step_facts(turn),
        "writing": step.writing,
        "why": case.why,
        "ladder_name": case.ladder.name,
        "raising": [described(person) for person in _people(turn, Side.RAISING)],
        "other": [described(person) for person in _people(turn, Side.OTHER)],
        "must_act": must_act,
    }
    turn.tell("step_reached", whom, facts, urgent=must_act)


def move_up(turn: Turn, why: Why) -> None:
    """The next step, or the named state in which the ladder has none (A-15)."""
    case = turn.case
    if case.step < len(case.ladder.steps):
        reach(turn, case.step + 1, why)
        return
    turn.record(LastTierPassed, step=case.step, why=why)
    turn.change(
        state="last_tier_passed", deadline=Deadline(at=None, explanation="The ladder has no further step."), reminders=()
    )
    turn.change(chase_at=turn.now + chase(turn))
    facts: dict[str, JsonValue] = {"step": case.step, "why": why}
    turn.tell("last_tier_passed", case.involved, facts, urgent=True)
    turn.alert_board(
        "last_tier_passed", "The last step has passed without an agreed outcome. A person must decide what happens."
    )


def not_reached(turn: Turn, failure: NotReached) -> None:
    """Ask for somebody else, inside the step's own time; board staff are told either way."""
    case = turn.case
    away = case.addressed[int(failure.notice_id.rpartition(".")[2]) - 1]
    if away == turn.board.inbox.lower():
        return  # an alert about an alert would bounce for ever; the failed notice is on the board's page
    turn.alert_board("not_reached", f"A notice did not reach one person at step {case.step}: {failure.detail}.")
    missing = [p for p in case.people if p.person.address.lower() == away]
    if not missing or away in case.unreached or case.state in {"last_tier_passed", "closed"}:
        return
    turn.change(
        unreached=(*case.unreached, away),
        people=tuple(participant for participant in case.people if participant not in missing),
    )
    side = missing[0].side
    wanted = _wanted(turn, side)
    if wanted is not None:
        raising, other = (wanted, None) if side is Side.RAISING else (None, wanted)
        turn.find = FindPeople(raising=raising, other=other, replacing=True)


def tell_outcome(turn: Turn, whom: Iterable[Participant]) -> None:
    """Read the outcome back and ask for its confirmation in writing (BIR-10, BED-19)."""
    case = turn.case
    if case.outcome is None:
        return
    facts: dict[str, JsonValue] = {
        "outcome": case.outcome.number,
        "by": described(case.outcome.by),
        "step": case.step,
        "deadline": case.deadline.at.isoformat() if case.deadline.at else None,
        "explanation": case.deadline.explanation,
    }
    turn.tell("outcome_proposed", whom, facts, {"outcome": case.outcome.content}, urgent=True)


def _raiser_acts(turn: Turn) -> bool:
    protocol, step = turn.board.protocol, turn.case.ladder.step(turn.case.step)
    return any(protocol.roles[role].raiser for role in step.people(Side.RAISING))


def _people(turn: Turn, side: Side) -> list[Person]:
    return [participant.person for participant in turn.case.people if participant.side is side]


def described(person: Person) -> dict[str, JsonValue]:
    return {"name": person.name, "role": person.role, "agency": person.agency}


def step_facts(turn: Turn) -> dict[str, JsonValue]:
    case = turn.case
    step = case.ladder.step(case.step)
    return {
        "step": case.step,
        "steps": len(case.ladder.steps),
        "action": step.action,
        "deadline": case.deadline.at.isoformat() if case.deadline.at else None,
        "explanation": case.deadline.explanation,
        "paragraph": step.source,
    }


def chase(turn: Turn) -> timedelta:
    """How often people are reminded where no time is stated, so that no open case is ever without a next look."""
    return interval(turn.board.protocol.chase)
