"""What each kind of notice is told: the facts its template may use, by name. None of them is sensitive.

Facts nobody here knows are left aside, so that a speaker may add some before this service learns to use them; a missing or
misshapen one is an error, because a template cannot say what it was not told. Texts (`action`, `explanation`, `area` and so on)
arrive as people read them, never as keys.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.contracts.message import Moment
from services.contracts.vocabulary import Why, Writing


class Facts(BaseModel):
    """The base: frozen, tolerant of additions."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Who(Facts):
    """A professional, as named in a sentence."""

    name: str
    role: str = ""
    agency: str = ""


class MissingChoice(Facts):
    """A question the form did not answer, and the answers there are."""

    label: str
    options: tuple[str, ...]


Danger = Literal["", "said", "words"]
"""Why the police come first: the form's own question says so, or words in what was sent may mean it. See `docs/decisions`."""


class Understood(Facts):
    """A question, and what we took the answer to be."""

    label: str
    answer: str


class Route(Facts):
    """The ladder a form leads to, and its first step as its protocol states it: `within` is the time in words."""

    name: str
    paragraph: str
    steps: int
    step_name: str
    action: str
    within: str
    step_paragraph: str


class Instead(Facts):
    """Where a form goes that is no disagreement here (BIR-05)."""

    where: tuple[str, ...]
    paragraph: str


class FormReceived(Facts):
    """A complete form arrived, or a correction of it; told to its sender.

    `read` are the labels of what was read, and `blank` of what was left empty. `changed` are those of a correction, and `form_version`
    counts them from 1. `sooner`: something in it may shorten the time. `board_told`: board staff look at the correction. `again`: it
    came before, with the same answers. `assumed`: words may mean danger, and the question about it was left empty.
    """

    received_at: Moment
    case_stage: str
    area: str
    understood: tuple[Understood, ...] = ()
    read: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    route: Route | None = None
    instead: Instead | None = None
    sooner: bool = False
    danger: Danger = ""
    form_version: int = 1
    changed: tuple[str, ...] = ()
    board_told: bool = False
    again: bool = False
    assumed: bool = False


class FormIncomplete(Facts):
    """A form arrived with parts missing; told to its sender. `missing` are the printed labels.

    `chaser` is 1 and 2 where it is asked once more, and `last`: board staff are told next. `unclear` are the labels of choices that were
    answered in a way that could mean several, or none.
    """

    missing: tuple[str, ...]
    choices: tuple[MissingChoice, ...] = ()
    understood: tuple[Understood, ...] = ()
    danger: Danger = ""
    chaser: int = 0
    last: bool = False
    unclear: tuple[str, ...] = ()


class ItemHeld(Facts):
    """Something that arrived waits for board staff; told to its sender.

    `why`: only a person can read it (held); so much came that it is read later (deferred); or a form was never completed (draft).
    `advice` is what they can do besides waiting.
    """

    detail: str
    advice: str = ""
    danger: Danger = ""
    why: Literal["held", "deferred", "draft"] = "held"


class Answer(Facts):
    """Words that a reply may begin with, and what they do. Beyond the capitals stands an example: `TIME 12 December 2026 at 4pm`."""

    words: str
    means: str


class Rule(Facts):
    """What the protocol asks for at a step, and where it says so."""

    title: str
    text: str
    source: str


class _Step(Facts):
    """`name` is what the document calls the step. `answers` are possible here beyond those that every step has. `otherwise` is what
    follows where both sides have not confirmed an outcome in time; empty where it is the next step, or the board's staff.
    """

    step: int
    steps: int
    action: str
    deadline: Moment | None
    explanation: str
    paragraph: str
    name: str = ""
    rules: tuple[Rule, ...] = ()
    answers: tuple[Answer, ...] = ()
    otherwise: str = ""


class LocalProcedure(Facts):
    """Another text that the protocol says comes first (A-08). `link` is None where we do not have it."""

    title: str
    note: str
    link: str | None = None


class StepReached(_Step):
    """A step of the ladder began. `must_act`: this recipient must act; otherwise they are only told."""

    writing: Writing
    why: Why
    ladder_name: str
    raising: tuple[Who, ...]
    other: tuple[Who, ...]
    must_act: bool
    local_procedure: LocalProcedure | None = None


class Reminder(_Step):
    """A step's deadline is near and the matter is open."""


class ResponseRecorded(Facts):
    """One side gave its reasons in writing."""

    step: int
    by: Who


class OutcomeProposed(Facts):
    """One side put an outcome in writing; both confirm it or say what is wrong.

    `imposed`: it is a decision, which each side accepts or dissents from (BIR-19, OXF-20). `challenge_by` is when a challenge of it must
    be made (OXF-22).
    """

    outcome: int
    by: Who
    step: int
    deadline: Moment | None
    explanation: str
    imposed: bool = False
    challenge_by: Moment | None = None
    answers: tuple[Answer, ...] = ()
    paragraph: str = ""


class OutcomeConfirmed(Facts):
    """One side confirmed the outcome in writing."""

    outcome: int
    by: Who
    waiting_for: Literal["your side", "the other side"]


class OutcomeDisputed(Facts):
    """One side says the outcome as written is not what was agreed."""

    outcome: int
    by: Who


class LastTierPassed(Facts):
    """There is no further step and no agreed outcome: board staff must act (A-15)."""

    step: int
    why: Why


class Told(Facts):
    """Something that this person is told, in whole sentences: `lines` are paragraphs.

    `items` are a list that the last of them leads to; an item may begin with its own number. `step` is where the case is, and `deadline`
    and `explanation` are that step's. `paragraph` is where the protocol asks for this. `because` is why this person gets it, where they
    have no part in a disagreement.
    """

    headline: str
    lines: tuple[str, ...]
    answers: tuple[Answer, ...] = ()
    step: int | None = None
    deadline: Moment | None = None
    explanation: str = ""
    paragraph: str = ""
    items: tuple[str, ...] = ()
    because: str = ""


class Asked(Told):
    """Something that this person is asked for."""


class ActNotTaken(Facts):
    """A reply could not be acted on where the case is now; told to who sent it."""

    act: str
    reason: str


class BoardAlert(Facts):
    """Something board staff must look at."""

    what: str
    detail: str
    step: int | None = None


class RecordIssued(Facts):
    """The written confirmation of a closed case, attached as a PDF."""

    filename: str
    issued_at: Moment


class SignInCode(Facts):
    """A one-time code for somebody signing in. `minutes` is how long it works."""

    minutes: int


KINDS: dict[str, type[Facts]] = {
    "form_received": FormReceived,
    "form_incomplete": FormIncomplete,
    "item_held": ItemHeld,
    "step_reached": StepReached,
    "reminder": Reminder,
    "response_recorded": ResponseRecorded,
    "outcome_proposed": OutcomeProposed,
    "outcome_confirmed": OutcomeConfirmed,
    "outcome_disputed": OutcomeDisputed,
    "last_tier_passed": LastTierPassed,
    "asked": Asked,
    "told": Told,
    "act_not_taken": ActNotTaken,
    "board_alert": BoardAlert,
    "record_issued": RecordIssued,
    "sign_in_code": SignInCode,
}
"""Every kind of notice there is: a folder under `templates` and the facts it is told."""

WITHOUT_A_CASE = frozenset({"sign_in_code"})
"""Kinds that belong to no case: they are not threaded with one, cannot be answered, and carry nothing about a child."""

NOTHING_LEFT_OUT = frozenset({"item_held", "reminder", "last_tier_passed", "act_not_taken", "board_alert", "sign_in_code"})
"""Kinds that say the same to everyone: none of them shows what a person wrote."""

FORM_WHEN_URGENT = frozenset({"told"})
"""Kinds that read the form back only when they are urgent, when they may go to somebody who has not seen it."""
