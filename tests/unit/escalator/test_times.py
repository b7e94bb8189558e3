"""Deadlines: how each choice changes them, and that each says how it was found."""

from datetime import UTC, datetime, timedelta

import pytest

from services.escalator.demonstration import as_demonstration
from services.escalator.errors import Unknown
from services.escalator.simulate import simulate
from services.escalator.times import deadline, interval, reminder_times
from tests.unit.escalator.timed import BEDFORDSHIRE, CALENDAR, LADDER, RAISED, hours, protocol_with


def run_to_the_end(ladder: str, **chosen: str) -> list[float | None]:
    """Hours from the form to each deadline, every step running to its own."""
    protocol = BEDFORDSHIRE.with_choices({key.replace("_", "-"): value for key, value in chosen.items()})
    return [hours(one.deadline.at) for one in simulate(protocol, protocol.ladder(ladder), RAISED, CALENDAR)]


def explained(ladder: str, step: int, reached: float, **chosen: str) -> tuple[float | None, str]:
    protocol = BEDFORDSHIRE.with_choices({key.replace("_", "-"): value for key, value in chosen.items()})
    found = deadline(
        protocol,
        protocol.ladder(ladder),
        step,
        raised_at=RAISED,
        step_reached_at=RAISED + timedelta(hours=reached),
        calendar=CALENDAR,
    )
    return hours(found.at), found.explanation


@pytest.mark.parametrize(
    ("ladder", "expected"),
    [
        ("BED-S1", [24, 48]),
        ("BED-S2", [24]),
        ("BED-S4", [24, 36, 48]),  # half of the shared 24 hours each
        ("BED-S5", [1]),  # 60 minutes
        ("BED-S6", [24, 36, 48]),
        ("BED-S9", [24, 36, 48]),
        ("BED-S10", [24, None, None]),  # none invented
        ("BED-S12", [24, 36, 48]),
    ],
)
def test_defaults_count_from_the_form_over_the_whole_ladder(ladder: str, expected: list[float | None]) -> None:
    assert run_to_the_end(ladder) == expected


def test_per_step_adds_up() -> None:
    """A-02: 24 + 36 + 48 hours are 108."""
    assert run_to_the_end("BED-S6", A_02="per_step") == [24, 60, 108]
    assert run_to_the_end("BED-S4", A_02="per_step") == [24, 48, 72]


def test_the_clock_can_start_at_each_step() -> None:
    """A-01: a step reached early has its own part of the time from then."""
    assert run_to_the_end("BED-S6", A_01="step_reached") == [24, 36, 48]
    assert explained("BED-S6", 2, 5)[0] == 36
    assert explained("BED-S6", 2, 5, A_01="step_reached")[0] == 17
    assert explained("BED-S6", 2, 5, A_02="per_step")[0] == 41


def test_working_hours_pass_over_nights_and_the_weekend() -> None:
    """A-03: 24 working hours are three days of eight, from Friday 14:05 to Wednesday 14:05."""
    found = simulate(BEDFORDSHIRE.with_choices({"A-03": "working_hours"}), BEDFORDSHIRE.ladder("BED-S6"), RAISED, CALENDAR)
    assert [one.deadline.at for one in found] == [
        datetime(2026, 12, 9, 14, 5, tzinfo=UTC),
        datetime(2026, 12, 11, 10, 5, tzinfo=UTC),
        datetime(2026, 12, 14, 14, 5, tzinfo=UTC),
    ]


def test_a_shared_time_undivided_ends_with_the_documents_48_hours() -> None:
    """A-04."""
    assert run_to_the_end("BED-S4", A_04="shared") == [24, 48, 48]
    assert run_to_the_end("BED-S4", A_04="shared", A_02="per_step") == [24, 72, 72]
    assert explained("BED-S4", 3, 30, A_04="shared")[0] == 48


def test_a_step_that_begins_when_the_shared_time_is_over_still_has_time() -> None:
    """A-04: step 2 took all of it; a quarter of the shared 24 hours is half of an equal part."""
    at, explanation = explained("BED-S4", 3, 48, A_04="shared")
    assert at == 54
    assert explanation.endswith(
        "; but this step was reached only at 2:05pm on Sunday 6 December 2026, so by Concord's own rule it has half of its own time "
        "from then, 6 hours."
    )


@pytest.mark.parametrize(("reached", "expected"), [(24, 36), (30, 36), (31, 37), (35, 41), (36, 42), (100, 106)])
def test_a_step_reached_late_has_half_of_its_own_time(reached: float, expected: float) -> None:
    at, explanation = explained("BED-S6", 2, reached)
    assert at == expected
    assert ("reached only at" in explanation) == (reached > 30)


def test_immediately_is_as_many_minutes_as_the_board_says() -> None:
    """A-06."""
    assert run_to_the_end("BED-S5", A_06="30") == [0.5]
    assert explained("BED-S5", 1, 0, A_06="30")[1] == (
        "30 minutes from 2:05pm on Friday 4 December 2026, when the form was received, which stands for immediately: the board's "
        "choice on A-06, and Concord's default on A-01."
    )


def test_an_explanation_names_start_amount_counting_and_whose_choice_it_was() -> None:
    assert explained("BED-S6", 2, 24, A_02="cumulative")[1] == (
        "36 hours from 2:05pm on Friday 4 December 2026, when the form was received, counted over all the steps together, every hour "
        "counting: the board's choice on A-02, and Concord's defaults on A-01 and A-03."
    )
    assert explained("BED-S6", 2, 24, A_02="per_step", A_03="working_hours")[1] == (
        "36 working hours from 2:05pm on Saturday 5 December 2026, when this step was reached, counted for this step alone, only "
        "working hours counting: the board's choices on A-02 and A-03."
    )
    assert explained("BED-S4", 2, 24)[1] == (
        "36 hours from 2:05pm on Friday 4 December 2026, when the form was received, counted over all the steps together, every hour "
        "counting, steps 2 and 3 sharing the 48 hours stated, divided equally between them: Concord's defaults on A-01, A-02, A-03 "
        "and A-04."
    )
    assert explained("BED-S6", 2, 5, A_01="step_reached")[1] == (
        "12 hours from 7:05pm on Friday 4 December 2026, when this step was reached, as its part of 36 hours counted over all the "
        "steps together, every hour counting: the board's choice on A-01, and Concord's defaults on A-02 and A-03."
    )
    assert explained("BED-S10", 2, 24) == (None, "The protocol states no time for this step, and none has been made up for it.")


def test_times_are_told_by_the_clock_on_the_wall() -> None:
    july = datetime(2026, 7, 1, 13, 5, tzinfo=UTC)
    found = deadline(BEDFORDSHIRE, BEDFORDSHIRE.ladder("BED-S6"), 1, raised_at=july, step_reached_at=july, calendar=CALENDAR)
    assert found.explanation.startswith("24 hours from 2:05pm on Wednesday 1 July 2026")


def test_a_demonstration_turns_hours_into_seconds() -> None:
    protocol = as_demonstration(BEDFORDSHIRE)
    for ladder, expected in (("BED-S6", [24, 36, 48]), ("BED-S4", [24, 36, 48]), ("BED-S5", [1])):
        found = simulate(protocol, protocol.ladder(ladder), RAISED, CALENDAR)
        assert [one.deadline.at for one in found] == [RAISED + timedelta(seconds=seconds) for seconds in expected]
        assert all("one second standing for one hour" in one.deadline.explanation for one in found)
    assert reminder_times(protocol, RAISED, now=RAISED - timedelta(hours=1)) == (
        RAISED - timedelta(seconds=6),
        RAISED - timedelta(seconds=1),
    )
    assert interval(protocol.chase) == timedelta(seconds=24)


def test_seconds_cannot_stand_for_working_time() -> None:
    with pytest.raises(Unknown, match="expected one of elapsed_hours"):
        as_demonstration(BEDFORDSHIRE).with_choices({"A-03": "working_hours"})
    with pytest.raises(ValueError, match=r"2\.0 working days"):
        as_demonstration(protocol_with("2 working_days"))


@pytest.mark.parametrize(
    ("to_go", "expected"), [(24, [6, 1]), (6.01, [6, 1]), (6, [1]), (2, [1]), (1, []), (0.5, []), (-1, [])]
)
def test_reminders_come_before_the_deadline_and_only_those_still_to_come(to_go: float, expected: list[float]) -> None:
    now = RAISED - timedelta(hours=to_go)
    assert reminder_times(BEDFORDSHIRE, RAISED, now=now) == tuple(RAISED - timedelta(hours=hours) for hours in expected)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (["24 elapsed_hours", "none", "48 elapsed_hours"], [24, None, None]),
        (["24 elapsed_hours", "without_delay"], [24, None]),
        (
            ["24 elapsed_hours", "agreed"],
            [24, 24 + 74 + 55 / 60],
        ),  # two working days from Saturday, over on Tuesday at 17:00
        (["24 elapsed_hours", "24 elapsed_hours"], [24, 48]),  # a figure that does not rise begins anew
        (["24 elapsed_hours", "12 elapsed_hours"], [24, 36]),
        (["24 elapsed_hours", "1 working_days"], [24, 24 + 50 + 55 / 60]),  # Saturday 14:05; Monday is over at 17:00
        (["1 working_days"], [72]),  # Friday 14:05 to Monday 14:05
        (["4 working_hours"], [68]),  # to Monday 10:05
        (["immediately", "24 elapsed_hours"], [1, 25]),
    ],
)
def test_other_times_a_protocol_may_state(times: list[str], expected: list[float | None]) -> None:
    protocol = protocol_with(*times)
    found = [hours(one.deadline.at) for one in simulate(protocol, protocol.ladder(LADDER), RAISED, CALENDAR)]
    assert found == [pytest.approx(value) if value else value for value in expected]


def test_a_figure_that_does_not_rise_says_so() -> None:
    protocol = protocol_with("24 elapsed_hours", "24 elapsed_hours")
    second = simulate(protocol, protocol.ladder(LADDER), RAISED, CALENDAR)[1].deadline
    assert "because its figure does not rise above the one before" in second.explanation


def test_without_delay_says_that_nothing_is_counted() -> None:
    protocol = protocol_with("without_delay", "24 elapsed_hours")
    words = [one.deadline.explanation for one in simulate(protocol, protocol.ladder(LADDER), RAISED, CALENDAR)]
    assert "without delay" in words[0]
    assert "nobody can say" in words[1]


def test_a_shared_time_is_named_only_by_a_step_that_began_after_the_first() -> None:
    """Also where the very same moment is given for both."""
    protocol = BEDFORDSHIRE.with_choices({"A-02": "per_step"})
    for ladder, step in (("BED-S6", 2), ("BED-S4", 2)):
        found = deadline(
            protocol,
            protocol.ladder(ladder),
            step,
            raised_at=RAISED - timedelta(hours=1),
            step_reached_at=RAISED,
            calendar=CALENDAR,
            shared_from=RAISED,
        )
        assert "when this step was reached" in found.explanation
