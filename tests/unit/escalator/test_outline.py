"""A ladder in words, and what a board publishes of its protocol."""

import pytest

from services.contracts.content import FURTHER_LABELS
from services.contracts.outline import LadderOutline
from services.contracts.vocabulary import Writing
from services.escalator import outline
from services.escalator.ladders import Step, Unit, Who, Within
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol

PROTOCOLS = packaged_protocols()
BEDFORDSHIRE = PROTOCOLS["bedfordshire"]


def drawn(board: str, ladder: str) -> LadderOutline:
    protocol = PROTOCOLS[board]
    return outline.outline(protocol, protocol.ladder(ladder))


def test_a_step_names_whoever_may_act_on_each_side() -> None:
    """BED-S6: the referrer may act at the first two steps and not at the third (BED-12)."""
    steps = drawn("bedfordshire", "BED-S6").steps
    assert [step.raising for step in steps] == [
        ("Referrer", "Professional", "Manager", "Safeguarding Champion"),
        ("Referrer", "Manager", "Safeguarding Champion"),
        ("Manager", "Safeguarding Champion"),
    ]
    assert [step.other for step in steps] == [
        ("Allocated Social Worker",),
        ("Deputy Team Manager", "Team Manager"),
        ("Head of Service",),
    ]
    assert [step.within for step in steps] == ["within 24 hours", "within 36 hours", "within 48 hours"]
    assert [step.writing for step in steps] == [Writing.CONFIRM, Writing.CONFIRM, Writing.WRITTEN]


def test_the_sides_are_exchanged_where_the_other_raised_it() -> None:
    """BED-S10 (A-10): the chair may be the one who raises it."""
    ladder = BEDFORDSHIRE.ladder("BED-S10")
    straight, turned = outline.outline(BEDFORDSHIRE, ladder), outline.outline(BEDFORDSHIRE, ladder.turned_round())
    assert [(step.other, step.raising) for step in turned.steps] == [(step.raising, step.other) for step in straight.steps]


@pytest.mark.parametrize(
    ("within", "shares", "words"),
    [
        (None, None, "no time stated"),
        (Within(kind=Unit.IMMEDIATELY), None, "immediately"),
        (Within(kind=Unit.WITHOUT_DELAY), None, "without delay"),
        (Within(kind=Unit.AGREED), None, "within a time that the two sides agree"),
        (Within(kind=Unit.ELAPSED_HOURS, amount=24), None, "within 24 hours"),
        (Within(kind=Unit.ELAPSED_HOURS, amount=48), 2, "within 48 hours, shared with step 2"),
        (Within(kind=Unit.WORKING_HOURS, amount=1), None, "within 1 working hour"),
        (Within(kind=Unit.WORKING_DAYS, amount=2), None, "within 2 working days"),
        (Within(kind=Unit.ELAPSED_SECONDS, amount=1.5), None, "within 1.5 seconds"),
        (Within(kind=Unit.END_OF_WORKING_DAY, amount=1), None, "by the end of the next working day"),
        (Within(kind=Unit.END_OF_WORKING_DAY, amount=3), None, "by the end of working day 3 after"),
    ],
)
def test_every_stated_time_has_words(within: Within | None, shares: int | None, words: str) -> None:
    step = Step(
        number=3,
        action="Talk",
        with_=Who(),
        by=Who(),
        within=within,
        shares_time_with=shares,
        writing=Writing.NONE,
        source="here",
    )
    assert outline.stated_time(step) == words


def test_every_ladder_says_how_it_ends() -> None:
    """A-13, A-15, BAR-22."""
    assert "board staff decide" in drawn("bedfordshire", "BED-S6").ending.lower()
    assert drawn("barnsley", "BAR-S2").ending == "A Child Protection Conference is held: Social Work Team Manager"
    ended = drawn("bedfordshire", "BED-S2").ending
    assert ended.startswith("The advice is taken or not, and that ends it")
    oxfordshire = PROTOCOLS["oxfordshire"].with_choices({"A-15": "last_step_goes_on"})
    assert "goes on" in outline.outline(oxfordshire, oxfordshire.ladders[0]).ending


def test_a_choice_says_whose_it_is() -> None:
    chosen = BEDFORDSHIRE.with_choices({"A-02": "per_step"})
    found = {choice.id: choice for choice in outline.choices(chosen)}
    assert (found["A-02"].value, found["A-02"].by_board) == ("per step", True)
    assert (found["A-03"].value, found["A-03"].by_board) == ("elapsed hours", False)
    assert found["A-11"].value == "asked of whoever raises it"


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_what_is_published_fits_the_protocol(protocol: Protocol) -> None:
    assert [ladder.id for ladder in outline.ladders(protocol)] == [ladder.id for ladder in protocol.ladders]
    assert all(ladder.ending for ladder in outline.ladders(protocol))
    assert {redirect.area for redirect in outline.redirects(protocol)} <= set(protocol.areas)
    assert set(outline.asks(protocol)) <= {field for field, _ in FURTHER_LABELS}
    assert {role.key for role in outline.roles(protocol)} == set(protocol.roles)


def test_what_is_no_disagreement_in_birmingham_says_where_it_goes() -> None:
    """BIR-05, BIR-06: a plan that was not carried out goes to the core group, the conference or a manager."""
    (redirect,) = outline.redirects(PROTOCOLS["birmingham"])
    assert len(redirect.instead) == 3
    assert redirect.name == PROTOCOLS["birmingham"].areas[redirect.area]
