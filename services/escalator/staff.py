"""What board staff do on a case's page: they ask somebody else, decide after the last step, reopen, withdraw, link, refer, mark as done."""

from services.contracts.escalator import ActNotTaken, CaseLinked, DecisionMade, StandInAsked
from services.contracts.records import StaffActed
from services.contracts.vocabulary import Ending, Person, Side, StaffAct
from services.escalator.asking import tell_step
from services.escalator.case import Outcome, Participant
from services.escalator.closing import close
from services.escalator.follow_up import done, refer_learning, why_not_done
from services.escalator.leaving import reopen, withdraw
from services.escalator.reading_back import tell_outcome
from services.escalator.turn import Turn, without_repeats


def staff_did(turn: Turn, act: StaffActed) -> None:
    """Carry out what board staff did; what cannot be done now is recorded with the reason, never lost."""
    by = Participant(person=act.by, side=Side.BOARD)
    reason = _why_not(turn, act)
    if reason:
        turn.record(ActNotTaken, side=Side.BOARD, by=act.by, act=act.act, reason=reason)
        return
    match act.act:
        case StaffAct.ASKED:
            if act.person is not None and act.side is not None:
                _ask(turn, act.person, act.side)
        case StaffAct.DECIDED:
            _decide(turn, act)
        case StaffAct.REOPENED:
            reopen(turn, act.by, act.content)
        case StaffAct.WITHDRAWN:
            withdraw(turn, by, act.content)
        case StaffAct.LINKED:
            turn.record(CaseLinked, by=act.by, other_case=act.other_case)
        case StaffAct.LEARNING:
            refer_learning(turn, by, act.content)
        case StaffAct.DONE:
            done(turn, act.number, by, act.content)


def _why_not(turn: Turn, act: StaffActed) -> str:
    case = turn.case
    nobody = act.person is None or act.side not in {Side.RAISING, Side.OTHER}
    too_early = case.state != "last_tier_passed" or act.content is None
    against = {
        StaffAct.ASKED: "The case has ended, or nobody was named." if case.ended or nobody else _kept_from(turn, act.person),
        StaffAct.DECIDED: "Board staff decide only after the last step has passed." if too_early else "",
        StaffAct.REOPENED: "" if case.ended else "The case has not ended.",
        StaffAct.WITHDRAWN: "The case has ended already." if case.ended else "",
        StaffAct.DONE: why_not_done(turn, act.number),
    }
    return against.get(act.act, "")


def _kept_from(turn: Turn, person: Person | None) -> str:
    """Why this person is not told of the case: it is kept from whoever the form names (BED-22)."""
    named = turn.case.start.form.other_worker.lower()
    kept = person is not None and turn.case.ladder.keep_from and named and person.name.lower() in named
    return "This disagreement is kept from that person." if kept else ""


def _ask(turn: Turn, person: Person, side: Side) -> None:
    participant = Participant(person=person, side=side)
    turn.change(people=without_repeats((*turn.case.people, participant)))
    turn.change(
        involved=without_repeats((*turn.case.involved, participant)),
        unreached=tuple(address for address in turn.case.unreached if address != person.address.lower()),
        asked_board=tuple(one for one in turn.case.asked_board if one is not side),
    )
    turn.record(StandInAsked, step=turn.case.step, side=side, why="staff", hop="role", people=(person,))
    tell_step(turn, [participant], must_act=True)
    tell_outcome(turn, [participant])


def _decide(turn: Turn, act: StaffActed) -> None:
    """Board staff end a case after its last step: what follows is in writing, and everybody is told (A-15)."""
    if act.content is None:
        return
    number = turn.case.outcomes + 1
    turn.record(
        DecisionMade,
        step=turn.case.step,
        outcome=number,
        side=Side.BOARD,
        by=act.by,
        content=act.content,
        paragraph="",
    )
    outcome = Outcome(
        number=number, side=Side.BOARD, by=act.by, content=act.content, first_notice=turn.case.notices + 1, pursued=act.pursued
    )
    turn.change(outcome=outcome, outcomes=number)
    lines = ["No step of the protocol is left, and the board has put in writing how this ends."]
    turn.inform(turn.case.involved, "How this ends", lines, sealed={"outcome": act.content})
    close(turn, Ending.BOARD_DECIDED)
