"""The guide to time quotes Concord: every sentence it shows is one that a case would show."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from services.escalator.loader import packaged_protocols
from services.escalator.times import alternatives, deadline
from tests.unit.escalator.timed import BEDFORDSHIRE, CALENDAR, RAISED

GUIDE = Path(__file__).parents[3] / "docs/time.md"


def test_every_sentence_of_the_guide_is_said() -> None:
    quoted = [line.removeprefix("> ") for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith("> ")]

    def sentence(board: str, ladder: str, step: int = 1, after: int = 0, **more: Any) -> str:
        protocol = packaged_protocols()[board]
        reached = RAISED + timedelta(hours=after)
        told = deadline(
            protocol,
            protocol.ladder(ladder),
            step,
            raised_at=RAISED,
            step_reached_at=reached,
            calendar=CALENDAR,
            **more,
        )
        return told.explanation

    (per_step,) = (
        reading.deadline.explanation
        for reading in alternatives(
            BEDFORDSHIRE,
            BEDFORDSHIRE.ladder("BED-S6"),
            2,
            raised_at=RAISED,
            step_reached_at=RAISED + timedelta(hours=24),
            calendar=CALENDAR,
        )
        if reading.choice == "A-02"
    )
    assert quoted == [
        sentence("bedfordshire", "BED-S6"),
        sentence("northamptonshire", "NOR-S1"),
        sentence("oxfordshire", "OXF-S2"),
        sentence("oxfordshire", "OXF-S2", agreed=RAISED + timedelta(hours=67, minutes=55)),
        sentence("barnsley", "BAR-S1"),
        sentence("bedfordshire", "BED-S6", at_once="the form says that a child is in immediate danger"),
        sentence("bedfordshire", "BED-S6", needed_by=RAISED + timedelta(hours=18)),
        sentence("bedfordshire", "BED-S6", 2, 24),
        per_step,
    ]
