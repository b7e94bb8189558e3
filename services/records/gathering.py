"""Gathers the record of a closed case from its history."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from services.contracts import escalator, intake, records
from services.contracts.content import FormContent, HeldContent, OutcomeContent, ReplyContent
from services.contracts.message import Data, Message, Moment
from services.contracts.sealed import Sealed, Sealer
from services.contracts.vocabulary import FollowUp, HeldReason, Person, ReplyAct, Side, StaffAct
from services.kit.web import words
from services.records import domain, sentences
from services.records.case import once_each
from services.records.chain import Head
from services.records.confirmation import (
    Confirmation,
    Confirmed,
    Correction,
    Decision,
    Dissent,
    Happening,
    PassedOver,
    Reasons,
    Step,
    ToPursue,
)
from services.records.errors import NotReady
from services.records.naming import introduced
from services.records.wording import When

Kind = TypeVar("Kind", bound=Data)
Fact = TypeVar("Fact", bound=Message)
_STAFF_ONLY = frozenset({StaffAct.ASKED, StaffAct.LINKED, StaffAct.WITHDRAWN})
"""Acts of board staff of which no fact of the case says what they wrote."""


class Opener:
    """Opens what is sealed for one case. Raises SealError."""

    def __init__(self, sealer: Sealer, case_id: str) -> None:
        self._sealer = sealer
        self._case_id = case_id

    def __call__(self, sealed: Sealed, kind: type[Kind]) -> Kind:
        return self._sealer.open(self._case_id, sealed, kind)

    def text(self, sealed: Sealed | None) -> str:
        """What somebody wrote in a reply; empty where they did not."""
        return self(sealed, ReplyContent).text if sealed else ""

    def held(self, message: intake.ItemHeld) -> str:
        """What somebody wrote in something held, which is sealed for the item."""
        return self._sealer.open(message.item_id, message.content, HeldContent).words if message.content else ""


def gather(
    messages: Sequence[Message],
    *,
    number: int,
    board: escalator.BoardPublished | None,
    opened: Opener,
    head: Head,
    made_at: Moment,
) -> Confirmation:
    """The record of the closing that is fact `number` of its case. Raises NotReady while a fact it needs has not arrived, and SealError.

    Follow-ups begin, and learning is referred, after the closing: what is known of them is in it.
    """
    messages = introduced(messages)
    closed = _only(messages, escalator.CaseClosed, lambda fact: fact.number == number)
    if lacking := domain.missing(messages, number):
        raise NotReady(f"waiting for {lacking}")
    form = _only(messages, intake.FormReceived)
    events = sorted((fact for fact in messages if isinstance(fact, escalator.CaseEvent)), key=lambda fact: fact.number)
    facts = [fact for fact in events if fact.number <= number]
    case = _only(reversed(facts), escalator.CaseOpened)
    demonstration = case.demonstration or (board.demonstration if board else "")
    when = words.instant if demonstration else words.moment
    stage, area = _names(board, case)
    written = written_outcome(facts, closed.outcome)
    agreed = opened(written.content, OutcomeContent) if written else None
    beside = [message for message in messages if _is_beside(message) and message.at <= closed.at]
    view = domain.read(case.case_id, [form, *_until_reopened(events, number)])
    return Confirmation(
        reference=case.case_id,
        board=case.board,
        board_name=board.name if board else case.board,
        demonstration=demonstration,
        case_stage=stage,
        area=area,
        ladder=case.ladder,
        ladder_name=case.ladder_name,
        protocol=case.protocol,
        protocol_version=case.protocol_version,
        raised_at=case.raised_at,
        raised_by=case.raised_by,
        other_agency=case.other_agency,
        immediate_danger=case.immediate_danger,
        form=opened(form.form, FormContent),
        corrections=tuple(_corrections(form, messages, closed.at, opened)),
        steps=tuple(_steps(facts, beside, opened, when)),
        passed_over=tuple(
            PassedOver(at=fact.at, step=fact.step, agreed_by=fact.agreed_by, paragraph=fact.paragraph)
            for fact in _all(facts, escalator.StepBypassed)
        ),
        reasons=tuple(
            Reasons(at=fact.at, step=fact.step, side=fact.side, by=fact.by, text=opened.text(fact.content))
            for fact in _all(facts, escalator.ResponseRecorded)
        ),
        decisions=tuple(
            Decision(
                at=fact.at,
                step=fact.step,
                outcome=fact.outcome,
                by=fact.by,
                paragraph=fact.paragraph,
                content=opened(fact.content, OutcomeContent),
            )
            for fact in _all(facts, escalator.DecisionMade)
        ),
        dissents=tuple(
            Dissent(at=fact.at, outcome=fact.outcome, side=fact.side, by=fact.by, text=opened.text(fact.content))
            for fact in _all(facts, escalator.DissentRecorded)
        ),
        outcome=closed.outcome,
        proposed_at=written.at if written else None,
        proposed_by=written.by if written else None,
        agreed=agreed,
        confirmed=tuple(_confirmed(facts, written)),
        how=closed.how,
        closed_at=closed.at,
        procedures_followed=closed.procedures_followed,
        not_done=view.not_done,
        lapses=closed.lapses,
        to_pursue=tuple(to_pursue(view.follow_ups, agreed)),
        learning=view.learning,
        linked=tuple(dict.fromkeys(fact.other_case for fact in _all(facts, escalator.CaseLinked))),
        made_at=made_at,
        history_entries=head.seq,
        history_hash=head.hash,
    )


def _only(messages: Iterable[Message], kind: type[Fact], which: Callable[[Fact], bool] = lambda _: True) -> Fact:
    for message in messages:
        if isinstance(message, kind) and which(message):
            return message
    raise NotReady(f"waiting for {kind.__name__}")


def _all(facts: Iterable[Message], kind: type[Fact]) -> list[Fact]:
    return [fact for fact in facts if isinstance(fact, kind)]


def _until_reopened(events: Iterable[escalator.CaseEvent], number: int) -> Iterable[escalator.CaseEvent]:
    """Every fact until the case was reopened after this closing."""
    for fact in events:
        if fact.number > number and isinstance(fact, escalator.CaseReopened):
            return
        yield fact


def _names(board: escalator.BoardPublished | None, case: escalator.CaseOpened) -> tuple[str, str]:
    if board is None:
        return case.case_stage, case.area
    stages = {choice.key: choice.name for choice in board.case_stages}
    areas = {(choice.case_stage, choice.key): choice.name for choice in board.areas}
    return stages.get(case.case_stage, case.case_stage), areas.get((case.case_stage, case.area), case.area)


def written_outcome(facts: Iterable[Message], outcome: int | None) -> escalator.OutcomeProposed | escalator.DecisionMade | None:
    """Where the outcome the case closed with was put in writing."""
    for fact in facts:
        if isinstance(fact, escalator.OutcomeProposed | escalator.DecisionMade) and fact.outcome == outcome:
            return fact
    return None


def _confirmed(
    facts: Iterable[escalator.CaseEvent], written: escalator.OutcomeProposed | escalator.DecisionMade | None
) -> Iterable[Confirmed]:
    """Who confirmed the outcome, or accepted it where it is a decision."""
    for fact in facts:
        if written is None or fact.number < written.number:
            continue
        confirms = isinstance(fact, escalator.OutcomeConfirmed) and fact.outcome == written.outcome
        accepts = isinstance(fact, escalator.ActRecorded) and fact.act is ReplyAct.CONFIRMED
        if isinstance(fact, escalator.OutcomeConfirmed | escalator.ActRecorded) and (confirms or accepts):
            yield Confirmed(at=fact.at, side=fact.side, by=fact.by)


def to_pursue(items: Iterable[FollowUp], agreed: OutcomeContent | None) -> Iterable[ToPursue]:
    """Follow-ups in the words the sides used, where they are part of what was agreed."""
    for item in items:
        listed = {"action": agreed.actions, "outstanding": agreed.outstanding}.get(item.kind, ()) if agreed else ()
        own = listed[item.place - 1] if 0 < item.place <= len(listed) else None
        yield ToPursue(
            number=item.number,
            what=own.what if own else item.text,
            owner=item.owner or (own.owner if own else ""),
            by=item.by,
            paragraph=item.paragraph,
        )


def _corrections(form: intake.FormReceived, messages: Iterable[Message], until: Moment, opened: Opener) -> Iterable[Correction]:
    """What was corrected in the form, version by version."""
    before = opened(form.form, FormContent)
    versions = [message for message in _all(messages, intake.FormCorrected) if message.received_at <= until]
    for message in sorted(versions, key=lambda message: message.form_version):
        now = opened(message.form, FormContent)
        was = before.model_dump()
        changed = {key: text for key, text in now.model_dump().items() if text != was[key]}
        yield Correction(at=message.received_at, by=message.by, changed=changed)
        before = now


def _is_beside(message: Message) -> bool:
    """Whether this is said outside the case's facts and belongs in its record."""
    if isinstance(message, intake.ReplyReceived):
        return message.act in sentences.ONLY_HERE
    if isinstance(message, intake.ItemHeld):
        return message.reason is HeldReason.UNCLEAR_REPLY
    if isinstance(message, records.ItemSettled):  # a reply that staff released
        return True
    return isinstance(message, records.StaffActed) and message.act in _STAFF_ONLY


def _steps(facts: Sequence[escalator.CaseEvent], beside: Sequence[Message], opened: Opener, when: When) -> Iterable[Step]:
    starts = [index for index, fact in enumerate(facts) if isinstance(fact, escalator.StepReached)]
    for start, end in zip(starts, [*starts[1:], len(facts)], strict=True):
        begun = facts[start]
        if not isinstance(begun, escalator.StepReached):
            continue
        until = facts[end].at if end < len(facts) else None
        during: list[Message] = list(facts[start + 1 : end])
        during += [message for message in beside if begun.at <= message.at and (until is None or message.at <= until)]
        yield Step(
            step=begun.step,
            steps=begun.steps,
            name=begun.name,
            action=begun.action,
            paragraph=begun.paragraph,
            writing=begun.writing,
            began_at=begun.at,
            deadline=begun.deadline,
            explanation=begun.explanation,
            raising_side=_people(begun.raising_side, during, Side.RAISING),
            other_side=_people(begun.other_side, during, Side.OTHER),
            happened=tuple(
                sorted((_happening(message, opened, when) for message in during), key=lambda happening: happening.at)
            ),
        )


def _people(first: tuple[Person, ...], during: Iterable[Message], side: Side) -> tuple[Person, ...]:
    """Who was asked at a step for one side, those asked instead of others among them; each once."""
    asked = [fact for fact in _all(during, escalator.StandInAsked) if fact.side is side and fact.hop != "board"]
    return once_each((*first, *(person for fact in asked for person in fact.people)))


def _happening(message: Message, opened: Opener, when: When) -> Happening:
    line = sentences.tell(message, when)
    if line is None:
        return Happening(at=message.at, text=type(message).__name__)
    if isinstance(message, intake.ItemHeld):
        return Happening(at=line.at, text=line.text, words=opened.held(message))
    text = f"{line.text} {line.note}".strip() if isinstance(message, escalator.ActRecorded) else line.text
    return Happening(at=line.at, text=text, words=opened.text(line.sealed) if _is_printed_here(message) else "")


def _is_printed_here(message: Message) -> bool:
    kinds = (
        escalator.OutcomeDisputed | escalator.ActRecorded | escalator.CaseReopened | intake.ReplyReceived | records.StaffActed
    )
    return isinstance(message, kinds)
