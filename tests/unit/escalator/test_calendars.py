"""Whose working time counts: the board's or each agency's, with bank holidays, closures and what was announced late."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from services.escalator.boards import Board, BoardHead, WorkingHours
from services.escalator.calendars import calendar_for, make_calendar
from services.escalator.errors import ProtocolError
from services.escalator.loader import load_board
from services.escalator.working_time import Calendar

FRIDAY = datetime(2026, 12, 4, 16, tzinfo=UTC)

FILE = """\
key: testshire
name: Testshire
protocol: bedfordshire
reference_prefix: TEST
inbox: escalation@board.testshire.example
staff:
  - { name: Jo Bell, address: jo.bell@board.testshire.example }
known_domains: [school.testshire.example]
time_counts_in: agency
agency_hours:
  Demo School: { opens: 08:30, closes: 15:30, also_closed: [2026-12-07] }
  Night Duty: { opens: 00:00, closes: 23:00, open_after_all: [2026-12-25] }
bank_holidays: [2026-12-08]
"""


@pytest.fixture
def board(tmp_path: Path) -> Board:
    path = tmp_path / "testshire.yaml"
    path.write_text(FILE, encoding="utf-8")
    return load_board(path)


def two_hours_after(calendar: Calendar, start: datetime) -> datetime:
    return calendar.add_working(start, timedelta(hours=2))


def test_a_board_counts_in_its_own_time_unless_it_says_otherwise(board: Board) -> None:
    """An agency's closure then gives no child longer."""
    assert BoardHead.model_fields["time_counts_in"].default == "board"
    own = board.model_copy(update={"time_counts_in": "board", "agency_hours": {}})
    for agency in ("Demo School", "Police", ""):
        assert calendar_for(own, agency, 2026, 2026) == make_calendar(WorkingHours(), 2026, 2026, [date(2026, 12, 8)])


@pytest.mark.parametrize(
    ("agency", "ends"),
    [
        ("Demo School", "2026-12-09T10:30"),  # closed at half past three, on Monday, and with everybody on Tuesday
        ("demo school ", "2026-12-09T10:30"),
        ("Police", "2026-12-07T10:00"),  # no hours of its own: the board's
        ("Night Duty", "2026-12-04T18:00"),
    ],
)
def test_a_board_may_count_in_the_time_of_each_agency(board: Board, agency: str, ends: str) -> None:
    calendar = calendar_for(board, agency, 2026, 2026)
    assert two_hours_after(calendar, FRIDAY) == datetime.fromisoformat(ends).replace(tzinfo=UTC)


def test_an_agency_may_work_on_a_bank_holiday(board: Board) -> None:
    christmas = datetime(2026, 12, 25, 10, tzinfo=UTC)
    assert calendar_for(board, "Night Duty", 2026, 2026).is_working(christmas)
    assert not calendar_for(board, "Demo School", 2026, 2026).is_working(christmas)


def test_a_bank_holiday_announced_late_holds_for_everybody(board: Board) -> None:
    """As on 19 September 2022, ten days after it was announced."""
    noon = datetime(2026, 12, 8, 12, tzinfo=UTC)
    for agency in ("Demo School", "Police", "Night Duty"):
        assert not calendar_for(board, agency, 2026, 2026).is_working(noon)
    earlier = board.model_copy(update={"bank_holidays": ()})
    assert calendar_for(earlier, "Police", 2026, 2026).is_working(noon)
    assert two_hours_after(calendar_for(board, "Police", 2026, 2026), noon.replace(day=7, hour=16)) == noon.replace(
        day=9, hour=10
    )
    assert two_hours_after(calendar_for(earlier, "Police", 2026, 2026), noon.replace(day=7, hour=16)) == noon.replace(hour=10)


def test_bank_holidays_are_englands() -> None:
    calendar = make_calendar(WorkingHours(), 2026, 2026)
    assert [f"{day:%d %b}" for day in calendar.closed if day.weekday() < 5] == [
        *("01 Jan", "03 Apr", "06 Apr", "04 May", "25 May", "31 Aug", "25 Dec", "28 Dec")
    ]


def test_hours_of_agencies_that_would_not_count_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "testshire.yaml"
    for old, new in (("time_counts_in: agency\n", ""), (FILE[FILE.index("agency_hours") : FILE.index("bank_holidays")], "")):
        path.write_text(FILE.replace(old, new), encoding="utf-8")
        with pytest.raises(ProtocolError, match="time_counts_in: agency together with agency_hours, or neither"):
            load_board(path)


def test_a_mistake_in_an_agencys_hours_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "testshire.yaml"
    path.write_text(FILE.replace("closes: 15:30", "closes: 08:45"), encoding="utf-8")
    with pytest.raises(ProtocolError, match=r"11: expected a working day of at least an hour"):
        load_board(path)


def test_a_board_with_agencies_comes_back_from_json_as_it_was(board: Board) -> None:
    assert Board.model_validate_json(board.model_dump_json()) == board
    assert board.agency_hours["Demo School"].opens == time(8, 30)
