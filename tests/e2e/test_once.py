"""Nothing is lost and nothing is doubled, one by one or all at once."""

from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

from deploy.local.demo import DANA
from deploy.local.outlook import answer
from deploy.local.stack import Stack
from deploy.local.world import World, text
from tests.e2e.people import OUTCOME, agree, history, references, send_form, teacher, until

FORMS = 50


def test_the_same_form_twice_is_one_case(stack: Stack, world: World) -> None:
    sender = teacher("Twice Over")
    for _ in range(2):
        send_form(world, "county", sender)
    first, second = until(lambda: found if len(found := references(world, sender)) >= 2 else None)
    assert first == second
    agree(world, first, sender)
    world.wait_for(sender, "both sides confirmed", first)
    topics = [topic for topic, _ in history(stack, first)]
    assert topics.count("intake.form_received") == 1
    assert topics.count("escalator.case_opened") == 1
    assert topics.count("escalator.case_closed") == 1


def test_fifty_forms_at_once_are_fifty_cases_and_a_hundred_confirmations_asked_for(stack: Stack, world: World) -> None:
    sender = teacher("Fifty Forms")
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda number: send_form(world, "county", sender, f"Child Number{number}"), range(FORMS)))
    cases = until(lambda: found if len(found := set(references(world, sender))) >= FORMS else None, 180)
    assert len(cases) == FORMS

    def steps() -> dict[str, EmailMessage]:
        mails = [mail for _, mail in world.mails(DANA.address) if "Act by" in text(mail)]
        found = {str(mail["Subject"]).partition("[")[2].partition("]")[0]: mail for mail in mails}
        return {reference: mail for reference, mail in found.items() if reference in cases}

    told = until(lambda: found if len(found := steps()) >= FORMS else None, 180)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda mail: world.send(answer(mail, DANA, OUTCOME)), told.values()))

    def asked() -> list[str]:
        mails = [mail for person in (sender, DANA) for _, mail in world.mails(person.address)]
        return [m["Subject"] for m in mails if "Confirm the outcome" in text(m) and any(c in m["Subject"] for c in cases)]

    assert len(until(lambda: found if len(found := asked()) >= 2 * FORMS else None, 180)) == 2 * FORMS
    for reference in cases:
        topics = [topic for topic, _ in history(stack, reference)]
        assert topics.count("escalator.case_opened") == 1
        assert topics.count("escalator.outcome_proposed") == 1
