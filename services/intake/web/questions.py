"""What the pages ask, one thing at a time, in order. No I/O.

Everything is worked out anew from the board, its contact list and the answers so far, because one answer decides what is asked next.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from services.contracts.contact_list import ContactLine
from services.contracts.content import FURTHER_LABELS
from services.contracts.escalator import BoardPublished
from services.contracts.outline import LadderOutline, Redirect
from services.intake.domain import LABELS, areas_of
from services.intake.web import finder

OTHER = "other"
"""The value of "somebody else" and "another agency"; what is written beside it is the answer."""

YES_OR_NO = ("Yes", "No")
_TEXT = 20_000
_LINE = 500

Values = Mapping[str, str]


class Option(NamedTuple):
    """One answer to choose. `beside` is the field to write in when this one is chosen; `after_or` where others of a kind begin."""

    value: str
    text: str
    hint: str = ""
    beside: str = ""
    after_or: bool = False


class Field(NamedTuple):
    """One question. `mistake` is said when it is not answered; without one it may be left blank. `most` counts characters."""

    name: str
    label: str
    hint: str = ""
    mistake: str = ""
    kind: Literal["line", "text", "choice", "date", "tick"] = "line"
    options: tuple[Option, ...] = ()
    autocomplete: str = "off"
    most: int = _LINE


class Page(NamedTuple):
    """One page. With a single field, its label is the heading; otherwise `heading` is. `notes` are paragraphs above the fields."""

    key: str
    heading: str
    fields: tuple[Field, ...]
    notes: tuple[str, ...] = ()


class About(NamedTuple):
    """What the questions depend on. `address` is the one that was proved; `day` is today in local time.

    `began` is what a form said that was sent before and is gone on with: it was taken as it is, so nothing of it is wrong.
    """

    board: BoardPublished
    contacts: Sequence[ContactLine]
    values: Values
    address: str
    day: date
    began: Values = {}  # noqa: RUF012 - never changed


DANGER = Page(
    "danger",
    "",
    (
        Field(
            "immediate_danger",
            LABELS["immediate_danger"],
            "We ask this first, because then the police come first",
            "Select yes if a child is in immediate danger",
            "choice",
            (Option("Yes", "Yes"), Option("No", "No")),
        ),
    ),
)
"""The question before every other (BED-10): it is asked before anybody is asked who they are."""

_BESIDE = {
    "agency_other": Field(
        "agency_other", "Name of the agency, and the team if you know it", "", "Enter the name of the agency"
    ),
    "person_other": Field("person_other", "Their name and role", "", "Enter their name and role"),
}

_FURTHER_PAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("views", "How the two sides see it", ("areas_agreed", "areas_disagreed", "relevance_to_risk")),
    ("reasons", "Why you disagree", ("possible_cause", "rationale")),
    ("aim", "What has to be achieved", ("to_achieve",)),
    ("support", "Who has helped you so far", ("advice_sought", "supporter", "discussed_with_manager")),
    ("also", "Anything else", ("also",)),
)
_FURTHER_HINTS: Mapping[str, str] = {
    "areas_agreed": "What both agencies think already",
    "areas_disagreed": "What you see differently",
    "relevance_to_risk": "How far what you disagree on changes the risk to the child",
    "possible_cause": "For example different views of thresholds, or of each other’s roles",
    "to_achieve": "What has to be in place for this to be resolved",
    "rationale": "What the other agency said when it decided",
    "advice_sought": "From whom, and when",
    "supporter": "The senior manager, or the designated or named professional, who supports this",
    "discussed_with_manager": "When, and with whom",
    "also": "Whatever else the other agency should know",
}
_FURTHER_LINES = {"advice_sought", "supporter", "discussed_with_manager"}


def pages(about: About) -> tuple[Page, ...]:
    """Every page of this form, the danger question first."""
    return (DANGER, *_case(about), *_people(about), *_matter(about.values), *_further(about.board), *_urgency())


def redirect_of(board: BoardPublished, values: Values) -> Redirect | None:
    """Why what was chosen is no professional disagreement here (BIR-05, BIR-06); None where it is one."""
    stage, area = stage_of(board, values), values.get("area", "")
    return next((one for one in board.redirects if one.area == area and stage in one.case_stages), None)


def ladder_of(board: BoardPublished, values: Values) -> LadderOutline | None:
    """Where what was chosen leads."""
    stage, key = stage_of(board, values), values.get("area", "")
    wanted = next((area.ladder for area in board.areas if (area.case_stage, area.key) == (stage, key)), "")
    return _ladder(board, wanted)


def stage_of(board: BoardPublished, values: Values) -> str:
    """The stage that was chosen, or the only one there is."""
    return board.case_stages[0].key if len(board.case_stages) == 1 else values.get("case_stage", "")


def beside(field: Field) -> Field | None:
    """The field to write in beside one of a field's options."""
    return _BESIDE.get(next((option.beside for option in field.options if option.beside), ""))


def _case(about: About) -> Iterator[Page]:
    board = about.board
    if len(board.case_stages) > 1:
        stages = tuple(Option(stage.key, stage.name) for stage in board.case_stages)
        label, hint = "Where is the child’s case?", "This and the next answer decide the steps, who must act and by when"
        stage = Field("case_stage", label, hint, "Select where the child’s case is", "choice", stages)
        yield Page("stage", "", (stage,))
    there = [area for area in areas_of(board) if area.case_stage == stage_of(board, about.values)]
    areas = [Option(area.key, area.name, _leads_to(board, area.ladder)) for area in there if area.ladder]
    elsewhere = [
        Option(area.key, area.name, "This goes somewhere else: the next page says where") for area in there if not area.ladder
    ]
    if elsewhere:
        elsewhere[0] = elsewhere[0]._replace(after_or=bool(areas))
    label = "What do you disagree about?"
    field = Field("area", label, "", "Select what you disagree about", "choice", (*areas, *elsewhere))
    yield Page("area", "", (field,))


def _people(about: About) -> Iterator[Page]:
    yield Page(
        "you",
        "About you",
        (
            Field("your_name", "Your name", "", "Enter your name", autocomplete="name"),
            Field("your_role", "Your role", "For example, head teacher", "Enter your role", autocomplete="organization-title"),
            Field("your_agency", "Your agency", "", "Enter your agency", autocomplete="organization"),
        ),
    )
    hint = "‘To (Manager)’ on the printed form. If you cannot take this to your own manager, enter who you send it to instead"
    yield Page("manager", "", (Field("to_manager", "Who is your manager?", hint, "Enter who your manager is"),))
    yield _agency(about)
    yield _person(about)
    hint = "Any others on the other side of this disagreement, one on each line"
    label = "Are other agencies involved? (optional)"
    yield Page("other-agencies", "", (Field("further_agencies", label, hint, kind="text", most=_TEXT),))


def _agency(about: About) -> Page:
    agencies = finder.agencies(about.contacts)
    label = "Which agency do you disagree with?"
    if not agencies:
        hint = "Its name, and the team if you know it. This board has no agencies on file yet"
        return Page("other-agency", "", (Field("agency_other", label, hint, "Enter the agency you disagree with"),))
    options = (
        *(Option(agency, agency) for agency in agencies),
        Option(OTHER, "Another agency", beside="agency_other", after_or=True),
    )
    field = Field("agency", label, "", "Select the agency you disagree with", "choice", options)
    return Page("other-agency", "", (field,))


def _person(about: About) -> Page:
    agency, ladder = agency_of(about), ladder_of(about.board, about.values)
    board = about.board
    directory = finder.Directory(about.contacts, board.roles, about.day, board.role_table)
    asker = finder.Asker(about.address, about.values.get("your_agency", ""), about.values.get("your_role", ""))
    opposite = finder.suggestion(directory, asker, agency)
    by_table = tuple(finder.in_words(opposite, board.role_table)) if opposite and board.role_table else ()
    found = finder.people(directory, agency, about.address, opposite)
    label = "Whose decision do you disagree with?"
    mistake = "Select the person whose decision you disagree with"
    if not found:
        hint = "The social worker or practitioner in the other agency: the name, and the role if you know it"
        nobody = (f"Nobody at {agency} is on file with this board.", *by_table) if agency else ()
        return Page("other-person", "", (Field("person_other", label, hint, mistake.replace("Select", "Enter")),), nobody)
    first = ladder.steps[0].other if ladder and ladder.steps else ()
    notes = (*finder.named_by_step(directory, agency, first), *by_table)
    options = (
        *(Option(one.written, one.name, one.hint) for one in found),
        Option(OTHER, "Somebody else", beside="person_other", after_or=True),
    )
    hint = f"The people at {agency} whom this board has on file. Nobody is told before you send the form"
    return Page("other-person", "", (Field("person", label, hint, mistake, "choice", options),), notes)


def agency_of(about: About) -> str:
    """The other agency as it goes on the form."""
    chosen = about.values.get("agency", "")
    listed = chosen in finder.agencies(about.contacts)
    return chosen if listed else about.values.get("agency_other", "")


def _matter(values: Values) -> Iterator[Page]:
    yield Page(
        "child",
        "About the child",
        (
            Field("child_name", "Name of the child", "One child on each form", "Enter the name of the child"),
            _birth(as_written=bool(values.get("child_dob"))),
            Field(
                "unborn",
                "The child is not born yet",
                "Then enter the day the child is due, if it is known",
                kind="tick",
            ),
        ),
    )
    hint = "What you disagree about, and why you are worried about the child"
    label, mistake = "What are your concerns?", "Enter a summary of your concerns"
    yield Page("concern", "", (Field("summary", label, hint, mistake, "text", most=_TEXT),))
    hint, mistake = "What you ask the other agency to do", "Enter the action you ask for"
    yield Page("action", "", (Field("requested_action", "What action do you ask for?", hint, mistake, "text", most=_TEXT),))


def _birth(*, as_written: bool) -> Field:
    """The date of birth: in three fields, or as it was written in a form that came by mail, where that is no one day."""
    label, mistake = "Date of birth", "Enter the child’s date of birth"
    if as_written:
        return Field("child_dob", label, "As your form has it. For example, 31 March 2015", mistake)
    return Field("child_dob", label, "For example, 31 3 2015", mistake, "date")


def _further(board: BoardPublished) -> Iterator[Page]:
    """What this board's protocol asks for beyond the printed form (BIR-11, BIR-12, BAR-06, OXF-18), in our order."""
    labels = dict(FURTHER_LABELS)
    for key, heading, names in _FURTHER_PAGES:
        fields = tuple(_further_field(name, labels[name]) for name in names if name in board.asks)
        if fields:
            yield Page(key, heading, fields, ("This board’s protocol asks for this. You can leave it blank.",))


def _further_field(name: str, label: str) -> Field:
    hint = _FURTHER_HINTS[name]
    return Field(name, f"{label} (optional)", hint, kind="line" if name in _FURTHER_LINES else "text", most=_TEXT)


def _urgency() -> Iterator[Page]:
    label = "May a baby or young child have been injured?"
    hint = "Select yes where the injury may not be an accident. Such a disagreement has to be resolved immediately"
    mistake = "Select yes if a baby or young child may have been injured"
    options = (Option("Yes", "Yes"), Option("No", "No"))
    yield Page("injury", "", (Field("injury_to_infant", label, hint, mistake, "choice", options),))
    label = "By when does the child need to be safe? (optional)"
    hint = "Only where this child cannot wait for the usual time. A date and a time, for example 11 December 2026 at 16:00"
    yield Page("safe-by", "", (Field("needed_by", label, hint),))
    label = "When was the decision made? (optional)"
    hint = "The day of the decision you disagree with, for example 4 December 2026"
    yield Page("decision", "", (Field("decided_at", label, hint),))


def _leads_to(board: BoardPublished, key: str) -> str:
    ladder = _ladder(board, key)
    if ladder is None:
        return ""
    within = ladder.steps[0].within if ladder.steps else ""
    first = f" First step: {within}." if within and within != "no time stated" else ""
    return f"Leads to: {ladder.name} ({ladder.paragraph}).{first}"


def _ladder(board: BoardPublished, key: str) -> LadderOutline | None:
    return next((ladder for ladder in board.ladders if ladder.id == key), None)
