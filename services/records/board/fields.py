"""What the fields of a page's form say, and what to say when they are wrong."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

Answers = Mapping[str, str]
Mistakes = dict[str, str]
"""What is wrong, by field, in words for the person who filled it in."""

LONGEST_TEXT: Final = 5_000
LONGEST_LINE: Final = 200
_DATES: Final = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")


def reason(answers: Answers, *, needed: bool) -> tuple[str, Mistakes]:
    """What somebody wrote in the field `text`."""
    text = whole_text(answers, "text")
    if needed and not text:
        return text, {"text": "Write it in a few words"}
    return text, too_long("text", text, LONGEST_TEXT)


def whole_text(answers: Answers, name: str) -> str:
    """A text of several lines, as PostgreSQL and a page can keep it."""
    return answers.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()


def one_line(answers: Answers, name: str) -> str:
    """A text of one line."""
    return " ".join(answers.get(name, "").replace("\x00", "").split())


def too_long(name: str, text: str, most: int) -> Mistakes:
    """That a text is longer than `most` characters."""
    return {name: f"Use {most:,} characters or fewer: this has {len(text):,}"} if len(text) > most else {}


def day_in(text: str) -> date | None:
    """The day a text names; None where it names none or says more than a date."""
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None


def day_of(answers: Answers, name: str, what: str, *, needed: bool) -> tuple[date | None, Mistakes]:
    """The day in three fields: `name`-day, -month and -year. `what` names it in a sentence, such as "the first day"."""
    parts = [answers.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")]
    if not any(parts):
        return None, {name: f"Enter {what}"} if needed else {}
    try:
        day, month, year = (int(part) for part in parts)
        if not 2000 <= year <= 2200:
            return None, {name: f"Enter {what} with a year in four figures, such as 2027"}
        return date(year, month, day), {}
    except ValueError:
        return None, {name: f"Enter {what} as a real date, such as 24 12 2026"}
