"""What was typed on an answer's page: what is wrong with it, how it reads back, and the decision it is, as from a mail. No I/O.

Nothing typed is lost, whatever is wrong with it. Where a mail must be read, a page has asked: each part is its own field.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from services.contracts.content import Action, OutcomeContent, ReplyContent
from services.contracts.intake import Pursued
from services.contracts.vocabulary import ReplyAct
from services.intake.answering.acts import LINE, OWNER, Act, Field
from services.intake.mailbox import clean
from services.intake.moments import read_day, read_moment, spoken
from services.intake.replies import LONGEST, Decision

Values = Mapping[str, str]

MOST_ROWS: Final = 12
FEWEST_ROWS: Final = 2
_COLUMNS: Final = ("what", "owner", "by")
_COLUMN_NAMES: Final = {"what": "What", "owner": "Who", "by": "By when"}
_ROWS: Final = {"actions": "action", "outstanding": "outstanding matter"}
_NOTHING: Final = {"none", "nothing", "n/a", "nil", "dim", "-"}
_NUMBER = re.compile(r"[1-9]\d{0,2}", re.ASCII)
EMAIL: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_OUTCOMES = frozenset({ReplyAct.OUTCOME_PROPOSED, ReplyAct.DECISION})
_NO_DATE: Final = "we cannot read a date in this"


def taken(act: Act, posted: Values) -> dict[str, str]:
    """What this answer's fields say, as a document and a page can keep it. Whatever else was posted is left aside."""
    names = [name for field in act.fields for name in _names(field, posted)]
    return {name: value for name in names if (value := clean(posted.get(name, "")).strip())}


def rows_of(field: Field, values: Values) -> int:
    """How many rows of this field there are: those that were shown or filled in, and never fewer than two."""
    filled = [n for n in range(MOST_ROWS) if any(f"{field.name}-{n}-{column}" in values for column in _COLUMNS)]
    asked = values.get(f"{field.name}-rows", "")
    wanted = int(asked) if _NUMBER.fullmatch(asked) else 0
    return min(MOST_ROWS, max(FEWEST_ROWS, wanted, *(n + 1 for n in filled)))


def mistakes(act: Act, values: Values, at: datetime) -> dict[str, str]:
    """What is wrong with what was typed at `at`, by field, in the page's order."""
    found: dict[str, str] = {}
    arranged = act.act in _OUTCOMES and bool(values.get("working_arrangement"))
    for field in act.fields:
        if field.name == "agreed" and arranged and not values.get("agreed"):
            continue  # how the sides work while it stays unresolved is an outcome too (BIR-07)
        found |= _mistakes(act, field, values, at)
    if not found and sum(map(len, values.values())) > LONGEST and act.fields:
        found[_first(act.fields[0])] = f"Shorten what you have written: all of it must be {LONGEST:,} characters or fewer"
    return found


def decision(act: Act, values: Values, at: datetime) -> Decision:
    """The answer, as if the same had been written by mail at `at`. What was typed has no mistakes."""
    if act.act in _OUTCOMES:
        return _outcome(act, values, at)
    moment = _moment(values.get("moment", ""), at)
    named = _named(values)
    number = values.get("number", "")
    lines = (
        number,
        spoken(moment) if moment else "",
        values.get("place", ""),
        f"It is {named}" if named else "",
        values.get("text", ""),
    )
    return Decision(
        act=act.act,
        word=act.act.value,
        content=ReplyContent(text="\n".join(line for line in lines if line)),
        moment=moment,
        number=int(number) if number else None,
        named=named,
    )


def read_back(act: Act, values: Values, at: datetime) -> list[tuple[str, tuple[str, ...]]]:
    """What was asked and what was answered, line by line, as it will count."""
    told = []
    for field in act.fields:
        value = values.get(field.name, "")
        lines = tuple(value.split("\n")) if value else ("Left blank",)
        if field.kind == "items":
            lines = tuple(_in_words(item, at) for item in _items(field, values)) or (field.none,)
        elif field.kind == "moment" and (moment := _moment(value, at)) is not None:
            lines = (spoken(moment),)
        told.append((field.label.removesuffix(" (optional)"), lines))
    return told


def _names(field: Field, posted: Values) -> list[str]:
    if field.kind != "items":
        return [field.name]
    rows = [f"{field.name}-{n}-{column}" for n in range(rows_of(field, posted)) for column in _COLUMNS]
    return [*rows, f"{field.name}-none", f"{field.name}-rows"]


def _first(field: Field) -> str:
    return f"{field.name}-0-what" if field.kind == "items" else field.name


def _mistakes(act: Act, field: Field, values: Values, at: datetime) -> dict[str, str]:
    if field.kind == "items":
        return _in_items(field, values)
    value = values.get(field.name, "")
    if not value:
        return {field.name: field.mistake} if field.mistake else {}
    if len(value) > field.most and field.kind != "number":
        label = field.label.removesuffix(" (optional)")
        return {field.name: f"“{label}” must be {field.most:,} characters or fewer"}
    return {field.name: said} if (said := _misread(act, field, value, at)) else {}


def _misread(act: Act, field: Field, value: str, at: datetime) -> str:
    match field.kind:
        case "moment":
            moment = _moment(value, at)
            if moment is None:
                return field.mistake
            late = act.act is ReplyAct.TIME_PROPOSED and moment <= at
            return "Enter a time that is still to come" if late else ""
        case "number":
            return "" if _NUMBER.fullmatch(value) else field.mistake
        case "email":
            return "" if EMAIL.fullmatch(value) else "Enter an email address in the correct format, like name@example.gov.uk"
    if field.name == "named" and re.search(r"['’]s\b|[.!?]\s|\n", value):
        return "Enter only the name of a professional, like Sam Lee"
    return ""


def _in_items(field: Field, values: Values) -> dict[str, str]:
    found: dict[str, str] = {}
    none, first = values.get(f"{field.name}-none"), _first(field)
    for n in range(rows_of(field, values)):
        what, owner, by = (values.get(f"{field.name}-{n}-{column}", "") for column in _COLUMNS)
        if (owner or by) and not what:
            found[f"{field.name}-{n}-what"] = f"Enter what {_ROWS[field.name]} {n + 1} is"
        for column, said, most in (("what", what, LINE), ("owner", owner, OWNER), ("by", by, OWNER)):
            if len(said) > most:
                whose = f"{_COLUMN_NAMES[column]} for {_ROWS[field.name]} {n + 1}"
                found[f"{field.name}-{n}-{column}"] = f"“{whose}” must be {most} characters or fewer"
    if not found and not none and not _items(field, values):
        found[first] = field.mistake
    if none and _items(field, values):
        found.setdefault(first, f"Clear what you entered, or clear the tick at “{field.none}”")
    return found


def _items(field: Field, values: Values) -> tuple[Action, ...]:
    rows = [{column: values.get(f"{field.name}-{n}-{column}", "") for column in _COLUMNS} for n in range(MOST_ROWS)]
    return tuple(Action(**row) for row in rows if row["what"])


def _in_words(item: Action, at: datetime) -> str:
    """`Convene the meeting, Sam Lee, by 7 December 2026`."""
    by = f"by {item.by}" if item.by else "no date"
    unread = f" ({_NO_DATE})" if item.by and read_day(item.by, at) is None else ""
    return ", ".join((item.what, item.owner or "nobody named", by + unread))


def _outcome(act: Act, values: Values, at: datetime) -> Decision:
    """Each part that was answered, also with "none" (BIR-10), and who pursues what by when (BED-19)."""
    items = {field.name: _items(field, values) for field in act.fields if field.kind == "items"}
    written = {field.name: values.get(field.name, "") for field in act.fields if field.kind != "items"}
    given = {name for name, value in written.items() if value}
    given |= {name for name, rows in items.items() if rows or values.get(f"{name}-none")}
    said = {name: "" if name != "agreed" and _is_nothing(value) else value for name, value in written.items()}
    return Decision(
        act=act.act,
        word=act.act.value,
        content=OutcomeContent.model_validate(said | items),
        parts=tuple(name for name in OutcomeContent.model_fields if name in given),
        pursued=(
            *(Pursued(kind="action", owner=item.owner, by=read_day(item.by, at)) for item in items["actions"]),
            *(Pursued(kind="outstanding", owner=item.owner, by=read_day(item.by, at)) for item in items["outstanding"]),
        ),
    )


def _is_nothing(text: str) -> bool:
    return text.rstrip(".").lower() in _NOTHING


def _moment(text: str, at: datetime) -> datetime | None:
    return read_moment(text, at) if text else None


def _named(values: Values) -> str:
    name, address = values.get("named", ""), values.get("their_email", "")
    return f"{name} <{address}>" if name and address else name or address
