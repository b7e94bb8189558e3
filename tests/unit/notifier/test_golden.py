"""Whole notices, as text, kept to be read and compared."""

from pathlib import Path

import pytest

from services.contracts.notifier import SendNotice
from tests.unit.notifier.reading import write
from tests.unit.notifier.samples import (
    DEMONSTRATION,
    FACTS,
    decision,
    notice,
)
from tests.unit.notifier.variants import PDF, RULED

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("step_reached", notice("step_reached", demonstration=DEMONSTRATION)),
        ("step_reached_brief", notice("step_reached", full=False)),
        ("form_incomplete", notice("form_incomplete")),
        ("outcome_proposed", notice("outcome_proposed")),
        ("step_reached_rules", notice("step_reached", facts=FACTS["step_reached"] | RULED | {"why": "bypassed"})),
        ("reminder_rules", notice("reminder", facts=FACTS["reminder"] | RULED)),
        ("decision", decision()),
        ("decision_brief", decision(full=False)),
        ("last_tier_passed_challenged", notice("last_tier_passed", facts={"step": 3, "why": "challenged"})),
        ("asked", notice("asked")),
        ("asked_brief", notice("asked", full=False)),
        ("told", notice("told")),
        ("told_brief", notice("told", full=False)),
        ("record_issued_brief", notice("record_issued", full=False, attachments=(PDF,))),
    ],
)
def test_the_text_of_a_notice_is_its_golden_file(name: str, command: SendNotice) -> None:
    assert write(command).text == (GOLDEN / f"{name}.txt").read_text()
