"""A step as it is read from a board's document, so that a table typed from the page can be laid beside the protocol."""

from typing import NamedTuple

from services.contracts.vocabulary import Writing
from services.escalator.ladders import Step, Who
from services.escalator.protocol import Protocol


class Row(NamedTuple):
    """By whom, with whom, by when, in writing or not, and where it stands. Sides are "raising | other"; a side may be empty."""

    by: str
    whom: str
    within: str | None
    writing: Writing
    source: str


def as_read(protocol: Protocol, step: Step) -> Row:
    """The step in the words of its row."""
    within = None
    if step.within is not None:
        within = " ".join(f"{step.within.amount or ''} {step.within.kind.value.replace('_', ' ')}".split())
    return Row(_sides(protocol, step.by), _sides(protocol, step.with_), within, step.writing, step.source)


def _sides(protocol: Protocol, who: Who) -> str:
    return " | ".join(" / ".join(protocol.names(roles)) for roles in (who.raising, who.other)).strip()
