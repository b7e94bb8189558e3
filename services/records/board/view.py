"""What the board's pages show, in words: no rule is decided here, and no key is shown where people have a name for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from services.contracts.escalator import BoardPublished
from services.kit.web import words
from services.records import wording
from services.records.case import Case, State
from services.records.repository.cases import Listed
from services.records.repository.notices import FAILED, SENT
from services.records.tables import ConfirmationRow, NoticeRow
from services.records.wording import ENDINGS, SIDES, When, listed, who

STATES: Final = {
    State.RECEIVED: ("Form received", "blue"),
    State.OPEN: ("Open", "blue"),
    State.TO_CONFIRM: ("Outcome to confirm", "purple"),
    State.DECIDED: ("Decided", "purple"),
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
    "not_completed": "The form was never completed",
    "changed": "The form was corrected in something the case was decided by",
    "too_many": "More came than is read at once",
}


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
    ending: str


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


def row(found: Listed, boards: Mapping[str, BoardPublished]) -> Row:
    """A case in words."""
    case = found.case
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
        step=_step(case),
        raising=tuple(who(person) for person in case.raising_side or ((case.raised_by,) if case.raised_by else ())),
        other=tuple(who(person) for person in case.other_side) or ((case.other_agency,) if case.other_agency else ()),
        deadline=when(case.deadline) if case.deadline else "",
        overdue=found.overdue,
        waiting_for=_waiting_for(case, when),
        wrong=tuple(_wrong(found)),
        closed=when(case.closed_at) if case.closed_at else "",
        ending=f"{ENDINGS[case.how]}." if case.how else "",
    )


def notice(shown: NoticeRow, demonstration: str) -> Notice:
    """A notice in words."""
    when = times(demonstration)
    at = shown.settled_at or shown.queued_at
    state, colour, why = _notice_state(shown)
    return Notice(
        row=shown,
        about=wording.notice(shown.kind),
        to=f"{shown.name}, {shown.address}" if shown.name else shown.address,
        state=state,
        colour=colour,
        why=why,
        when=when(at) if at else "",
    )


def confirmation(shown: ConfirmationRow, when: When) -> str:
    """One sentence about the record of a closed case."""
    of = "record of the case" if shown.outcome is None else f"written confirmation of outcome {shown.outcome}"
    if shown.issued_at is None:
        return f"The {of} is being made. {shown.problem}".strip()
    plain = f" {shown.problem}" if shown.problem else ""
    return f"The {of} was issued at {when(shown.issued_at)}.{plain}"


def _step(case: Case) -> str:
    if not case.step:
        return ""
    place = f"Step {case.step} of {case.steps}" if case.steps else f"Step {case.step}"
    return f"{place}: {case.step_name}" if case.step_name else place


def _names(case: Case, board: BoardPublished | None) -> tuple[str, str]:
    stages = {choice.key: choice.name for choice in board.case_stages} if board else {}
    areas = {(choice.case_stage, choice.key): choice.name for choice in board.areas} if board else {}
    return stages.get(case.case_stage, case.case_stage), areas.get((case.case_stage, case.area), case.area)


def _waiting_for(case: Case, when: When) -> str:
    owed = listed([SIDES[side] for side in case.owing]) if case.owing else ""
    if case.state == State.RECEIVED:
        return "Waiting to be opened."
    if case.state == State.TO_CONFIRM:
        return f"Outcome {case.outcome} waits for {owed} to confirm." if owed else "Both sides have confirmed."
    if case.state == State.DECIDED:
        challenge = f" It may be challenged until {when(case.challenge_by)}." if case.challenge_by else ""
        answers = f"waits for {owed} to confirm it or dissent." if owed else "has been answered."
        return f"The decision, outcome {case.outcome}, {answers}{challenge}"
    if case.state == State.LAST_TIER_PASSED:
        return "Waiting for board staff to act."
    if case.to_pursue:
        return f"{count(len(case.to_pursue), 'follow-up')} still to be done."
    return ""


def _wrong(found: Listed) -> Iterable[str]:
    case = found.case
    if case.state == State.LAST_TIER_PASSED:
        yield "The last step ended without an agreed outcome. Board staff must act."
    if case.asked_board and not case.ended:
        yield "Nobody else on the contact list can be asked at this step. Board staff must say who is."
    if found.overdue:
        yield "Overdue: the deadline has passed and the case has not moved on."
    if found.failed_notices:
        yield f"{count(found.failed_notices, 'notice')} did not arrive, or may not have."
    if found.held:
        yield f"{count(found.held, 'item')} about this case waits for board staff."
    if found.confirmation == "issued_plain":
        yield "The record was issued as plain text, because the PDF could not be made."


def count(number: int, thing: str) -> str:
    """`1 notice`, `2 notices`."""
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"


def _notice_state(shown: NoticeRow) -> tuple[str, str, str]:
    if shown.delivery == "bounce":
        return "Came back", "red", f"It came back undelivered. {shown.delivery_detail}".strip()
    if shown.state == FAILED:
        why = wording.FAILURES.get(shown.outcome, shown.outcome)
        state = "May arrive twice" if shown.outcome == "uncertain" else "Not sent"
        return state, "red", f"{why[:1].upper()}{why[1:]}. {shown.detail}".strip()
    if shown.state == SENT:
        away = " An automatic reply came back." if shown.delivery else ""
        return "Sent", "green", f"The mail server took it.{away}"
    return "Waiting", "grey", "It has not left yet."
