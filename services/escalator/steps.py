"""Steps of a ladder: reaching one, telling the people it means, and moving up."""

from collections.abc import Iterable
from datetime import timedelta

from pydantic import JsonValue

from services.contracts.escalator import LastTierPassed, StepReached
from services.contracts.vocabulary import Person, Side
from services.escalator.case import FindPeople, NotReached, Outcome, Participant, PeopleFound, Why
from services.escalator.people import Wanted
from services.escalator.times import Deadline, deadline, interval, reminder_times, sharing
from services.escalator.turn import Turn, without_repeats

SIDES = (Side.RAISING, Side.OTHER)

_SIDES = {Side.RAISING: "the side that raised it", Side.OTHER: "the other side"}
_WHY_NOT = {
    "bounce": "it came back",
    "absence": "an automatic reply says that they are away",
    "refused": "the mail server refused it",
    "gave_up": "it could not be handed over in time",
    "unprintable": "it could not be written, which is a fault of Concord",
}


def reach(turn: Turn, number: int, why: Why) -> None:
    """Begin a step: its time runs from now, and the contact list is asked who it means."""
    case, protocol = turn.case, turn.board.protocol
    shared_from = case.shared_from if case.step in sharing(case.ladder, case.ladder.step(number)) else None
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
        shared_from=shared_from or turn.now,
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
    """What to ask the contact list for one side; None where the step means only whoever raised it, and they can be reached."""
    return _wanted_to_raise(turn) if side is Side.RAISING else _wanted_on_the_other_side(turn)


def _wanted_to_raise(turn: Turn) -> Wanted | None:
    case, start = turn.case, turn.case.start
    roles = tuple(role for role in case.ladder.step(case.step).people(Side.RAISING) if not _is_raiser(turn, role))
    if start.form.raised_by.address.lower() in case.unreached:
        roles = tuple(dict.fromkeys((*roles, *start.own_roles)))
    elif not roles:
        return None
    return Wanted(side=Side.RAISING, agency=start.own_agency, roles=roles, excluded=case.unreached)


def _wanted_on_the_other_side(turn: Turn) -> Wanted | None:
    """Where the ladder is turned round, "the professional" stands on this side: the person whom the form names (A-10)."""
    case, start, form = turn.case, turn.case.start, turn.case.start.form
    roles = case.ladder.step(case.step).people(Side.OTHER)
    if not roles:
        return None
    return Wanted(
        side=Side.OTHER,
        agency=(case.ladder.within_agency and start.own_agency) or form.other_agency,
        roles=tuple(role for role in roles if not turn.board.protocol.roles[role].raiser),
        named=form.other_worker,
        named_in_any_role=any(turn.board.protocol.roles[role].raiser for role in roles),
        excluded=case.unreached,
        never=form.raised_by.address,
    )


def _is_raiser(turn: Turn, role: str) -> bool:
    """Whether this role on the raising side is whoever raised it; on a ladder that is turned round, by the roles they hold (A-10)."""
    return turn.board.protocol.roles[role].raiser or (turn.case.turned_round and role in turn.case.start.own_roles)


def _raiser_acts(turn: Turn) -> bool:
    return any(_is_raiser(turn, role) for role in turn.case.ladder.step(turn.case.step).people(Side.RAISING))


def people_found(turn: Turn, found: PeopleFound) -> None:
    """Tell both sides that the step has begun, or, where somebody was not reached, those who stand in for them."""
    before = turn.case.people
    people = [turn.raiser] if not found.replacing and _raiser_acts(turn) else list(before)
    answers = [(side, answer) for side, answer in ((Side.RAISING, found.raising), (Side.OTHER, found.other)) if answer]
    for side, answer in answers:
        if answer.hop != "board":
            people += [Participant(person=person, side=side) for person in answer.people]
    turn.change(people=without_repeats(people))
    turn.change(involved=without_repeats((*turn.case.involved, *turn.case.people)))
    if not found.replacing:
        _record_step(turn)
    new = [participant for participant in turn.case.people if participant not in before]
    _tell_step(turn, new, must_act=True)
    if not found.replacing and turn.raiser.person.address.lower() not in _addresses(turn.case.people):
        _tell_step(turn, [turn.raiser], must_act=False)
    tell_outcome(turn, new)
    for side, _ in answers:
        if not _people(turn, side):
            turn.alert_board(
                "nobody_on_file", f"Nobody on the contact list can be asked at step {turn.case.step} for {_SIDES[side]}."
            )


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
    procedure = case.ladder.local_procedure
    facts: dict[str, JsonValue] = {
        **step_facts(turn),
        "writing": step.writing,
        "why": case.why,
        "ladder_name": case.ladder.name,
        "raising": [described(person) for person in _people(turn, Side.RAISING)],
        "other": [described(person) for person in _people(turn, Side.OTHER)],
        "must_act": must_act,
        "local_procedure": procedure.model_dump(mode="json") if procedure else None,
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
    """Ask for somebody else, inside the step's own time; board staff are told either way, once for each person and step."""
    case = turn.case
    away = case.addressee(failure.notice_id)
    if away == turn.board.inbox.lower() or away in case.unreached or case.state == "closed":
        return  # an alert about an alert would bounce for ever; the failed notice is on the board's page
    who = next((p.person.name for p in (turn.raiser, *case.involved) if p.person.address.lower() == away), "one person")
    turn.alert_board(
        "not_reached", f"Our mail did not reach {who} at step {case.step}: {_WHY_NOT.get(failure.detail, failure.detail)}."
    )
    if away is None:
        return
    turn.change(unreached=(*case.unreached, away))
    missing = [p for p in case.people if p.person.address.lower() == away]
    if not missing or case.state == "last_tier_passed":
        return
    turn.change(people=tuple(participant for participant in case.people if participant not in missing))
    side = missing[0].side
    wanted = _wanted(turn, side)
    raising, other = (wanted, None) if side is Side.RAISING else (None, wanted)
    turn.find = FindPeople(raising=raising, other=other, replacing=True)


def tell_outcome(turn: Turn, whom: Iterable[Participant]) -> None:
    """Read the outcome back and ask for its confirmation in writing (BIR-10, BED-19); those whose side has confirmed it already are
    told so."""
    case = turn.case
    if case.outcome is None:
        return
    whom = list(whom)
    for side in SIDES:
        if by := case.outcome.confirmed_by(side):
            tell_confirmed(turn, case.outcome, by, [participant for participant in whom if participant.side is side])
            whom = [participant for participant in whom if participant.side is not side]
    facts: dict[str, JsonValue] = {
        "outcome": case.outcome.number,
        "by": described(case.outcome.by),
        "step": case.step,
        "deadline": case.deadline.at.isoformat() if case.deadline.at else None,
        "explanation": case.deadline.explanation,
    }
    turn.tell("outcome_proposed", whom, facts, {"outcome": case.outcome.content}, urgent=True)


def tell_confirmed(turn: Turn, outcome: Outcome, by: Person, whom: Iterable[Participant]) -> None:
    """Say that one side has confirmed the outcome, and which side it waits for."""
    for participant in whom:
        done = outcome.confirmed_by(participant.side) is not None
        facts: dict[str, JsonValue] = {
            "outcome": outcome.number,
            "by": described(by),
            "waiting_for": "the other side" if done else "your side",
        }
        turn.tell("outcome_confirmed", [participant], facts, {"outcome": outcome.content})


def _addresses(participants: Iterable[Participant]) -> list[str]:
    return [participant.person.address.lower() for participant in participants]


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
