"""Every service is killed once, and the broker too, in the middle of one case: it still ends right, once."""

import json
import os
import signal

from deploy.local.demo import DANA, LEE, OUTCOME
from deploy.local.outlook import answer
from deploy.local.stack import Stack
from deploy.local.world import World, text
from tests.e2e.people import history, references, run, send_form, teacher, until


def kill(stack: Stack, name: str) -> None:
    """SIGKILL a program; the supervisor starts it again, and says so."""
    before = stack.pid(name)
    os.kill(before, signal.SIGKILL)
    until(lambda: [state for state in stack.states() if state.name == name and state.pid not in {0, before}])


def test_a_case_survives_the_death_of_every_part(stack: Stack, world: World) -> None:
    sender = teacher("Killed Often")
    send_form(world, "demonstration", sender)
    kill(stack, "intake")
    (reference,) = until(lambda: references(world, sender), 90)
    world.wait_for(DANA, "Act by", reference)
    kill(stack, "escalator")
    kill(stack, "notifier")
    step = world.wait_for(LEE, "step 2 of", reference, 120)
    kill(stack, "rabbitmq")
    world.send(answer(step, LEE, OUTCOME))
    kill(stack, "records")
    for person in (LEE, sender):
        world.send(answer(world.wait_for(person, "Confirm the outcome", reference, 120), person, "CONFIRM"))
    for person in (LEE, sender):
        closed = world.wait_for(person, "both sides confirmed", reference, 120)
        assert [part.get_content_type() for part in closed.iter_attachments()] == ["application/pdf"]

    said = history(stack, reference)
    assert len(said) == len(set(said))
    topics = [topic for topic, _ in said]
    for once in ("intake.form_received", "escalator.case_opened", "escalator.case_closed", "records.record_issued"):
        assert topics.count(once) == 1, once
    assert topics.count("escalator.outcome_confirmed") == 2
    copies = [
        mail for _, mail in world.mails(sender.address) if "both sides confirmed" in text(mail) and reference in mail["Subject"]
    ]
    assert len({mail["Message-ID"] for mail in copies}) == 1
    checked = run("services.records", "verify", "--json", CONCORD_DATABASE_URL=stack.postgresql.service_url("records"))
    assert json.loads(checked.stdout)["ok"]
    assert {death.name for death in stack.supervisor.deaths()} >= {"intake", "escalator", "notifier", "rabbitmq", "records"}
