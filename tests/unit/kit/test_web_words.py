"""Dates and times as people read them."""

from datetime import UTC, datetime

import pytest

from services.kit.web import words


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (datetime(2026, 12, 4, 14, 5, tzinfo=UTC), "2:05pm on Friday 4 December 2026"),
        (datetime(2026, 7, 1, 8, 0, tzinfo=UTC), "9am on Wednesday 1 July 2026"),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "midnight on Thursday 2 July 2026"),
        (datetime(2026, 1, 1, 12, 0, tzinfo=UTC), "midday on Thursday 1 January 2026"),
        (datetime(2026, 1, 1, 0, 30, tzinfo=UTC), "12:30am on Thursday 1 January 2026"),
    ],
)
def test_a_moment_is_written_in_london_time(instant: datetime, written: str) -> None:
    assert words.moment(instant) == written
