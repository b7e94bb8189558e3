"""A board's protocol in outline, as people read it: what a form may offer, its ladders step by step, and what the board chose."""

from services.contracts.message import Data
from services.contracts.vocabulary import Writing


class Choice(Data):
    """One thing a practitioner can choose on the form: our key, and the words they see."""

    key: str
    name: str


class AreaChoice(Data):
    """An area of disagreement, in the practitioner's words, at one stage of the child's case; `ladder` is where it leads."""

    key: str
    name: str
    case_stage: str
    ladder: str


class Redirect(Data):
    """What is not a professional disagreement here, in the practitioner's words, and where it goes instead (BIR-05, BIR-06).

    A form may name `area` at each of these stages as it names any other.
    """

    area: str
    name: str
    case_stages: tuple[str, ...]
    instead: tuple[str, ...]
    paragraph: str


class Role(Data):
    """A role that a board's contact list may give somebody."""

    key: str
    name: str


class StepOutline(Data):
    """A step as people may read it before it is reached. `within` is the stated time in words."""

    number: int
    name: str = ""
    action: str
    raising: tuple[str, ...]
    other: tuple[str, ...]
    within: str
    writing: Writing
    paragraph: str


class LadderOutline(Data):
    """A ladder as people may read it: the flowchart that the documents have lost (A-17, BAR-07). `advice`: a call for advice (A-13)."""

    id: str
    name: str
    case_stage: str
    areas: tuple[str, ...]
    paragraph: str
    steps: tuple[StepOutline, ...]
    ending: str = ""
    advice: bool = False


class ChoiceInForce(Data):
    """What a document leaves open, and what this board decided; `by_board` is false where it left Concord's default in force."""

    id: str
    question: str
    value: str
    by_board: bool
    reason: str
