"""A board's protocol as a value: who talks to whom, in which order, by when, and what must be in writing.

Read from a file by `loader`, passed into each case's workflow, and so a running case keeps the protocol it began with.
Nothing here reads a file or a clock.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import StringConstraints

from services.contracts import outline as contract
from services.contracts.message import Data
from services.escalator.choices import Choice
from services.escalator.errors import Unknown
from services.escalator.ladders import Ladder, Statement, Within
from services.escalator.rules import Advice, Asked, Closing, Redirect, StillAtRisk, Substitute
from services.escalator.text import Key, Words


class Role(Data):
    """A role as people know it. `raiser` is true where the document means whoever raised the disagreement.

    `anywhere`: held for the whole area, so looked for in every agency and not only in the one the step means.
    """

    name: Words
    raiser: bool = False
    anywhere: bool = False


class ProtocolHead(Data):
    """What a protocol says once, apart from its ladders.

    `version` is the month of the document (2010-07), or `undated`. `demonstration` is true where one second stands for one hour.
    `reminders` are the times before a deadline at which people are reminded; `chase` is how often they are where no time is stated.

    `safeguarding_lead` is the role that stands in where nobody else answers. `before` is what a practitioner does before raising it
    (BED-06). `protection`: the child's own protection time frame beats the table (OXF-04, BED-14). `bypass`: steps may be passed over by
    consent (BAR-08). `guidance` is what people are told and nothing checks. `today` says what old terms have become (A-37).
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
    safeguarding_lead: Key | None = None
    before: tuple[Statement, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    asks: tuple[Asked, ...] = ()
    protection: Statement | None = None
    bypass: Statement | None = None
    advice: Advice | None = None
    still_at_risk: StillAtRisk | None = None
    substitutes: tuple[Substitute, ...] = ()
    guidance: tuple[Statement, ...] = ()
    today: dict[str, Words] = {}  # noqa: RUF012 - pydantic copies it
    closing: Closing = Closing()


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

    def redirect_for(self, case_stage: str, area: str) -> Redirect | None:
        """What this area at this stage is instead of a disagreement; None where it leads to a ladder (BIR-05)."""
        return next((one for one in self.redirects if one.area == area and case_stage in one.case_stages), None)

    def ladder_at(self, case_stage: str) -> Ladder:
        """The first ladder at this stage, for a form that was redirected and goes on after all. Raises Unknown."""
        for ladder in self.ladders:
            if ladder.case_stage == case_stage:
                return ladder
        raise Unknown("case stage", case_stage, self.case_stages)

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
