"""What people type into the board's forms, and what is said when it cannot be used."""

from datetime import date

import pytest

from services.contracts.contact_list import ContactLine
from services.records.board.contact_changes import away_in_words, changes, with_absence
from services.records.board.decision import decision
from services.records.board.fields import day_in, day_of, one_line, reason, whole_text

LINE = ContactLine(agency="Care", role="worker", name="Ann Bell", address="ann@care.example")
OTHER = ContactLine(agency="Care", role="manager", name="Bo Finch", address="bo@care.example")


@pytest.mark.parametrize("text", ["9 December 2026", "9 Dec 2026", "9/12/2026", "09.12.2026", "2026-12-09"])
def test_a_date_is_read_as_people_write_it(text: str) -> None:
    assert day_in(text) == date(2026, 12, 9)


@pytest.mark.parametrize(
    "text", ["", "at the core group", "31 February 2026", "12/13/2026", "9 December", "by 9 December 2026"]
)
def test_what_says_more_or_less_than_a_date_stays_words(text: str) -> None:
    assert day_in(text) is None


@pytest.mark.parametrize(
    ("parts", "found", "message"),
    [
        (("29", "2", "2028"), date(2028, 2, 29), ""),
        (("29", "2", "2027"), None, "Enter the first day as a real date, such as 24 12 2026"),
        (("", "2", "2027"), None, "Enter the first day as a real date, such as 24 12 2026"),
        (("1", "2", "27"), None, "Enter the first day with a year in four figures, such as 2027"),
        (("", "", ""), None, "Enter the first day"),
    ],
)
def test_a_day_in_three_fields(parts: tuple[str, str, str], found: date | None, message: str) -> None:
    answers = dict(zip(("from-day", "from-month", "from-year"), parts, strict=True))
    assert day_of(answers, "from", "the first day", needed=True) == (found, {"from": message} if message else {})


def test_text_is_kept_as_it_can_be() -> None:
    assert whole_text({"text": " one\r\ntwo\x00 "}, "text") == "one\ntwo"
    assert one_line({"name": " Ann \n Bell\x00"}, "name") == "Ann Bell"
    assert reason({}, needed=False) == ("", {})
    assert reason({}, needed=True) == ("", {"text": "Write it in a few words"})


def test_a_decision_needs_only_what_is_decided() -> None:
    found = decision({"agreed": "It goes to a conference."})
    assert isinstance(found, tuple)
    content, parts, pursued, rows = found
    assert (content.agreed, parts, pursued) == ("It goes to a conference.", ("agreed",), ())
    assert rows == (("What happens now", "It goes to a conference."),)
    assert decision({"outstanding-3-by": "soon"}) == {
        "agreed": "Write what is decided",
        "outstanding-3-what": "Say what is to be done, or leave the whole row empty",
    }


def test_what_changes_on_a_list_is_said_line_by_line() -> None:
    moved = LINE.model_copy(update={"address": "ann@school.example"})
    away = with_absence([LINE, OTHER], "BO@care.example", away_from=date(2026, 12, 24), away_until=None, deputy=LINE.address)
    assert changes([LINE, OTHER], [LINE, OTHER]) == []
    assert [(change.kind, change.line) for change in changes([LINE], [moved])] == [("Taken off", LINE), ("Added", moved)]
    (change,) = changes([LINE, OTHER], away)
    assert (change.kind, change.details) == (
        "Changed",
        ("deputy: nothing becomes ann@care.example", "first day away: nothing becomes 24 December 2026"),
    )
    assert away_in_words(away[1]) == "From 24 December 2026, with no last day yet"
    assert away_in_words(LINE) == ""
