"""A form that was sent, by mail or on the pages, as the answers that the pages would have had for it. No I/O.

What the pages ask in parts, and what cannot be told apart for sure, is left to be asked. Nothing of it is lost: only what somebody
changes on the pages is changed in the form.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from services.contracts.contact_list import ContactLine
from services.contracts.content import FURTHER_LABELS
from services.contracts.escalator import BoardPublished
from services.intake import circumstances, domain
from services.intake.domain import Answers
from services.intake.moments import spoken
from services.intake.web import finder
from services.intake.web.questions import OTHER

_UNBORN = re.compile(r"unborn\b(?:[\s,;:(-]*(?:due|edd|expected)\b[\s:]*(?:on\s+)?)?", re.IGNORECASE)
_BY_NUMBERS = re.compile(r"(?P<day>\d{1,2})(?P<mark>[/. -])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_IN_WORDS = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>[A-Za-z]{3,9})\.?,?\s+(?P<year>\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WHOSE = ("your_name", "your_role", "your_agency")


def values_of(
    board: BoardPublished, contacts: Sequence[ContactLine], told: Answers, sender_name: str, day: date
) -> dict[str, str]:
    """What the pages would have been told by this form; `told` has its stage and area by key where they are known."""
    form = told.form
    directory = finder.Directory(contacts, board.roles, day, board.role_table)
    moments = circumstances.read(told)
    values = {
        "immediate_danger": _yes_or_no(told.immediate_danger, danger=domain.immediate_danger(told.immediate_danger)),
        "case_stage": _among(told.case_stage, [(stage.key, stage.name) for stage in board.case_stages]),
        "area": _among(told.area, [(area.key, area.name) for area in domain.areas_of(board)]),
        **dict(zip(_WHOSE, re.split(r"\s*[,\n]\s*", form.from_practitioner or sender_name, maxsplit=2), strict=False)),
        "to_manager": _line(form.to_manager),
        **_other_side(directory, _line(form.agency_team), _line(form.social_worker)),
        "further_agencies": told.further_agencies,
        "child_name": _line(form.child_name),
        **dict(_birth(_line(form.child_dob))),
        "summary": form.summary,
        "requested_action": form.requested_action,
        **{name: getattr(form, name) for name, _ in FURTHER_LABELS},
        "injury_to_infant": _yes_or_no(told.injury_to_infant, danger=moments.injury_to_infant),
        "needed_by": spoken(moments.needed_by) if moments.needed_by else told.needed_by,
        "decided_at": spoken(moments.decided_at).removesuffix(" at 00:00") if moments.decided_at else told.decided_at,
    }
    return {name: value for name, value in values.items() if value}


def _line(text: str) -> str:
    """Several lines as one: a field of one line would run them together."""
    return "; ".join(line.strip(" ;") for line in text.splitlines() if line.strip(" ;"))


def _yes_or_no(text: str, *, danger: bool) -> str:
    return ("Yes" if danger else "No") if text.strip() else ""


def _among(text: str, choices: Sequence[tuple[str, str]]) -> str:
    return next((key for key, name in choices if text in (key, name)), "") if text else ""


def _other_side(directory: finder.Directory, agency: str, person: str) -> dict[str, str]:
    """The agency and the person as the pages offer them, else beside "another"."""
    listed = agency in finder.agencies(directory.lines)
    offered = {one.written for one in finder.people(directory, agency, "")} if listed else set()
    found = {"agency": agency} if listed else {"agency": OTHER if agency else "", "agency_other": agency}
    if person in offered:
        return found | {"person": person}
    return found | {"person": OTHER if person else "", "person_other": person}


def _birth(text: str) -> Iterator[tuple[str, str]]:
    """The date in three parts where it is one, and whether the child is not born yet; else as it was written."""
    unborn = _UNBORN.match(text)
    rest = text[unborn.end() :].strip(" ).") if unborn else text.strip(" .")
    found = next((match for pattern in (_BY_NUMBERS, _ISO, _IN_WORDS) if (match := pattern.fullmatch(rest))), None)
    if unborn and not rest:
        yield "unborn", "Yes"
        return
    month = _month(found.groupdict()) if found else ""
    if found is None or not month:
        yield "child_dob", text
        return
    if unborn:
        yield "unborn", "Yes"
    yield "child_dob-day", found["day"].lstrip("0")
    yield "child_dob-month", month
    yield "child_dob-year", found["year"]


def _month(parts: dict[str, str | None]) -> str:
    if (name := parts.get("name")) is not None:
        return str(_MONTHS.index(name[:3].lower()) + 1) if name[:3].lower() in _MONTHS else ""
    return (parts["month"] or "").lstrip("0")
