"""What board staff do on a case's page reaches the case, and the people it is about."""

from collections.abc import Iterator

import httpx
import pytest

from deploy.local.stack import Stack
from deploy.local.world import World, send, submit
from services.contracts.vocabulary import Person
from tests.e2e.people import history, references, send_form, teacher, until

STAFF = Person(name="County Staff", address="county.staff@board.demo.example")
CHRIS = Person(name="Chris Bell", address="chris.bell@social-care.demo.example")


@pytest.fixture
def browser(world: World) -> Iterator[httpx.Client]:
    """Board staff, signed in."""
    opened = world.sign_in(STAFF)
    yield opened
    opened.close()


def do(browser: httpx.Client, reference: str, act: str, **answers: str) -> None:
    """Fill in the form of an act, check the answers, and send them."""
    checked = submit(browser, f"/cases/{reference}/do/{act}", answers | {"turn": "check"})
    assert "Check your answers" in checked.text
    send(browser, checked, {"turn": "send"})


def test_somebody_else_is_asked_and_a_case_is_ended_and_goes_on(stack: Stack, world: World, browser: httpx.Client) -> None:
    """A-20: a person confirms who is asked; a withdrawn case goes on where it was."""
    sender = teacher("Board Staff")
    send_form(world, "county", sender)
    reference = str(until(lambda: references(world, sender))[0])
    until(lambda: "escalator.step_reached" in [topic for topic, _ in history(stack, reference)])
    do(browser, reference, "ask", side="other", who="typed", name=CHRIS.name, address=CHRIS.address)
    world.wait_for(CHRIS, "Act by", reference)
    do(browser, reference, "withdraw", text="Both sides have talked to us.")
    world.wait_for(sender, "The disagreement was withdrawn", reference)
    until(lambda: f"/cases/{reference}/do/reopen" in browser.get(f"/cases/{reference}").text)
    do(browser, reference, "reopen", text="It has come back.")
    until(lambda: [topic for topic, _ in history(stack, reference)].count("escalator.step_reached") == 2)
    assert [topic for topic, _ in history(stack, reference)].count("records.staff_acted") == 3
