"""What would change on a board's contact list: line by line, in words, before anybody confirms it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.contracts.contact_list import ContactLine
from services.records.wording import on_day

_FIELDS: Final = {
    "name": "name",
    "deputy": "deputy",
    "sector": "sector",
    "rank": "rank",
    "away_from": "first day away",
    "away_until": "last day away",
}
"""What may change on a line that stays the same one: field, and what people call it."""


@dataclass(frozen=True)
class Change:
    """One line that is added, taken off or changed; `details` are what changed on it."""

    kind: str
    line: ContactLine
    details: tuple[str, ...] = ()


def changes(before: Iterable[ContactLine], after: Iterable[ContactLine]) -> list[Change]:
    """What is different: taken off first, then changed, then added."""
    was, will = _by_key(before), _by_key(after)
    gone = [Change("Taken off", line) for key, line in was.items() if key not in will]
    changed = [
        Change("Changed", line, details) for key, line in will.items() if key in was and (details := _details(was[key], line))
    ]
    new = [Change("Added", line) for key, line in will.items() if key not in was]
    return [*gone, *changed, *new]


def with_absence(
    lines: Sequence[ContactLine], address: str, *, away_from: date | None, away_until: date | None, deputy: str
) -> list[ContactLine]:
    """The list with one person's absence on each of their lines; without `away_from` they are there again."""
    absence = {"away_from": away_from, "away_until": away_until, "deputy": deputy}
    return [line.model_copy(update=absence) if line.address.lower() == address.lower() else line for line in lines]


def away_in_words(line: ContactLine) -> str:
    """`From 1 December 2026 to 9 December 2026`; empty for somebody who is there."""
    if line.away_from is None:
        return ""
    until = f" to {on_day(line.away_until)}" if line.away_until else ", with no last day yet"
    return f"From {on_day(line.away_from)}{until}"


def _by_key(lines: Iterable[ContactLine]) -> Mapping[tuple[str, ...], ContactLine]:
    return {(line.agency.lower(), line.team.lower(), line.role, line.address.lower()): line for line in lines}


def _details(was: ContactLine, will: ContactLine) -> tuple[str, ...]:
    found = []
    for field, name in _FIELDS.items():
        old, new = getattr(was, field), getattr(will, field)
        if old != new:
            found.append(f"{name}: {_shown(old)} becomes {_shown(new)}")
    return tuple(found)


def _shown(value: object) -> str:
    if isinstance(value, date):
        return on_day(value)
    return str(value).replace("_", " ") if value not in (None, "") else "nothing"
