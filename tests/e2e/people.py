"""People on both sides, and what they do by mail."""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg

from deploy.local.demo import DANA, FORM
from deploy.local.outlook import answer, new_mail
from deploy.local.part import CHECKOUT
from deploy.local.stack import Stack
from deploy.local.world import World, text
from services.contracts.vocabulary import Person

OUTCOME = "OUTCOME\nAgreed: The referral is accepted, and an Initial Assessment starts tomorrow.\nOutstanding: none\n"


def teacher(name: str) -> Person:
    """Somebody at the school, whose mail nobody else gets."""
    return Person(name=name, address=f"{name.lower().replace(' ', '.')}@school.demo.example")


def send_form(world: World, board: str, sender: Person, child: str = "Robin Sample") -> None:
    """Mail a form about this child."""
    form = FORM.format(today="1 December 2026").replace("Robin Sample", child)
    world.send(new_mail(sender, f"{board}@{world.stack['mail_domain']}", "A concern", form))


def references(world: World, sender: Person) -> list[str]:
    """The references of the forms that were read back to their sender, one for each mail."""
    found = [mail for _, mail in world.mails(sender.address) if "We have your form" in text(mail)]
    return [str(mail["Subject"]).partition("[")[2].partition("]")[0] for mail in found]


def agree(world: World, reference: str, raiser: Person, other: Person = DANA, step: str = "Act by") -> None:
    """The other side proposes an outcome, and both sides confirm it."""
    world.send(answer(world.wait_for(other, step, reference), other, OUTCOME))
    for person in (other, raiser):
        world.send(answer(world.wait_for(person, "Confirm the outcome", reference), person, "CONFIRM"))


def until(found: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait until there is something, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.2)
    raise AssertionError(f"nothing within {seconds:g} seconds")


def history(stack: Stack, reference: str) -> list[tuple[str, str]]:
    """Topic and message id of everything the records hold about a case, in order."""
    with psycopg.connect(stack.addresses()["databases"]["records"]) as connection:
        rows = connection.execute("SELECT topic, message_id::text FROM history WHERE case_id = %s ORDER BY seq", (reference,))
        return [(str(topic), str(message_id)) for topic, message_id in rows]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One of the project's commands."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        env=environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
