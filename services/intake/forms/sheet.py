"""A document as lines and rows of cells, and the Escalation Forms on it, whatever format it came in.

Rows are read by their labels (see `rows`; BED-25, App. C), and what is not in rows is read as text. The three dates are bound by
position (A-21).
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence

from services.intake.blank_forms.fields import PRINTED
from services.intake.domain import Answers
from services.intake.forms import labels, rows, text
from services.intake.forms.rows import Block, Pair, Row
from services.intake.forms.text import ALSO
from services.intake.mailbox import MOST_CHARACTERS, clean

MOST_BLOCKS = 5_000
_MOST_CELLS = 60
_ENOUGH = 3

_HEAD = {"date", "date_raised", "from_practitioner", "to_manager", "child_name"}
_BODY = {"summary", "requested_action"}
_DATE_AFTER = {"response": "response_date", "resolution": "resolution_date"}
_MANY = {"child_name", "child_dob"}
"""What a form about several children says once for each."""


def forms(blocks: Iterable[Block]) -> tuple[Answers, ...]:
    """Every form on the sheet, in order."""
    sheet = list(_limited(blocks))
    labelled = rows.pairs(sheet)
    found = from_pairs(labelled)
    in_lines = any(isinstance(block, str) and labels.at_start(block) for block in sheet)
    if found and not in_lines and {pair.field for pair in labelled} >= {"child_name", *_BODY}:
        return found
    as_text = from_text("\n".join(block if isinstance(block, str) else rows.as_lines(block) for block in sheet))
    return max(found, as_text, key=given)


def from_text(words: str) -> tuple[Answers, ...]:
    """Every form in a plain text, in order. What our own blank form prints beside the answers is left out."""
    lines = text.lines_of(PRINTED.sub("", clean(words)))
    begun = [(number, label.field) for number, label in labels.in_lines(lines)]
    cuts = [0, *(begun[at][0] for at in _second_forms([field for _, field in begun])), len(lines)]
    parts = ["\n".join(lines[begin:end]) for begin, end in itertools.pairwise(cuts)]
    found = [text.read_text(part) for part in parts]
    if len(found) > 1 and all(found):
        return tuple(answers for answers in found if answers is not None)
    whole = text.read_text("\n".join(lines))
    return (whole,) if whole is not None else ()


def from_pairs(pairs: Sequence[Pair]) -> tuple[Answers, ...]:
    """The forms that labelled answers make up: none where too few of a form's own labels are there."""
    cuts = [0, *_second_forms([pair.field for pair in pairs]), len(pairs)]
    found = [bind(pairs[begin:end]) for begin, end in itertools.pairwise(cuts)]
    if len(found) > 1 and not all(found):
        found = [bind(pairs)]
    return tuple(answers for answers in found if answers is not None)


def bind(pairs: Sequence[Pair]) -> Answers | None:
    """One form's answers by field. A field that occurs several times keeps everything that was written for it."""
    said: dict[str, list[str]] = {}
    before = ""
    for field, answer, _ in _dated(pairs):
        said.setdefault(field, [])
        if field == before or answer.strip() not in said[field]:
            said[field].append(answer.strip())
        before = field
    if len(said.keys() & set(text.DISTINCTIVE)) < _ENOUGH or not said.keys() & {"child_name", *_BODY}:
        return None
    return Answers.of({field: tidy(field, _together(field, answers)) for field, answers in said.items()})


def tidy(field: str, answer: str) -> str:
    """An answer as the form keeps it: one tick of several, one line where one is meant, nothing for a placeholder."""
    return text.tidy(field, labels.without_hint(clean(answer), field))


def _limited(blocks: Iterable[Block]) -> Iterator[Block]:
    """As much as any form could be."""
    room = MOST_CHARACTERS
    for number, one in enumerate(blocks):
        block = one if isinstance(one, str) else Row(one.cells[:_MOST_CELLS])
        room -= len(block) if isinstance(block, str) else sum(map(len, block.cells))
        if room < 0 or number > MOST_BLOCKS:
            return
        yield block


def _dated(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Each date by where it stands: the second and third belong to the field just above them (A-21). An agency named straight after
    who raises it is theirs."""
    before, seen = "", False
    for pair in pairs:
        if pair.field == ALSO:
            yield pair
            continue
        field, answer = pair.field, pair.answer
        if field == "agency_team" and before == "from_practitioner":
            field = before
        elif field == "date":
            if before in _DATE_AFTER:
                field = _DATE_AFTER[before]
            elif seen:
                field, answer = ALSO, f"Date: {answer}" if answer.strip() else ""
            else:
                field, seen = "date_raised", True
        before = field
        yield Pair(field, answer)


def _second_forms(fields: Sequence[str]) -> list[int]:
    """Where a second form and those after it begin: at one of a form's first labels, once a form has said its concern."""
    cuts: list[int] = []
    seen: set[str] = set()
    before = ""
    for at, field in enumerate(fields):
        own_date = field == "date" and before in _DATE_AFTER
        if field in _HEAD and not own_date and seen & _BODY and "child_name" in seen and _goes_on_as_form(fields, at):
            cuts.append(at)
            seen = set()
        seen.add(field)
        before = "" if own_date else field
    return cuts


def _goes_on_as_form(fields: Sequence[str], at: int) -> bool:
    """Whether what begins here names a child first, and then says a concern."""
    named = next((later for later in range(at, len(fields)) if fields[later] not in {ALSO, *_HEAD} - {"child_name"}), at)
    return fields[named] == "child_name" and any(fields[later] in _BODY for later in range(named, len(fields)))


def _together(field: str, answers: Sequence[str]) -> str:
    given = [answer for answer in dict.fromkeys(answers) if answer and not text.is_placeholder(field, answer)]
    if field in _MANY:
        return "; ".join(" ".join(part.split()) for answer in given for part in answer.split("\n") if part.strip())
    return ("; " if field in text.ONE_LINE else "\n").join(given)


def given(found: Sequence[Answers]) -> tuple[int, int]:
    """How much of a form, or of several, was read: fields first, then characters."""
    said = [answers.given() for answers in found]
    return sum(1 + len(one.keys() - {ALSO}) for one in said), sum(len(answer) for one in said for answer in one.values())
