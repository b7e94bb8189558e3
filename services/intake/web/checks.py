"""What is wrong with what was typed on a page, and what a whole form says. Nothing typed is lost, whatever is wrong with it. No I/O."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from services.contracts.escalator import BoardPublished
from services.intake import circumstances
from services.intake.domain import LABELS, Answers, plain_day
from services.intake.mailbox import Sender, clean
from services.intake.moments import LONDON, spoken
from services.intake.trust import knows
from services.intake.web.questions import OTHER, About, Field, Page, agency_of, beside, pages, stage_of

Mistakes = dict[str, str]
"""What is wrong, by field, in the page's order."""

_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LONGEST_EMAIL = 254
_DATE_PARTS: Final = ("day", "month", "year")
_OLDEST: Final = 26
"""Years: the protocols end at 18, or at 25 where there are special needs."""

_LONGEST_WAIT = timedelta(days=310)
_UNREAD = {
    "needed_by": "Enter a date and a time like 11 December 2026 at 16:00, or leave this blank",
    "decided_at": "Enter a day that has been, like 4 December 2026, or leave this blank",
}


def taken(page: Page, posted: Mapping[str, str]) -> dict[str, str]:
    """What this page's fields say, as a database and a page can keep it. Whatever else was posted is left aside.

    Something written beside "somebody else" is chosen by that, where nothing else was.
    """
    said = {name: clean(posted.get(name, "")).strip() for name in names_of(page)}
    for field in page.fields:
        if (extra := beside(field)) is not None and said[extra.name] and not said[field.name]:
            said[field.name] = OTHER
    return said


def names_of(page: Page) -> Iterable[str]:
    """The names of all that a page may post."""
    for field in page.fields:
        if field.kind == "date":
            yield from (f"{field.name}-{part}" for part in _DATE_PARTS)
        else:
            yield field.name
        if (extra := beside(field)) is not None:
            yield extra.name


def mistakes(about: About, page: Page, at: datetime) -> Mistakes:
    """What is wrong with this page's answers at `at`."""
    found: Mistakes = {}
    for field in page.fields:
        if mistake := _mistake(about, field, at):
            found[field.name] = mistake
        elif (extra := beside(field)) is not None and about.values.get(field.name) == OTHER and not _untouched(about, extra):
            written = _of_text(extra, about.values.get(extra.name, ""), extra.mistake)
            found |= {extra.name: written} if written else {}
    return found


def unfinished(about: About, at: datetime) -> dict[str, Mistakes]:
    """What is wrong anywhere in the form, by page, in order; empty when it can be sent."""
    found = {page.key: mistakes(about, page, at) for page in pages(about)}
    found = {key: wrong for key, wrong in found.items() if wrong}
    if not found and answers(about, at).too_long():
        found["concern"] = {
            "summary": "Shorten what you have written: all answers together must be 100,000 characters or fewer"
        }
    return found


def email_mistake(board: BoardPublished, address: str) -> str:
    """What is wrong with an address a code should go to."""
    if not address:
        return "Enter your work email address"
    if len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        return "Enter an email address in the correct format, like name@example.gov.uk"
    if not knows(board, address):
        return "Enter a work email address from an organisation that this board works with"
    return ""


def settled(about: About, page: Page, at: datetime) -> dict[str, str]:
    """The page's answers with each time written so that it means the same on another day: "tomorrow" is the day after today."""
    told = circumstances.dated(Answers.of(dict(about.values)), at)
    moments = circumstances.read(told)
    seen = {"needed_by": moments.needed_by, "decided_at": moments.decided_at}
    fields = {field.name for field in page.fields}
    return {name: _spoken(moment) for name, moment in seen.items() if name in fields and moment is not None}


def answers(about: About, at: datetime) -> Answers:
    """The form, as its practitioner would have written it on paper."""
    asked = {name for page in pages(about) for name in names_of(page)}
    values = {name: value for name, value in about.values.items() if name in asked}
    whose = ("your_name", "your_role", "your_agency")
    person = values.get("person", "")
    return Answers.of(
        {
            **{name: values.get(name, "") for name in LABELS},
            "date_raised": plain_day(at.astimezone(LONDON)),
            "from_practitioner": ", ".join(values[name] for name in whose if values.get(name)),
            "case_stage": stage_of(about.board, values),
            "agency_team": agency_of(about),
            "social_worker": values.get("person_other", "") if person in (OTHER, "") else person,
            "child_dob": _birth(values),
        }
    )


def changed(about: About, at: datetime) -> dict[str, str]:
    """The fields of a form that differ from what it said when somebody went on with it. The day it was raised is no answer of theirs."""
    before, told = answers(about._replace(values=about.began), at).fields(), answers(about, at).fields()
    return {name: value for name, value in told.items() if value != before[name] and name != "date_raised"}


def sender(about: About) -> Sender:
    """Who sends it."""
    return Sender(name=" ".join(about.values.get("your_name", "").split()), address=about.address)


def spoken_answers(about: About, page: Page) -> list[tuple[str, str]]:
    """What a page's questions were and what was answered, in words, for reading back."""
    told = []
    for field in page.fields:
        value = about.values.get(field.name, "")
        if field.kind == "tick":
            continue
        if field.kind == "date":
            value = _birth(about.values)
        elif value == OTHER and (extra := beside(field)) is not None:
            value = about.values.get(extra.name, "")
        elif field.kind == "choice":
            value = next((option.text for option in field.options if option.value == value), "")
            if field.name == "person":
                value = about.values.get("person", "")
        told.append((field.label.removesuffix(" (optional)"), value))
    return told


def _spoken(moment: datetime) -> str:
    """A day's first instant stands for the day, as it does where a decision's date is read."""
    return spoken(moment).removesuffix(" at 00:00")


def _untouched(about: About, field: Field) -> bool:
    """Whether this answer is as it was in a form that was sent before."""
    value = about.values.get(field.name, "")
    return bool(value) and value == about.began.get(field.name)


def _mistake(about: About, field: Field, at: datetime) -> str:
    value = about.values.get(field.name, "")
    if field.kind == "tick" or (field.kind in ("line", "text") and _untouched(about, field)):
        return ""
    match field.kind:
        case "choice":
            return field.mistake if value not in {option.value for option in field.options} else ""
        case "date":
            return _date_mistake(field, about)
    if mistake := _of_text(field, value, field.mistake):
        return mistake
    if field.name in _UNREAD:
        told = circumstances.dated(Answers.of({field.name: value}), at)
        return _UNREAD[field.name] if circumstances.questions(told) else ""
    return ""


def _of_text(field: Field, value: str, mistake: str) -> str:
    if not value:
        return mistake
    label = field.label.removesuffix(" (optional)")
    return f"“{label}” must be {field.most:,} characters or fewer" if len(value) > field.most else ""


def _date_mistake(field: Field, about: About) -> str:
    unborn = about.values.get("unborn") == "Yes"
    parts = _parts(about.values)
    if not any(parts):
        return "" if unborn else field.mistake
    day = _day(parts)
    if day is None:
        return "Enter a real date, such as 31 3 2015"
    if unborn:
        soon = about.day - timedelta(days=31) <= day <= about.day + _LONGEST_WAIT
        return "" if soon else "Enter the day the child is due, within the next ten months"
    if day > about.day:
        return "Enter a date of birth in the past, or select that the child is not born yet"
    return "" if about.day.year - day.year <= _OLDEST else f"Enter a date of birth within the last {_OLDEST} years"


def _parts(values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(values.get(f"child_dob-{part}", "") for part in _DATE_PARTS)


def _day(parts: tuple[str, ...]) -> date | None:
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _birth(values: Mapping[str, str]) -> str:
    if values.get("child_dob"):
        return values["child_dob"]
    day = _day(_parts(values))
    written = f"{day.day} {day:%B %Y}" if day else ""
    if values.get("unborn") == "Yes":
        return f"Unborn, due {written}" if written else "Unborn"
    return written
