"""What a case's page shows beside where the case is and what happened: how it ended, what is left to do, and what staff can do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from services.contracts import escalator
from services.contracts.content import OutcomeContent, ReplyContent
from services.contracts.escalator import BoardPublished
from services.contracts.message import Message
from services.contracts.records import StaffActed
from services.contracts.sealed import Sealer, SealError
from services.contracts.vocabulary import StaffAct
from services.kit.web.flowchart import flowchart
from services.records import sentences
from services.records.board.acts import ACTS, Act, unanswered
from services.records.board.timeline import CANNOT_OPEN
from services.records.case import Case
from services.records.confirmation import ToPursue
from services.records.gathering import to_pursue, written_outcome
from services.records.naming import introduced
from services.records.wording import SIDES, When, document, on_day, who


@dataclass(frozen=True)
class ToDo:
    """A follow-up as a table shows it."""

    item: ToPursue
    by: str
    done: bool


@dataclass(frozen=True)
class Dissent:
    """Somebody's dissent from a decision, with the reasons."""

    title: str
    at: str
    text: str


@dataclass(frozen=True)
class CasePage:
    """All of it, in words. `followed` is None until the case has closed."""

    acts: tuple[Act, ...]
    asked_for: tuple[tuple[str, str], ...]
    not_done: tuple[str, ...]
    followed: bool | None
    to_do: tuple[ToDo, ...]
    dissents: tuple[Dissent, ...]
    learning: tuple[str, ...]
    linked: tuple[str, ...]
    protocol: str
    protocol_now: str
    chart: Markup | None


def case_page(
    case: Case,
    messages: Sequence[Message],
    *,
    asked: Iterable[tuple[StaffActed, int]],
    board: BoardPublished | None,
    linked: Sequence[str],
    sealer: Sealer,
    when: When,
) -> CasePage:
    """The page of this case. `asked` is what staff asked for, with the number of the last fact known then."""
    return CasePage(
        acts=tuple(act for act in ACTS if act.allowed(case) and act.act is not StaffAct.DONE),
        asked_for=tuple(
            (line.text, when(act.at)) for act in unanswered(asked, messages) if (line := sentences.tell(act, when))
        ),
        not_done=tuple(_not_done(case)),
        followed=case.procedures_followed,
        to_do=tuple(
            ToDo(item=item, by=on_day(item.by) if item.by else "", done=item.number in case.done)
            for item in to_pursue(case.follow_ups, _agreed(case, messages, sealer))
        ),
        dissents=tuple(_dissents(case, introduced(messages), sealer, when)),
        learning=tuple(
            f"{who(one.by)} referred what was learned to {one.to} at {when(one.at)}{f' ({one.paragraph})' if one.paragraph else ''}."
            for one in case.learning
        ),
        linked=tuple(linked),
        protocol=_protocol(case),
        protocol_now=_protocol_now(case, board),
        chart=_chart(case, messages),
    )


def _not_done(case: Case) -> Iterable[str]:
    for item in case.not_done:
        yield f"Step {item.step}: {item.what} ({item.paragraph})"
    for text in case.lapses:
        if not any(item.what in text for item in case.not_done):
            yield text


def _agreed(case: Case, messages: Iterable[Message], sealer: Sealer) -> OutcomeContent | None:
    """The outcome the case closed with, where there is one and it can be opened."""
    written = written_outcome(messages, case.outcome)
    if written is None:
        return None
    try:
        return sealer.open(case.case_id, written.content, OutcomeContent)
    except SealError:
        return None


def _dissents(case: Case, messages: Iterable[Message], sealer: Sealer, when: When) -> Iterable[Dissent]:
    for fact in messages:
        if isinstance(fact, escalator.DissentRecorded):
            try:
                text = sealer.open(case.case_id, fact.content, ReplyContent).text
            except SealError:
                text = CANNOT_OPEN
            yield Dissent(f"{who(fact.by)}, for {SIDES[fact.side]}, from outcome {fact.outcome}", when(fact.at), text)


def _protocol(case: Case) -> str:
    name = document(case.protocol, case.protocol_version)
    return f"This case {'ran' if case.ended else 'runs'} under {name}, as it was when the case began." if name else ""


def _protocol_now(case: Case, board: BoardPublished | None) -> str:
    if board is None or not board.protocol_version or board.protocol_version == case.protocol_version:
        return ""
    return f"The board’s protocol is now version {board.protocol_version}. It holds for new cases; this one keeps its own."


def _chart(case: Case, messages: Iterable[Message]) -> Markup | None:
    begun = escalator.CaseOpened | escalator.CaseReopened
    outlines = [message.outline for message in messages if isinstance(message, begun) and message.outline]
    if not outlines:
        return None
    reached = {message.step for message in messages if isinstance(message, escalator.StepReached)}
    current = None if case.ended or case.past_last_tier else case.step
    return flowchart(outlines[-1], current=current, done=reached - {current})
