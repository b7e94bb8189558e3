"""Bedfordshire's ladders against the document, typed a second time from the table of its section 5."""

import re
from typing import NamedTuple

import pytest

from services.contracts.vocabulary import Side, Writing
from services.escalator.ladders import Step, Unit
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol

N, C, W = Writing.NONE, Writing.CONFIRM, Writing.WRITTEN
ANYONE = "Referrer / Professional / Manager / Safeguarding Champion"
REFERRER_OR_ABOVE = "Referrer / Manager / Safeguarding Champion"
PROFESSIONAL_OR_ABOVE = "Professional / Manager / Safeguarding Champion"
NOT_THE_REFERRER = "Manager / Safeguarding Champion"
TEAM = "Deputy Team Manager / Team Manager"


class Row(NamedTuple):
    """A row as read from the page: with whom, by whom, within how many hours ("now" for immediately), in writing or not."""

    other: str
    by: str
    within: int | str | None
    writing: Writing


STRATEGY_MEETING = [
    Row("Strategy Meeting Chair", PROFESSIONAL_OR_ABOVE, 24, N),
    Row(TEAM, PROFESSIONAL_OR_ABOVE, 36, C),
    Row("Head of Service", PROFESSIONAL_OR_ABOVE, 48, W),
]

INITIAL_ASSESSMENT = [
    Row("Allocated Social Worker", ANYONE, 24, C),
    Row(TEAM, REFERRER_OR_ABOVE, 36, C),
    Row("Head of Service", NOT_THE_REFERRER, 48, W),
]

LADDERS = {
    "BED-S1": [
        Row("Manager", "Practitioner / Manager", 24, N),
        Row("Manager's line Manager", "Manager's line Manager", 48, N),
    ],
    # Section 8, which gives no time: these are the two steps of the table's first row, and have its times.
    "BED-8.1": [Row("Manager", "Practitioner", 24, N), Row("Manager's line Manager", "Practitioner", 48, N)],
    "BED-8.2": [Row("Designated Lead for Safeguarding / Safeguarding Champion", "Practitioner", "now", W)],
    "BED-S2": [Row("Children's Social Care", "Practitioner / Manager", 24, N)],
    "BED-S3": [Row("Children's Social Care", "Practitioner / Manager", 24, N)],
    "BED-S4": [
        Row("Duty Social Worker", "Referrer", 24, N),
        Row(TEAM, REFERRER_OR_ABOVE, 48, N),
        Row("Head of Service", REFERRER_OR_ABOVE, 48, W),
    ],
    "BED-S5": [Row("Head of Service", "Practitioner / Manager", "now", W)],
    "BED-S6": INITIAL_ASSESSMENT,
    "BED-S7": [
        Row("Allocated Social Worker", REFERRER_OR_ABOVE, 24, C),
        Row(TEAM, REFERRER_OR_ABOVE, 36, C),
        Row("Head of Service", NOT_THE_REFERRER, 48, W),
    ],
    "BED-S8": STRATEGY_MEETING,
    "BED-S9": STRATEGY_MEETING,
    "BED-S10": [
        Row("Conference Chair", "Professional / Conference Chair", 24, C),
        Row("CRS Team Manager", "Manager / Safeguarding Champion / CRS Team Manager", None, C),
        Row("Head of Service", "Equivalent Manager / Head of Quality Assurance", None, C),
    ],
    "BED-S11": [
        Row("Allocated Social Worker", ANYONE, 24, N),
        Row(TEAM, ANYONE, 36, N),
        Row("Head of Service", ANYONE, 48, W),
    ],
    "BED-S12": INITIAL_ASSESSMENT,
}

AREAS = {  # what the page lists beside each ladder, in its order; for S12, the two tables of section 17
    "BED-S1": ["any"],
    "BED-8.1": ["significant_harm"],
    "BED-8.2": ["unable_to_discuss"],
    "BED-S2": ["sharing_with_family"],
    "BED-S3": ["whether_to_refer"],
    "BED-S4": ["no_further_action"],
    "BED-S5": ["consent"],
    "BED-S6": [
        "assessed_no_further_action",
        "services_planned",
        "threshold",
        "whether_strategy_meeting",
        "child_in_need_meetings",
        "core_assessment_not_completed",
        "case_closure",
    ],
    "BED-S7": ["assessment_content", "threshold", "whether_strategy_meeting", "case_closure"],
    "BED-S8": ["threshold", "enquiry_actions", "whether_to_request_conference"],
    "BED-S9": ["whether_initial_conference"],
    "BED-S10": [
        "information_available",
        "conference_attendance",
        "report_content",
        "report_absence",
        "chairing",
        "conference_decision",
        "plan_threshold",
        "plan_progress",
        "outline_plan",
        "core_group_membership",
    ],
    "BED-S11": ["core_group_attendance", "plan_development", "progress_and_threshold"],
    "BED-S12": ["initial_assessment", "core_assessment"],
}

ANY_STAGE = ["action_or_inaction", "responsibilities", "sharing_and_services", "other"]
OURS = {  # the examples of 4.2 and 4.3 that the table has no row for, by the ladder we lead them to (BED-08, BED-09)
    "BED-S2": ANY_STAGE,
    "BED-S4": ["below_eligibility", "more_information", "no_feedback", "whether_procedures", *ANY_STAGE],
    "BED-S6": ["whether_procedures", "assessment_outcome", *ANY_STAGE],
    "BED-S7": ["whether_procedures", "assessment_outcome", *ANY_STAGE],
    "BED-S8": ["single_or_joint", *ANY_STAGE],
    "BED-S9": ANY_STAGE,
    "BED-S10": ANY_STAGE,
    "BED-S11": ANY_STAGE,
}

EXAMPLES = {  # 4.2, its ten examples in order, and 4.3: an area of ours, and the words by which people know it
    "below_eligibility": "eligibility criteria",
    "more_information": "find out more before the referral goes further",
    "no_feedback": "no feedback or response",
    "action_or_inaction": "does, or does not do",
    "whether_procedures": "child protection procedures",
    "single_or_joint": "the Police differ on whether one agency or both",
    "whether_strategy_meeting": "Strategy Meeting",
    "whether_initial_conference": "Initial Child Protection Conference",
    "sharing_and_services": "Sharing information, providing services",
    "assessment_outcome": "an assessment found, and whether there is a suitable plan",
    "responsibilities": "not carrying out its responsibilities",
}

ROWS = ["row 1", "row 2", "row 3"]
CONTACT = "Contact / Referral to Children's Social Care"
CAF = "CAF Level (pre-involvement of Children's Social Care)"
INITIAL = "Section 17, Initial Assessment (IA) stage"
STRATEGY = "Section 47, Strategy Meeting Stage"

PLACES = {  # where each row stands in section 5: the stage as its first column has it, and the row
    "BED-S1": ("Between a Practitioner & Manager", ROWS[:2]),
    "BED-S2": (CAF, ["row 1"]),
    "BED-S3": (CAF, ["row 2"]),
    "BED-S4": (CONTACT, ["row 1", "row 2, first sentence", "row 2, second sentence"]),
    "BED-S5": (CONTACT, ["row 3"]),
    "BED-S6": (INITIAL, ROWS),
    "BED-S7": ("Section 17, Core Assessment (CA) stage", ROWS),
    "BED-S8": (STRATEGY, ROWS),
    "BED-S9": (STRATEGY, ROWS),
    "BED-S10": (
        "Section 47, CPC Stages (Initial & Review CPCs)",
        ["first paragraph", "second paragraph", "third paragraph"],
    ),
    "BED-S11": ("Section 47, Core Group Stages", ROWS),
    "BED-S12": (INITIAL, ROWS),
}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return packaged_protocols()["bedfordshire"]


def as_read(protocol: Protocol, step: Step) -> Row:
    within: int | str | None = None
    if step.within is not None and step.within.kind is Unit.IMMEDIATELY:
        within = "now"
    elif step.within is not None:
        assert step.within.kind is Unit.ELAPSED_HOURS
        within = int(step.within.amount or 0)
    other, by = (" / ".join(protocol.names(who.roles)) for who in (step.with_, step.by))
    return Row(other, by, within, step.writing)


def test_the_document_has_these_ladders(protocol: Protocol) -> None:
    """The fourteen: twelve of the table, in its order, and the two of section 8 beside the first."""
    numbered = [f"BED-S{number}" for number in range(2, 13)]
    assert [ladder.id for ladder in protocol.ladders] == ["BED-S1", "BED-8.1", "BED-8.2", *numbered]


@pytest.mark.parametrize("ladder", LADDERS)
def test_each_row_has_the_facts_of_the_page(protocol: Protocol, ladder: str) -> None:
    assert [as_read(protocol, step) for step in protocol.ladder(ladder).steps] == LADDERS[ladder]


@pytest.mark.parametrize("ladder", AREAS)
def test_every_area_leads_to_its_ladder(protocol: Protocol, ladder: str) -> None:
    found = protocol.ladder(ladder)
    assert list(found.areas) == AREAS[ladder] + OURS.get(ladder, [])
    assert {protocol.ladder_for(found.case_stage, area).id for area in found.areas} == {ladder}


@pytest.mark.parametrize(("area", "words"), EXAMPLES.items())
def test_no_example_of_the_document_is_lost(protocol: Protocol, area: str, words: str) -> None:
    """BED-08, BED-09."""
    assert words in protocol.areas[area]
    assert any(area in ladder.areas for ladder in protocol.ladders)


@pytest.mark.parametrize("area", ANY_STAGE)
def test_what_the_document_names_without_a_stage_stands_at_every_stage_with_another_agency(
    protocol: Protocol, area: str
) -> None:
    stages = [stage for stage in protocol.case_stages if stage not in {"practitioner_and_manager", "after_plan"}]
    assert [protocol.ladder_for(stage, area).case_stage for stage in stages] == stages


@pytest.mark.parametrize("ladder", PLACES)
def test_every_step_says_where_it_comes_from(protocol: Protocol, ladder: str) -> None:
    stage, rows = PLACES[ladder]
    assert [step.source for step in protocol.ladder(ladder).steps] == [f"section 5, {stage}, {row}" for row in rows]


@pytest.mark.parametrize("ladder", LADDERS)
def test_what_people_are_told_to_do_says_what_must_be_in_writing(protocol: Protocol, ladder: str) -> None:
    words = {N: (False, False), C: (True, False), W: (False, True)}
    for step in protocol.ladder(ladder).steps:
        written = "rite to the head of service" in step.action or step.action.startswith("Write at once to your agency")
        assert ("onfirm it in writing" in step.action, written) == words[step.writing]


@pytest.mark.parametrize("ladder", LADDERS)
def test_what_people_are_told_to_do_is_plain(protocol: Protocol, ladder: str) -> None:
    """No abbreviation that only one agency knows, and no full stop: the sentence stands inside others."""
    for step in protocol.ladder(ladder).steps:
        assert not re.search(r"\b[A-Z]{2,}\b|[&/.]$|[&/]", step.action), step.action


def test_the_duty_social_worker_gives_a_rationale(protocol: Protocol) -> None:
    """Its reasons are asked for in writing there, and nowhere else in the table."""
    assert "they must give the reasons" in protocol.ladder("BED-S4").step(1).action
    asked = {(ladder.id, step.number): step.reasons_from for ladder in protocol.ladders for step in ladder.steps}
    assert {place: sides for place, sides in asked.items() if sides} == {("BED-S4", 1): (Side.OTHER,)}


@pytest.mark.parametrize("ladder", ["BED-S2", "BED-S3", "BED-S5"])
def test_the_practitioner_consults_their_immediate_line_manager(protocol: Protocol, ladder: str) -> None:
    assert "onsult your immediate line manager" in protocol.ladder(ladder).step(1).action


def test_consent_is_asked_for_except_in_two_cases(protocol: Protocol) -> None:
    action = protocol.ladder("BED-S5").step(1).action
    assert "Get the adult's consent, unless they refuse it or asking would put the child at risk" in action


def test_a_disagreement_with_ones_own_manager_stays_within_the_agency(protocol: Protocol) -> None:
    """Both sides of these are of one agency, and of no other (BED-21, BED-22)."""
    assert [ladder.id for ladder in protocol.ladders if ladder.within_agency] == ["BED-S1", "BED-8.1", "BED-8.2"]
    assert {ladder.case_stage for ladder in protocol.ladders if ladder.within_agency} == {"practitioner_and_manager"}


def test_the_next_line_manager_is_asked_by_nobody_the_page_names(protocol: Protocol) -> None:
    step = protocol.ladder("BED-S1").step(2)
    assert (step.people(Side.RAISING), step.people(Side.OTHER)) == ((), ("managers_line_manager",))


def test_the_way_past_the_managers_tells_no_manager(protocol: Protocol) -> None:
    """BED-22: in writing, at once, to the designated lead or the champion, and to nobody whom the practitioner reports to."""
    ladder = protocol.ladder("BED-8.2")
    managers = {role for role in protocol.roles if role.endswith("manager") and role != "equivalent_manager"}
    assert set(ladder.keep_from) == managers
    assert not managers & {role for side in (Side.RAISING, Side.OTHER) for role in ladder.step(1).people(side)}
    assert not any(other.keep_from for other in protocol.ladders if other is not ladder)
