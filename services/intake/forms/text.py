"""The Escalation Form as text: typed into a mail, pasted from a document, quoted or forwarded.

Its thirteen printed labels come in a known order, and `Date` comes three times, so labels are bound by the best chain through
that order (A-21): a line inside an answer that happens to look like a label does not fit the chain and stays an answer.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.contracts.content import FORM_LABELS, FURTHER_LABELS
from services.intake.courtesies import before_signature
from services.intake.domain import ASKED_LABELS, OPTIONAL_LABELS, Answers
from services.intake.forms import ticks
from services.intake.forms.labels import Label, at_start, in_lines, parted, unquoted, without_hint
from services.intake.mailbox import MOST_CHARACTERS, Letter
from services.intake.quotes import segments, without_banner

ALSO = "also"
"""The field that keeps what a form says besides what we ask."""

DISTINCTIVE = ("child_name", "child_dob", "social_worker", "agency_team", "summary", "requested_action", "resolution")
_TELLING = {"child_name", "summary", "requested_action"}
_ENOUGH = 3
_ORDER = tuple(key for key, _ in FORM_LABELS)
_DATES = {"date_raised": 0, "response_date": 10, "resolution_date": 12}
_DIRECTLY_AFTER = {10: 9, 12: 11}
"""The second and third Date belong to the field printed just above them, or are not there."""
ONE_LINE = {
    *("from_practitioner", "to_manager", "child_name", "child_dob", "social_worker", "agency_team"),
    *("case_stage", "area", "decided_at", "needed_by"),
}
"""Fields whose answer is kept on one line."""

_SHORT = {*ONE_LINE, "immediate_danger", "injury_to_infant", "further_agencies"}
"""Fields whose answer has no empty line in it: at the end of a form, what follows one is a name or a greeting."""

_PARTED = {*ONE_LINE, "date", "date_raised"}
"""Fields after whose answer another label may stand on the same line."""

_HEAD = ("date_raised", "from_practitioner", "to_manager")
_ADDED = {key for key, _ in (*FURTHER_LABELS, *ASKED_LABELS, *OPTIONAL_LABELS)}
_ANYWHERE = {*_ADDED, *DISTINCTIVE, "response_date", "resolution_date"}
_PLACEHOLDER = re.compile(
    r"(?:(?:please )?(?:click|tap)(?: or tap| or click)?(?: here)? to (?:enter|add|choose|select)[^\n]*|choose an item"
    r"|enter (?:text|a date)(?: here)?|\[[^\]\n]*\]|<[^>\n@]*>|[_.\-–…?]+|n\s*/\s*a|not applicable|tbc|to be confirmed"
    r"|dd/mm/yyyy|x{3,}|your answer|one of the answers below)\.?",
    re.IGNORECASE,
)
"""What stands in a field nobody filled in."""
_TAKEN_BACK = {"decided_at", "needed_by"}
_NOT_APPLICABLE = re.compile(r"(?:n\s*/\s*a|not applicable|tbc|to be confirmed)\.?", re.IGNORECASE)
_MOST_LINES = 5_000
_DATED = {"date", "date_raised", "response_date", "resolution_date"}
_HEADING = re.compile(r"(?:part|section|rhan|adran)\s+\w{1,3}(?:\s*[:–—-][^\n.?!]{0,90})?", re.IGNORECASE)
_UNKNOWN = re.compile(r"[^\W\d_][\w /'’().&-]{1,40}:(?=\s|$)")
"""A label that we do not know, at the beginning of a line."""

_NUMBER = re.compile(r"\s*\(?\d{1,2}[.)]?\s*")
_BULLETS = re.compile("[\uf0b7\uf0a7\uf076\uf0d8]")
"""Bullets of symbol fonts, as a PDF or a rich text has them."""

_LEADERS = re.compile(r"\A[\s:=|]*(?:[_…]{2,}|\.{3,})?[_…]*\s*|\s*(?:[_…]{2,}|\.{4,})\s*\Z")
"""What is printed for an answer to be written on, before and after it."""


class _Found(NamedTuple):
    line: int
    label: Label
    place: int
    """Where in the printed order this occurrence would stand."""
    answered: bool


def read(letter: Letter) -> Answers | None:
    """The form in a mail's body, wherever it is quoted, or None when there is none."""
    text = without_banner(letter.text)
    found = []
    for part in (*segments(text), text):
        answers = read_text(part)
        if answers is None:
            continue
        if len(answers.given().keys() & set(DISTINCTIVE)) >= _ENOUGH:
            return answers
        found.append(answers)
    return max(found, key=lambda answers: len(answers.given()), default=None)


def read_text(text: str) -> Answers | None:
    """The form in a plain text, or None when too few of its distinctive labels are there."""
    bound, lines = _bind(text)
    fields = {found_field for _, found_field, _ in bound}
    if len(fields.intersection(DISTINCTIVE)) < _ENOUGH or not fields & _TELLING:
        return None
    return Answers.of(_answers(bound, lines))


def read_answers(text: str) -> Answers:
    """Whatever labelled answers a reply gives (`DOB: 3 March 2015`), however few: by the labels that the form prints, and ours."""
    bound, lines = _bind(text, only_usual=True)
    return Answers.of(_answers(bound, lines))


def lines_of(text: str) -> list[str]:
    """The lines of a text, each with one label at most; numbers on lines of their own that only count the labels are left out."""
    lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    parts = [part for line in lines for part in parted(line, _PARTED)]
    numbers = [
        at
        for at, line in enumerate(parts[:-1])
        if _NUMBER.fullmatch(line) and (below := next(filter(str.strip, parts[at + 1 : at + 3]), "")) and at_start(below)
    ]
    counted = set(numbers) if len(numbers) > 3 else set()
    return [line for at, line in enumerate(parts) if at not in counted]


def is_heading(line: str) -> bool:
    """Whether this only says which part of a form follows: `PART B - CONCERN`."""
    return bool(_HEADING.fullmatch(line.strip()))


def _bind(text: str, *, only_usual: bool = False) -> tuple[list[tuple[int, str, Label]], list[str]]:
    """Each field's line, in the order of the text."""
    lines = lines_of(text)
    begun = in_lines(lines)
    labels = [
        (number, label)
        for at, (number, label) in enumerate(begun)
        if not (label.field == "agency_team" and at and begun[at - 1][1].field == "from_practitioner")  # the raiser's own
        and not (only_usual and label.field in _ORDER and not label.usual)
    ]
    starts = {number for number, _ in labels}
    found = [
        _Found(number, label, place, bool(label.rest) or _text_below(lines, number, starts))
        for number, label in labels
        for place in _places(label.field)
    ]
    chain = _best_chain(found)
    bound = {_ORDER[link.place]: (link.line, link.label) for link in chain}
    for number, label in labels:  # labels we added, and distinctive ones out of their printed order
        whole = label.marked or (not label.rest and label.field in ONE_LINE)
        if label.field in _ANYWHERE and label.field not in bound and whole:
            bound[label.field] = (number, label)
    before = None
    for number, label in labels:  # and those of the head where they stand among others of one line
        field = "date_raised" if label.field == "date" else label.field
        whole = label.marked or not label.rest
        if field in _HEAD and field not in bound and whole and before in {*ONE_LINE, *_DATED}:
            bound[field] = (number, label)
        before = next((field for field, (line, _) in bound.items() if line == number), before)
    return sorted((line, field, label) for field, (line, label) in bound.items()), lines


def _places(field: str) -> Iterable[int]:
    if field == "date":
        return _DATES.values()
    return (_ORDER.index(field),) if field in _ORDER else ()


def _text_below(lines: Sequence[str], number: int, starts: set[int]) -> bool:
    """Whether the first line with words below a label is an answer rather than the next label."""
    for below in range(number + 1, len(lines)):
        if unquoted(lines[below]).strip():
            return below not in starts
    return False


def _best_chain(found: Sequence[_Found]) -> list[_Found]:
    """The chain in printed order with the most labels, then the most colons behind them, then the most answers, and the shortest."""
    best: dict[int, list[_Found]] = {}  # the best chain to each place in the printed order
    for link in found:
        before = [chain for place, chain in best.items() if place < link.place and chain[-1].line < link.line]
        if link.place in _DIRECTLY_AFTER:
            before = [chain for chain in before if chain[-1].place == _DIRECTLY_AFTER[link.place]]
            if not before:
                continue
        chain = [*max(before, key=_worth, default=[]), link]
        if link.place not in best or _worth(chain) > _worth(best[link.place]):
            best[link.place] = chain
    return max(best.values(), key=_worth) if best else []


def _worth(chain: Sequence[_Found]) -> tuple[int, int, int, int]:
    """How good a chain is. The later it starts, the shorter it will be: a mail's own From and To stand above the form's."""
    return len(chain), sum(link.label.marked for link in chain), sum(link.answered for link in chain), chain[0].line


def _answers(bound: Sequence[tuple[int, str, Label]], lines: Sequence[str]) -> dict[str, str]:
    answers: dict[str, str] = {}
    more: list[str] = []
    for at, (line, field, label) in enumerate(bound):
        last = at + 1 == len(bound)
        end = len(lines) if last else bound[at + 1][0]
        below = [unquoted_answer(text) for text in lines[line + 1 : end]]
        while below and not last and (not below[-1].strip() or is_heading(below[-1])):
            below.pop()
        answer = without_hint("\n".join([label.rest, *below]), field).strip()
        if last:
            answer = _end_of_form(field, answer)
        elif field in {*ONE_LINE, *_DATED}:
            answer, others = _of_one_line(field, answer)
            more += others
        answers[field] = tidy(field, answer)
    return answers | ({ALSO: "\n".join(filter(None, [*more, answers.get(ALSO)]))} if more else {})


def _of_one_line(field: str, answer: str) -> tuple[str, list[str]]:
    """An answer that is meant to be one line, and what stands below it that is something else: what we have no label for."""
    lines = [line for line in answer.split("\n") if line.strip()]
    other = 1 if field in _DATED else next((at for at, line in enumerate(lines) if at and _UNKNOWN.match(line)), len(lines))
    return "\n".join(lines[:other]), lines[other:]


def tidy(field: str, answer: str) -> str:
    """An answer as the form keeps it: one tick of several, one line where one is meant, nothing for a placeholder."""
    answer = _BULLETS.sub("•", answer)
    answer = re.sub(r"\A/\s+|\s+/\Z", "", ticks.ticked(_LEADERS.sub("", answer)).strip())[:MOST_CHARACTERS]
    if field in ONE_LINE:
        answer = " ".join(answer.split())
    return "" if is_placeholder(field, answer) else re.sub(r"\n{3,}", "\n\n", answer)


def is_placeholder(field: str, answer: str) -> bool:
    """Whether nobody filled this in. `N/A` takes back a day that we could not read, so there it is an answer."""
    return bool(_PLACEHOLDER.fullmatch(answer)) and not (field in _TAKEN_BACK and _NOT_APPLICABLE.fullmatch(answer))


def unquoted_answer(line: str) -> str:
    """A line of an answer without quote marks; its own bullets stay."""
    return re.sub(r"^(?:\s*[>|])+ ?", "", line).rstrip().removeprefix("**")


def _end_of_form(field: str, answer: str) -> str:
    """The last answer, without the signature and the disclaimer that follow the form."""
    answer = before_signature(answer)
    if field in _DATES:
        answer = answer.split("\n", 1)[0].strip()
        return answer if any(character.isdigit() for character in answer) else ""
    if field in _SHORT:
        answer = re.split(r"\n\s*\n", answer, maxsplit=1)[0]
        return answer if field == "further_agencies" else " ".join(answer.split())
    return answer
