"""What board staff can do on a case's page: when, what each form asks, and what it says once it is right. No I/O.

Every act is only asked for here. What comes of it the escalator says, and until then the case's page says what was asked for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.contracts import escalator
from services.contracts.contact_list import ContactLine
from services.contracts.content import OutcomeContent, ReplyContent
from services.contracts.escalator import ActNotTaken, ActRecorded, BoardPublished, CaseEvent
from services.contracts.intake import Pursued
from services.contracts.message import Message
from services.contracts.records import StaffActed
from services.contracts.vocabulary import Person, ReplyAct, Side, StaffAct
from services.records.board.decision import decision
from services.records.board.fields import Answers, Mistakes, reason
from services.records.board.whom import person_to_ask
from services.records.case import Case, State
from services.records.wording import SIDES, who


@dataclass(frozen=True)
class Situation:
    """What a form is read against: the case, its board, the contact list in force, and the cases it is linked with.

    `other_exists` says whether the case the form names is one of the board's.
    """

    case: Case
    board: BoardPublished
    lines: Sequence[ContactLine] = ()
    other_exists: bool = False
    linked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Draft:
    """What somebody is about to do: `rows` as they check it, label by label, and the rest as StaffActed says it."""

    rows: tuple[tuple[str, str], ...]
    content: ReplyContent | OutcomeContent | None = None
    person: Person | None = None
    side: Side | None = None
    other_case: str = ""
    number: int | None = None
    parts: tuple[str, ...] = ()
    pursued: tuple[Pursued, ...] = field(default=())


Reader = Callable[[Answers, Situation], Draft | Mistakes]


@dataclass(frozen=True)
class Act:
    """One thing to do. `slug` is its place in the address; `text_label` and `text_hint` belong to what somebody writes with it."""

    slug: str
    act: StaffAct
    title: str
    explains: str
    button: str
    allowed: Callable[[Case], bool]
    read: Reader
    text_label: str
    text_hint: str = ""


def _ask(answers: Answers, situation: Situation) -> Draft | Mistakes:
    side, person, mistakes = person_to_ask(answers, situation.case, situation.board, situation.lines)
    text, wrong = reason(answers, needed=False)
    if side is None or person is None or mistakes or wrong:
        return {**mistakes, **wrong}
    rows = [("Who", who(person)), ("Address", person.address), ("For", SIDES[side])]
    return Draft(rows=(*rows, *_why(text)), content=_written(text), person=person, side=side)


def _decide(answers: Answers, _situation: Situation) -> Draft | Mistakes:
    found = decision(answers)
    if not isinstance(found, tuple):
        return found
    content, parts, pursued, rows = found
    return Draft(rows=rows, content=content, parts=parts, pursued=pursued)


def _with_reason(answers: Answers, _situation: Situation) -> Draft | Mistakes:
    text, wrong = reason(answers, needed=True)
    return wrong or Draft(rows=tuple(_why(text)), content=_written(text))


def _link(answers: Answers, situation: Situation) -> Draft | Mistakes:
    other = answers.get("other_case", "").strip().upper()
    text, wrong = reason(answers, needed=False)
    if not other:
        wrong = {"other_case": "Enter the reference of the other case", **wrong}
    elif other == situation.case.case_id:
        wrong = {"other_case": "Enter the reference of another case, not of this one", **wrong}
    elif other in situation.linked:
        wrong = {"other_case": f"This case is linked with {other} already", **wrong}
    elif not situation.other_exists:
        wrong = {"other_case": f"Enter the reference of a case of {situation.board.name}: there is no {other}", **wrong}
    return wrong or Draft(rows=(("Linked with", other), *_why(text)), content=_written(text), other_case=other)


def _done(answers: Answers, situation: Situation) -> Draft | Mistakes:
    number = answers.get("number", "")
    item = next((item for item in situation.case.to_pursue if str(item.number) == number), None)
    text, wrong = reason(answers, needed=False)
    if item is None:
        return {"text": "This follow-up is done already, or is not one of this case", **wrong}
    rows = [("Follow-up", f"{item.number}. {item.text}"), *([("Who", item.owner)] if item.owner else [])]
    return wrong or Draft(rows=(*rows, *_why(text, "What was done")), content=_written(text), number=item.number)


def _why(text: str, label: str = "What you wrote") -> Iterable[tuple[str, str]]:
    return [(label, text)] if text else []


def _written(text: str) -> ReplyContent | None:
    return ReplyContent(text=text) if text else None


_BEGUN: Final = frozenset(set(State) - {State.RECEIVED})
_BOTH_READ: Final = "Both sides are told, and read what you write."

ACTS: Final[tuple[Act, ...]] = (
    Act(
        slug="ask",
        act=StaffAct.ASKED,
        title="Ask somebody else at this step",
        explains="They are told of the case and asked to act, beside those who were asked before. The time of the step runs on.",
        button="Ask them",
        allowed=lambda case: case.step is not None and not case.ended,
        read=_ask,
        text_label="Why them (optional)",
        text_hint="Kept in the case’s history.",
    ),
    Act(
        slug="decide",
        act=StaffAct.DECIDED,
        title="Decide how it ends",
        explains="The last step ended without agreement. What you put in writing here ends the case, and both sides get it.",
        button="End the case with this outcome",
        allowed=lambda case: case.past_last_tier and not case.ended,
        read=_decide,
        text_label="",
    ),
    Act(
        slug="withdraw",
        act=StaffAct.WITHDRAWN,
        title="Withdraw the case",
        explains="The case ends without an outcome. It can be reopened.",
        button="Withdraw the case",
        allowed=lambda case: case.state in _BEGUN and not case.ended,
        read=_with_reason,
        text_label="Why it is withdrawn",
        text_hint=_BOTH_READ,
    ),
    Act(
        slug="reopen",
        act=StaffAct.REOPENED,
        title="Reopen the case",
        explains="The case goes on at the step where it ended, and its time begins again.",
        button="Reopen the case",
        allowed=lambda case: case.ended,
        read=_with_reason,
        text_label="Why it goes on",
        text_hint=_BOTH_READ,
    ),
    Act(
        slug="link",
        act=StaffAct.LINKED,
        title="Link with another case",
        explains="For two cases about the same matter. Each then shows the other.",
        button="Link the cases",
        allowed=lambda case: case.state in _BEGUN,
        read=_link,
        text_label="Why they belong together (optional)",
        text_hint="Kept in the case’s history.",
    ),
    Act(
        slug="learning",
        act=StaffAct.LEARNING,
        title="Refer what was learned",
        explains="It goes where the board’s protocol sends it, with whether the procedures were followed.",
        button="Refer it",
        allowed=lambda case: case.state in _BEGUN,
        read=_with_reason,
        text_label="What others can learn from this",
        text_hint="Leave out what would name the child or blame somebody.",
    ),
    Act(
        slug="done",
        act=StaffAct.DONE,
        title="Mark a follow-up as done",
        explains="Nobody is asked about it again.",
        button="Mark it as done",
        allowed=lambda case: bool(case.to_pursue),
        read=_done,
        text_label="What was done (optional)",
        text_hint=_BOTH_READ,
    ),
)


def act_called(slug: str) -> Act | None:
    """The act with this place in the address."""
    return next((act for act in ACTS if act.slug == slug), None)


def unanswered(asked: Iterable[tuple[StaffActed, int]], messages: Iterable[Message]) -> list[StaffActed]:
    """What was asked for and nothing has come of yet. Each comes with the number of the last fact known when it was."""
    facts = [message for message in messages if isinstance(message, CaseEvent)]
    return [act for act, after in asked if not any(fact.number > after and _answers(fact, act) for fact in facts)]


def _answers(fact: CaseEvent, act: StaffActed) -> bool:
    if isinstance(fact, ActNotTaken):
        return fact.act == act.act and fact.by.address.lower() == act.by.address.lower()
    if isinstance(fact, escalator.StandInAsked):
        named = {person.address.lower() for person in fact.people}
        return act.person is not None and act.person.address.lower() in named
    if isinstance(fact, escalator.CaseLinked):
        return fact.other_case == act.other_case
    if isinstance(fact, ActRecorded):
        return act.act is StaffAct.DONE and fact.act is ReplyAct.DONE and fact.follow_up in (act.number, None)
    return isinstance(fact, _COMES_OF.get(act.act, ()))


_COMES_OF: Final[Mapping[StaffAct, tuple[type[CaseEvent], ...]]] = {
    StaffAct.DECIDED: (escalator.DecisionMade, escalator.CaseClosed),
    StaffAct.REOPENED: (escalator.CaseReopened, escalator.CaseOpened),
    StaffAct.WITHDRAWN: (escalator.CaseClosed,),
    StaffAct.LEARNING: (escalator.LearningReferred,),
}
