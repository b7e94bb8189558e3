"""Nobody at home is never silence: no answer, the wrong person, several agencies, advice, and those told of a risk."""

from datetime import timedelta

from services.contracts.contact_list import ContactLine
from services.contracts.escalator import ActRecorded, StandInAsked
from services.contracts.vocabulary import Person, ReplyAct, Sector, Side
from tests.cases import CHAMPION, CONTACTS, INBOX, RAISED_AT, RAISER, everybody, start
from tests.unit.escalator.story import Story

HOUR = timedelta(hours=1)
LEAD = ContactLine(
    agency="Social Care", role="safeguarding_champion", name="Ari Wood", address="ari@care.example", sector=Sector.SOCIAL_CARE
)
POLICE = ContactLine(agency="Police", role="allocated_social_worker", name="DS Bell", address="bell@police.example")


def hops(story: Story) -> list[tuple[str, str, list[str]]]:
    return [(m.why, m.hop, [p.address for p in m.people]) for m in story.messages if isinstance(m, StandInAsked)]


def test_silence_goes_to_the_deputy_then_the_safeguarding_lead_then_the_board_inside_the_steps_time() -> None:
    """BED-14, BED-17: half of the time, three quarters, seven eighths; each hop is recorded."""
    story = Story(contacts=(*CONTACTS, LEAD))
    due = story.case.deadline
    for hours, expected in (
        (12, ("no_answer", "deputy", ["jo@care.example"])),
        (18, ("no_answer", "safeguarding_lead", ["ari@care.example"])),
        (21, ("no_answer", "board", [])),
    ):
        story.wait_until(RAISED_AT + hours * HOUR)
        assert hops(story)[-1] == expected
    assert story.told("board_alert") == [INBOX]
    assert (story.case.step, story.case.deadline) == (1, due)
    assert {"sam@care.example", "jo@care.example", "ari@care.example"} <= story.asked()[Side.OTHER]


def test_a_side_that_has_said_something_is_left_alone() -> None:
    story = Story(contacts=(*CONTACTS, LEAD))
    story.says(ReplyAct.RESPONSE, Side.OTHER)
    story.wait_until(RAISED_AT + 23 * HOUR)
    assert hops(story) == []


def test_where_no_time_is_stated_each_reminder_goes_one_hop_further() -> None:
    """A-09: BED-S10 states no time at its second step."""
    story = Story("BED-S10", contacts=(*everybody("bedfordshire"),))
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    story.wait_until(RAISED_AT + timedelta(days=4))
    assert story.case.step == 2
    assert ("no_answer", "board", []) in hops(story)


def test_the_wrong_person_says_who_it_is() -> None:
    other = ContactLine(agency="Social Care", role="allocated_social_worker", name="Kit Shaw", address="kit@care.example")
    story = Story(contacts=(*CONTACTS, other))
    story.says(ReplyAct.WRONG_PERSON, Side.OTHER, named="Kit Shaw")
    assert story.told("step_reached")[-1] == "kit@care.example"
    assert "sam@care.example" not in story.asked()[Side.OTHER]
    assert hops(story) == [("wrong_person", "role", ["kit@care.example"])]


def test_each_agency_on_the_other_side_is_asked_and_confirms() -> None:
    """OXF-28, A-27: one for each agency, unless the board chose any one."""
    for choice, closes_with_one in (("one_for_each_agency", False), ("any_one", True)):
        begun = start("OXF-S2", on="oxfordshire", further_agencies=("Police",), choices={"A-27": choice})
        police = ContactLine(agency="Police", role="line_manager", name="DS Bell", address="bell@police.example")
        story = Story(begun, (*everybody("oxfordshire"), police))
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
        assert {"bell@police.example", "line_manager@care.example"} <= story.asked()[Side.OTHER]
        story.says(ReplyAct.OUTCOME_PROPOSED, Side.RAISING)
        story.says(ReplyAct.CONFIRMED, Side.RAISING)
        story.says(ReplyAct.CONFIRMED, Side.OTHER, by=Person(name="x", address="line_manager@care.example"))
        assert story.case.ended == closes_with_one
        if not closes_with_one:
            story.says(ReplyAct.CONFIRMED, Side.OTHER, by=Person(name="x", address="bell@police.example"))
            assert story.case.ended


def test_advice_is_asked_for_and_given_while_the_clock_runs_on() -> None:
    """BED-18, A-23."""
    story = Story()
    due = story.case.deadline
    story.says(ReplyAct.ADVICE_WANTED, Side.RAISING)
    assert story.told("asked") == [CHAMPION.address]
    story.says(ReplyAct.ADVICE_GIVEN, Side.RAISING, by=Person(name=CHAMPION.name, address=CHAMPION.address))
    assert story.told("told").count(RAISER.address) == 2  # that it was passed on, and the advice
    assert story.case.deadline == due
    assert story.case.heard == (Side.RAISING,)
    assert [m.act for m in story.messages if isinstance(m, ActRecorded)] == [ReplyAct.ADVICE_WANTED, ReplyAct.ADVICE_GIVEN]


def test_an_adviser_who_answers_with_the_word_of_the_question_has_answered() -> None:
    story = Story()
    story.says(ReplyAct.ADVICE_WANTED, Side.RAISING)
    story.says(ReplyAct.ADVICE_WANTED, Side.RAISING, by=Person(name=CHAMPION.name, address=CHAMPION.address))
    assert [m.act for m in story.messages if isinstance(m, ActRecorded)] == [ReplyAct.ADVICE_WANTED, ReplyAct.ADVICE_GIVEN]
    assert story.told("asked") == [CHAMPION.address]


def test_advice_that_nobody_can_give_goes_to_the_board() -> None:
    story = Story(contacts=())
    before = len(story.notices("board_alert"))
    story.says(ReplyAct.ADVICE_WANTED, Side.RAISING)
    assert len(story.notices("board_alert")) == before + 1


def test_whoever_the_protocol_names_is_told_that_a_child_is_still_at_risk() -> None:
    """BAR-05: line management, and two heads in children's social care."""
    story = Story(start("BAR-S1", on="barnsley"), everybody("barnsley"))
    story.says(ReplyAct.STILL_AT_RISK, Side.RAISING)
    assert {"line_manager@school.example", "head_of_safeguarding@care.example"} <= set(story.told("told"))
    assert "head_of_childrens_social_care@care.example" in story.told("told")
    assert INBOX in story.told("board_alert")


def test_a_management_committee_stands_in_for_senior_management_in_the_voluntary_sector() -> None:
    """BAR-11, BAR-16."""
    committee = ContactLine(
        agency="Demo School",
        role="management_committee_member",
        name="Lou Hart",
        address="lou@charity.example",
        sector=Sector.VCF,
    )
    story = Story(start("BAR-S1", on="barnsley"), (committee,))
    for _ in range(3):
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert story.case.step == 4
    assert "lou@charity.example" in story.asked()[Side.RAISING]


def test_a_role_held_for_the_whole_area_is_found_whichever_agency_it_sits_in() -> None:
    """OXF-29: the Core Group sits in neither agency."""
    group = ContactLine(agency="The Board", role="board_core_group", name="Core Group", address="core@board.example")
    story = Story(start("OXF-S5", on="oxfordshire"), (group,))
    while story.case.step < 4:
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert "core@board.example" in story.asked()[Side.OTHER]


def test_people_in_another_agency_are_not_asked_though_they_hold_the_role() -> None:
    assert POLICE.address not in Story(contacts=(*CONTACTS, POLICE)).told("step_reached")
