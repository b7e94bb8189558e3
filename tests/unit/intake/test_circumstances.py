"""What may change who takes part and how soon: read where it can be, asked where it cannot, never required."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.circumstances import Circumstances, dated, possible_injury, questions, read, told
from services.intake.domain import Answers

MONDAY = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)


def asked(answers: Answers) -> list[str]:
    return [question.label for question in questions(answers)]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("11 December 2026 at 4pm", datetime(2026, 12, 11, 16, tzinfo=UTC)),
        ("by 11 December", datetime(2026, 12, 11, 23, 59, tzinfo=UTC)),
        ("tomorrow at noon", datetime(2026, 12, 8, 12, tzinfo=UTC)),
        ("Friday", datetime(2026, 12, 11, 23, 59, tzinfo=UTC)),
        ("today at 09:00", datetime(2026, 12, 7, 9, tzinfo=UTC)),
        ("NOW!", MONDAY),
        ("immediately", MONDAY),
        ("2026-12-11T16:00:00+00:00", datetime(2026, 12, 11, 16, tzinfo=UTC)),
    ],
)
def test_the_childs_own_time_frame_is_read(written: str, moment: datetime) -> None:
    """OXF-04, BED-14."""
    answers = dated(Answers(needed_by=written), MONDAY)
    assert (read(answers).needed_by, asked(answers)) == (moment, [])


@pytest.mark.parametrize(
    "written", ["soon", "ASAP", "next Friday", "11 December at 4:30", "4 December 2026", "before the baby is born"]
)
def test_a_time_frame_that_cannot_be_read_is_asked_for(written: str) -> None:
    answers = dated(Answers(needed_by=written), MONDAY)
    assert (read(answers).needed_by, asked(answers)) == (None, ["The child needs to be safe by"])
    assert questions(answers)[0].options == ("a date and a time, for example 11 December 2026 at 16:00", "none")


@pytest.mark.parametrize("written", ["", "none", "N/A", "not known", "-"])
def test_nothing_is_an_answer(written: str) -> None:
    answers = dated(Answers(needed_by=written, decided_at=written), MONDAY)
    assert (read(answers), asked(answers)) == (Circumstances(), [])


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("4 December", datetime(2026, 12, 4, tzinfo=UTC)),
        ("4 December 2026 at 14:00", datetime(2026, 12, 4, 14, tzinfo=UTC)),
        ("1/7/2026", datetime(2026, 6, 30, 23, tzinfo=UTC)),
        ("yesterday", datetime(2026, 12, 6, tzinfo=UTC)),
    ],
)
def test_when_the_decision_was_made_is_read(written: str, moment: datetime) -> None:
    """A-01."""
    assert read(dated(Answers(decided_at=written), MONDAY)).decided_at == moment


@pytest.mark.parametrize("written", ["8 December 2026", "tomorrow", "today at 10:00", "Friday", "last week"])
def test_a_decision_has_been_made(written: str) -> None:
    answers = dated(Answers(decided_at=written), MONDAY)
    assert (read(answers).decided_at, asked(answers)) == (None, ["Date of the decision"])


def test_tomorrow_is_the_day_after_it_was_written() -> None:
    once = dated(Answers(needed_by="tomorrow at noon", decided_at="yesterday"), MONDAY)
    assert dated(once, MONDAY + timedelta(days=3)) == once


@pytest.mark.parametrize(
    ("written", "agencies"),
    [
        ("", ()),
        ("none", ()),
        ("Police", ("Police",)),
        ("Police, Housing and Benefits", ("Police", "Housing and Benefits")),
        ("Police; Luton, Dunstable and District Hospital", ("Police", "Luton, Dunstable and District Hospital")),
        ("- Police\n2. Luton, Dunstable Hospital.\n\nPolice", ("Police", "Luton, Dunstable Hospital")),
    ],
)
def test_further_agencies(written: str, agencies: tuple[str, ...]) -> None:
    """OXF-28."""
    assert read(Answers(further_agencies=written)).further_agencies == agencies


@pytest.mark.parametrize("answer", ["", "No", "no.", "None known", "No injuries", "n/a", "Not that we know of"])
def test_no_injury(answer: str) -> None:
    assert possible_injury(answer) is False


@pytest.mark.parametrize("answer", ["Yes", "possibly", "not sure", "No idea", "A bruise on the arm", "Nobody has looked"])
def test_anything_not_plainly_no_is_a_possible_injury(answer: str) -> None:
    """OXF-05, BED-14."""
    assert possible_injury(answer) is True


def test_what_was_understood_is_read_back() -> None:
    answers = Answers(
        further_agencies="Police\nHousing", decided_at="4 December", needed_by="tomorrow at noon", injury_to_infant="yes"
    )
    assert told(dated(answers, MONDAY)) == (
        ("Other agencies", "Police, Housing"),
        ("Date of the decision", "Friday 4 December 2026 at 00:00"),
        ("The child needs to be safe by", "Tuesday 8 December 2026 at 12:00"),
        ("Possible injury to a baby or young child", "Yes"),
    )
    assert told(Answers(injury_to_infant="No", needed_by="none")) == ()


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_written_is_read_or_asked_for(needed_by: str, decided_at: str, agencies: str) -> None:
    answers = dated(Answers(needed_by=needed_by, decided_at=decided_at, further_agencies=agencies), MONDAY)
    seen = read(answers)
    for label, moment, written in (
        ("The child needs to be safe by", seen.needed_by, needed_by),
        ("Date of the decision", seen.decided_at, decided_at),
    ):
        assert not (moment and label in asked(answers))
        assert moment or label in asked(answers) or len(written) < 20
