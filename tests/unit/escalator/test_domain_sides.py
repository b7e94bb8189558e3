"""Who stands on which side: a ladder that is turned round, people who are not reached, and agencies with like names."""

from datetime import timedelta

from services.contracts.contact_list import ContactLine
from services.contracts.vocabulary import Person, ReplyAct, Side
from tests.cases import CHAMPION, CONTACTS, INBOX, MANAGER, RAISED_AT, RAISER, SOCIAL_WORKER, start
from tests.unit.escalator.story import Story

HOUR = timedelta(hours=1)

CHAIR = ContactLine(
    agency="Social Care", role="conference_chair", name="Alex Okafor", address="alex@care.example", deputy="kit@care.example"
)
OTHER_CHAIR = ContactLine(agency="Social Care", role="conference_chair", name="Bo Lind", address="bo@care.example")
CRS_MANAGER = ContactLine(agency="Social Care", role="crs_team_manager", name="Kit Barnes", address="kit@care.example")
QUALITY = ContactLine(agency="Social Care", role="head_of_quality_assurance", name="Fran Ahmed", address="fran@care.example")
NURSE = ContactLine(agency="Demo School", role="practitioner", name="Ines Vale", address="ines@school.example")
CONFERENCE = (*CONTACTS, CHAIR, OTHER_CHAIR, CRS_MANAGER, QUALITY, NURSE)
ALEX = Person(name="Alex Okafor", address="Alex@care.example")


def raised_by_the_chair(worker: str = "Ines Vale, school nurse", contacts: tuple[ContactLine, ...] = CONFERENCE) -> Story:
    """A Conference Chair disagrees with somebody at the school."""
    begun = start(
        "BED-S10",
        own=("Social Care", ("conference_chair",)),
        raised_by=ALEX,
        other_agency="Demo School",
        other_worker=worker,
    )
    return Story(begun, contacts)


def test_a_professional_raises_a_disagreement_with_the_chair() -> None:
    """BED-S10 as it is printed."""
    story = Story(start("BED-S10", other_worker="Alex Okafor"), CONFERENCE)
    assert story.asked() == {Side.RAISING: {RAISER.address}, Side.OTHER: {CHAIR.address}}
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert story.asked() == {Side.RAISING: {MANAGER.address, CHAMPION.address}, Side.OTHER: {CRS_MANAGER.address}}


def test_the_chair_raises_a_disagreement_with_a_professional() -> None:
    """A-10: the ladder is turned round, and the Chair acts themself: no other chair is told."""
    story = raised_by_the_chair()
    assert story.case.turned_round
    assert story.asked() == {Side.RAISING: {ALEX.address}, Side.OTHER: {NURSE.address}}
    assert set(story.told("step_reached")) == {ALEX.address, NURSE.address}
    assert all(notice.facts["must_act"] for notice in story.notices("step_reached"))
    assert story.told("board_alert") == []


def test_a_ladder_turned_round_goes_up_on_both_sides() -> None:
    story = raised_by_the_chair()
    story.wait_until(RAISED_AT + 24 * HOUR)
    assert story.asked() == {Side.RAISING: {CRS_MANAGER.address}, Side.OTHER: {MANAGER.address, CHAMPION.address}}
    told = {notice.to.address: notice.facts["must_act"] for notice in story.notices("step_reached")[-4:]}
    assert told == {CRS_MANAGER.address: True, MANAGER.address: True, CHAMPION.address: True, ALEX.address: False}
    story.says(ReplyAct.NOT_RESOLVED, Side.OTHER)
    assert story.asked()[Side.RAISING] == {QUALITY.address, "priya@care.example"}
    assert story.asked()[Side.OTHER] == {
        CHAMPION.address
    }  # nobody there is a head of service: their safeguarding lead is asked


def test_a_ladder_turned_round_ends_with_both_sides_confirming() -> None:
    story = raised_by_the_chair()
    nurse = Person(name="Ines Vale", address=NURSE.address)
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER, by=nurse)
    story.says(ReplyAct.CONFIRMED, Side.RAISING, by=ALEX)
    story.says(ReplyAct.CONFIRMED, Side.OTHER, by=nurse)
    assert story.state() == "closed"


def test_the_other_professional_is_whoever_the_form_names_whatever_their_role() -> None:
    story = raised_by_the_chair(worker="Morgan Ellis")
    assert story.asked()[Side.OTHER] == {MANAGER.address}


def test_a_professional_who_is_not_on_file_is_sought_through_their_safeguarding_lead() -> None:
    for worker in ("Somebody Else", ""):
        assert raised_by_the_chair(worker).asked()[Side.OTHER] == {CHAMPION.address}


def test_a_professional_who_is_away_is_stood_in_for_by_their_deputy() -> None:
    with_deputy = NURSE.model_copy(update={"deputy": MANAGER.address})
    story = raised_by_the_chair(contacts=(*CONFERENCE[:-1], with_deputy))
    story.not_reached(NURSE.address)
    assert story.asked()[Side.OTHER] == {MANAGER.address}


def test_nobody_on_file_in_the_other_agency_is_told_to_the_board() -> None:
    story = raised_by_the_chair(contacts=(CHAIR, CRS_MANAGER))
    assert "for the other side" in str(story.last("board_alert").facts["detail"])
    assert story.asked()[Side.OTHER] == set()


def test_a_chair_who_is_away_is_stood_in_for_by_another() -> None:
    story = raised_by_the_chair()
    story.not_reached(ALEX.address.lower())
    assert story.asked()[Side.RAISING] == {OTHER_CHAIR.address}


def test_a_ladder_is_not_turned_round_for_another_role_or_where_only_one_side_may_raise_it() -> None:
    other_role = start("BED-S10", own=("Social Care", ("team_manager",)))
    assert not Story(other_role, CONFERENCE).case.turned_round
    one_sided = start("BED-S6", own=("Social Care", ("allocated_social_worker",)))
    assert not Story(one_sided, CONFERENCE).case.turned_round


def test_a_disagreement_with_ones_own_manager_stays_in_the_agency_whatever_the_form_says() -> None:
    """BED-S1: the practitioner may be a manager on file too; nobody is their own opposite number."""
    mine = ContactLine(agency="Demo School", role="manager", name=RAISER.name, address=RAISER.address.upper())
    for agency in ("Social Care", "Demo School", ""):
        story = Story(start("BED-S1", other_agency=agency), (*CONTACTS, mine))
        assert story.asked() == {Side.RAISING: {RAISER.address}, Side.OTHER: {MANAGER.address}}


def test_whoever_raised_it_and_also_holds_the_role_is_told_once() -> None:
    """BED-S6, step 3: the manager or Champion acts; here the manager is the one who raised it."""
    mine = ContactLine(agency="Demo School", role="manager", name=RAISER.name, address=RAISER.address)
    story = Story(start("BED-S6", own=("Demo School", ("manager",))), (*CONTACTS[1:], mine))
    story.wait_until(RAISED_AT + 36 * HOUR)
    last_step = [notice for notice in story.notices("step_reached") if notice.facts["step"] == 3]
    assert [notice.facts["must_act"] for notice in last_step if notice.to.address == RAISER.address] == [True]


def test_both_sides_bounce_and_others_stand_in_on_each() -> None:
    story = Story()
    story.not_reached(RAISER.address)
    story.not_reached(SOCIAL_WORKER.address)
    story.not_reached(MANAGER.address)
    assert story.asked() == {Side.RAISING: {CHAMPION.address}, Side.OTHER: {"jo@care.example"}}
    story.not_reached(CHAMPION.address)
    story.not_reached("jo@care.example")
    assert story.asked() == {Side.RAISING: set(), Side.OTHER: set()}
    alerts = [str(notice.facts["what"]) for notice in story.notices("board_alert")]
    assert alerts.count("not_reached") == 5
    assert alerts.count("nobody_on_file") == 2
    story.wait_until(RAISED_AT + 24 * HOUR)
    assert story.case.step == 2
    assert RAISER.address in story.asked()[Side.RAISING]  # a new step asks anew: an absence may be over


def test_whoever_raised_it_is_stood_in_for_where_the_step_means_them_alone() -> None:
    """BED-S4, step 1: the referrer."""
    story = Story("BED-S4")
    assert story.asked()[Side.RAISING] == {RAISER.address}
    story.not_reached(RAISER.address)
    assert story.asked()[Side.RAISING] == {CHAMPION.address}
    assert story.last("step_reached").facts["must_act"]


def test_a_person_who_is_not_reached_twice_is_told_to_the_board_once() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    for number in [n for n, to in enumerate(story.case.addressed, 1) if to == MANAGER.address]:
        story.bounces(number)
    assert [notice.facts["detail"] for notice in story.notices("board_alert")] == [
        "Our mail did not reach Morgan Ellis at step 1: it came back."
    ]


def test_a_bounce_from_a_notice_that_was_never_sent_is_told_and_changes_nobody() -> None:
    story = Story()
    people = story.case.people
    for number in (0, 999, "i1", "²", ""):
        story.bounces(number)
    assert len(story.told("board_alert")) == 5
    assert story.case.people == people


def test_a_bounce_after_the_last_step_is_told_and_asks_nobody_else() -> None:
    story = Story()
    story.wait_until(RAISED_AT + 48 * HOUR)
    people = story.case.people
    story.not_reached("priya@care.example")
    assert story.last("board_alert").facts["what"] == "not_reached"
    assert story.case.people == people


def test_a_stand_in_is_told_of_the_outcome_that_waits() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.RAISING)
    story.not_reached(SOCIAL_WORKER.address)
    assert story.told("outcome_proposed")[-1] == "jo@care.example"


def test_nobody_of_an_agency_with_a_like_name_is_told() -> None:
    """Two councils' social care: a form that fits both reaches neither, and the board decides."""
    borough, county = (
        tuple(
            c.model_copy(update={"agency": f"{place} {c.agency}", "address": f"{place.lower()}.{c.address}"})
            for c in CONTACTS[2:]
        )
        for place in ("Borough", "County")
    )
    contacts = (MANAGER, CHAMPION, *borough, *county)
    unclear = Story(start(other_agency="Social Care", other_worker="the duty team"), contacts)
    assert unclear.asked()[Side.OTHER] == set()
    assert unclear.told("board_alert") == [INBOX]
    clear = Story(start(other_agency="County Social Care, Team 3"), contacts)
    assert clear.asked()[Side.OTHER] == {"county.sam@care.example"}


def test_a_manager_who_raises_it_is_not_their_own_opposite_number() -> None:
    mine = ContactLine(agency="Demo School", role="manager", name=RAISER.name, address=RAISER.address)
    story = Story(start("BED-S1"), (CHAMPION, mine))
    assert story.asked() == {Side.RAISING: {RAISER.address}, Side.OTHER: {CHAMPION.address}}
