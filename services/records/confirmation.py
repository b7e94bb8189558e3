"""The written confirmation as data (BED-19, BAR-19): everything the two sides said, agreed and confirmed, gathered from the history.

This is what the PDF prints and, as JSON, what is embedded in it: the same facts for people and for the next program.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeVar

from services.contracts import escalator, intake
from services.contracts.content import FormContent, OutcomeContent, ReplyContent
from services.contracts.message import Data, Message, Moment
from services.contracts.sealed import Sealed, Sealer
from services.contracts.vocabulary import Person, ReplyAct, Side, Writing
from services.kit.web import words
from services.records import domain, sentences
from services.records.chain import Head
from services.records.errors import NotReady
from services.records.sentences import When

SCHEMA: Literal["concord.confirmation.v1"] = "concord.confirmation.v1"
Kind = TypeVar("Kind", bound=Data)


class Happening(Data):
    """Something that happened during a step; `words` is what somebody wrote then, if it is not printed elsewhere."""

    at: Moment
    text: str
    words: str = ""


class Step(Data):
    """One step of the ladder as it ran: who was to do what by when and why then, and what happened."""

    step: int
    steps: int
    action: str
    paragraph: str
    writing: Writing
    began_at: Moment
    deadline: Moment | None
    explanation: str
    raising_side: tuple[Person, ...]
    other_side: tuple[Person, ...]
    happened: tuple[Happening, ...]


class Reasons(Data):
    """What one side gave as its reasons, in writing."""

    at: Moment
    step: int
    side: Side
    by: Person
    text: str


class Confirmed(Data):
    """One side's confirmation of the outcome."""

    at: Moment
    side: Side
    by: Person


class Confirmation(Data):
    """The whole of it. `history_entries` and `history_hash` are the end of the hash chain when it was made."""

    form_of_record: Literal["concord.confirmation.v1"] = SCHEMA
    reference: str
    board: str
    board_name: str
    demonstration: str
    case_stage: str
    area: str
    ladder: str
    ladder_name: str
    protocol_version: str
    raised_at: Moment
    raised_by: Person
    other_agency: str
    immediate_danger: bool
    form: FormContent
    steps: tuple[Step, ...]
    reasons: tuple[Reasons, ...]
    outcome: int
    proposed_at: Moment
    proposed_by: Person
    agreed: OutcomeContent
    confirmed: tuple[Confirmed, ...]
    closed_at: Moment
    made_at: Moment
    history_entries: int
    history_hash: str


class Opener:
    """Opens what is sealed for one case. Raises SealError."""

    def __init__(self, sealer: Sealer, case_id: str) -> None:
        self._sealer = sealer
        self._case_id = case_id

    def __call__(self, sealed: Sealed, kind: type[Kind]) -> Kind:
        return self._sealer.open(self._case_id, sealed, kind)


def gather(
    messages: Sequence[Message],
    *,
    outcome: int,
    board: escalator.BoardPublished | None,
    opened: Opener,
    head: Head,
    made_at: Moment,
) -> Confirmation:
    """The written confirmation of a closed case. Raises NotReady while a fact it needs has not arrived, and SealError."""
    messages = sentences.introduced(messages)
    closed = _only(messages, escalator.CaseClosed, lambda fact: fact.outcome == outcome)
    if lacking := domain.missing(messages, closed.number):
        raise NotReady(f"waiting for {lacking}")
    form = _only(messages, intake.FormReceived)
    case = _only(messages, escalator.CaseOpened)
    proposed = _only(messages, escalator.OutcomeProposed, lambda fact: fact.outcome == outcome)
    facts = sorted((fact for fact in messages if isinstance(fact, escalator.CaseEvent)), key=lambda fact: fact.number)
    refusals = [fact for fact in messages if isinstance(fact, intake.ReplyReceived) and fact.act == ReplyAct.NOT_RESOLVED]
    demonstration = case.demonstration or (board.demonstration if board else "")
    when = words.instant if demonstration else words.moment
    stage, area = _names(board, case)
    return Confirmation(
        reference=case.case_id,
        board=case.board,
        board_name=board.name if board else case.board,
        demonstration=demonstration,
        case_stage=stage,
        area=area,
        ladder=case.ladder,
        ladder_name=case.ladder_name,
        protocol_version=case.protocol_version,
        raised_at=case.raised_at,
        raised_by=case.raised_by,
        other_agency=case.other_agency,
        immediate_danger=case.immediate_danger,
        form=opened(form.form, FormContent),
        steps=tuple(_steps(facts, refusals, opened, when)),
        reasons=tuple(
            Reasons(at=fact.at, step=fact.step, side=fact.side, by=fact.by, text=opened(fact.content, ReplyContent).text)
            for fact in facts
            if isinstance(fact, escalator.ResponseRecorded)
        ),
        outcome=outcome,
        proposed_at=proposed.at,
        proposed_by=proposed.by,
        agreed=opened(proposed.content, OutcomeContent),
        confirmed=tuple(
            Confirmed(at=fact.at, side=fact.side, by=fact.by)
            for fact in facts
            if isinstance(fact, escalator.OutcomeConfirmed) and fact.outcome == outcome
        ),
        closed_at=closed.at,
        made_at=made_at,
        history_entries=head.seq,
        history_hash=head.hash,
    )


Fact = TypeVar("Fact", bound=Message)


def _only(messages: Iterable[Message], kind: type[Fact], which: Callable[[Fact], bool] = lambda _: True) -> Fact:
    for message in messages:
        if isinstance(message, kind) and which(message):
            return message
    raise NotReady(f"waiting for {kind.__name__}")


def _names(board: escalator.BoardPublished | None, case: escalator.CaseOpened) -> tuple[str, str]:
    if board is None:
        return case.case_stage, case.area
    stages = {choice.key: choice.name for choice in board.case_stages}
    areas = {(choice.case_stage, choice.key): choice.name for choice in board.areas}
    return stages.get(case.case_stage, case.case_stage), areas.get((case.case_stage, case.area), case.area)


def _steps(
    facts: Sequence[escalator.CaseEvent], refusals: Sequence[intake.ReplyReceived], opened: Opener, when: When
) -> Iterable[Step]:
    starts = [index for index, fact in enumerate(facts) if isinstance(fact, escalator.StepReached)]
    for start, end in zip(starts, [*starts[1:], len(facts)], strict=True):
        begun = facts[start]
        if not isinstance(begun, escalator.StepReached):
            continue
        until = facts[end].at if end < len(facts) else None
        during: list[Message] = list(facts[start + 1 : end])
        during += [
            reply for reply in refusals if begun.at <= reply.received_at and (until is None or reply.received_at <= until)
        ]
        yield Step(
            step=begun.step,
            steps=begun.steps,
            action=begun.action,
            paragraph=begun.paragraph,
            writing=begun.writing,
            began_at=begun.at,
            deadline=begun.deadline,
            explanation=begun.explanation,
            raising_side=begun.raising_side,
            other_side=begun.other_side,
            happened=tuple(
                sorted((_happening(message, opened, when) for message in during), key=lambda happening: happening.at)
            ),
        )


def _happening(message: Message, opened: Opener, when: When) -> Happening:
    line = sentences.tell(message, when)
    if line is None:
        return Happening(at=message.at, text=type(message).__name__)
    words = opened(line.sealed, ReplyContent).text if line.sealed and _is_printed_here(message) else ""
    return Happening(at=line.at, text=line.text, words=words)


def _is_printed_here(message: Message) -> bool:
    return isinstance(message, escalator.OutcomeDisputed | intake.ReplyReceived)
