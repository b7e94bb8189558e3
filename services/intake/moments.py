"""A day and a time as people in the United Kingdom write them, read as an instant. What can be meant in two ways is not read.

The date libraries guess instead: dateparser and dateutil take 12/25/2026 for 25 December, "Saturday 11 December" for the Friday it is,
and 01:30 on the night the clocks go back for the first of the two.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
Tense = Literal["future", "past"]
_FURTHEST = timedelta(days=183)
"""A day without its year is read only where it lies this near: "4 December" on 7 December is more likely a slip than next year."""

_NEAREST = 32
"""How many days ahead a day of the month is looked for where only its weekday stands beside it."""

_MOST_YEARS = 2
_PLAIN = re.IGNORECASE | re.ASCII
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:rs(?:day)?|r)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b\.?"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>20\d\d|\d\d(?!\s*(?:[:.]\d|[ap]\.?m|hrs?|hours|noon)|[-–]\d))(?!\d))?"
_END = r"(?![\w/])"
_ISO_END = r"(?=T\d|(?![\w/]))"
_NAMED = rf"(?:{_WEEKDAY},?\s+)?"
_DAYS = tuple(
    re.compile(pattern, _PLAIN)
    for pattern in (
        rf"(?P<year>20\d\d)-(?P<number>[01]\d)-(?P<day>[0-3]\d){_ISO_END}",
        rf"{_NAMED}(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}{_YEAR}{_END}",
        rf"{_NAMED}{_MONTH}\s+{_DAY}{_YEAR}{_END}",
        rf"{_NAMED}(?P<day>[0-3]?\d)(?P<mark>[/.-])(?P<number>[01]?\d)(?P=mark)(?P<year>20\d\d|\d\d){_END}",
        rf"{_NAMED}(?P<day>[0-3]?\d)/(?P<number>[01]?\d){_END}",
        rf"(?P<relative>today|tomorrow|yesterday){_END}",
        rf"(?:this\s+)?{_WEEKDAY},?\s+(?:the\s+)?(?P<day>[0-3]?\d)(?:st|nd|rd|th){_END}",
        rf"(?:this\s+)?{_WEEKDAY}{_END}",
    )
)
_TIME = re.compile(
    r"(?:(?P<twelve>1[0-2]|0?[1-9])(?:[:.](?P<past>[0-5]\d))?\s*(?P<half>[ap])\.?m\b\.?"
    r"|(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?::00)?(?:\s*(?:hrs?|hours)\b)?"
    r"|(?P<run>(?:[01]\d|2[0-3])[0-5]\d)\s*(?:hrs?|hours)\b"
    r"|(?:12\s+)?(?P<noon>noon|midday)\b)(?![\w:/])(?!\.\d)",
    _PLAIN,
)
_SPAN = re.compile(
    r"(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<past>[0-5]\d))?(?=\s*(?:[-–]|to)\s*(?P<until>1[0-2]|0?[1-9])(?:[:.][0-5]\d)?\s*(?P<half>[ap])\.?m\b)",
    _PLAIN,
)
"""The first of two hours that share their am or pm: the 2 of `2-3pm`."""

_UNCLEAR_HOURS = range(1, 8)
"""Hours that one digit without am or pm leaves open: nobody knows whether 4:30 is half past four in the afternoon."""

_WELSH = {
    **dict(zip(("llun", "mawrth", "mercher", "iau", "gwener", "sadwrn", "sul"), _WEEKDAYS, strict=True)),
    **{"heddiw": "today", "yfory": "tomorrow", "ddoe": "yesterday"},
}
_WELSH_MONTHS = dict(
    zip(
        (
            "ionawr",
            "chwefror",
            "mawrth",
            "ebrill",
            "mai",
            "mehefin",
            "gorffennaf",
            "awst",
            "medi",
            "hydref",
            "tachwedd",
            "rhagfyr",
        ),
        _MONTHS,
        strict=True,
    )
)
_WELSH_DAY = re.compile(r"\b(?:dydd|nos)\s+(llun|mawrth|mercher|iau|gwener|sadwrn|sul)\b|\b(heddiw|yfory|ddoe)\b", _PLAIN)
_WELSH_MONTH = re.compile(rf"(?<=\d\s)(?:o\s+)?({'|'.join(_WELSH_MONTHS)})\b", _PLAIN)
_BEFORE = re.compile(r"\s*[<\[(]?\s*(?:(?:on|at|by|for|from)\s+)?", _PLAIN)
_BETWEEN = re.compile(r"(?:[\s,@–—-]|\bat\b|\bon\b|\bfrom\b|\bby\b|T(?=\d))+", _PLAIN)
_AFTER = " .,;>)]\n"
_ZONE = re.compile(r"\s*\(?\b(GMT|BST)\b\)?", _PLAIN)
_OR = re.compile(r"\b(?:or|alternatively|otherwise)\b[\s,:]*", _PLAIN)


class Found(NamedTuple):
    """An instant in UTC, and what stands after it."""

    moment: datetime
    rest: str


def read_day(text: str, at: datetime, tense: Tense = "future") -> date | None:
    """The day a text names, the whole of it, as somebody writing at `at` means it; None when it is no day, or not one alone."""
    text = _from_welsh(text)
    found = _day(text, _today(at), tense, _skip(_BEFORE, text, 0))
    return found[0] if found and not text[found[1] :].strip(_AFTER) else None


def read_moment(text: str, at: datetime, tense: Tense = "future") -> datetime | None:
    """The instant in UTC that a text names, the whole of it: a day and a time in London. None when it cannot be read."""
    found = begin_with_moment(_from_welsh(text), at, tense)
    return found.moment if found and not found.rest.strip(_AFTER) else None


def _from_welsh(text: str) -> str:
    """A day and a month in Welsh as we read them: `dydd Gwener 11 Rhagfyr`. Mawrth is March, and with `dydd` Tuesday."""
    text = _WELSH_DAY.sub(lambda found: _WELSH[(found[1] or found[2]).lower()], text)
    return _WELSH_MONTH.sub(lambda found: _WELSH_MONTHS[found[1].lower()], text)


def begin_with_moment(text: str, at: datetime, tense: Tense = "future") -> Found | None:
    """The instant in UTC that a text begins with, as somebody writing at `at` means it, or None."""
    start = _skip(_BEFORE, text, 0)
    today = _today(at)
    if (day := _day(text, today, tense, start)) and (gap := _BETWEEN.match(text, day[1])):
        hour = _time(text, gap.end())
        return _instant(day[0], hour[0], text, hour[1]) if hour else None
    if (hour := _time(text, start)) and (gap := _BETWEEN.match(text, hour[1])):
        day = _day(text, today, tense, gap.end())
        return _instant(day[0], hour[0], text, day[1]) if day else None
    return None


def names_another(text: str, at: datetime) -> bool:
    """Whether what follows an instant names a second one, so that nobody can tell which is meant."""
    today = _today(at)
    line = text.split("\n", 1)[0]
    days = any(_day(line, today, "future", found.start()) for found in re.finditer(r"\b\w", line))
    return days or any(_time(text, found.end()) or _day(text, today, "future", found.end()) for found in _OR.finditer(text))


def spoken(moment: datetime) -> str:
    """`Friday 11 December 2026 at 16:00`, in London."""
    there = moment.astimezone(LONDON)
    return f"{there:%A} {there.day} {there:%B %Y} at {there:%H:%M}"


def local(day: date, hour: time) -> datetime | None:
    """The instant in UTC of a day and a time in London; None for a time that the clocks skip, or that comes twice."""
    there = datetime.combine(day, hour, LONDON)
    return there.astimezone(UTC) if there.utcoffset() == there.replace(fold=1).utcoffset() else None


def _today(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _skip(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _instant(day: date, hour: time, text: str, end: int) -> Found | None:
    moment = local(day, hour)
    if zone := _ZONE.match(text, end):
        end = zone.end()
        if moment is None or moment.astimezone(LONDON).tzname() != zone[1].upper():
            return None
    if moment is None or not re.match(r"[\s.,;:)>\]–—-]|$", text[end:]):
        return None
    return Found(moment, text[end:])


def _time(text: str, start: int) -> tuple[time, int] | None:
    """The time of day that stands at `start`, and where it ends."""
    found = _TIME.match(text, start)
    if found is None:
        return _span(text, start)
    if found["noon"]:
        return time(12), found.end()
    if found["run"]:
        return time(int(found["run"][:2]), int(found["run"][2:])), found.end()
    if found["half"]:
        hour = int(found["twelve"]) % 12 + (12 if found["half"].lower() == "p" else 0)
        midnight = hour == 0  # nobody agrees on which day 12am belongs to
        return None if midnight else (time(hour, int(found["past"] or 0)), found.end())
    if len(found["hour"]) == 1 and int(found["hour"]) in _UNCLEAR_HOURS:
        return None
    return time(int(found["hour"]), int(found["minute"])), found.end()


def _span(text: str, start: int) -> tuple[time, int] | None:
    """The first of two hours that share their am or pm, where that can be: in `11-1pm` it cannot."""
    found = _SPAN.match(text, start)
    if found is None or not 0 < int(found["hour"]) % 12 < int(found["until"]) % 12:
        return None
    return time(int(found["hour"]) % 12 + (12 if found["half"].lower() == "p" else 0), int(found["past"] or 0)), found.end()


def _day(text: str, today: date, tense: Tense, start: int) -> tuple[date, int] | None:
    """The day that stands at `start`, and where it ends."""
    for pattern in _DAYS:
        if found := pattern.match(text, start):
            day = _meant({name: part for name, part in found.groupdict().items() if part}, today, tense)
            return (day, found.end()) if day else None
    return None


def _meant(part: Mapping[str, str], today: date, tense: Tense) -> date | None:
    weekday = _WEEKDAYS.index(part["weekday"][:3].lower()) if "weekday" in part else None
    if "relative" in part:
        return today + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[part["relative"].lower()])
    if "day" not in part:
        ahead = ((weekday or 0) - today.weekday()) % 7
        return today + timedelta(days=ahead) if ahead and tense == "future" else None
    if "number" not in part and "month" not in part:
        near = (today + timedelta(days=ahead if tense == "future" else -ahead) for ahead in range(_NEAREST))
        return next((day for day in near if (day.day, day.weekday()) == (int(part["day"]), weekday)), None)
    month = int(part["number"]) if "number" in part else _MONTHS.index(part["month"][:3].lower()) + 1
    year = part.get("year", "")
    days = (_date(number, month, int(part["day"])) for number in _years(year, today))
    fitting = [day for day in days if day and (year or _near(day, today, tense))]
    return next((day for day in fitting if weekday in (None, day.weekday())), None)


def _years(written: str, today: date) -> Iterator[int]:
    years = [int(written) + (2000 if len(written) == 2 else 0)] if written else [today.year - 1, today.year, today.year + 1]
    return (year for year in years if abs(year - today.year) <= _MOST_YEARS)


def _near(day: date, today: date, tense: Tense) -> bool:
    return timedelta(0) <= (day - today if tense == "future" else today - day) <= _FURTHEST


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
