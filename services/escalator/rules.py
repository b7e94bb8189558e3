"""Rules of a protocol that stand beside its ladders: what is no disagreement here, advice, who stands in, and how a case ends."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from services.contracts.content import FURTHER_LABELS, OutcomeContent
from services.contracts.message import Data
from services.contracts.vocabulary import Sector
from services.escalator.ladders import Statement, Unit, Within
from services.escalator.text import Key, Words


def _outcome_part(name: str) -> str:
    if name not in OutcomeContent.model_fields:
        raise ValueError(f"one of {', '.join(OutcomeContent.model_fields)}")
    return name


def _further_field(name: str) -> str:
    fields = [key for key, _ in FURTHER_LABELS]
    if name not in fields:
        raise ValueError(f"one of {', '.join(fields)}")
    return name


class Redirect(Data):
    """What is not a professional disagreement here, as an area a form may name, and where it goes instead (BIR-05, BIR-06)."""

    area: Key
    case_stages: Annotated[tuple[Key, ...], Field(min_length=1)]
    instead: Annotated[tuple[Words, ...], Field(min_length=1)]
    source: Words


class Advice(Data):
    """Who may be asked for advice while the clock runs on (BED-18, BIR-17, OXF-13), and in which sectors: empty means in any.

    `duty` is how the document puts it: advice should be sought, may be, or is an alternative to the manager (A-23).
    """

    roles: Annotated[tuple[Key, ...], Field(min_length=1)]
    duty: Literal["should", "may", "alternative"]
    sectors: tuple[Sector, ...] = ()
    text: Words
    source: Words


class StillAtRisk(Data):
    """Who is told when somebody still believes, after an attempt, that the child is at risk of significant harm (BAR-05).

    `raising` are roles in the agency of whoever says so, `other` in the other agency.
    """

    raising: tuple[Key, ...] = ()
    other: tuple[Key, ...] = ()
    text: Words
    source: Words


class Substitute(Data):
    """A role that may stand in for another in agencies of one sector (BAR-11)."""

    role: Key
    instead_of: Key
    sector: Sector
    source: Words


class Learning(Data):
    """Where what was learned goes, and whether only when the procedures were followed (BED-20, BIR-15, OXF-29, BAR-24)."""

    to: Words
    text: Words
    only_if_followed: bool = False
    source: Words


Part = Annotated[str, AfterValidator(_outcome_part)]


class ReadBack(Data):
    """What a written outcome must say before it can be confirmed: fields of the outcome, "none" being an answer (BIR-10, BED-19)."""

    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    source: Words


class Closing(Data):
    """What holds when a case ends. Each rule is None where the document has none.

    `working_arrangement`: it may stay unresolved, and the sides say how they work meanwhile (BIR-07). `planning_meeting` is chased where
    the outcome affects planning (OXF-16); `review_conference` and `debrief` are offered (BIR-24, BAR-26). `follow_up` is how often what
    is outstanding is chased where the sides gave no date.
    """

    confirmation: Statement | None = None
    read_back: ReadBack | None = None
    working_arrangement: Statement | None = None
    learning: Learning | None = None
    planning_meeting: Statement | None = None
    review_conference: Statement | None = None
    debrief: Statement | None = None
    follow_up: Within = Within(kind=Unit.ELAPSED_HOURS, amount=168)


FurtherField = Annotated[str, AfterValidator(_further_field)]


class Asked(Data):
    """Something this board's form asks for beyond the printed form: a key of `content.FURTHER_LABELS`."""

    field: FurtherField
    source: Words
