"""Barnsley's ladders against the document, typed a second time from its section 3."""

import pytest

from services.contracts.vocabulary import Sector, Side, Writing
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol
from tests.unit.escalator.reading import Row, as_read

N, W = Writing.NONE, Writing.WRITTEN
LINE_OR_LEAD = "Line manager / Agency safeguarding lead"
UP_THE_LINE = "Senior manager / Designated lead"
REQUESTER = "Worker / Senior manager / Agency safeguarding lead"

RESOLVING = [
    Row("Worker |", "Co-worker |", None, N, "paragraph 3.5"),
    Row("Worker | Worker", "| Worker", None, W, "paragraph 3.7(a) and (b)"),
    Row(f"Worker / {LINE_OR_LEAD} |", f"| {LINE_OR_LEAD}", None, N, "paragraph 3.7(d)"),
    Row(f"{LINE_OR_LEAD} |", f"{UP_THE_LINE} | Service Manager", None, N, "paragraphs 3.6 and 3.7(e)"),
    Row(f"{UP_THE_LINE} |", "| Head of Safeguarding within Children's Social Care", None, N, "paragraph 3.7(f)"),
]

LADDERS = {
    "BAR-S1": RESOLVING,
    "BAR-S2": [
        Row(f"{REQUESTER} |", "| Social Work Team Manager", None, N, "paragraph 3.8"),
        Row(f"{REQUESTER} | Social Work Team Manager", "| Social Work Team Manager", None, N, "paragraph 3.9"),
    ],
    "BAR-S3": [  # one line of management, and no equivalent in another agency
        *RESOLVING[:2],
        Row("Worker |", f"| {LINE_OR_LEAD}", None, N, "paragraph 3.7(d)"),
        Row(f"Worker | {LINE_OR_LEAD}", f"| {UP_THE_LINE}", None, N, "paragraphs 3.6 and 3.7(e)"),
        Row(f"Worker | {UP_THE_LINE}", "| Head of Safeguarding within Children's Social Care", None, N, "paragraph 3.7(f)"),
    ],
}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return packaged_protocols()["barnsley"]


def test_each_row_has_the_facts_of_the_page(protocol: Protocol) -> None:
    assert {ladder.id: [as_read(protocol, step) for step in ladder.steps] for ladder in protocol.ladders} == LADDERS


@pytest.mark.parametrize("ladder", ["BAR-S1", "BAR-S3"])
def test_the_five_areas_and_any_other_stand_between_agencies_and_within_one(protocol: Protocol, ladder: str) -> None:
    """BAR-02, 1.2: most likely are five; multi-agency as well as single-agency working."""
    assert protocol.ladder(ladder).areas == (
        "referral_criteria",
        "assessment_outcome",
        "roles_and_responsibilities",
        "service_provision",
        "information_sharing",
        "other",
    )
    assert protocol.ladder(ladder).within_agency is (ladder == "BAR-S3")


def test_both_sides_reasons_are_put_in_writing(protocol: Protocol) -> None:
    """BAR-13: the only step that asks for writing; who guides it is said."""
    step = protocol.ladder("BAR-S1").step(2)
    assert "Each side puts clear reasons for its safeguarding approach in writing, as its line manager guides it" in step.action
    asked = {
        (ladder.id, one.number): one.reasons_from for ladder in protocol.ladders for one in ladder.steps if one.reasons_from
    }
    assert asked == {("BAR-S1", 2): (Side.RAISING, Side.OTHER), ("BAR-S3", 2): (Side.RAISING, Side.OTHER)}


def test_the_people_who_disagree_talk_first_unless_the_child_is_at_immediate_risk(protocol: Protocol) -> None:
    """BAR-12."""
    left_out = [(ladder.id, step.number) for ladder in protocol.ladders for step in ladder.steps if step.not_when_at_risk]
    assert left_out == [("BAR-S1", 2), ("BAR-S3", 2)]
    assert protocol.ladder("BAR-S1").step(2).action.startswith("Unless the child is at immediate risk")


def test_co_workers_are_consulted_before_the_other_agency_hears_of_it(protocol: Protocol) -> None:
    """BAR-10."""
    step = protocol.ladder("BAR-S1").step(1)
    assert (step.people(Side.RAISING), step.people(Side.OTHER)) == (("worker", "co_worker"), ())


def test_the_opening_record_asks_for_the_cause_and_what_must_be_achieved(protocol: Protocol) -> None:
    """BAR-06: the issue and the problem are the area and the summary of every form. BAR-21: the supporter."""
    assert {asked.field: asked.source for asked in protocol.asks} == {
        "possible_cause": "paragraph 3.1, third point",
        "to_achieve": "paragraph 3.1, fourth point",
        "supporter": "paragraph 3.8",
    }


def test_a_management_committee_may_take_the_senior_managers_place_in_one_sector(protocol: Protocol) -> None:
    """BAR-03, BAR-11, BAR-16: and nowhere else."""
    (substitute,) = protocol.substitutes
    assert (substitute.role, substitute.instead_of, substitute.sector) == (
        "management_committee_member",
        "senior_manager",
        Sector.VCF,
    )
    named = {role for ladder in protocol.ladders for step in ladder.steps for role in (*step.by.roles, *step.with_.roles)}
    assert "management_committee_member" not in named


def test_steps_are_passed_over_by_consent(protocol: Protocol) -> None:
    """BAR-08, A-29: the professionals and managers involved, so everybody until the board says otherwise."""
    assert protocol.bypass is not None
    assert protocol.bypass.source == "paragraph 3.3"
    assert "the professionals and managers involved agree" in protocol.bypass.text
    assert protocol.choice("A-29").options == ("everyone_at_the_step", "one_for_each_side")


def test_the_head_of_safeguarding_has_the_last_tier_for_other_agencies(protocol: Protocol) -> None:
    """BAR-17, A-28."""
    tiers = [(ladder.id, step.number, step.not_from) for ladder in protocol.ladders for step in ladder.steps if step.not_from]
    assert tiers == [("BAR-S1", 5, Sector.SOCIAL_CARE), ("BAR-S3", 5, Sector.SOCIAL_CARE)]
    assert protocol.roles["head_of_safeguarding"].anywhere
    assert protocol.choice("A-28").options == ("board", "same_step")


def test_whoever_still_believes_the_child_is_at_risk_tells_three(protocol: Protocol) -> None:
    """BAR-05: line management, the Head of Children's Social Care and the Head of Safeguarding, wherever those two are."""
    rule = protocol.still_at_risk
    assert rule is not None
    assert protocol.names((*rule.raising, *rule.other)) == (
        "Line manager",
        "Head of Children's Social Care",
        "Head of Safeguarding within Children's Social Care",
    )
    assert [protocol.roles[role].anywhere for role in (*rule.raising, *rule.other)] == [False, True, True]
    assert rule.source == "section 2, last point"


def test_a_request_for_a_conference_names_the_procedures_we_do_not_hold(protocol: Protocol) -> None:
    """BAR-21, A-35."""
    procedure = protocol.ladder("BAR-S2").local_procedure
    assert procedure is not None
    assert procedure.title == "South Yorkshire Child Protection Procedures (2011), section 6.19"
    assert "with the support of a senior manager or your safeguarding lead" in protocol.ladder("BAR-S2").step(1).action


def test_a_conference_is_held_where_nobody_agrees(protocol: Protocol) -> None:
    """BAR-22, A-31: and there alone."""
    outcomes = {ladder.id: ladder.default_outcome for ladder in protocol.ladders if ladder.default_outcome}
    assert list(outcomes) == ["BAR-S2"]
    outcome = outcomes["BAR-S2"]
    assert (outcome.text, outcome.by, outcome.source) == (
        "A Child Protection Conference is held",
        "social_work_team_manager",
        "paragraph 3.9, first sentence",
    )


def test_how_a_case_ends(protocol: Protocol) -> None:
    """BAR-19, BAR-24 to BAR-26."""
    closing = protocol.closing
    assert closing.confirmation is not None
    assert "how outstanding issues will be pursued" in closing.confirmation.text
    assert closing.confirmation.source == "paragraph 3.7(g), second sentence"
    assert closing.read_back is not None
    assert closing.read_back.parts == ("outstanding",)
    assert closing.learning is not None
    assert (closing.learning.to, closing.learning.source) == (
        "The Quality Assurance and Performance Management Sub-Group",
        "paragraphs 3.10 and 3.11",
    )
    assert "Protocols and procedures may need to be changed" in closing.learning.text
    assert closing.debrief is not None
    assert closing.debrief.source == "paragraph 3.12"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("section 2, first paragraph", "come first"),  # BAR-04
        ("after paragraph 3.7", "act in time"),  # BAR-20
        ("paragraph 3.4", "can be resolved at any of them"),  # BAR-09
        ("paragraph 3.7(c)", "support from their manager"),  # BAR-14
        ("paragraph 3.7(g), first sentence", "keeps a clear record at every step"),  # BAR-18
        ("paragraph 3.9, second sentence", "reasons for the final decision about a conference on the child's file"),  # BAR-23
        ("Equality impact assessment", "safeguardingchildren@barnsley.gov.uk"),  # BAR-27
    ],
)
def test_what_nothing_checks_is_told(protocol: Protocol, source: str, words: str) -> None:
    assert words in next(one.text for one in protocol.guidance if one.source == source)


def test_what_this_document_does_not_have_is_not_made_up(protocol: Protocol) -> None:
    """It has no meeting, nobody who decides alone, nobody to ask for advice and nothing that is no disagreement."""
    assert not any(step.meeting or step.decision for ladder in protocol.ladders for step in ladder.steps)
    assert (protocol.advice, protocol.redirects, protocol.closing.planning_meeting) == (None, (), None)


def test_what_is_left_open_and_what_holds_until_the_board_says_otherwise(protocol: Protocol) -> None:
    """BAR-20: no time is stated, so nothing is open about one."""
    assert {choice.id: choice.value for choice in protocol.choices} == {
        "A-15": "board_decides",
        "A-28": "board",
        "A-29": "everyone_at_the_step",
    }
