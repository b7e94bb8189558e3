"""Ladders of a protocol: steps, who stands on each side at a step, by when, and what must be in writing. Values only."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictFloat, StrictInt, model_validator

from services.contracts.message import Data
from services.contracts.vocabulary import Sector, Side, Writing
from services.escalator.errors import Unknown
from services.escalator.text import Key, Words

LONGEST = 10_000
"""The largest amount a step may state, in its own unit: more than a year of hours is a slip of the pen."""


class Unit(StrEnum):
    """How a document measures the time of a step. Seconds are for a demonstration board only.

    `end_of_working_day` is the close of that many working days after the start's own day: 1 is the end of the next working day (A-03).
    """

    ELAPSED_HOURS = "elapsed_hours"
    ELAPSED_SECONDS = "elapsed_seconds"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    END_OF_WORKING_DAY = "end_of_working_day"
    IMMEDIATELY = "immediately"
    WITHOUT_DELAY = "without_delay"
    AGREED = "agreed"

    @property
    def counted(self) -> bool:
        """Whether the unit comes with an amount."""
        return self not in {Unit.IMMEDIATELY, Unit.WITHOUT_DELAY, Unit.AGREED}


class Within(Data):
    """The time a document states for a step: a unit, and an amount where the unit is counted."""

    kind: Unit
    amount: Annotated[StrictInt | StrictFloat, Field(gt=0, le=LONGEST)] | None = None

    @model_validator(mode="after")
    def _amount_goes_with_unit(self) -> Self:
        if self.kind.counted and self.amount is None:
            raise ValueError(f"an amount with {self.kind}")
        if not self.kind.counted and self.amount is not None:
            raise ValueError(f"no amount with {self.kind}")
        return self


class Who(Data):
    """The roles named at a step, per side of the disagreement; keys of the protocol's role table, in the document's order."""

    raising: tuple[Key, ...] = ()
    other: tuple[Key, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role named, without repeats."""
        return tuple(dict.fromkeys(self.raising + self.other))

    def turned_round(self) -> "Who":
        """The same people when the other side is the one that raised it."""
        return Who(raising=self.other, other=self.raising)


class Statement(Data):
    """A rule that people are told as it stands, and where it comes from."""

    text: Words
    source: Words


class Meeting(Data):
    """A meeting of everybody at the step: who coordinates it, and whether it must be held or is to be considered (OXF-07, 14, 23)."""

    coordinator: Key
    must: bool
    source: Words


class Decision(Data):
    """Somebody at the step may decide where the sides do not agree; each side then accepts or dissents, with reasons (BIR-19, OXF-20).

    `by` is the role, on the side `side`. `consult` must be consulted before (OXF-19). `challenge_within` is the time to challenge it
    (OXF-22): None where the document states none.
    """

    by: Key
    side: Side = Side.OTHER
    consult: Key | None = None
    challenge_within: Within | None = None
    source: Words


class Step(Data):
    """One row of a ladder.

    `action` is what is done, in our words. `with_` is who is talked or written to and `by` who does it. `within` None means that
    the document states no time (A-09). `shares_time_with` names the earlier step in whose stated time this one lies (A-04).
    `source` is the place in the document.

    `name` is what the document calls the step (NOR-10). `reasons_from` are the sides that give their reasons in writing here (BAR-13,
    BED-S4). `decision_needed`: stalemate is not an answer at this step (NOR-08). `not_when_at_risk`: left out where a child is at
    immediate risk (BAR-12). `not_from`: not for a disagreement that an agency of this sector raised (A-28). `tells_board`: the board
    itself is told that the case is here (NOR-09).
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    number: Annotated[int, Field(ge=1, strict=True)]
    action: Words
    with_: Who = Field(alias="with")
    by: Who
    within: Within | None
    shares_time_with: int | None = None
    writing: Writing
    source: Words
    name: str = ""
    reasons_from: tuple[Side, ...] = ()
    meeting: Meeting | None = None
    decision: Decision | None = None
    decision_needed: Statement | None = None
    not_when_at_risk: bool = False
    not_from: Sector | None = None
    tells_board: Statement | None = None

    def people(self, side: Side) -> tuple[str, ...]:
        """The roles on one side at this step, those who act first.

        Empty where the document names nobody on that side (BED-S1, step 2): whoever raised it stays the raising side.
        """
        if side is Side.RAISING:
            return tuple(dict.fromkeys(self.by.raising + self.with_.raising))
        if side is Side.OTHER:
            return tuple(dict.fromkeys(self.by.other + self.with_.other))
        return ()

    def turned_round(self) -> "Step":
        """The step when the other side is the one that raised it: who decides and who gives reasons go with their side."""
        other = {Side.RAISING: Side.OTHER, Side.OTHER: Side.RAISING}
        decision = self.decision and self.decision.model_copy(
            update={"side": other.get(self.decision.side, self.decision.side)}
        )
        return self.model_copy(
            update={
                "with_": self.with_.turned_round(),
                "by": self.by.turned_round(),
                "reasons_from": tuple(other.get(side, side) for side in self.reasons_from),
                "decision": decision,
            }
        )


class LocalProcedure(Data):
    """Another text that the document says comes first. We may not have it: the ladder's steps are then the fallback (A-08)."""

    title: Words
    note: Words
    link: Words | None = None


class Alternatives(Data):
    """Steps that depend on a question asked of the practitioner: by option, which is also the key of an area (A-11)."""

    choice: Words
    steps: dict[Key, tuple[Step, ...]]


class DefaultOutcome(Data):
    """What happens where nobody agrees by the end of the ladder (BAR-22): in our words, and the role that does it."""

    text: Words
    by: Key
    source: Words


class LadderHead(Data):
    """What a ladder is, apart from its steps.

    `advice`: calls for advice, not an escalation; `offers` names the ladder to go to when the advice is not taken (A-13).
    `either_side_may_raise`: the people on the other side may be the ones who raise it (A-10); see `turned_round`.
    `within_agency`: both sides are of one agency, that of whoever raised it. `keep_from`: nobody with one of these roles in that agency
    is told anything, nor whoever the form names (BED-22).
    """

    id: Words
    name: Words
    case_stage: Key
    areas: tuple[Key, ...]
    source: Words
    advice: bool = False
    offers: Words | None = None
    either_side_may_raise: bool = False
    within_agency: bool = False
    keep_from: tuple[Key, ...] = ()
    default_outcome: DefaultOutcome | None = None
    local_procedure: LocalProcedure | None = None


class Ladder(LadderHead):
    """The steps for some areas of disagreement at one stage of the child's case."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    alternatives: Alternatives | None = None

    def step(self, number: int) -> Step:
        """The step with this number. Raises Unknown."""
        if not 1 <= number <= len(self.steps):
            raise Unknown(f"step of {self.id}", str(number), [str(step.number) for step in self.steps])
        return self.steps[number - 1]

    def with_option(self, option: str) -> "Ladder":
        """The ladder with the steps of this option, where it has alternatives and this is one of them; else itself."""
        if self.alternatives is None or option not in self.alternatives.steps:
            return self
        return self.model_copy(update={"steps": self.alternatives.steps[option]})

    def with_link(self, link: str | None) -> "Ladder":
        """The ladder with a link to the text that comes first; itself where there is no link, or no such text."""
        if self.local_procedure is None or link is None:
            return self
        return self.model_copy(update={"local_procedure": self.local_procedure.model_copy(update={"link": link})})

    def turned_round(self) -> "Ladder":
        """The ladder with the sides exchanged, for a disagreement raised by the other side (A-10)."""
        return self.model_copy(update={"steps": tuple(step.turned_round() for step in self.steps)})
