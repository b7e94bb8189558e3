"""An outcome's parts, and who pursues what by when (BIR-10, BED-19)."""

from datetime import UTC, date, datetime

from services.contracts.content import Action, OutcomeContent
from services.contracts.intake import Pursued
from services.intake.outcomes import read_outcome

NOW = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)


def test_an_outcome_without_labels_is_what_was_agreed() -> None:
    found = read_outcome("A meeting.\nOn Thursday.\n\nKind regards\nSam", NOW)
    assert found is not None
    assert (found.content, found.parts, found.pursued) == (OutcomeContent(agreed="A meeting.\nOn Thursday."), ("agreed",), ())


def test_an_outcome_with_labels() -> None:
    text = """A meeting.
Agreed: on Thursday
RISK: high
Depends on: none
Actions:
* Call it - Sam Oduya - 9 December
- Book a room
Tell the parents - in person - Asha Rees - before then
Write the plan - by 11/12/2026
1. Ring the school - Friday - Jo Li
Outstanding issues: nothing
Planning meeting: reconvened on 14 December with the parents
Review conference:
Working arrangement: none.

Thanks,
Sam"""
    found = read_outcome(text, NOW)
    assert found is not None
    assert found.content == OutcomeContent(
        agreed="A meeting.\non Thursday",
        risk="high",
        actions=(
            Action(what="Call it", owner="Sam Oduya", by="9 December"),
            Action(what="Book a room"),
            Action(what="Tell the parents - in person", owner="Asha Rees", by="before then"),
            Action(what="Write the plan", by="by 11/12/2026"),
            Action(what="Ring the school", owner="Jo Li", by="Friday"),
        ),
        planning="reconvened on 14 December with the parents",
    )
    assert found.parts == ("agreed", "working_arrangement", "risk", "depends_on", "actions", "outstanding", "planning")
    assert found.pursued == (
        Pursued(kind="action", owner="Sam Oduya", by=date(2026, 12, 9)),
        Pursued(kind="action", owner=""),
        Pursued(kind="action", owner="Asha Rees"),
        Pursued(kind="action", owner="", by=date(2026, 12, 11)),
        Pursued(kind="action", owner="Jo Li", by=date(2026, 12, 11)),
    )


def test_actions_come_before_outstanding_issues_whatever_their_order() -> None:
    found = read_outcome("Agreed: x\nOutstanding:\nWho pays - Jo\nActions:\nVisit - Sam", NOW)
    assert found is not None
    assert [(item.kind, item.owner) for item in found.pursued] == [("action", "Sam"), ("outstanding", "Jo")]


def test_a_working_arrangement_alone_is_an_outcome() -> None:
    """BIR-07: a way of working in the presence of disagreement."""
    found = read_outcome("Working arrangement: joint visits each week\nReview conference: brought forward to 4 January", NOW)
    assert found is not None
    assert (found.content.agreed, found.parts) == ("", ("working_arrangement", "review"))


def test_an_outcome_that_does_not_say_what_was_agreed_is_none() -> None:
    assert read_outcome("Risk: high", NOW) is None
    assert read_outcome("\n\nKind regards\nSam", NOW) is None


def test_a_sentence_in_the_owners_place_does_not_travel_in_clear() -> None:
    found = read_outcome("Agreed: x\nActions:\nVisit - " + "the mother said at length " * 5 + "- soon", NOW)
    assert found is not None
    assert found.pursued == (Pursued(kind="action", owner=""),)
    assert found.content.actions[0].owner.startswith("the mother")
