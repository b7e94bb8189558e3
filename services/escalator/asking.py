"""Who is asked at a step: the people it means, those who stand in for them, and those who are told (BED-16, BED-17, A-18 to A-20).

Nobody at home is never silence: no answer, a bounce, an absence or an empty rank leads to the deputy, a role that may stand in, the
safeguarding lead and the board, inside the step's own time, and each hop is recorded.
"""

from collections.abc import Iterable
from typing import Literal

from pydantic import JsonValue

from services.contracts.agencies import same_agency
from services.contracts.escalator import StandInAsked, StepReached
from services.contracts.vocabulary import Side
from services.escalator.case import FindPeople, NotReached, Participant, PeopleFound, Purpose
from services.escalator.people import Wanted
from services.escalator.reading_back import tell_outcome
from services.escalator.sides import SIDES, agencies, people_of
from services.escalator.step_time import readings
from services.escalator.turn import Turn, answer_facts, without_repeats
from services.escalator.wording import described, rules_of_step, step_answers, step_facts

_SIDES = {Side.RAISING: "the side that raised it", Side.OTHER: "the other side"}
_STANDS_IN: dict[Purpose, Literal["not_reached", "no_answer", "wrong_person"]] = {
    "step": "not_reached",
    "not_reached": "not_reached",
    "no_answer": "no_answer",
    "wrong_person": "wrong_person",
}
_WHY_NOT = {
    "bounce": "it came back",
    "absence": "an automatic reply says that they are away",
    "refused": "the mail server refused it",
    "gave_up": "it could not be handed over in time",
    "unprintable": "it could not be written, which is a fault of Concord",
}


def ask_for_step(turn: Turn) -> None:
    """Ask the contact list who the step means, on both sides."""
    turn.find = FindPeople(purpose="step", wanted=(*_wanted(turn, Side.RAISING), *_wanted(turn, Side.OTHER)))


def _wanted(turn: Turn, side: Side) -> tuple[Wanted, ...]:
    """What to ask the contact list for one side: nothing where the step means only whoever raised it, and they can be reached."""
    return _wanted_to_raise(turn) if side is Side.RAISING else _wanted_on_the_other_side(turn)


def _wanted_to_raise(turn: Turn) -> tuple[Wanted, ...]:
    case, start = turn.case, turn.case.start
    roles = tuple(role for role in case.ladder.step(case.step).people(Side.RAISING) if not _is_raiser(turn, role))
    if start.form.raised_by.address.lower() in case.unreached:
        roles = tuple(dict.fromkeys((*roles, *start.own_roles)))
    elif not roles:
        return ()
    return (question(turn, Side.RAISING, start.own_agency, roles),)


def _wanted_on_the_other_side(turn: Turn) -> tuple[Wanted, ...]:
    """One question for each agency (OXF-28). Where the ladder is turned round, "the professional" stands on this side: the person whom
    the form names (A-10)."""
    case, form, protocol = turn.case, turn.case.start.form, turn.board.protocol
    roles = case.ladder.step(case.step).people(Side.OTHER)
    if not roles:
        return ()
    known = tuple(role for role in roles if not protocol.roles[role].raiser)
    named = "" if case.ladder.keep_from else form.other_worker
    in_any_role = bool(named) and len(known) < len(roles)
    return tuple(
        question(turn, Side.OTHER, agency, known, named=named, named_in_any_role=in_any_role) for agency in agencies(turn)
    )


def question(turn: Turn, side: Side, agency: str, roles: tuple[str, ...], **more: object) -> Wanted:
    """A question that never leads to whoever raised it as their own opposite number, nor to anybody this ladder is kept from (BED-22)."""
    case, form = turn.case, turn.case.start.form
    kept_from = case.ladder.keep_from
    return Wanted.model_validate(
        {
            "side": side,
            "agency": agency,
            "roles": roles,
            "excluded": case.unreached,
            "never": () if side is Side.RAISING else (form.raised_by.address,),
            "never_named": (form.other_worker,) if kept_from and form.other_worker else (),
            "never_roles": kept_from,
            **more,
        }
    )


def _is_raiser(turn: Turn, role: str) -> bool:
    """Whether this role on the raising side is whoever raised it; on a ladder that is turned round, by the roles they hold (A-10)."""
    return turn.board.protocol.roles[role].raiser or (turn.case.turned_round and role in turn.case.start.own_roles)


def _raiser_acts(turn: Turn) -> bool:
    return any(_is_raiser(turn, role) for role in turn.case.ladder.step(turn.case.step).people(Side.RAISING))


def people_found(turn: Turn, answer: PeopleFound) -> None:
    """Tell both sides that the step has begun, or, where somebody was not reached or did not answer, those who stand in for them."""
    before = turn.case.people
    begins = answer.purpose == "step"
    people = [turn.raiser] if begins and _raiser_acts(turn) else list(before)
    for one in answer.answers:
        if one.found.hop != "board":
            people += [Participant(person=person, side=one.wanted.side) for person in one.found.people]
    turn.change(people=without_repeats(people))
    turn.change(involved=without_repeats((*turn.case.involved, *turn.case.people)))
    if begins:
        _record_step(turn)
    _record_stand_ins(turn, answer)
    new = [participant for participant in turn.case.people if participant not in before]
    tell_step(turn, new, must_act=True)
    if begins and turn.raiser.person.address.lower() not in _addresses(turn.case.people):
        tell_step(turn, [turn.raiser], must_act=False)
    if begins:
        _tell_the_board(turn)
    tell_outcome(turn, new)


def _record_stand_ins(turn: Turn, answer: PeopleFound) -> None:
    """Each hop to somebody else, and board staff where nobody is left: once for each side and step."""
    for one in answer.answers:
        side, found = one.wanted.side, one.found
        nobody_needed = found.hop == "board" and answer.purpose != "no_answer" and people_of(turn, side)
        if (found.hop == "role" and answer.purpose != "wrong_person") or nobody_needed:
            continue
        turn.record(
            StandInAsked,
            step=turn.case.step,
            side=side,
            why=_STANDS_IN[answer.purpose],
            hop=found.hop,
            people=() if found.hop == "board" else found.people,
            suggested=found.suggested,
        )
        if found.hop == "board" and side not in turn.case.asked_board:
            turn.change(asked_board=(*turn.case.asked_board, side))
            what = "has answered" if answer.purpose == "no_answer" else "on the contact list can be asked"
            turn.alert_board("nobody_on_file", f"Nobody {what} at step {turn.case.step} for {_SIDES[side]}.")


def _tell_the_board(turn: Turn) -> None:
    step = turn.case.ladder.step(turn.case.step)
    if step.tells_board is not None:
        turn.alert_board(
            "told_by_protocol", f"Step {step.number} has begun. {step.tells_board.text} ({step.tells_board.source})"
        )


def _record_step(turn: Turn) -> None:
    case, step = turn.case, turn.case.ladder.step(turn.case.step)
    turn.record(
        StepReached,
        step=case.step,
        steps=len(case.ladder.steps),
        action=step.action,
        other_side=tuple(people_of(turn, Side.OTHER)),
        raising_side=tuple(people_of(turn, Side.RAISING)),
        writing=step.writing,
        paragraph=step.source,
        why=case.why,
        deadline=case.deadline.at,
        explanation=case.deadline.explanation,
        name=step.name,
        readings=readings(turn),
    )


def tell_step(turn: Turn, whom: list[Participant], *, must_act: bool) -> None:
    """Tell these people that the step has begun, and whether they must act."""
    case, step = turn.case, turn.case.ladder.step(turn.case.step)
    procedure = case.ladder.local_procedure
    for side in (*SIDES, Side.BOARD):
        facts: dict[str, JsonValue] = {
            **step_facts(turn),
            "writing": step.writing,
            "why": case.why,
            "ladder_name": case.ladder.name,
            "raising": [described(person) for person in people_of(turn, Side.RAISING)],
            "other": [described(person) for person in people_of(turn, Side.OTHER)],
            "must_act": must_act,
            "local_procedure": procedure.model_dump(mode="json") if procedure else None,
            "rules": rules_of_step(turn, side),
            "answers": answer_facts(step_answers(turn, side)),
        }
        turn.tell("step_reached", [p for p in whom if p.side is side], facts, urgent=must_act)


def not_reached(turn: Turn, failure: NotReached) -> None:
    """Ask for somebody else, inside the step's own time; board staff are told either way, once for each person and step."""
    case = turn.case
    away = case.addressee(failure.notice_id)
    if away == turn.board.inbox.lower() or away in case.unreached or case.ended:
        return  # an alert about an alert would bounce for ever; the failed notice is on the board's page
    who = next((p.person.name for p in (turn.raiser, *case.involved) if p.person.address.lower() == away), "one person")
    turn.alert_board(
        "not_reached", f"Our mail did not reach {who} at step {case.step}: {_WHY_NOT.get(failure.detail, failure.detail)}."
    )
    if away is not None:
        replace(turn, away, "not_reached")


def replace(turn: Turn, address: str, purpose: Literal["not_reached", "wrong_person"], named: str = "") -> None:
    """Ask the contact list for somebody in place of whoever has this address, where they act at this step."""
    case = turn.case
    turn.change(unreached=(*case.unreached, address))
    missing = [p for p in case.people if p.person.address.lower() == address]
    if not missing or case.state == "last_tier_passed":
        return
    turn.change(people=tuple(participant for participant in case.people if participant not in missing))
    wanted = tuple(
        one.model_copy(update={"named": named}) if named else one
        for one in _wanted(turn, missing[0].side)
        if _still_missing(turn, one, missing[0])
    )
    if wanted:
        turn.find = FindPeople(purpose=purpose, wanted=wanted)


def _still_missing(turn: Turn, wanted: Wanted, missing: Participant) -> bool:
    """Whether this question is about the agency that has lost somebody: where several are on the side, only that one."""
    return len(agencies(turn)) == 1 or wanted.side is Side.RAISING or same_agency(wanted.agency, missing.person.agency)


def look_in(turn: Turn) -> None:
    """A side has said nothing at this step: whoever comes next in its agency is asked as well (BED-17)."""
    case = turn.case
    silent = [
        side
        for side in SIDES
        if side not in case.heard and side not in case.asked_board and any(p.side is side for p in case.people)
    ]
    beyond = tuple(p.person.address for p in case.people)
    wanted = tuple(one.model_copy(update={"beyond": beyond}) for side in silent for one in _wanted(turn, side))
    if wanted:
        turn.find = FindPeople(purpose="no_answer", wanted=wanted)


def _addresses(participants: Iterable[Participant]) -> list[str]:
    return [participant.person.address.lower() for participant in participants]
