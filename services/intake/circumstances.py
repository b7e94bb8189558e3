"""What may make a case more urgent than its ladder says, and who else takes part: our own questions, none of them required. No I/O.

A day or a time that cannot be read is asked for, never guessed (OXF-04, BED-14). One that can is kept as an instant from then on:
"tomorrow" is the day after the mail that said it, not the day after the mail that completed the form.
"""

import re
from datetime import datetime, time, timedelta

from services.contracts.message import Data, Moment
from services.intake.domain import LABELS, Answers, Question
from services.intake.moments import local, read_day, read_moment, spoken

_NOTHING = re.compile(
    r"(?:none|no|nothing|nil|n\s*/\s*a|na|not (?:known|applicable|stated|given)|unknown|(?:i )?(?:don['’]?t|do not) know|dim|-+)\.?",
    re.IGNORECASE,
)
_NOW = re.compile(r"(?:right )?now|immediately|at once|straight ?away", re.IGNORECASE)
_NO_INJURY = re.compile(
    r"(?:no|none|n|na|n/a|na[cg] (?:oes|ydy|ydyw)|naddo|dim|no (?:possible )?injur(?:y|ies)|none known"
    r"|not (?:known|applicable|that (?:i|we) know(?: of)?))"
    r"(?=$|\s*[.,;:!–-])",
    re.IGNORECASE,
)
_PARTS = (re.compile(r"\n+"), re.compile(r"\s*;\s*"), re.compile(r"\s*,\s*"))
_BULLET = re.compile(r"^\s*(?:[-*•·–]|\(?\d{1,2}[.)])\s+")
_LATE = timedelta(days=1)
"""How long ago a protection time frame may have ended for it to be one that has run out, rather than a slip of the pen."""

_LAST_MINUTE = time(23, 59)
_EXAMPLE = {
    "decided_at": "a day that has been, for example 4 December 2026",
    "needed_by": "a date and a time, for example 11 December 2026 at 16:00",
}


class Circumstances(Data):
    """What the optional questions say, as in `FormReceived`."""

    further_agencies: tuple[str, ...] = ()
    decided_at: Moment | None = None
    needed_by: Moment | None = None
    injury_to_infant: bool = False


def dated(answers: Answers, at: datetime) -> Answers:
    """Answers that arrived at `at`, with each day and time that can be read as an instant (ISO 8601), and the others as written.

    A decision's day without a time is its beginning; the day by which a child needs to be safe is all of it.
    """
    found = {"decided_at": _decided(answers.decided_at, at), "needed_by": _needed(answers.needed_by, at)}
    return answers.model_copy(update={key: moment.isoformat() for key, moment in found.items() if moment is not None})


def read(answers: Answers) -> Circumstances:
    """What dated answers say."""
    return Circumstances(
        further_agencies=_agencies(answers.further_agencies),
        decided_at=_instant(answers.decided_at),
        needed_by=_instant(answers.needed_by),
        injury_to_infant=possible_injury(answers.injury_to_infant),
    )


def questions(answers: Answers) -> tuple[Question, ...]:
    """What dated answers leave to be asked: a day or a time that was written and could not be read."""
    unread = (
        key for key in _EXAMPLE if (text := getattr(answers, key)) and not _instant(text) and not _NOTHING.fullmatch(text)
    )
    return tuple(Question(label=LABELS[key], options=(_EXAMPLE[key], "none")) for key in unread)


def possible_injury(answer: str) -> bool:
    """Whether a baby or young child may have been injured: as with danger, an answer that is not plainly no counts as yes (OXF-05)."""
    return bool(answer.strip()) and not _NO_INJURY.match(answer.strip())


def told(answers: Answers) -> tuple[tuple[str, str], ...]:
    """The labels, and what was understood, of the optional questions that were answered: for reading back."""
    seen = read(answers)
    lines = {
        "further_agencies": ", ".join(seen.further_agencies),
        "decided_at": spoken(seen.decided_at) if seen.decided_at else "",
        "needed_by": spoken(seen.needed_by) if seen.needed_by else "",
        "injury_to_infant": "Yes" if seen.injury_to_infant else "",
    }
    return tuple((LABELS[key], line) for key, line in lines.items() if line)


def _decided(text: str, at: datetime) -> datetime | None:
    moment = read_moment(text, at, "past")
    if moment is None and (day := read_day(text, at, "past")):
        moment = local(day, time())
    return moment if moment is not None and moment <= at else None


def _needed(text: str, at: datetime) -> datetime | None:
    if _NOW.fullmatch(text.strip(" .!")):
        return at
    moment = read_moment(text, at)
    if moment is None and (day := read_day(text, at)):
        moment = local(day, _LAST_MINUTE)
    return moment if moment is not None and moment > at - _LATE else None


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _agencies(text: str) -> tuple[str, ...]:
    """One a line; on a single line parted by semicolons, or else by commas: an agency's name may have an "and" in it."""
    pattern = next((pattern for pattern in _PARTS if pattern.search(text.strip())), _PARTS[0])
    names = (_BULLET.sub("", part).strip(" .,;") for part in pattern.split(text.strip()))
    return tuple(dict.fromkeys(name for name in names if name and not _NOTHING.fullmatch(name)))
