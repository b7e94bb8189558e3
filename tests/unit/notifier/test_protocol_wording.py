"""What a protocol asks for, allows and ends with, as notices put it."""

import re

import pytest
from pydantic import JsonValue

from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import Recipient, Side, Why
from services.notifier import sentences
from tests.unit.notifier.reading import REPLY_TO, WORDING, both, outline, prepared, words_of, write
from tests.unit.notifier.samples import (
    BOARD_URL,
    CASE,
    DEADLINE,
    FACTS,
    FORM,
    REPLY,
    SEALER,
    WHOLE_OUTCOME,
    decision,
    notice,
)
from tests.unit.notifier.variants import RULED, WHYS


def test_a_local_procedure_that_comes_first_is_named() -> None:
    """A-08: the protocol defers to a text that we do not hold."""
    procedure: JsonValue = {"title": "Conference request policy", "note": "Ask the conference service for it.", "link": None}
    written = WORDING.write(notice("step_reached", facts={**FACTS["step_reached"], "local_procedure": procedure}), REPLY_TO)
    for words in (" ".join(written.text.split()), written.html):
        assert "points to another text first: Conference request policy. Ask the conference service for it." in words.replace(
            "\n", " "
        )


@pytest.mark.parametrize("kind", ["step_reached", "reminder"])
def test_what_the_protocol_asks_for_at_a_step_is_shown_with_its_source(kind: str) -> None:
    """BAR-13, BIR-19, NOR-10: the rule as it stands, and where the document says so."""
    for words in both(notice(kind, facts=FACTS[kind] | RULED)):
        assert "what the protocol asks for here reasons in writing your side gives its reasons" in words.lower()
        assert "if you do not agree. Where this comes from: Section 4.1" in words
        assert "“Stage One: Prevention”" in words
    for words in both(notice(kind)):
        assert "what the protocol asks for here" not in words.lower()
        assert "possible here too" not in words
        assert "“”" not in words


@pytest.mark.parametrize("must_act", [True, False])
def test_further_answers_can_be_copied_and_a_word_stands_once(must_act: bool) -> None:
    facts = FACTS["step_reached"] | RULED | {"must_act": must_act}
    command = notice("step_reached", facts=facts)
    text = write(command).text
    assert (
        "\nTIME\n    You propose the time by which the two of you resolve it.\n    For example: TIME 12 December 2026 at 4pm\n"
        in text
    )
    assert "\nBYPASS\n    You ask everybody involved" in text
    assert text.index("\nThese words are possible here too:") < text.index("\nBYPASS\n")
    assert len(re.findall(r"^OUTCOME$", text, re.MULTILINE)) == 1
    assert ("This is offered at every step" in text) == (not must_act)
    bodies = prepared(command)
    assert "TIME \r\n" in bodies, "an example must not be sent by mistake"
    assert "BYPASS\r\n" in bodies
    assert "DECISION\r\nDecided: \r\nRisk: \r\nDepends on: \r\nActions: \r\nOutstanding: \r\n" in bodies
    assert "For example: TIME 12 December 2026 at 4pm" in words_of(write(command).html)


def test_a_decision_is_answered_by_accepting_it_or_by_dissent_with_reasons() -> None:
    """BIR-19, OXF-20: an imposed decision is not confirmed as agreed, and each dissenter's reasons are recorded."""
    for words in both(decision()):
        assert "Lou Park has decided. Accept it or record your dissent by 2:05pm on Friday 4 December 2026" in words
        assert "Reply CONFIRM if you accept it, or DISSENT and give your reasons." in words
        assert "A challenge of it must be made by 5pm on Monday 7 December 2026." in words
        assert "What was decided" in words
        assert "DISPUTE" not in words
        assert "agreed it" not in words
    assert [body.split("\r\n")[0].strip() for body in prepared(decision())] == [
        "CONFIRM",
        "DISSENT",
        "CHALLENGE",
    ]
    at_once = decision(challenge_by=DEADLINE)
    for words in both(at_once):
        assert "A challenge of it" not in words, "the deadline above is that time"
    for words in both(notice("outcome_proposed")):
        assert "has decided" not in words
        assert "DISSENT" not in words
    assert "Do not answer what you have not read." in write(decision(full=False)).text


CONFIRMED = notice("outcome_confirmed", sealed={"outcome": SEALER.seal(CASE, WHOLE_OUTCOME)})


@pytest.mark.parametrize("command", [decision(), notice("told"), CONFIRMED], ids=["decision", "told", "confirmed"])
def test_an_outcome_is_read_back_with_everything_it_says(command: SendNotice) -> None:
    """BIR-07, BIR-10, OXF-16, BIR-24."""
    for words in both(command):
        assert "How both sides work while it stays unresolved" in words
        for value in (WHOLE_OUTCOME.working_arrangement, WHOLE_OUTCOME.planning, WHOLE_OUTCOME.review):
            assert value in words


def test_an_outcome_does_not_show_parts_that_nobody_wrote() -> None:
    for words in both(notice("outcome_proposed")):
        assert "stays unresolved" not in words
        assert "next review conference" not in words


@pytest.mark.parametrize("why", WHYS)
def test_why_a_step_was_reached_is_put_in_plain_words(why: Why) -> None:
    said = sentences.how_it_came_here(why)
    assert said.endswith(".")
    assert "_" not in said


def test_what_somebody_wrote_goes_with_a_question_only_where_it_may() -> None:
    for words in both(notice("asked")):
        assert " ".join(REPLY.text.split()) in words
        assert "What was written" in words or "WHAT WAS WRITTEN" in words
    for words in both(notice("asked", full=False)):
        assert "what was written" not in words.lower()


def test_who_is_told_without_anything_written_misses_nothing() -> None:
    """The form is not read back there, so a brief copy says as much as a full one; unless it is urgent, when it may be the first."""
    form_only = {"form": SEALER.seal(CASE, FORM)}
    assert "do not include this one" not in write(notice("told", full=False, sealed=form_only)).text
    assert "do not include this one" in write(notice("told", full=False)).text
    assert FORM.summary not in write(notice("told", sealed=form_only)).text
    assert "do not include this one" in write(notice("told", full=False, sealed=form_only, urgent=True)).text
    assert FORM.summary in write(notice("told", sealed=form_only, urgent=True)).text


def test_things_to_be_pursued_keep_the_number_they_are_answered_by() -> None:
    """BED-19: what is outstanding is answered by its number, also when an earlier one is done."""
    for words in both(notice("told")):
        assert (
            "These remain: 2. Outstanding issue 1 of the written outcome, by 4 December 2026 3. The planning meeting" in words
        )
        assert "1. Whether a conference is requested" in words
    unnumbered = notice("told", facts=FACTS["told"] | {"items": ["3 visits", "A meeting"]})
    for words in both(unnumbered):
        assert "1. 3 visits 2. A meeting" in words


def test_board_staff_who_are_asked_act_on_their_page() -> None:
    to = Recipient(name="Board", address="board@example.org.uk", side=Side.BOARD)
    asked = notice("asked", to=to, facts=FACTS["asked"] | {"answers": []})
    assert f"Open the case on the board’s page and do what is asked. {BOARD_URL}" in both(asked)[0]
    assert ("a", BOARD_URL) in [(tag, attributes.get("href")) for tag, attributes in outline(write(asked).html).tags]


def test_who_is_told_is_not_asked_for_an_answer() -> None:
    calm, urgent = notice("told", facts=FACTS["told"] | {"answers": []}), notice("told", urgent=True)
    to_board = notice("told", to=Recipient(name="Board", address="board@example.org.uk", side=Side.BOARD))
    for words in both(calm):
        assert "You do not need to answer this mail." in words
        assert "How to answer" not in words
    for words in both(urgent):
        assert "Read this now, and act on it where it concerns you." in words
        assert "If you want to, use one of the words under “How to answer”." in words
    for words in both(to_board):
        assert "Read it and decide what follows from it." in words


def test_a_step_says_what_follows_it_where_that_is_not_the_next_step() -> None:
    """BAR-22: at the end of some ladders the protocol itself says what happens."""
    otherwise = "If nobody agrees by then, a conference is called."
    for kind in ("step_reached", "reminder"):
        for words in both(notice(kind, facts=FACTS[kind] | {"otherwise": otherwise})):
            assert otherwise in words
            assert "moves up to step" not in words


def test_a_first_notice_says_who_raised_it_also_where_a_step_is_left_out() -> None:
    """BAR-12."""
    for words in both(notice("step_reached", facts=FACTS["step_reached"] | {"why": "at_risk"})):
        assert "raised a professional disagreement about a child." in words
        assert "the step before is left out" in words


@pytest.mark.parametrize("what", sentences.ALERTS)
def test_an_alert_says_what_to_do_about_just_that(what: str) -> None:
    for words in both(notice("board_alert", facts={"what": what, "detail": "A person must look."})):
        for said in sentences.ALERTS[what]:
            assert said in words
