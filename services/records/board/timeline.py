"""A case's history as its page tells it: lines in plain words, the latest first, with what people wrote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.contracts.content import FORM_LABELS, FURTHER_LABELS, FormContent, HeldContent, OutcomeContent, ReplyContent
from services.contracts.escalator import CaseEvent
from services.contracts.intake import ItemHeld, ReplyReceived
from services.contracts.message import Message
from services.contracts.notifier import NoticeSent
from services.contracts.records import ItemSettled
from services.contracts.sealed import Sealer, SealError
from services.records import sentences
from services.records.board.view import times
from services.records.case import Case
from services.records.naming import introduced
from services.records.sentences import ONLY_HERE, Line

CANNOT_OPEN: Final = "What was written here cannot be opened with the keys there are."
"""What stands where something was written that nobody can read here."""


@dataclass(frozen=True)
class Told:
    """One line of a timeline: when, what, and what was written, as paragraphs by label."""

    at: str
    line: Line
    written: tuple[tuple[str, str], ...]


def timeline(messages: Iterable[Message], sealer: Sealer, case: Case) -> list[Told]:
    """A case's history as lines, the latest first, with what people wrote."""
    when = times(case.demonstration)
    known = introduced(messages)
    handled = max((message.at for message in known if isinstance(message, CaseEvent)), default=None)
    settled = {message.item_id for message in known if isinstance(message, ItemSettled)}
    lines = [
        line.model_copy(update={"weight": "fact"}) if isinstance(message, ItemHeld) and message.item_id in settled else line
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
    decides = isinstance(message, ReplyReceived) and message.act not in ONLY_HERE
    return decides and handled is not None and message.at <= handled


def written(line: Line, sealer: Sealer, case_id: str) -> Iterable[tuple[str, str]]:
    """What somebody wrote, opened, as (label, text); one text without a label where there is only one."""
    if line.sealed is None:
        return []
    try:
        if line.wrote == "form":
            form = sealer.open(case_id, line.sealed, FormContent)
            return [(label, text) for key, label in (*FORM_LABELS, *FURTHER_LABELS) if (text := getattr(form, key))]
        if line.wrote == "held":
            held = sealer.open(line.item, line.sealed, HeldContent)
            return [("", held.words or held.text)]
        if line.wrote == "outcome":
            return _outcome(sealer.open(case_id, line.sealed, OutcomeContent))
        return [("", sealer.open(case_id, line.sealed, ReplyContent).text)]
    except SealError:
        return [("", CANNOT_OPEN)]


def _outcome(content: OutcomeContent) -> Sequence[tuple[str, str]]:
    parts = [
        ("What was agreed", content.agreed),
        ("How the sides work while it stays unresolved", content.working_arrangement),
        ("Risk", content.risk),
        ("Depends on", content.depends_on),
        ("What follows for the child’s plan", content.planning),
        ("Review conference", content.review),
    ]
    for heading, actions in (("Action", content.actions), ("Outstanding", content.outstanding)):
        for action in actions:
            details = "; ".join(part for part in (action.what, action.owner, action.by) if part)
            parts.append((heading, details))
    return [(label, text) for label, text in parts if text]
