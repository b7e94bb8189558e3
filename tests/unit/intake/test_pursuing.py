"""Who does what by when, in the ways people write it (BED-19)."""

from datetime import UTC, date, datetime

import pytest

from services.contracts.content import Action
from services.intake.assent import names_of
from services.intake.outcomes import read_outcome
from services.intake.pursuing import day, items

NOW = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
WHAT, OWNERS, DAYS = ("Convene the follow-up", "Visit"), ("Sam Lee", "Jo Adeyemi"), (date(2026, 12, 9), date(2026, 12, 11))


@pytest.mark.parametrize(
    "text",
    [
        "Convene the follow-up - Sam Lee - 9 December\nVisit - Jo Adeyemi - 11 December",
        "1. Convene the follow-up - Sam Lee - 09/12/2026\n2. Visit - Jo Adeyemi - 11/12/26",
        "a) Convene the follow-up – Sam Lee – Weds 9th\nb) Visit – Jo Adeyemi – Fri 11 Dec",
        "Convene the follow-up — Sam Lee — 9.12.26\n\nVisit — Jo Adeyemi — 11.12.26",
        "| Convene the follow-up | Sam Lee | 9th December |\n| Visit | Jo Adeyemi | 11th December |",
        "Convene the follow-up\tSam Lee\t9 Dec\nVisit\tJo Adeyemi\t11 Dec",
        "Convene the follow-up - Sam Lee - by 9 December\nVisit - Jo Adeyemi - by Friday",
        "Convene the follow-up - Sam Lee by 9 December\nVisit - Jo Adeyemi by 11 December",
        "Convene the follow-up (Sam Lee, 9 December)\nVisit (Jo Adeyemi, 11 December).",
        "Convene the follow-up, Sam Lee, 9 December\nVisit, Jo Adeyemi, 11 December",
        "Convene the follow-up; 9 December; Sam Lee\nVisit; 11 December; Jo Adeyemi",
        "Convene the follow-up / Sam Lee / 9 Dec\nVisit / Jo Adeyemi / 11 Dec",
        "Convene the follow-up-Sam Lee-9 December\nVisit-Jo Adeyemi-11 December",
        "Convene the follow-up. Owner: Sam Lee. By: 9 December\nVisit. Owner: Jo Adeyemi. By: 11 December",
        "Convene the follow-up - who: Sam Lee - by when: 9 December\nVisit - who: Jo Adeyemi - by when: 11 December",
        "What: Convene the follow-up\nWho: Sam Lee\nBy when: 9 December\n\nWhat: Visit\nWho: Jo Adeyemi\nBy when: 11 December",
        "Convene the follow-up - Sam Lee - 9 December 2026 at 10am\nVisit - Jo Adeyemi - 11 December 2026, 2-3pm".replace(
            ", 2-3", " at 2"
        ),
        "Action\tOwner\tDate\nConvene the follow-up\tSam Lee\t9 December\nVisit\tJo Adeyemi\t11 December",
        "When\tWho\tWhat\n9 December\tSam Lee\tConvene the follow-up\n11 December\tJo Adeyemi\tVisit",
        "No.\tAction\tLead\tDeadline\n1\tConvene the follow-up\tSam Lee\t9 December\n2\tVisit\tJo Adeyemi\t11 December",
        "| Action | Who | When |\n|---|---|---|\n| Convene the follow-up | Sam Lee | 9 December |\n| Visit | Jo Adeyemi | 11 December |",
        "Action\n\nOwner\n\nDate\n\nConvene the follow-up\n\nSam Lee\n\n9 December\n\nVisit\n\nJo Adeyemi\n\n11 December",
    ],
)
def test_what_who_and_by_when_in_every_style(text: str) -> None:
    found = items(text, NOW)
    assert tuple((item.what, item.owner, day(item.by, NOW)) for item in found) == tuple(zip(WHAT, OWNERS, DAYS, strict=True))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Mrs Brook to bring the letter", Action(what="Mrs Brook to bring the letter")),
        ("Sam Lee to visit by 9 December", Action(what="Sam Lee to visit by 9 December", by="by 9 December")),
        ("Ring the school, the nursery and the GP", Action(what="Ring the school, the nursery and the GP")),
        ("Ring the school, then visit, 9 December", Action(what="Ring the school, then visit, 9 December")),
        ("Share well-being scores", Action(what="Share well-being scores")),
        ("Visit - Sam Lee - end of week", Action(what="Visit", owner="Sam Lee", by="end of week")),
        ("Visit (both parents)", Action(what="Visit (both parents)")),
    ],
)
def test_a_sentence_stays_a_sentence(line: str, expected: Action) -> None:
    """A name in it may be anybody's, and an owner travels in clear."""
    assert items(line, NOW) == (expected,)


def test_no_word_of_a_row_is_lost() -> None:
    found = items(f"What\tWho\nVisit\tJo\twith the nurse\nRing\n{'x' * 600}\tSam", NOW)
    assert found == (
        Action(what="Visit - with the nurse", owner="Jo"),
        Action(what="Ring"),
        Action(what=f"{'x' * 600}\tSam"),
    )


@pytest.mark.parametrize("text", ["", "none", "- Nil", "|---|---|", "Action\tOwner\tDate", "None outstanding."])
def test_nothing_is_pursued_where_there_is_nothing(text: str) -> None:
    assert items(text, NOW) == ()


def test_cells_that_do_not_fill_their_columns_are_lines() -> None:
    found = items("Action\nOwner\nDate\nVisit\nJo Adeyemi", NOW)
    assert [item.owner for item in found] == [""] * len(found)


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_name_below_an_outcome_is_no_outstanding_issue(gap: str) -> None:
    found = read_outcome(
        f"Agreed: a visit\nOutstanding: Who pays - Kit Novak\n\nLou Park{gap}Independent Chair", NOW, names_of("Lou Park")
    )
    assert found is not None
    assert found.content.outstanding == (Action(what="Who pays", owner="Kit Novak"),)
