"""After a case has closed: what is outstanding is chased until it is done, and what was learned goes where the protocol sends it.

BED-19, BAR-19 (outstanding issues), OXF-16 (planning meeting), BAR-22 (conference), BIR-24 (review conference), BAR-26 (debrief), BED-20,
BIR-15, BIR-20, OXF-29, BAR-24 (learning).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.contracts.escalator import FollowUpBegun, LearningReferred
from services.contracts.intake import ReplyReceived
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Ending, FollowUp, Person, ReplyAct, Side
from services.escalator.case import Participant, Pursuit
from services.escalator.times import interval
from services.escalator.turn import Answers, Turn, without
from services.escalator.working_time import MONTHS

CHASERS = 2
"""How often people are asked about a follow-up before board staff are asked to look."""

_ANSWERS: Answers = (("DONE 1", "The follow-up with this number is done, or is not needed; say what was done."),)
_LEARNING: Answers = (("LEARNING", "Others can learn from this; write what. It goes where the protocol sends it."),)


def begin_follow_up(turn: Turn) -> None:
    """Begin to chase what is outstanding. It is said before the case is said to be closed: the record shows it."""
    items = _items(turn)
    if items:
        pursuits = tuple(Pursuit(item=item, chase_at=_first_chase(turn, item)) for item in items)
        turn.change(state="following_up", pursuits=pursuits)
        turn.record(FollowUpBegun, items=items)


def tell_what_follows(turn: Turn, people: Iterable[Participant]) -> None:
    """Tell everybody what is still to be done, and what else the protocol offers after a case."""
    lines = _offers(turn)
    learning = _LEARNING if turn.board.protocol.closing.learning else ()
    told = [participant for participant in people if participant.side is not Side.BOARD]
    if turn.case.pursuits:
        lines = ["The case has closed. What follows is still to be done, and we ask about it until it is.", *lines]
        items = _listed(pursuit.item for pursuit in turn.case.pursuits)
        answers = (*_ANSWERS, *learning)
        turn.ask(told, "What is still to be done", lines, answers, items=items, sealed=_outcome(turn), urgent=False)
    elif lines:
        turn.inform(told, "After the outcome", lines, learning)


def _outcome(turn: Turn) -> dict[str, Sealed] | None:
    return {"outcome": turn.case.outcome.content} if turn.case.outcome else None


def _items(turn: Turn) -> tuple[FollowUp, ...]:
    case, closing = turn.case, turn.board.protocol.closing
    found: list[FollowUp] = []
    outstanding = [one for one in case.outcome.pursued if one.kind == "outstanding"] if case.outcome else []
    for place, one in enumerate(outstanding, start=1):
        found.append(
            FollowUp(
                number=len(found) + 1,
                kind="outstanding",
                place=place,
                text=f"Outstanding issue {place} of the written outcome",
                owner=one.owner,
                by=one.by,
                paragraph=closing.confirmation.source if closing.confirmation else "",
            )
        )
    default = case.ladder.default_outcome
    if case.how is Ending.DEFAULT_OUTCOME and default is not None:
        owner = turn.board.protocol.roles[default.by].name
        found.append(
            FollowUp(number=len(found) + 1, kind="conference", text=default.text, owner=owner, paragraph=default.source)
        )
    meeting = closing.planning_meeting
    if case.outcome is not None and meeting is not None:
        found.append(FollowUp(number=len(found) + 1, kind="planning_meeting", text=meeting.text, paragraph=meeting.source))
    return tuple(found)


def _offers(turn: Turn) -> list[str]:
    """What may help after a case, and is never chased."""
    closing = turn.board.protocol.closing
    offered = [one for one in (closing.review_conference, closing.debrief, closing.learning) if one is not None]
    return [f"{one.text} ({one.source})" for one in offered] if turn.case.outcome is not None else []


def _listed(items: Iterable[FollowUp]) -> list[str]:
    return [
        f"{item.number}. {item.text}"
        + (f": {item.owner}" if item.owner else "")
        + (f", by {item.by.day} {MONTHS[item.by.month - 1]} {item.by.year}" if item.by else "")
        for item in items
    ]


def _first_chase(turn: Turn, item: FollowUp) -> datetime:
    """When to ask about it first: as people begin to work on the day it is due, else after the protocol's interval."""
    calendar = turn.case.start.calendar
    if item.by is not None:
        due = calendar.instant(datetime.combine(item.by, calendar.opens))
        if due > turn.now:
            return due
    return turn.now + _interval(turn)


def _interval(turn: Turn) -> timedelta:
    return interval(turn.board.protocol.closing.follow_up)


def chase_follow_ups(turn: Turn) -> None:
    """Ask about what is due; board staff too when it was asked often enough."""
    case = turn.case
    late = [pursuit for pursuit in case.pursuits if pursuit.chase_at <= turn.now]
    if not late:
        return
    turn.change(
        pursuits=tuple(
            pursuit.model_copy(update={"chased": pursuit.chased + 1, "chase_at": turn.now + _interval(turn)})
            if pursuit in late
            else pursuit
            for pursuit in case.pursuits
        )
    )
    whom = [participant for participant in case.involved if participant.side is not Side.BOARD]
    items = _listed(pursuit.item for pursuit in late)
    lines = ["This was to be done after the case closed."]
    turn.ask(whom, "Is this done?", lines, _ANSWERS, items=items, sealed=_outcome(turn))
    for pursuit in late:
        if pursuit.chased + 1 > CHASERS:
            turn.alert_board("follow_up_open", f"Follow-up {pursuit.item.number} is not done: {pursuit.item.text}.")


def why_not_done(turn: Turn, number: int | None) -> str:
    """Why a follow-up cannot be marked as done; empty when it can."""
    open_ones = [str(pursuit.item.number) for pursuit in turn.case.pursuits]
    if not open_ones:
        return "Nothing is left to be done in this case."
    if str(number) in open_ones:
        return ""
    return f"Please say which: DONE and one of the numbers {', '.join(open_ones)}."


def done(turn: Turn, number: int | None, by: Participant, content: Sealed | None) -> None:
    """Somebody finished a follow-up; the case is over when it was the last."""
    case = turn.case
    left = tuple(pursuit for pursuit in case.pursuits if pursuit.item.number != number)
    item = next(pursuit.item for pursuit in case.pursuits if pursuit.item.number == number)
    note = f"Follow-up {item.number} is done: {item.text}."
    turn.record_act(ReplyAct.DONE, by, note, content, follow_up=item.number)
    turn.change(pursuits=left, state=case.state if left else "closed")
    others = without(case.involved, by)
    sealed = {"reply": content} if content else None
    turn.inform(
        others, f"Follow-up {item.number} is done", [f"{by.person.name} says that this is done: {item.text}."], sealed=sealed
    )


def why_not_reply_done(turn: Turn, reply: ReplyReceived) -> str:
    """Why a reply does not finish a follow-up; empty when it does."""
    return why_not_done(turn, reply.number)


def reply_done(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody answered that a follow-up is done."""
    done(turn, reply.number, sender, reply.content)


def reply_learning(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody answered with what others can learn."""
    refer_learning(turn, sender, reply.content)


def refer_learning(turn: Turn, by: Participant, content: Sealed | None) -> None:
    """What was learned goes where the protocol sends it; where it must have been followed and was not, to board staff (BED-20)."""
    rule, case = turn.board.protocol.closing.learning, turn.case
    followed = not case.lapses
    held_back = rule is None or (rule.only_if_followed and not followed)
    to = turn.board.name if rule is None or held_back else rule.to
    turn.record(
        LearningReferred,
        by=by.person,
        to=to,
        procedures_followed=followed,
        lapses=case.lapses,
        paragraph=rule.source if rule else "",
        content=content,
    )
    address = turn.board.inbox if held_back else turn.board.learning_inbox or turn.board.inbox
    lines = [f"{by.person.name} says that others can learn from this case. It is for: {to}."]
    if rule is not None and held_back:
        lines.append(
            f"The protocol refers it only where its procedures were followed ({rule.source}). Board staff decide what happens to it."
        )
    lines.append("The procedures were followed." if followed else "This was not done as the protocol says:")
    inbox = Participant(person=Person(name=to, address=address), side=Side.BOARD)
    sealed = {"reply": content} if content else None
    turn.inform([inbox], "Learning from a case", lines, items=case.lapses, sealed=sealed)
    turn.inform([by], "What you learned was passed on", [f"It went to: {to}."])
