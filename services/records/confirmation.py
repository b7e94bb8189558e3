"""The record of a closed case as data (BED-19, BAR-19): everything the two sides said, agreed, decided and confirmed.

This is what the PDF prints and, as JSON, what is embedded in it: the same facts for people and for the next program. `gathering` makes
it from the history.
"""

from datetime import date
from typing import Final, Literal

from services.contracts.content import FormContent, OutcomeContent
from services.contracts.message import Data, Moment
from services.contracts.vocabulary import Ending, Person, Side, Writing
from services.records.case import NotDone, Referral

SCHEMA: Final[Literal["concord.confirmation.v2"]] = "concord.confirmation.v2"
DECIDED: Final = frozenset({Ending.IMPOSED, Ending.BOARD_DECIDED})
"""Endings in which the outcome was decided and not agreed."""


class Happening(Data):
    """Something that happened during a step; `words` is what somebody wrote then, if it is not printed elsewhere."""

    at: Moment
    text: str
    words: str = ""


class Step(Data):
    """One step of the ladder as it ran: who was to do what by when and why then, and what happened."""

    step: int
    steps: int
    name: str
    action: str
    paragraph: str
    writing: Writing
    began_at: Moment
    deadline: Moment | None
    explanation: str
    raising_side: tuple[Person, ...]
    other_side: tuple[Person, ...]
    happened: tuple[Happening, ...]


class PassedOver(Data):
    """A step that was passed over, and who agreed to it in writing (BAR-08, A-29)."""

    at: Moment
    step: int
    agreed_by: tuple[Person, ...]
    paragraph: str


class Reasons(Data):
    """What one side gave as its reasons, in writing."""

    at: Moment
    step: int
    side: Side
    by: Person
    text: str


class Decision(Data):
    """What somebody decided who may (BIR-19, OXF-20), in writing."""

    at: Moment
    step: int
    outcome: int
    by: Person
    paragraph: str
    content: OutcomeContent


class Dissent(Data):
    """Somebody's dissent from a decision, with the reasons (BIR-19, OXF-20)."""

    at: Moment
    outcome: int
    side: Side
    by: Person
    text: str


class Confirmed(Data):
    """One side's confirmation of the outcome, or its acceptance of a decision."""

    at: Moment
    side: Side
    by: Person


class Correction(Data):
    """Whoever sent the form corrected it: what the fields they changed say now, by key. The case went on as it began."""

    at: Moment
    by: Person
    changed: dict[str, str]


class ToPursue(Data):
    """Something to be pursued after the case closed. `what` is in the sides' words where they wrote it; `by` is None without a date."""

    number: int
    what: str
    owner: str
    by: date | None
    paragraph: str


class Confirmation(Data):
    """The whole of it. `outcome`, `proposed_*` and `agreed` are None where the case ended without an outcome in writing.

    `history_entries` and `history_hash` are the end of the hash chain when it was made.
    """

    form_of_record: Literal["concord.confirmation.v2"] = SCHEMA
    reference: str
    board: str
    board_name: str
    demonstration: str
    case_stage: str
    area: str
    ladder: str
    ladder_name: str
    protocol: str
    protocol_version: str
    raised_at: Moment
    raised_by: Person
    other_agency: str
    immediate_danger: bool
    form: FormContent
    corrections: tuple[Correction, ...] = ()
    steps: tuple[Step, ...]
    passed_over: tuple[PassedOver, ...]
    reasons: tuple[Reasons, ...]
    decisions: tuple[Decision, ...]
    dissents: tuple[Dissent, ...]
    outcome: int | None
    proposed_at: Moment | None
    proposed_by: Person | None
    agreed: OutcomeContent | None
    confirmed: tuple[Confirmed, ...]
    how: Ending
    closed_at: Moment
    procedures_followed: bool
    not_done: tuple[NotDone, ...]
    lapses: tuple[str, ...]
    to_pursue: tuple[ToPursue, ...]
    learning: tuple[Referral, ...]
    linked: tuple[str, ...]
    made_at: Moment
    history_entries: int
    history_hash: str

    @property
    def title(self) -> str:
        """What kind of record it is."""
        return "Record of the case" if self.agreed is None else "Written confirmation of the outcome"

    @property
    def other_decisions(self) -> tuple[Decision, ...]:
        """Decisions beside the outcome."""
        return tuple(decision for decision in self.decisions if decision.outcome != self.outcome)

    @property
    def other_lapses(self) -> tuple[str, ...]:
        """What was not done as the protocol says and is told of no step in particular."""
        return tuple(text for text in self.lapses if not any(item.what in text for item in self.not_done))
