"""Whole notices, as text, kept to be read and compared."""

from pathlib import Path

import pytest

from services.contracts.notifier import SendNotice
from tests.unit.notifier.reading import write
from tests.unit.notifier.samples import (
    DEMONSTRATION,
    ELSEWHERE,
    FACTS,
    corrected,
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
        ("form_incomplete_last", notice("form_incomplete", facts=FACTS["form_incomplete"] | {"chaser": 2, "last": True})),
        (
            "form_incomplete_unclear",
            notice("form_incomplete", facts=FACTS["form_incomplete"] | {"unclear": ["Stage of the case"]}),
        ),
        ("form_received", notice("form_received")),
        ("form_received_again", notice("form_received", full=False, facts=FACTS["form_received"] | {"again": True})),
        ("form_received_brief", notice("form_received", full=False)),
        ("form_received_words", notice("form_received", urgent=True, facts=FACTS["form_received"] | {"danger": "words"})),
        (
            "form_received_assumed",
            notice("form_received", urgent=True, facts=FACTS["form_received"] | {"danger": "words", "assumed": True}),
        ),
        ("form_received_elsewhere", notice("form_received", full=False, facts=ELSEWHERE)),
        ("form_received_corrected", corrected()),
        ("form_received_corrected_brief", corrected(full=False)),
        ("item_held", notice("item_held")),
        (
            "item_held_advice",
            notice("item_held", facts=FACTS["item_held"] | {"advice": "To raise a disagreement, send the form."}),
        ),
        ("item_held_deferred", notice("item_held", facts=FACTS["item_held"] | {"why": "deferred"})),
        ("item_held_draft", notice("item_held", urgent=True, facts=FACTS["item_held"] | {"why": "draft", "danger": "words"})),
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
