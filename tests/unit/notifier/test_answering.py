"""The answers a notice offers are the same in its buttons, on its page and in what the others hear of it."""

import re

import pytest

from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import ReplyAct, Side
from services.notifier import answering
from services.notifier.facts import Facts
from tests.unit.notifier.reading import PAGE, outline, prepared, write
from tests.unit.notifier.samples import SECRETS, notice
from tests.unit.notifier.variants import variants

IN_ONE_SENTENCE = {("RESPONSE",), ("DISPUTE",)}
"""What a notice that needs no answer says may still be answered."""


def links(command: SendNotice) -> list[str]:
    """Where the page's link leads, each time it is there."""
    tags = outline(write(command).html).tags
    return [found for tag, attributes in tags if tag == "a" and "/answer/" in (found := attributes.get("href") or "")]


def leads_elsewhere(command: SendNotice) -> bool:
    """Whether its page has no answer to choose, but the form to complete or correct, or the way to the latest notice."""
    if command.to.side is Side.BOARD:
        return False
    return command.kind in ("form_incomplete", "form_received", "act_not_taken") or command.facts.get("why") == "draft"


@pytest.mark.parametrize("command", variants(), ids=lambda command: command.kind)
def test_a_notice_that_may_be_answered_links_to_its_page(command: SendNotice) -> None:
    offered = answering.on_a_page(command)
    linked = bool(offered) or leads_elsewhere(command)
    assert links(command) == ([PAGE] if linked else [])
    assert write(command).text.count(PAGE) == linked
    assert not (offered and command.to.side is Side.BOARD)


@pytest.mark.parametrize("command", variants(), ids=lambda command: command.kind)
def test_the_page_offers_the_words_of_the_buttons(command: SendNotice) -> None:
    if command.kind == "form_incomplete" or command.to.side is Side.BOARD:
        assert answering.on_a_page(command) == ()
        return
    buttons = tuple(body.split("\r\n")[0].strip() for body in prepared(command))
    offered = answering.on_a_page(command)
    assert offered == buttons or (offered in IN_ONE_SENTENCE and not buttons)
    assert set(offered) <= {answering.decision(act) for act in ReplyAct}


def test_a_link_names_the_case_and_the_notice_and_nothing_else() -> None:
    (link,) = links(notice("step_reached"))
    assert re.fullmatch(r"https://forms\.example\.org\.uk/answer/demo-7k3qx9fa\.1\.o\.[a-z2-7]{16}", link)
    assert not [secret for secret in SECRETS if secret.lower() in link]


def test_a_kind_nobody_knows_offers_nothing() -> None:
    assert answering.offer("something_new", Facts()) == answering.Offer()
    assert answering.on_a_page(notice("step_reached").model_copy(update={"kind": "something_new"})) == ()
