"""What the board's pages show, in words: no rule is decided here, and no key is shown where people have a name for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.contracts.content import FORM_LABELS, FormContent, OutcomeContent, ReplyContent
from services.contracts.escalator import BoardPublished, CaseEvent
from services.contracts.intake import ReplyReceived
from services.contracts.message import Message
from services.contracts.notifier import NoticeSent
from services.contracts.sealed import Sealer, SealError
from services.contracts.vocabulary import ReplyAct
from services.kit.web import words
from services.records import sentences
from services.records.domain import Case, State
from services.records.repository.cases import Listed
from services.records.repository.notices import FAILED, SENT
from services.records.sentences import Line, When, who
from services.records.tables import ConfirmationRow, NoticeRow

STATES: Final = {
    State.RECEIVED: ("Form received", "blue"),
    State.OPEN: ("Open", "blue"),
    State.TO_CONFIRM: ("Outcome to confirm", "purple"),
    State.LAST_TIER_PASSED: ("Last step passed", "red"),
    State.REDIRECTED: ("Not a disagreement here", "grey"),
    State.CLOSED: ("Closed", "green"),
}
"""Each state's name and the colour of its tag; the colour only repeats the name."""
REASONS: Final = {
    "unknown_board": "It is not addressed to a board Concord serves",
    "unknown_sender": "The sender is not on the board’s list",
    "unclear_sender": "It is not clear who sent it",
    "untrusted_reply": "The reply does not come from the address the notice went to",
    "unclear_reply": "It is not clear what the reply decides",
    "not_a_form": "There is no Escalation Form in it",
    "unknown_stage_or_area": "The stage or the area of disagreement is not one of the board’s",
    "unreadable": "It cannot be read",
    "too_large": "It is too large",
    "automatic": "A machine sent it",
}
_OWED: Final = {"raising": "the side that raised it", "other": "the other side"}
_CANNOT_OPEN: Final = "What was written here cannot be opened with the keys there are."


@dataclass(frozen=True)
class Row:
    """A case as a list shows it."""

    case: Case
    board: str
    state: str
    colour: str
    stage: str
    area: str
    step: str
    raising: tuple[str, ...]
    other: tuple[str, ...]
    deadline: str
    overdue: bool
    waiting_for: str
    wrong: tuple[str, ...]
    closed: str


@dataclass(frozen=True)
class Told:
    """One line of a timeline: when, what, and what was written, as paragraphs by label."""

    at: str
    line: Line
    written: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Notice:
    """One notice as a table shows it."""

    row: NoticeRow
    about: str
    to: str
    state: str
    colour: str
    why: str
    when: str


def times(demonstration: str) -> When:
    """How times are written: to the second where a second may stand for an hour."""
    return words.instant if demonstration else words.moment


def row(listed: Listed, boards: Mapping[str, BoardPublished]) -> Row:
    """A case in words."""
    case = listed.case
    when = times(case.demonstration)
    state, colour = STATES[case.state]
    board = boards.get(case.board)
    stage, area = _names(case, board)
    return Row(
        case=case,
        board=board.name if board else case.board,
        state=state,
        colour=colour,
        stage=stage,
        area=area,
        step=f"Step {case.step} of {case.steps}" if case.step else "",
        raising=tuple(who(person) for person in case.raising_side or ((case.raised_by,) if case.raised_by else ())),
        other=tuple(who(person) for person in case.other_side) or ((case.other_agency,) if case.other_agency else ()),
        deadline=when(case.deadline) if case.deadline else "",
        overdue=listed.overdue,
        waiting_for=_waiting_for(case),
        wrong=tuple(_wrong(listed)),
        closed=when(case.closed_at) if case.closed_at else "",
    )


def timeline(messages: Iterable[Message], sealer: Sealer, case: Case) -> list[Told]:
    """A case's history as lines, the latest first, with what people wrote."""
    when = times(case.demonstration)
    known = sentences.introduced(messages)
    handled = max((message.at for message in known if isinstance(message, CaseEvent)), default=None)
    lines = [
        line
        for message in known
        if not (isinstance(message, NoticeSent) or _is_told_by_another(message, handled))
        and (line := sentences.tell(message, when))
    ]
    lines += sentences.emails(message for message in known if isinstance(message, NoticeSent))
    lines.sort(key=lambda line: line.at)
    lines.reverse()  # of two at the same instant, the one recorded later comes first
    return [Told(at=when(line.at), line=line, written=tuple(written(line, sealer, case.case_id))) for line in lines]


def _is_told_by_another(message: Message, handled: datetime | None) -> bool:
    """A reply the case has moved on from: what came of it is told, with what it said. One nobody has acted on yet is not."""
    decides = isinstance(message, ReplyReceived) and message.act != ReplyAct.NOT_RESOLVED
    return decides and handled is not None and message.at <= handled


def written(line: Line, sealer: Sealer, case_id: str) -> Iterable[tuple[str, str]]:
    """What somebody wrote, opened, as (label, text); one text without a label where there is only one."""
    if line.sealed is None:
        return []
    try:
        if line.wrote == "form":
            form = sealer.open(case_id, line.sealed, FormContent)
            return [(label, text) for key, label in FORM_LABELS if (text := getattr(form, key))]
        if line.wrote == "outcome":
            return _outcome(sealer.open(case_id, line.sealed, OutcomeContent))
        return [("", sealer.open(case_id, line.sealed, ReplyContent).text)]
    except SealError:
        return [("", _CANNOT_OPEN)]


def notice(shown: NoticeRow, demonstration: str) -> Notice:
    """A notice in words."""
    when = times(demonstration)
    at = shown.settled_at or shown.queued_at
    state, colour, why = _notice_state(shown)
    return Notice(
        row=shown,
        about=sentences.notice(shown.kind),
        to=f"{shown.name}, {shown.address}" if shown.name else shown.address,
        state=state,
        colour=colour,
        why=why,
        when=when(at) if at else "",
    )


def confirmation(shown: ConfirmationRow, when: When) -> str:
    """One sentence about a written confirmation."""
    if shown.issued_at is None:
        return f"The written confirmation of outcome {shown.outcome} is being made. {shown.problem}".strip()
    plain = f" {shown.problem}" if shown.problem else ""
    return f"The written confirmation of outcome {shown.outcome} was issued at {when(shown.issued_at)}.{plain}"


def _names(case: Case, board: BoardPublished | None) -> tuple[str, str]:
    stages = {choice.key: choice.name for choice in board.case_stages} if board else {}
    areas = {(choice.case_stage, choice.key): choice.name for choice in board.areas} if board else {}
    return stages.get(case.case_stage, case.case_stage), areas.get((case.case_stage, case.area), case.area)


def _waiting_for(case: Case) -> str:
    if case.state == State.RECEIVED:
        return "Waiting to be opened."
    if case.state == State.TO_CONFIRM:
        owed = [name for side, name in _OWED.items() if side not in case.confirmed_by]
        return f"Outcome {case.outcome} waits for {' and '.join(owed)} to confirm." if owed else "Both sides have confirmed."
    if case.state == State.LAST_TIER_PASSED:
        return "Waiting for board staff to act."
    return ""


def _wrong(listed: Listed) -> Iterable[str]:
    if listed.case.state == State.LAST_TIER_PASSED:
        yield "The last step ended without an agreed outcome. Board staff must act."
    if listed.overdue:
        yield "Overdue: the deadline has passed and the case has not moved on."
    if listed.failed_notices:
        yield f"{_count(listed.failed_notices, 'notice')} did not arrive, or may not have."
    if listed.held:
        yield f"{_count(listed.held, 'item')} about this case waits for board staff."
    if listed.confirmation == "issued_plain":
        yield "The written confirmation was issued as plain text, because the PDF could not be made."


def _count(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"


def _notice_state(shown: NoticeRow) -> tuple[str, str, str]:
    if shown.delivery == "bounce":
        return "Came back", "red", f"It came back undelivered. {shown.delivery_detail}".strip()
    if shown.state == FAILED:
        why = sentences.FAILURES.get(shown.outcome, shown.outcome)
        state = "May arrive twice" if shown.outcome == "uncertain" else "Not sent"
        return state, "red", f"{why[:1].upper()}{why[1:]}. {shown.detail}".strip()
    if shown.state == SENT:
        away = " An automatic reply came back." if shown.delivery else ""
        return "Sent", "green", f"The mail server took it.{away}"
    return "Waiting", "grey", "It has not left yet."


def _outcome(content: OutcomeContent) -> Sequence[tuple[str, str]]:
    parts = [("What was agreed", content.agreed), ("Risk", content.risk), ("Depends on", content.depends_on)]
    for heading, actions in (("Action", content.actions), ("Outstanding", content.outstanding)):
        for action in actions:
            details = "; ".join(part for part in (action.what, action.owner, action.by) if part)
            parts.append((heading, details))
    return [(label, text) for label, text in parts if text]
