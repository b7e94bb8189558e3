"""The other four boards' documents through all four services, by mail: each with a rule that no other board has."""

from datetime import UTC, datetime, timedelta

from deploy.local.demo import DANA, FORM
from deploy.local.outlook import answer, new_mail
from deploy.local.stack import Stack
from deploy.local.world import World, text
from services.contracts.vocabulary import Person
from tests.e2e.people import history, references, teacher, until

WHOLE = """\
OUTCOME
Agreed: The referral is accepted.
Risk: Neglect; both sides see it the same way.
Depends on: none
Actions: none
Outstanding: none
"""


def raised(world: World, board: str, sender: Person, stage: str, area: str) -> str:
    """Mail a form about this, and wait for its reference."""
    stated = (
        "Contact or referral to Children's Social Care",
        "Children's Social Care takes no further action on the contact or referral",
    )
    form = FORM.format(today="1 December 2026").replace(stated[0], stage, 1).replace(stated[1], area, 1)
    world.send(new_mail(sender, f"{board}@{world.stack['mail_domain']}", "A concern", form))
    return str(until(lambda: references(world, sender))[0])


def agree(world: World, reference: str, sender: Person, outcome: str) -> None:
    """The other side proposes, and both confirm."""
    world.send(answer(world.wait_for(DANA, "HOW TO ANSWER", reference), DANA, outcome))
    for person in (DANA, sender):
        world.send(answer(world.wait_for(person, "Confirm the outcome", reference), person, "CONFIRM"))
    world.wait_for(sender, "both sides confirmed", reference)


def topics(stack: Stack, reference: str) -> list[str]:
    return [topic for topic, _ in history(stack, reference)]


def test_birmingham_sends_a_plan_that_was_not_carried_out_elsewhere(stack: Stack, world: World) -> None:
    """BIR-05, BIR-06; it goes on when the practitioner says that it is a disagreement."""
    sender = teacher("Core Group")
    reference = raised(world, "birmingham", sender, "Core group", "plan_not_carried_out")
    told = world.wait_for(sender, "Where to take this", reference)
    assert "1.2" in text(told)
    assert "escalator.case_opened" not in topics(stack, reference)
    world.send(answer(told, sender, "REOPEN\nWe never agreed on that part of the plan."))
    until(lambda: "escalator.step_reached" in topics(stack, reference))


def test_birminghams_chair_decides_and_dissent_is_recorded(stack: Stack, world: World) -> None:
    """BIR-19, BIR-10."""
    sender = teacher("Strategy Meeting")
    reference = raised(world, "birmingham", sender, "Strategy discussion", "Whether section 47 enquiries are needed")
    decision = WHOLE.replace("OUTCOME", "DECISION").replace("The referral is accepted", "There are no enquiries")
    world.send(answer(world.wait_for(DANA, "HOW TO ANSWER", reference), DANA, decision))
    decided = world.wait_for(sender, "There are no enquiries", reference)
    world.send(answer(decided, sender, "DISSENT\nThe bruises were not looked at."))
    challenge = world.wait_for(sender, "Do you challenge the decision?", reference)
    world.send(answer(challenge, sender, "CHALLENGE\nA paediatrician should see the child."))
    until(lambda: topics(stack, reference).count("escalator.step_reached") == 2)
    assert topics(stack, reference).count("escalator.dissent_recorded") == 1


def test_oxfordshires_two_sides_set_their_own_time(stack: Stack, world: World) -> None:
    """OXF-10, A-25, OXF-16: within the ceiling; the planning meeting is followed up."""
    sender = teacher("Own Time")
    reference = raised(world, "oxfordshire", sender, "Referral or enquiry", "Sharing information at the referral stage")
    soon = datetime.now(UTC) + timedelta(days=1)
    step = world.wait_for(sender, "HOW TO ANSWER", reference)
    world.send(answer(step, sender, f"TIME {soon.day} {soon:%B %Y} at 4pm"))
    world.send(answer(world.wait_for(DANA, "Do you agree to this time?", reference), DANA, "AGREE TIME"))
    world.wait_for(sender, "The time of this step has changed", reference)
    agree(world, reference, sender, WHOLE)
    world.send(answer(world.wait_for(sender, "What is still to be done", reference), sender, "DONE 1\nIt met today."))
    world.wait_for(DANA, "Follow-up 1 is done", reference)


def test_barnsleys_conference_is_convened_where_nobody_agrees(stack: Stack, world: World) -> None:
    """BAR-22: the default outcome, followed up with whoever convenes it."""
    sender = teacher("No Conference")
    area = "Children's Social Care has decided not to hold a Child Protection Conference"
    reference = raised(world, "barnsley", sender, "Request for a Child Protection Conference", area)
    for step in (1, 2):
        notice = world.wait_for(sender, f"step {step} of 2", reference)
        world.send(answer(notice, sender, "NOT RESOLVED"))
    assert "conference" in text(world.wait_for(DANA, "What is still to be done", reference)).lower()
    assert topics(stack, reference).count("escalator.case_closed") == 1


def test_northamptonshires_first_stage_has_a_name_and_a_working_day(stack: Stack, world: World) -> None:
    """NOR-05, NOR-10."""
    sender = teacher("Tea Break")
    area = "A referral is not considered to meet the threshold for assessment by Children's Social Care"
    reference = raised(world, "northamptonshire", sender, "Any stage of a child's case", area)
    notice = text(world.wait_for(DANA, "HOW TO ANSWER", reference))
    assert "Prevention" in notice
    assert "1 working day from" in notice
    agree(world, reference, sender, WHOLE)
