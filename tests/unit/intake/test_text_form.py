"""The form as text: whatever people answer comes back as they wrote it, under the right label."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.contracts.content import FORM_LABELS, FURTHER_LABELS
from services.intake.domain import ASKED_LABELS, OPTIONAL_LABELS
from services.intake.forms.labels import at_start
from services.intake.forms.text import read_answers, read_text

LABELS = (*FORM_LABELS, *FURTHER_LABELS, *ASKED_LABELS, *OPTIONAL_LABELS)
WORD = st.text(string.ascii_letters + string.digits + "éŵ’,;()/", min_size=1, max_size=12).filter(
    lambda word: at_start(word) is None and any(character.isalnum() for character in word) and not word.startswith(("(", ")"))
)
LINE = st.lists(WORD, min_size=2, max_size=6).map(lambda words: "it " + " ".join(words))


@settings(suppress_health_check=[HealthCheck.too_slow])  # making so many lines takes a while on a busy machine
@given(st.lists(LINE, min_size=len(LABELS), max_size=len(LABELS)), st.sampled_from([str, str.upper, str.lower, str.title]))
def test_a_full_form_is_read_back_word_for_word(answers: list[str], case: type[str]) -> None:
    text = "\n\n".join(f"{case(label)}: {answer}" for (_, label), answer in zip(LABELS, answers, strict=True))
    found = read_text(text)
    assert found is not None
    assert found.fields() == {key: answer for (key, _), answer in zip(LABELS, answers, strict=True)}


@given(st.lists(st.one_of(LINE, st.just("")), min_size=13, max_size=13).filter(lambda lines: sum(map(bool, lines[3:9])) > 2))
def test_the_three_dates_are_bound_by_position_whatever_is_left_blank(answers: list[str]) -> None:
    text = "\n".join(f"{label}:\n{answer}\n" for (_, label), answer in zip(FORM_LABELS, answers, strict=True))
    found = read_text(text)
    assert found is not None
    expected = {key: answer for (key, _), answer in zip(FORM_LABELS, answers, strict=True)}
    if not any(character.isdigit() for character in expected["resolution_date"]):
        expected["resolution_date"] = ""  # below the last label only a date is one: a signature may follow
    assert found.form.model_dump(include=set(expected)) == expected


@given(st.lists(LINE, min_size=1, max_size=5))
def test_a_label_inside_an_answer_stays_in_the_answer(lines: list[str]) -> None:
    summary = "\n".join(("Date: 3 November", *lines, "From: the duty desk", "Response: none was given", "To: nobody"))
    above = "Date: 1 May\nFrom: A\nTo: B\nName of Child: C\nDOB: D\n"
    text = f"{above}Summary of Concern(s): {summary}\nRequested Action: E\nResponse:\nDate:\n"
    found = read_text(text)
    assert found is not None
    assert found.form.summary == summary
    assert (found.form.requested_action, found.form.response, found.form.date_raised) == ("E", "", "1 May")


@pytest.mark.parametrize(
    ("line", "field", "rest"),
    [
        ("Name of Child: Robin", "child_name", "Robin"),
        ("  > NAME OF THE CHILD :: Robin", "child_name", "Robin"),
        ("**DOB:** 1/2/15", "child_dob", "1/2/15"),
        ("D.O.B - 1/2/15", "child_dob", "1/2/15"),
        ("Date of Birth\t1/2/15", "child_dob", "1/2/15"),
        ("| Agency/Team | Social Care |", "agency_team", "Social Care"),
        ("3. Social Worker / Practitioner: Sam", "social_worker", "Sam"),
        ("Summary of concern(s)", "summary", ""),
        ("Resolution of Issues (If not resolved, progress as per the flowchart):", "resolution", ""),
        ("From (Practitioner):", "from_practitioner", ""),
        ("Is a child in immediate danger? No", "immediate_danger", "No"),
        ("Name of Child Robin Example", "child_name", "Robin Example"),
        ("DOB 31/3/15", "child_dob", "31/3/15"),
        ("Date 7 December", "date", "7 December"),
        ("Agency / Team Social Care", "agency_team", "Social Care"),
        ("Area(s) of disagreement: Case closure", "area", "Case closure"),
        ("What you agree on: the bruises", "areas_agreed", "the bruises"),
        ("Areas of agreement: the bruises", "areas_agreed", "the bruises"),
        ("RATIONALE FOR DECISION - none given", "rationale", "none given"),
        ("Supported by: the designated nurse", "supporter", "the designated nurse"),
        ("Discussed with my manager? Yes", "discussed_with_manager", "Yes"),
        ("**Other agencies:** police", "further_agencies", "police"),
        ("Date of decision: 4 December", "decided_at", "4 December"),
        ("Date of the decision | 4 December", "decided_at", "4 December"),
        ("The child needs to be safe by: Friday", "needed_by", "Friday"),
        ("Protection time-frame: Friday", "needed_by", "Friday"),
        ("Possible injury to a baby or young child? yes", "injury_to_infant", "yes"),
    ],
)
def test_labels_as_people_write_them(line: str, field: str, rest: str) -> None:
    label = at_start(line)
    assert label is not None
    assert (label.field, label.rest) == (field, rest)


@pytest.mark.parametrize(
    "line",
    [
        "The date: when we met",
        "Summary",
        "agency",
        "Date with the family",
        "Response times are long",
        "Re: DOB",
        "",
        "Responses: two",
    ],
)
def test_lines_that_are_no_labels(line: str) -> None:
    assert at_start(line) is None


@pytest.mark.parametrize(
    "text", ["", "hello", "Date: 1\nFrom: a\nTo: b\nSubject: c", "DOB: 1\nAgency/Team: x\nSocial worker: y"]
)
def test_what_is_no_form(text: str) -> None:
    assert read_text(text) is None


def test_labels_out_of_order_are_found_and_the_dates_stay_where_they_are() -> None:
    found = read_text(
        "DOB: 1/2/15\nName of Child: Robin\nRequested Action: b\nSummary of Concern(s): a\nResponse: c\nDate: 3 May"
    )
    assert found is not None
    assert (found.form.child_dob, found.form.child_name, found.form.summary) == ("1/2/15", "Robin", "a")
    assert (found.form.requested_action, found.form.response_date, found.form.date_raised) == ("b", "3 May", "")


def test_a_sentence_that_begins_like_a_label_does_not_take_its_place() -> None:
    text = "Name of Child: C\nDOB: D\nSummary of Concern(s): one\nRequested action was refused twice.\nRequested Action: E"
    found = read_text(text)
    assert found is not None
    assert (found.form.summary, found.form.requested_action) == ("one\nRequested action was refused twice.", "E")


def test_a_reply_may_give_one_answer() -> None:
    assert read_answers("Hello\nDOB: 1/2/15\nThanks\nAsha").given() == {"child_dob": "1/2/15"}


def test_a_reply_may_have_words_in_it_that_other_forms_have_for_labels() -> None:
    assert read_answers("Child: seen on Friday\nTeam: still short\nConcerns: none now\nDesired outcome: closure").given() == {}
    assert read_answers("Dyddiad geni: 3 Mawrth 2015").given() == {"child_dob": "3 Mawrth 2015"}


def test_other_words_for_a_label_stay_in_an_answer_where_the_form_has_its_own() -> None:
    summary = "Child: said he fell\nAgency: says the same\nConcern: still there\nOutcome sought: see below"
    text = f"Name of Child: C\nDOB: D\nAgency/Team: T\nSummary of Concern(s): {summary}\nRequested Action: E"
    found = read_text(text)
    assert found is not None
    assert (found.form.child_name, found.form.summary, found.form.requested_action) == ("C", summary, "E")


def test_the_words_of_other_forms_are_labels_where_the_form_has_no_others() -> None:
    found = read_text("Child: C\nDOB: D\nTeam: T\nConcerns: S\nDesired outcome: E")
    assert found is not None
    given = {"child_name": "C", "child_dob": "D", "agency_team": "T", "summary": "S", "requested_action": "E"}
    assert found.given() == given


def test_what_stands_below_a_short_answer_under_another_label_is_kept() -> None:
    text = "Name of Child: C\nNHS number: 943 476 5919\nAddress: 14 Mill Lane\nFlitwick\nDOB: D\nSummary of Concern(s): S"
    found = read_text(text)
    assert found is not None
    assert (found.form.child_name, found.form.child_dob) == ("C", "D")
    assert found.form.also == "NHS number: 943 476 5919\nAddress: 14 Mill Lane\nFlitwick"


def test_loud_words_and_parts_of_an_answer_are_no_headings() -> None:
    summary = "HE IS NOT SAFE AT HOME\nPART 2 of this is in my mail of Monday"
    found = read_text(
        f"Name of Child: C\nDOB: D\nSummary of Concern(s): {summary}\nPART C - FOR THE MANAGER\nRequested Action: E"
    )
    assert found is not None
    assert found.form.summary == summary
