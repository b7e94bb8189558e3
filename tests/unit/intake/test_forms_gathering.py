"""Several forms in one mail, and several children on one form: what is told apart, what is one, and what is asked."""

import pytest

from services.contracts.content import FormContent
from services.intake.domain import Answers
from services.intake.forms.attachments import Found
from services.intake.forms.children import names
from services.intake.forms.gathering import CONFLICT, MOST, TOO_MANY, gather
from services.intake.forms.rows import Row
from services.intake.forms.sheet import forms
from services.intake.forms.ticks import ticked

ROBIN = Answers(form=FormContent(child_name="Robin Example", summary="Bruises,\ntwice.", requested_action="A meeting."))


def found(answers: Answers, where: str = "") -> Found:
    return Found(where, answers)


def changed(**said: str) -> Answers:
    return Answers.of({**ROBIN.fields(), **said})


def test_the_same_form_twice_is_one_however_its_lines_are_broken() -> None:
    """A document is often sent together with its PDF."""
    again = changed(summary="Bruises, twice", child_name="robin  example")
    assert gather((found(ROBIN, "Word"), found(again, "PDF"))).forms == (found(ROBIN, "Word"),)


@pytest.mark.parametrize("part", [Answers(), changed(summary=""), Answers(case_stage="")])
def test_a_form_that_says_less_is_no_form_of_its_own(part: Answers) -> None:
    for order in ((found(part), found(ROBIN)), (found(ROBIN), found(part))):
        assert [one.answers for one in gather(order).forms] == [ROBIN]


def test_an_empty_form_alone_is_a_form() -> None:
    assert [one.answers for one in gather((found(Answers()), found(Answers()))).forms] == [Answers()]


def test_forms_about_different_children_are_different_cases_in_their_order() -> None:
    forms_in_mail = (found(ROBIN), found(changed(child_name="Kim Sample", needed_by="tomorrow")))
    gathered = gather(forms_in_mail)
    assert (gathered.forms, gathered.problem) == (forms_in_mail, "")


def test_more_forms_than_anybody_fills_in_are_asked_about() -> None:
    gathered = gather([found(changed(child_name=f"Child {number}")) for number in range(MOST + 1)])
    assert (gathered.problem, len(gathered.forms)) == (TOO_MANY, MOST)


@pytest.mark.parametrize("other", [changed(summary="Bruises, three times."), changed(child_name="", summary="Other.")])
def test_two_versions_about_one_child_are_asked_about(other: Answers) -> None:
    """What cannot be told apart is asked, never guessed."""
    gathered = gather((found(ROBIN), found(other)))
    assert gathered.problem == CONFLICT
    assert len(gathered.forms) == 2


@pytest.mark.parametrize(
    ("said", "children"),
    [
        ("", ()),
        ("Robin Example", ("Robin Example",)),
        ("Example, Robin", ("Example, Robin",)),
        ("Robin Example and Kim Example", ("Robin Example", "Kim Example")),
        ("Robin and Kim Example", ("Robin", "Kim Example")),
        ("Robin Example, Kim Example & Sam Example", ("Robin Example", "Kim Example", "Sam Example")),
        ("Robin Example; Kim Example", ("Robin Example", "Kim Example")),
        ("1. Robin Example\n2. Kim Example", ("Robin Example", "Kim Example")),
        ("Robin Example a Kim Example", ("Robin Example", "Kim Example")),
        ("Robin Example (known as Rob and Bobby)", ("Robin Example",)),
        ("Unborn baby of Jo Example and Al Example", ("Unborn baby of Jo Example and Al Example",)),
        ("Robin Example and Robin Example", ("Robin Example",)),
        ("Alexander Grand", ("Alexander Grand",)),
    ],
)
def test_the_children_a_form_names(said: str, children: tuple[str, ...]) -> None:
    assert names(said) == children


@pytest.mark.parametrize(
    ("answer", "chosen"),
    [
        ("☐ Yes ☒ No", "No"),
        ("☑ Yes ☐ No", "Yes"),
        ("☐ Yes ☐ No", ""),
        ("[x] Yes [ ] No", "Yes"),
        ("☒ Health\n☒ Police\n☐ School", "Health\nPolice"),
        ("No boxes here", "No boxes here"),
        ("Yes ☐ No ☑", "No"),
        ("Yes ☑ No ☐", "Yes"),
        ("Yes ☐\nNo ☒", "No"),
        ("Yes [ ]  No [x]", "No"),
        ("Y □  N ■", "N"),
        ("( ) Yes  (x) No", "No"),
        ("☐ Yes ☒ No (please tick)", "No"),
        ("Please tick: ☐ Yes ☒ No", "No"),
        ("Yes ✔ No", "Yes ✔ No"),
        ("YES / NO", "YES / NO"),
        ("Yes/No (delete as applicable): No", "No"),
        ("☒ Neglect\n☐ Injury\nThe house is cold.", "Neglect\nThe house is cold."),
        ("A lone ☐", "A lone ☐"),
    ],
)
def test_what_is_ticked_is_the_answer(answer: str, chosen: str) -> None:
    assert ticked(answer) == chosen


def test_a_label_beside_no_answer_says_nothing_and_a_row_of_nothing_known_is_kept() -> None:
    rows = [Row(("Name of Child:", "Robin Example")), Row(("Case number", "12")), Row(("Summary of Concern(s):", "Bruises."))]
    rows += [Row(("", "They were seen twice.")), Row(("Requested Action:", "A meeting.")), Row(("Response:",))]
    (answers,) = forms(rows)
    assert answers.given() == {
        "child_name": "Robin Example",
        "summary": "Bruises.\nThey were seen twice.",
        "requested_action": "A meeting.",
        "also": "Case number: 12",
    }


def test_a_stray_date_is_bound_to_none_of_the_three_and_kept() -> None:
    """Only three places have a date (A-21)."""
    rows = [
        Row(("Date:", "1 May")),
        Row(("Name of Child:", "R")),
        Row(("DOB:", "1/2/15")),
        Row(("Summary of Concern(s):", "B")),
    ]
    rows += [Row(("Date:", "2 May")), Row(("Requested Action:", "M")), Row(("Response:", "No")), Row(("Date:", "3 May"))]
    (answers,) = forms(rows)
    assert (answers.form.date_raised, answers.form.response_date, answers.form.resolution_date) == ("1 May", "3 May", "")
    assert answers.form.also == "Date: 2 May"
