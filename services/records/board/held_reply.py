"""Something held, released as somebody's reply to a case: whose, what it does, and their words. No I/O."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.contracts.content import ReplyContent
from services.contracts.vocabulary import Person, ReplyAct, Side
from services.kit.web import words
from services.records.board.decision import decision
from services.records.board.fields import LONGEST_LINE, Answers, Mistakes, day_of, one_line, too_long, whole_text
from services.records.board.held_acts import Settled, Settling
from services.records.case import WAITING, Case, State
from services.records.tables import NoticeRow
from services.records.wording import ACTS, SIDES, who

LONGEST: Final = 20_000
"""Characters in somebody's words."""
WITH_OUTCOME: Final = frozenset({ReplyAct.OUTCOME_PROPOSED, ReplyAct.DECISION})
WITH_TIME: Final = frozenset({ReplyAct.TIME_PROPOSED, ReplyAct.MEETING})
_STAFF_DO: Final = frozenset({ReplyAct.REOPENED, ReplyAct.LEARNING, ReplyAct.DONE})
"""What staff do themselves, on the page of a case that has ended."""
_TO_AN_OUTCOME: Final = frozenset({ReplyAct.CONFIRMED, ReplyAct.DISPUTED})
_TO_A_DECISION: Final = frozenset({ReplyAct.DISSENT, ReplyAct.CHALLENGE, ReplyAct.NO_CHALLENGE})
_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


@dataclass(frozen=True)
class Chosen:
    """Whose reply it is, and what it does."""

    side: Side
    person: Person
    act: ReplyAct


def people_of(case: Case, notices: Iterable[NoticeRow]) -> dict[str, tuple[Side, Person]]:
    """Everybody who may have replied, by what names them in a form: whom the case knows, and whom else it has written to."""
    found: dict[str, tuple[Side, Person]] = {}
    raised = (case.raised_by,) if case.raised_by else ()
    for side, people in ((Side.RAISING, (*case.raising_side, *raised)), (Side.OTHER, case.other_side)):
        for person in people:
            found.setdefault(_key(side, person.address), (side, person))
    for row in notices:
        if row.side in (Side.RAISING, Side.OTHER) and row.address:
            side = Side(row.side)
            found.setdefault(_key(side, row.address), (side, Person(name=row.name or row.address, address=row.address)))
    return dict(sorted(found.items(), key=lambda item: (item[1][0] is Side.OTHER, item[1][1].name.lower())))


def acts_in(case: Case) -> dict[str, str]:
    """What a reply may do where this case is, in words; what only staff do is done on the case's page."""
    shut = set(_STAFF_DO)
    if case.state not in WAITING:
        shut |= _TO_AN_OUTCOME
    shut |= {ReplyAct.NOT_RESOLVED} if case.state is State.DECIDED else _TO_A_DECISION
    return {act.value: f"They {text}" for act, text in ACTS.items() if act not in shut}


def choose(answers: Answers, people: Mapping[str, tuple[Side, Person]], acts: Mapping[str, str]) -> Chosen | Mistakes:
    """Whose reply it is and what it does."""
    mistakes: Mistakes = {}
    named = people.get(answers.get("who", ""))
    if named is None:
        mistakes["who"] = "Select whose reply it is"
    if answers.get("act", "") not in acts:
        mistakes["act"] = "Select what the reply does"
    if named is None or mistakes:
        return mistakes
    return Chosen(*named, ReplyAct(answers["act"]))


def read_reply(
    answers: Answers, settling: Settling, case: Case, chosen: Chosen, notices: Sequence[NoticeRow]
) -> Settled | Mistakes:
    """What it says, to be checked; or what is wrong with the answers."""
    said: dict[str, object] = {
        "board": case.board,
        "case_id": case.case_id,
        "person": chosen.person,
        "side": chosen.side,
        "act": chosen.act,
        "notice_id": answered_notice(case.case_id, chosen, notices, settling.item.received_at),
    }
    rows = [("Case", case.case_id), ("Whose reply", f"{who(chosen.person)}, for {SIDES[chosen.side]}")]
    rows += [("What it does", f"They {ACTS[chosen.act]}")]
    if chosen.act in WITH_OUTCOME:
        outcome = decision(answers)
        if not isinstance(outcome, tuple):
            return outcome
        content, parts, pursued, more = outcome
        return Settled(rows=(*rows, *more), content=content, said={**said, "parts": parts, "pursued": pursued})
    text = whole_text(answers, "text")
    mistakes = too_long("text", text, LONGEST) if text else {"text": "Write what they said, in their words"}
    rows += [("Their words", text)]
    if chosen.act in WITH_TIME:
        at, wrong = _moment(answers, needed=chosen.act is ReplyAct.TIME_PROPOSED)
        mistakes |= wrong
        rows += [("When", words.moment(at))] if at else []
        said["moment"] = at
    if chosen.act is ReplyAct.WRONG_PERSON:
        named = one_line(answers, "named")
        mistakes |= too_long("named", named, LONGEST_LINE)
        rows += [("Who should have been asked", named)] if named else []
        said["named"] = named
    return mistakes or Settled(rows=tuple(rows), content=ReplyContent(text=text), said=said)


def answered_notice(case_id: str, chosen: Chosen, notices: Iterable[NoticeRow], received_at: datetime) -> str:
    """The notice they most likely answered: the last that the case had sent them when they wrote, or the first, or none (0)."""
    sent = {
        int(number): row.queued_at
        for row in notices
        if row.address.lower() == chosen.person.address.lower()
        and row.side == chosen.side
        and (number := row.notice_id.rpartition(".")[2]).isdecimal()
    }
    before = [number for number, at in sent.items() if at is not None and at <= received_at]
    return f"{case_id}.{max(before, default=min(sent, default=0))}"


def _moment(answers: Answers, *, needed: bool) -> tuple[datetime | None, Mistakes]:
    day, mistakes = day_of(answers, "when", "the day", needed=needed)
    time = _TIME.fullmatch(one_line(answers, "time"))
    if day is None:
        return None, mistakes
    if time is None:
        return None, {**mistakes, "time": "Enter the time in figures, such as 16:00"}
    return datetime(day.year, day.month, day.day, int(time[1]), int(time[2]), tzinfo=words.LONDON), mistakes


def _key(side: Side, address: str) -> str:
    return f"{side}|{address.lower()}"
