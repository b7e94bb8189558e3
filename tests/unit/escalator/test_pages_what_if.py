"""What if it were raised then: what somebody types, and what they are told."""

from datetime import date, datetime

import pytest

from services.escalator.boards import Board
from services.escalator.loader import packaged_protocols
from services.escalator.what_if import answer, christmas_friday, effect, read

PROTOCOL = packaged_protocols()["bedfordshire"]
TODAY = date(2026, 11, 21)
BOARD = Board(
    key="bedfordshire",
    name="Bedfordshire",
    reference_prefix="BED",
    inbox="forms@board.example",
    staff=(),
    known_domains=("demo.example",),
    protocol=PROTOCOL,
)
TYPED = {"raised-day": "18", "raised-month": "12", "raised-year": "2026", "raised-time": "4pm"}


@pytest.mark.parametrize(
    ("today", "friday"),
    [
        (date(2026, 1, 1), date(2026, 12, 18)),  # Christmas Day is itself a Friday
        (date(2026, 12, 18), date(2026, 12, 18)),
        (date(2026, 12, 19), date(2027, 12, 24)),
        (date(2023, 6, 1), date(2023, 12, 22)),
    ],
)
def test_the_friday_before_christmas_is_still_to_come(today: date, friday: date) -> None:
    assert christmas_friday(today) == friday
    assert friday.strftime("%w") == "5"


@pytest.mark.parametrize("query", [{}, {**TYPED, "raised-day": "1", "christmas_friday": "yes"}])
def test_nothing_asked_or_its_button_means_the_friday_before_christmas(query: dict[str, str]) -> None:
    question = read(PROTOCOL, query, TODAY)
    assert question.mistakes == {}
    assert f"{question.raised:%d %m %Y %H:%M}" == "18 12 2026 16:00"


@pytest.mark.parametrize(
    ("typed", "clock"),
    [("16:30", "16:30"), ("4pm", "16:00"), ("4:05 PM", "16:05"), ("12am", "00:00"), ("12pm", "12:00"), ("9.15am", "09:15"),
     ("midday", "12:00"), ("Midnight", "00:00"), ("0", "00:00"), ("23", "23:00")],
)  # fmt: skip
def test_a_time_is_understood_as_people_write_it(typed: str, clock: str) -> None:
    assert f"{read(PROTOCOL, {**TYPED, 'raised-time': typed}, TODAY).raised:%H:%M}" == clock


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"raised-day": "32"}, "raised-day"),
        ({"raised-month": "Dec"}, "raised-day"),
        ({"raised-year": "1999"}, "raised-day"),
        ({"raised-year": "9" * 50}, "raised-day"),
        ({"raised-time": ""}, "raised-time"),
        ({"raised-time": "13pm"}, "raised-time"),
        ({"raised-time": "24:00"}, "raised-time"),
        ({"raised-time": "4:75"}, "raised-time"),
        ({"needed-day": "20"}, "needed-day"),
        ({"needed-day": "17", "needed-month": "12", "needed-year": "2026", "needed-time": "4pm"}, "needed-day"),
        ({"decided-day": "19", "decided-month": "12", "decided-year": "2026", "decided-time": "4pm"}, "decided-day"),
        ({"A-02": "sometimes"}, "A-02"),
        ({"A-06": "0"}, "A-06"),
    ],
)
def test_what_was_not_understood_is_told_beside_its_field(typed: dict[str, str], field: str) -> None:
    assert field in read(PROTOCOL, {**TYPED, **typed}, TODAY).mistakes


def test_both_parts_of_a_moment_are_told_at_once() -> None:
    assert list(read(PROTOCOL, {"raised-day": "x"}, TODAY).mistakes) == ["raised-day", "raised-time"]


def test_the_answer_has_every_step_and_both_readings() -> None:
    """A-02, A-03: the two readings that change a deadline over Christmas, side by side."""
    found = answer(BOARD, "BED-S6", read(PROTOCOL, TYPED, TODAY))
    assert found.raised == "4pm on Friday 18 December 2026"
    assert [row.when for row in found.timeline] == [
        "4pm on Saturday 19 December 2026",
        "4am on Sunday 20 December 2026",
        "4pm on Sunday 20 December 2026",
    ]
    assert [(readings.choice.id, [option.words for option in readings.options]) for readings in found.readings] == [
        ("A-02", ["cumulative", "per step"]),
        ("A-03", ["elapsed hours", "working hours"]),
    ]
    for readings in found.readings:
        (shown,) = (option for option in readings.options if option.in_force)
        assert shown.rows == found.timeline


def test_a_choice_tried_is_the_one_shown_and_changes_nothing_of_the_boards() -> None:
    question = read(PROTOCOL, {**TYPED, "A-03": "working_hours", "A-02": "cumulative"}, TODAY)
    assert question.chosen == {"A-03": "working_hours"}
    found = answer(BOARD, "BED-S6", question)
    assert found.timeline[0].when == "4pm on Wednesday 23 December 2026"
    assert [option.in_force for option in found.readings[1].options] == [False, True]
    assert BOARD.protocol.choice("A-03").value == "elapsed_hours"


def test_danger_and_the_childs_time_frame_are_counted() -> None:
    """BED-10, BED-14."""
    at_once = answer(BOARD, "BED-S6", read(PROTOCOL, {**TYPED, "at-once": "yes"}, TODAY))
    assert at_once.timeline[0].when == "5pm on Friday 18 December 2026"
    needed = {"needed-day": "19", "needed-month": "12", "needed-year": "2026", "needed-time": "10pm"}
    in_time = answer(BOARD, "BED-S6", read(PROTOCOL, {**TYPED, **needed}, TODAY))
    assert in_time.timeline[-1].when == "10pm on Saturday 19 December 2026"


def test_the_decision_counts_where_the_board_counts_from_it() -> None:
    """OXF-22, A-01: the working day counts from the chair's decision."""
    protocol = packaged_protocols()["oxfordshire"].with_choices({"A-01": "decision_made"})
    board = BOARD.model_copy(update={"protocol": protocol})
    decided = {"decided-day": "17", "decided-month": "12", "decided-year": "2026", "decided-time": "4pm"}
    without = answer(board, "OXF-S4", read(protocol, TYPED, TODAY)).timeline[0].when
    assert answer(board, "OXF-S4", read(protocol, {**TYPED, **decided}, TODAY)).timeline[0].when != without


def test_a_choice_says_what_it_changes() -> None:
    effects = {choice.id: effect(BOARD, choice, TODAY) for choice in PROTOCOL.choices}
    by_choice = {key: [ladder.id for ladder in found.ladders] for key, found in effects.items()}
    assert by_choice["A-06"] == ["BED-8.2", "BED-S5"]
    assert by_choice["A-04"] == ["BED-S4"]
    assert {"BED-S6", "BED-S7", "BED-S8", "BED-S11"} <= set(by_choice["A-02"])
    assert by_choice["A-11"] == []
    assert not any(found.in_danger for found in effects.values())


def test_a_choice_may_matter_only_to_a_decision_that_is_older_or_in_danger() -> None:
    """A-01 counts from the chair's decision (OXF-22), and "immediately" is only said of a child in danger (OXF-05)."""
    protocol = packaged_protocols()["oxfordshire"]
    board = BOARD.model_copy(update={"protocol": protocol})
    effects = {choice.id: effect(board, choice, TODAY) for choice in protocol.choices}
    assert "OXF-S4" in [ladder.id for ladder in effects["A-01"].ladders]
    assert effects["A-06"] == ((), True)
    assert effects["A-15"] == ((), False)


def test_the_hour_that_the_clocks_skip_is_still_a_moment() -> None:
    skipped = read(PROTOCOL, {"raised-day": "28", "raised-month": "3", "raised-year": "2027", "raised-time": "01:30"}, TODAY)
    assert skipped.raised == datetime.fromisoformat("2027-03-28T01:30")
    assert answer(BOARD, "BED-S6", skipped).raised == "2am on Sunday 28 March 2027"
