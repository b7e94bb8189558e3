"""What if this were raised then? A question anybody may ask of a ladder, read from a web page, and its answer. No I/O, no case."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from services.escalator.boards import Board
from services.escalator.calendars import calendar_for
from services.escalator.choices import Choice
from services.escalator.ladders import Ladder
from services.escalator.outline import option_words
from services.escalator.protocol import Protocol
from services.escalator.simulate import AT_ONCE, Simulated, simulate
from services.escalator.timeline import Row, rows
from services.escalator.working_time import Calendar

_FIRST_YEAR, _LAST_YEAR = 2001, 2099
_CHRISTMAS_FRIDAY = "christmas_friday"
_FOUR = "4pm"
_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?")
_WHOLE_DAY = {"midday": time(12), "noon": time(12), "midnight": time(0)}


class Question(NamedTuple):
    """What somebody asked: everything typed, by field, and what is wrong with it. The rest is only right where nothing is wrong.

    Dates and times are the clock on the wall.
    """

    typed: Mapping[str, str]
    mistakes: Mapping[str, str]
    raised: datetime
    decided_at: datetime | None
    needed_by: datetime | None
    at_once: bool
    chosen: Mapping[str, str]


class Option(NamedTuple):
    """One reading of what a document leaves open, and the steps' deadlines under it."""

    words: str
    in_force: bool
    rows: tuple[Row, ...]


class Readings(NamedTuple):
    """Every reading of one choice that changes a deadline, side by side."""

    choice: Choice
    options: tuple[Option, ...]


class Answer(NamedTuple):
    """When every step would end, why, and what the other readings would give."""

    raised: str
    timeline: tuple[Row, ...]
    readings: tuple[Readings, ...]


class Effect(NamedTuple):
    """The ladders of which a choice changes some deadline; `in_danger`: none, but it does where a child is in immediate danger."""

    ladders: tuple[Ladder, ...]
    in_danger: bool


def christmas_friday(today: date) -> date:
    """The last Friday before Christmas that is still to come: when a long wait is most easily begun."""

    def friday(year: int) -> date:
        eve = date(year, 12, 24)
        return eve - timedelta(days=(eve.weekday() - 4) % 7)

    return friday(today.year) if today <= friday(today.year) else friday(today.year + 1)


def read(protocol: Protocol, query: Mapping[str, str], today: date) -> Question:
    """Read what was asked. Nothing asked yet, or the button of that name, means the Friday before Christmas at 4pm."""
    typed = {name: value.strip()[:50] for name, value in query.items()}
    mistakes: dict[str, str] = {}
    if _CHRISTMAS_FRIDAY in typed or not _given(typed, "raised"):
        friday = christmas_friday(today)
        typed |= {"raised-day": str(friday.day), "raised-month": str(friday.month), "raised-year": str(friday.year)}
        typed["raised-time"] = _FOUR
    raised = _moment(typed, "raised", "it is raised", mistakes)
    needed = _moment(typed, "needed", "the child needs it resolved", mistakes) if _given(typed, "needed") else None
    if raised and needed and needed <= raised:
        mistakes["needed-day"] = "The time by which the child needs it resolved must be after it is raised"
    decided = _moment(typed, "decided", "the decision was made", mistakes) if _given(typed, "decided") else None
    if raised and decided and decided > raised:
        mistakes["decided-day"] = "The decision must have been made before it is raised"
    return Question(
        typed=typed,
        mistakes=mistakes,
        raised=raised or datetime.combine(today, time(9)),
        decided_at=decided,
        needed_by=needed,
        at_once=typed.get("at-once") == "yes",
        chosen=_chosen(protocol, typed, mistakes),
    )


def answer(board: Board, ladder_id: str, question: Question) -> Answer:
    """What would happen. Raises Unknown for a ladder the board does not have."""
    protocol = board.protocol.with_choices(question.chosen)
    calendar = calendar_for(board, "", question.raised.year - 1, question.raised.year + 2)
    raised_at = calendar.instant(question.raised)

    def steps(protocol: Protocol) -> tuple[Simulated, ...]:
        return simulate(
            protocol,
            protocol.ladder(ladder_id),
            raised_at,
            calendar,
            decided_at=calendar.instant(question.decided_at) if question.decided_at else None,
            needed_by=calendar.instant(question.needed_by) if question.needed_by else None,
            at_once=AT_ONCE if question.at_once else "",
        )

    seconds = protocol.demonstration
    return Answer(
        raised=calendar.wall(raised_at, seconds=seconds),
        timeline=rows(steps(protocol), calendar, seconds=seconds),
        readings=tuple(_readings(protocol, steps, calendar)),
    )


def effect(board: Board, choice: Choice, today: date) -> Effect:
    """What this choice changes, tried on a case raised on the Friday before Christmas about a decision two days older.

    A choice of a number is tried with its least and its most.
    """
    protocol = board.protocol
    friday = datetime.combine(christmas_friday(today), time(16))
    calendar = calendar_for(board, "", friday.year - 1, friday.year + 2)
    raised, decided = calendar.instant(friday), calendar.instant(friday - timedelta(days=2))

    def deadlines(protocol: Protocol, ladder: Ladder, at_once: str) -> list[datetime | None]:
        steps = simulate(protocol, protocol.ladder(ladder.id), raised, calendar, decided_at=decided, at_once=at_once)
        return [one.deadline.at for one in steps]

    options = choice.options if choice.number is None else (str(choice.number.least), str(choice.number.most))
    others = [protocol.with_choices({choice.id: option}) for option in options if option != choice.value]

    def changed(at_once: str) -> tuple[Ladder, ...]:
        return tuple(
            ladder
            for ladder in protocol.ladders
            if any(deadlines(other, ladder, at_once) != deadlines(protocol, ladder, at_once) for other in others)
        )

    ladders = changed("")
    return Effect(ladders, in_danger=not ladders and bool(changed(AT_ONCE)))


def _readings(protocol: Protocol, steps: Callable[[Protocol], tuple[Simulated, ...]], calendar: Calendar) -> list[Readings]:
    found = []
    for choice in protocol.choices:
        by_option = {
            option: steps(protocol if option == choice.value else protocol.with_choices({choice.id: option}))
            for option in choice.options
        }
        if len({tuple(one.deadline.at for one in simulated) for simulated in by_option.values()}) > 1:
            options = tuple(
                Option(option_words(option), option == choice.value, rows(simulated, calendar, seconds=protocol.demonstration))
                for option, simulated in by_option.items()
            )
            found.append(Readings(choice, options))
    return found


def _chosen(protocol: Protocol, typed: Mapping[str, str], mistakes: dict[str, str]) -> dict[str, str]:
    """The choices made otherwise than the board has made them: only those make an explanation speak of a choice."""
    chosen = {}
    for choice in protocol.choices:
        value = typed.get(choice.id, "")
        if not value or value == choice.value:
            continue
        if choice.allows(value):
            chosen[choice.id] = value
        else:
            mistakes[choice.id] = f"Enter {choice.allowed[0]}" if choice.number else "Select one of the answers"
    return chosen


def _given(typed: Mapping[str, str], name: str) -> bool:
    return any(typed.get(f"{name}-{part}") for part in ("day", "month", "year", "time"))


def _moment(typed: Mapping[str, str], name: str, what: str, mistakes: dict[str, str]) -> datetime | None:
    day, clock = (
        _day(*(typed.get(f"{name}-{part}", "") for part in ("year", "month", "day"))),
        _clock(typed.get(f"{name}-time", "")),
    )
    if day is None:
        mistakes[f"{name}-day"] = f"Enter the date on which {what}, from {_FIRST_YEAR} to {_LAST_YEAR}, like 18 12 2026"
    if clock is None:
        mistakes[f"{name}-time"] = f"Enter the time at which {what}, like 4pm or 16:30"
    return datetime.combine(day, clock) if day and clock else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _clock(text: str) -> time | None:
    words = text.lower()
    found = _CLOCK.fullmatch(words)
    if words in _WHOLE_DAY or not found:
        return _WHOLE_DAY.get(words)
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
