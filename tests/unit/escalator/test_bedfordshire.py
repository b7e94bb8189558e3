"""Bedfordshire's ladders against the document, typed a second time from the table of its section 5."""

import re
from typing import NamedTuple

import pytest

from services.contracts.vocabulary import Side, Writing
from services.escalator.errors import Unknown
from services.escalator.ladders import Ladder, Step, Unit
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

AREAS = {  # how many the page lists beside each ladder; for S12, the two tables of section 17
    "BED-S1": 1,
    "BED-S2": 1,
    "BED-S3": 1,
    "BED-S4": 1,
    "BED-S5": 1,
    "BED-S6": 7,
    "BED-S7": 4,
    "BED-S8": 3,
    "BED-S9": 1,
    "BED-S10": 10,
    "BED-S11": 3,
    "BED-S12": 2,
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
    assert [ladder.id for ladder in protocol.ladders] == [f"BED-S{number}" for number in range(1, 13)]


@pytest.mark.parametrize("ladder", LADDERS)
def test_each_row_has_the_facts_of_the_page(protocol: Protocol, ladder: str) -> None:
    assert [as_read(protocol, step) for step in protocol.ladder(ladder).steps] == LADDERS[ladder]


@pytest.mark.parametrize("ladder", AREAS)
def test_every_area_leads_to_its_ladder(protocol: Protocol, ladder: str) -> None:
    found = protocol.ladder(ladder)
    assert len(found.areas) == AREAS[ladder]
    assert {protocol.ladder_for(found.case_stage, area).id for area in found.areas} == {ladder}


@pytest.mark.parametrize("ladder", PLACES)
def test_every_step_says_where_it_comes_from(protocol: Protocol, ladder: str) -> None:
    stage, rows = PLACES[ladder]
    assert [step.source for step in protocol.ladder(ladder).steps] == [f"section 5, {stage}, {row}" for row in rows]


@pytest.mark.parametrize("ladder", LADDERS)
def test_what_people_are_told_to_do_says_what_must_be_in_writing(protocol: Protocol, ladder: str) -> None:
    words = {N: (False, False), C: (True, False), W: (False, True)}
    for step in protocol.ladder(ladder).steps:
        assert ("onfirm it in writing" in step.action, "rite to the head of service" in step.action) == words[step.writing]


@pytest.mark.parametrize("ladder", LADDERS)
def test_what_people_are_told_to_do_is_plain(protocol: Protocol, ladder: str) -> None:
    """No abbreviation that only one agency knows, and no full stop: the sentence stands inside others."""
    for step in protocol.ladder(ladder).steps:
        assert not re.search(r"\b[A-Z]{2,}\b|[&/.]$|[&/]", step.action), step.action


def test_contact_stage_has_no_36_hours(protocol: Protocol) -> None:
    """A-05."""
    stage = [ladder for ladder in protocol.ladders if ladder.case_stage == "contact_or_referral"]
    assert [ladder.id for ladder in stage] == ["BED-S4", "BED-S5"]
    assert 36 not in {step.within.amount for ladder in stage for step in ladder.steps if step.within}


def test_one_cell_of_48_hours_covers_two_tiers(protocol: Protocol) -> None:
    """A-04."""
    shares = [step.shares_time_with for step in protocol.ladder("BED-S4").steps]
    assert shares == [None, None, 2]
    assert not any(step.shares_time_with for ladder in protocol.ladders if ladder.id != "BED-S4" for step in ladder.steps)


def test_the_duty_social_worker_gives_a_rationale(protocol: Protocol) -> None:
    assert "they must give the reasons" in protocol.ladder("BED-S4").step(1).action


@pytest.mark.parametrize("ladder", ["BED-S2", "BED-S3", "BED-S5"])
def test_the_practitioner_consults_their_immediate_line_manager(protocol: Protocol, ladder: str) -> None:
    assert "onsult your immediate line manager" in protocol.ladder(ladder).step(1).action


def test_consent_is_asked_for_except_in_two_cases(protocol: Protocol) -> None:
    action = protocol.ladder("BED-S5").step(1).action
    assert "Get the adult's consent, unless they refuse it or asking would put the child at risk" in action


def test_a_disagreement_with_ones_own_manager_stays_within_the_agency(protocol: Protocol) -> None:
    """Both sides of the first ladder are of one agency, and of no other."""
    assert [ladder.id for ladder in protocol.ladders if ladder.within_agency] == ["BED-S1"]


@pytest.mark.parametrize("area", ["threshold", "enquiry_actions", "whether_to_request_conference"])
def test_a_strategy_meeting_area_is_not_tied_to_one_row(protocol: Protocol, area: str) -> None:
    """A-07: the page spreads one list over three rows."""
    ladder = protocol.ladder_for("strategy_meeting", area)
    assert [step.within.amount for step in ladder.steps if step.within] == [24, 36, 48]


def test_a_conference_request_names_the_policy_we_do_not_hold(protocol: Protocol) -> None:
    """A-08: the fallback is the Strategy Meeting's steps, the very same."""
    ladder = protocol.ladder("BED-S9")
    assert ladder.local_procedure is not None
    assert ladder.local_procedure.title == "CBC CPC Request / Decision Making Policy June 2010"
    assert ladder.local_procedure.link is None
    assert ladder.steps == protocol.ladder("BED-S8").steps


def test_either_side_may_raise_a_disagreement_about_a_conference(protocol: Protocol) -> None:
    """A-10, and only there."""
    assert [ladder.id for ladder in protocol.ladders if ladder.either_side_may_raise] == ["BED-S10"]
    turned = protocol.ladder("BED-S10").turned_round()
    assert turned.step(1).people(Side.RAISING) == ("conference_chair",)
    assert turned.step(2).people(Side.OTHER) == ("manager", "safeguarding_champion")
    assert turned.turned_round() == protocol.ladder("BED-S10")


def test_after_a_plan_the_practitioner_says_which_assessment(protocol: Protocol) -> None:
    """A-11: the document points at section 17, which has two tables."""
    assert protocol.choice("A-11").asked_of == "practitioner"
    for area, ladder in (("initial_assessment", "BED-S6"), ("core_assessment", "BED-S7")):
        assert protocol.ladder_for("after_plan", area).steps == protocol.ladder(ladder).steps


def test_after_a_plan_the_choice_can_be_made_for_everyone(protocol: Protocol) -> None:
    assert protocol.ladder("BED-S12").steps == protocol.ladder("BED-S6").steps
    chosen = protocol.with_choices({"A-11": "core_assessment"})
    assert chosen.ladder("BED-S12").steps == protocol.ladder("BED-S7").steps
    assert chosen.ladder_for("after_plan", "initial_assessment").steps == protocol.ladder("BED-S6").steps


@pytest.mark.parametrize("area", ["case_closure", "threshold", "whether_strategy_meeting"])
def test_an_area_of_both_assessments_goes_by_the_stage(protocol: Protocol, area: str) -> None:
    """A-12."""
    assert protocol.ladder_for("initial_assessment", area).id == "BED-S6"
    assert protocol.ladder_for("core_assessment", area).id == "BED-S7"


def test_a_core_assessment_not_completed_stands_under_the_initial_one(protocol: Protocol) -> None:
    """A-12."""
    assert protocol.ladder_for("initial_assessment", "core_assessment_not_completed").id == "BED-S6"
    with pytest.raises(Unknown):
        protocol.ladder_for("core_assessment", "core_assessment_not_completed")


def test_calls_for_advice_are_not_escalations(protocol: Protocol) -> None:
    """A-13."""
    advice: list[Ladder] = [ladder for ladder in protocol.ladders if ladder.advice]
    assert [(ladder.id, ladder.offers) for ladder in advice] == [("BED-S2", "BED-S4"), ("BED-S3", "BED-S4")]


def test_danger_means_the_police(protocol: Protocol) -> None:
    assert protocol.danger.text == "If a child is in immediate danger, contact the police at once."
    assert protocol.danger.source == "section 5, before the table"


def test_the_glossary_has_every_term(protocol: Protocol) -> None:
    assert list(protocol.vocabulary) == [
        "Practitioner",
        "Manager",
        "BBC",
        "CBC",
        "Children's Social Care",
        "NFA",
        "PR",
        "CAF",
        "Duty Social Worker",
        "DTM",
        "Team Manager",
        "Section 17",
        "Section 47",
        "CRS",
        "IA",
        "CA",
        "BBSCB",
        "CBSCB",
    ]


def test_names_that_people_choose_by_are_told_apart(protocol: Protocol) -> None:
    """Within a stage no two areas read alike, and no name is the beginning of another: typed answers are matched against them."""
    for stage in protocol.case_stages:
        names = [
            protocol.areas[area].lower() for ladder in protocol.ladders if ladder.case_stage == stage for area in ladder.areas
        ]
        assert not [(one, other) for one in names for other in names if one is not other and other.startswith(one)]


def test_the_stage_and_area_of_a_referral_not_taken_up_are_as_people_write_them(protocol: Protocol) -> None:
    assert protocol.case_stages["contact_or_referral"] == "Contact or referral to Children's Social Care"
    assert protocol.areas["no_further_action"] == "Children's Social Care takes no further action on the contact or referral"
