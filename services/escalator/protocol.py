"""A board's protocol as a value: who talks to whom, in which order, by when, and what must be in writing.

Read from a file by `loader`, passed into each case's workflow, and so a running case keeps the protocol it began with.
Nothing here reads a file or a clock.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictFloat, StrictInt, StringConstraints, model_validator

from services.contracts import escalator as contract
from services.contracts.message import Data
from services.contracts.vocabulary import Side, Writing
from services.escalator.choices import Choice
from services.escalator.errors import Unknown
from services.escalator.text import Key, Words

LONGEST = 10_000
"""The largest amount a step may state, in its own unit: more than a year of hours is a slip of the pen."""


class Unit(StrEnum):
    """How a document measures the time of a step. Seconds are for a demonstration board only."""

    ELAPSED_HOURS = "elapsed_hours"
    ELAPSED_SECONDS = "elapsed_seconds"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
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


class Step(Data):
    """One row of a ladder.

    `action` is what is done, in our words. `with_` is who is talked or written to and `by` who does it. `within` None means that
    the document states no time (A-09). `shares_time_with` names the earlier step in whose stated time this one lies (A-04).
    `source` is the place in the document.
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

    def people(self, side: Side) -> tuple[str, ...]:
        """The roles on one side at this step, those who act first.

        Empty where the document names nobody on that side (BED-S1, step 2): whoever raised it stays the raising side.
        """
        if side is Side.RAISING:
            return tuple(dict.fromkeys(self.by.raising + self.with_.raising))
        if side is Side.OTHER:
            return tuple(dict.fromkeys(self.by.other + self.with_.other))
        return ()


class Role(Data):
    """A role as people know it. `raiser` is true where the document means whoever raised the disagreement."""

    name: Words
    raiser: bool = False


class LocalProcedure(Data):
    """Another text that the document says comes first. We may not have it: the ladder's steps are then the fallback (A-08)."""

    title: Words
    note: Words
    link: Words | None = None


class Alternatives(Data):
    """Steps that depend on a question asked of the practitioner: by option, which is also the key of an area (A-11)."""

    choice: Words
    steps: dict[Key, tuple[Step, ...]]


class LadderHead(Data):
    """What a ladder is, apart from its steps.

    `advice`: calls for advice, not an escalation; `offers` names the ladder to go to when the advice is not taken (A-13).
    `either_side_may_raise`: the people on the other side may be the ones who raise it (A-10); see `turned_round`.
    `within_agency`: both sides are of one agency, that of whoever raised it.
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

    def turned_round(self) -> "Ladder":
        """The ladder with the sides exchanged, for a disagreement raised by the other side (A-10)."""
        steps = tuple(
            step.model_copy(update={"with_": step.with_.turned_round(), "by": step.by.turned_round()}) for step in self.steps
        )
        return self.model_copy(update={"steps": steps})


class Statement(Data):
    """A rule that people are told as it stands, and where it comes from."""

    text: Words
    source: Words


class ProtocolHead(Data):
    """What a protocol says once, apart from its ladders.

    `version` is the month of the document (2010-07), or `undated`. `demonstration` is true where one second stands for one hour.
    `reminders` are the times before a deadline at which people are reminded; `chase` is how often they are where no time is stated.
    """

    key: Key
    name: Words
    version: Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}(-\d{2})?|undated)$")]
    reference: Words
    demonstration: bool = False
    danger: Statement
    plan_in_force: Statement | None = None
    vocabulary: dict[str, Words]
    roles: dict[Key, Role]
    case_stages: dict[Key, Words]
    areas: dict[Key, Words]
    choices: tuple[Choice, ...]
    reminders: tuple[Within, ...] = ()
    chase: Within


class Protocol(ProtocolHead):
    """A protocol in force, with a board's choices in it."""

    ladders: tuple[Ladder, ...]

    def ladder(self, ladder_id: str) -> Ladder:
        """The ladder with this id. Raises Unknown."""
        for ladder in self.ladders:
            if ladder.id == ladder_id:
                return ladder
        raise Unknown("ladder", ladder_id, (ladder.id for ladder in self.ladders))

    def ladder_for(self, case_stage: str, area: str) -> Ladder:
        """The ladder this area leads to at this stage of the child's case. Raises Unknown where the document has none."""
        for ladder in self.ladders:
            if ladder.case_stage == case_stage and area in ladder.areas:
                return ladder.with_option(area)
        places = (f"{choice.case_stage}/{choice.key}" for choice in self.area_choices())
        raise Unknown("case stage and area", f"{case_stage}/{area}", places)

    def choice(self, key: str) -> Choice:
        """The choice with this id (A-02) or name (accumulation). Raises Unknown."""
        for choice in self.choices:
            if key in {choice.id, choice.name}:
                return choice
        raise Unknown("choice", key, (f"{choice.id} ({choice.name})" for choice in self.choices))

    def with_choices(self, chosen: Mapping[str, str]) -> "Protocol":
        """The protocol with these choices made, by id or name. Raises Unknown for a choice or an option there is not."""
        made = {}
        for key, value in chosen.items():
            choice = self.choice(key)
            if not choice.allows(value):
                raise Unknown(f"option of {choice.id} ({choice.name})", value, choice.allowed)
            made[choice.id] = value
        choices = tuple(c.model_copy(update={"chosen": made[c.id]}) if c.id in made else c for c in self.choices)
        ladders = tuple(
            ladder.with_option(made[ladder.alternatives.choice])
            if ladder.alternatives is not None and ladder.alternatives.choice in made
            else ladder
            for ladder in self.ladders
        )
        return self.model_copy(update={"choices": choices, "ladders": ladders})

    def names(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Roles as people know them."""
        return tuple(self.roles[role].name for role in roles)

    def stage_choices(self) -> tuple[contract.Choice, ...]:
        """The stages of a child's case that a form may offer."""
        return tuple(contract.Choice(key=key, name=name) for key, name in self.case_stages.items())

    def area_choices(self) -> tuple[contract.AreaChoice, ...]:
        """The areas of disagreement that a form may offer, and where each leads. A key is unique within its case stage."""
        return tuple(
            contract.AreaChoice(key=area, name=self.areas[area], case_stage=ladder.case_stage, ladder=ladder.id)
            for ladder in self.ladders
            for area in ladder.areas
        )
