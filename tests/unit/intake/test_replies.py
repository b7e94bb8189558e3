"""Decisions are exact words; everything else needs a person."""

import re
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.contracts.content import OutcomeContent, ReplyContent
from services.contracts.intake import Pursued
from services.contracts.vocabulary import ReplyAct
from services.intake.replies import Decision, Unclear, decide, points_below, without_child
from tests.unit.intake.deciding import AFTER, AGREEMENTS, NEEDING_WORDS, NOW, WORDS, act


@pytest.mark.parametrize("between", ["\n", "\n\n", ":\n", ": ", " - ", " – ", ".\n"])
def test_the_exact_words_decide(between: str) -> None:
    for word, expected in WORDS.items():
        if expected in AGREEMENTS:
            assert act(f"{word}{between.strip(' -–')}\nSam Oduya") is expected, word
        else:
            assert act(f"{word}{between}{AFTER.get(expected, 'we met the family.')}") is expected, word


@pytest.mark.parametrize("write", [str.lower, str.title, lambda word: f"*{word}*", lambda word: f"“{word}”", "  {}  ".format])
@pytest.mark.parametrize("before", ["", "\n\n", "Dear all,\n", "Hi Sam\n\n", "Good morning,\n"])
def test_neither_case_nor_bold_nor_a_greeting_matters(before: str, write: object) -> None:
    assert callable(write)
    for word, expected in WORDS.items():
        after = "Sam Oduya" if expected in AGREEMENTS else AFTER.get(expected, "we met the family.")
        assert act(f"{before}{write(word)}\n{after}") is expected, word


@pytest.mark.parametrize(
    "words",
    [
        "",
        "I can confirm we do not agree",
        "Confirm that this is not agreed",
        "CONFIRM?",
        "Confirmed, but the date is wrong",
        "Yes",
        "OK",
        "Agreed",
        "We have NOT RESOLVED this",
        "Outcomes vary",
        "Responses below",
        "Confirmation",
        "Disputes happen",
        "Dispute-resolution is on Monday",
        "Resolved",
        "Advice would be welcome",
        "Advisers were asked\nnobody answered",
        "Decisions, decisions",
        "TIME NOT AGREED",
        "Agree to bypass if the head of service does",
        "I do not agree bypass",
        "No longer at risk\nshe has moved",
        "Not still at risk\nshe has moved",
        "NOT DONE 2",
        "Do not withdraw\nthe case goes on",
        "Time is short\nplease hurry",
        "Meeting was cancelled\n12 December 2026 at 4pm",
        "Learning the lessons took long",
    ],
)
def test_anything_else_needs_a_person(words: str) -> None:
    assert act(words) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("RESPONSE\n\nNOT RESOLVED", None),
        ("RESPONSE\nWe visited.\n\nOUTCOME\nAgreed: a visit", None),
        ("RESPONSE\nWe visited.\n\nTIME 12 December 2026 at 4pm", None),
        ("DISPUTE\nThe date is wrong.\n\nOUTCOME\nAgreed: 8 December", None),
        ("NOT RESOLVED\nWe have agreed after all.\nOUTCOME\nAgreed: a visit", None),
        ("NOT RESOLVED\n\nRESPONSE\nWe visited.", ReplyAct.NOT_RESOLVED),
        ("WRONG PERSON it is Kit Novak\n\nRESPONSE\nWe visited.", ReplyAct.WRONG_PERSON),
        ("RESPONSE\nWe visited.\n\nOutcome\nNo further action.", ReplyAct.RESPONSE),
        ("OUTCOME\nDECISION: a visit", ReplyAct.OUTCOME_PROPOSED),
    ],
)
def test_two_answers_in_one_mail_need_a_person(words: str, expected: ReplyAct | None) -> None:
    assert act(words) is expected


@pytest.mark.parametrize(
    "words",
    [
        "Dispute: none",
        "Dispute - no",
        "Dispute: resolved",
        "Dispute withdrawn",
        "UNRESOLVED: none",
        "Wrong person: no",
        "REFUSE BYPASS: no",
        "STILL AT RISK - no longer",
        "DONE 2: no",
        "DONE 2 - not done",
        "MEETING 10 December 2026 at 2pm is cancelled",
        "MEETING 10 December at 2pm, cannot make it",
        "ADVISE: no, thank you",
        "CONSULTED: nobody yet",
        "RESPONSE\nWhat do I put here?",
        "OUTCOME\nWhat do I write here?",
    ],
)
def test_a_word_that_is_unsaid_needs_a_person(words: str) -> None:
    assert act(words) is None


@pytest.mark.parametrize(
    ("words", "points"),
    [
        ("See below", True),
        ("Hi, please see my answers below in red. Thanks\n\nRegards\nSam", True),
        ("My comments are in the text", True),
        ("I disagree, see below", False),
        ("See below, but not yet", False),
        ("", False),
    ],
)
def test_a_pointer_to_the_quoted_mail_says_nothing_itself(words: str, points: bool) -> None:
    assert points_below(words) is points


@pytest.mark.parametrize("word", ["OUTCOME", "DECISION"])
@pytest.mark.parametrize(
    ("agreed", "is_one"),
    [
        ("none", False),
        ("not agreed", False),
        ("Nothing agreed yet", False),
        ("no agreement reached", False),
        ("we could not agree", False),
        ("to follow", False),
        ("TBC", False),
        ("deferred", False),
        ("Unfortunately we could not agree.", False),
        ("Resolution not possible at this level", False),
        ("We remain in disagreement", False),
        ("No conference.", True),
        ("no further action", True),
        ("Not to hold a conference", True),
        ("Nothing changes for the plan", True),
    ],
)
def test_an_outcome_that_says_there_is_none_is_none(word: str, agreed: str, is_one: bool) -> None:
    assert (act(f"{word}: {agreed}") is WORDS[word]) is is_one
    assert (act(f"{word}\n\nAgreed: {agreed}\nRisk: high") is WORDS[word]) is is_one


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("WITHDRAW\nThe referral was not closed after all.", ReplyAct.WITHDRAWN),
        ("WITHDRAW: settled, but we may come back", None),
        ("WITHDRAW - not yet", None),
        ("WITHDRAW\nunless the visit is cancelled", None),
        ("REFUSE BYPASS\nWe see why, but have not met.", ReplyAct.BYPASS_REFUSED),
        ("REFUSE BYPASS unless the head of service agrees", None),
        ("REFUSE BYPASS\nunless the head of service agrees", None),
        ("ADVICE NOT TAKEN\nWe do not agree with it.", ReplyAct.ADVICE_NOT_TAKEN),
        ("DONE 2\nbut only the first half", None),
        ("WITHDRAW: my last email, not the disagreement", None),
        ("NOT RESOLVED unless Jo rings by noon", None),
        ("NOT RESOLVED\nunless Jo rings by noon", None),
        ("NOT RESOLVED\nis what I would say if nobody rang", None),
        ("NOT RESOLVED\nUntil the assessment ends they will do nothing.", None),
        ("NOT RESOLVED\nThey will do nothing until the assessment ends.", ReplyAct.NOT_RESOLVED),
        ("AGREE BYPASS\nREFUSE BYPASS", None),
        ("AGREE BYPASS\nAGREE TIME", None),
    ],
)
def test_what_ends_or_refuses_something_says_so_without_a_condition(words: str, expected: ReplyAct | None) -> None:
    assert act(words) is expected


@pytest.mark.parametrize("word", NEEDING_WORDS)
@pytest.mark.parametrize(
    "nothing",
    ["", ":", "\n\n", "\n\nKind regards\nSam", "\n\nSam Lee\nTeam Manager", ": see attached", "\nto follow", ": none"],
)
def test_a_word_that_needs_words_is_unclear_without(word: str, nothing: str) -> None:
    decision = decide(f"{word}{nothing}", NOW, "Sam Lee")
    assert isinstance(decision, Unclear)
    assert decision.why.startswith(f"It says {word}, ")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("DONE 2", 2),
        ("Done: 12", 12),
        ("DONE no. 3", 3),
        ("DONE #3", 3),
        ("DONE <3>", 3),
        ("DONE item 3, we visited on 9 December", 3),
        ("DONE\n\n4\nwe visited", 4),
        ("DONE", None),
        ("Done, thanks", None),
        ("DONE 2 days ago", None),
        ("DONE 2 of 3", None),
        ("DONE 2 and 3", None),
        ("DONE 2, 3", None),
        ("DONE 0", None),
        ("DONE two", None),
        ("DONE 2nd", None),
        ("Hi, done 2. Thanks", 2),
        ("DONE 2 thanks", 2),
    ],
)
def test_done_needs_one_number(words: str, number: int | None) -> None:
    decision = decide(words, NOW)
    assert (decision.number if isinstance(decision, Decision) else None) == number


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        ("TIME 12 December 2026 at 4pm", 16),
        ("TIME: Saturday 12 December, 16:00", 16),
        ("TIME <12/12/2026 16:00>", 16),
        ("PROPOSE TIME\n12 December 2026\n10am\n\nThat leaves a day for the visit.", 10),
        ("TIME\nDate: 12 December 2026\nTime: 10am", 10),
        ("MEETING 12 December 2026 10am, Borough Hall or by video", 10),
        ("MEETING: 12 December 2pm - 4pm, room 3", 14),
        ("MEETING\nWhen: Saturday at noon\nWhere: Borough Hall\nWe last met on 2 December.", 12),
        ("TIME 12 December 2026 at 16:00 hrs please", 16),
        ("MEETING on Saturday 12th, 2-3pm, Borough Hall", 14),
        ("TIME 12 December 2026, 2-3pm", None),
        ("TIME", None),
        ("TIME 12 December", None),
        ("TIME 4pm", None),
        ("TIME 12/25/2026 16:00", None),
        ("TIME 12 December 2026 at 4pm or 5pm", None),
        ("TIME 12 December 2026 at 4pm\nor 14 December at 2pm", None),
        ("TIME 12 December 2026 2pm - 4pm", None),
        ("TIME 12 December 2026 at 4pm if the visit is done", None),
        ("TIME 4 December 2026 at 4pm", None),
        ("MEETING 12 December 2026, Borough Hall", None),
        ("MEETING: Borough Hall, 12 December 2026 2pm", None),
        ("MEETING 12 December 2026 10am or 14 December 10am, Borough Hall", None),
        ("MEETING 12 December 2026 10am, or 2pm", None),
    ],
)
def test_a_time_is_read_when_it_can_be_meant_in_one_way_only(words: str, hour: int | None) -> None:
    decision = decide(words, NOW)
    found = decision.moment if isinstance(decision, Decision) else None
    assert found == (datetime(2026, 12, 12, hour, tzinfo=UTC) if hour else None)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("WRONG PERSON", ""),
        ("WRONG PERSON it is Jo Bloggs", "Jo Bloggs"),
        ("WRONG PERSON (it is Jo Bloggs)", "Jo Bloggs"),
        ("WRONG PERSON: Jo Bloggs", "Jo Bloggs"),
        ("Wrong person - jo.bloggs@council.example", "jo.bloggs@council.example"),
        (
            "WRONG PERSON\nIt's Dr. Jo O’Neill-Bloggs in the duty team (jo@council.example).",
            "Dr. Jo O’Neill-Bloggs <jo@council.example>",
        ),
        ("WRONG PERSON\n\nPlease ask the duty team manager. Thanks", "the duty team manager"),
        ("WRONG PERSON\nI left in May.\nIt should be Jo Bloggs, who has the case", "Jo Bloggs"),
        ("WRONG PERSON\nIt is Robin Example’s other worker", ""),
        ("WRONG PERSON: I left in May", ""),
        ("Wrong person sorry", ""),
        ("Wrong person I'm afraid, it is Jo Bloggs", "Jo Bloggs"),
        ("Hi, I am the wrong person, it is Jo Bloggs. Thanks", "Jo Bloggs"),
        ("You have the wrong person. It's Jo Bloggs.", "Jo Bloggs"),
        ("Wrong person; it should go to Jo Bloggs", "Jo Bloggs"),
        ("WRONG PERSON\n\nPlease send to jo@council.example", "jo@council.example"),
        ("WRONG PERSON\n\nPlease speak to Jo Bloggs or the duty desk.", ""),
        ("WRONG PERSON, sorry", ""),
        ("WRONG PERSON\n\nSam Oduya", ""),
    ],
)
def test_the_wrong_person_may_name_the_right_one(words: str, named: str) -> None:
    decision = decide(words, NOW)
    assert isinstance(decision, Decision), decision
    assert decision.named == named


def test_a_sentence_that_begins_with_wrong_person_needs_a_person() -> None:
    assert act("Wrong person was asked about the referral") is None


def test_what_follows_the_word_is_kept() -> None:
    decision = decide("RESPONSE: we visited.\n\nBoth parents were seen.\n", NOW)
    assert isinstance(decision, Decision)
    assert decision.content == ReplyContent(text="we visited.\n\nBoth parents were seen.")
    assert decision.word == "RESPONSE"


def test_a_decision_has_the_parts_of_an_outcome() -> None:
    decision = decide("DECISION\nNo conference.\nRisk: none\nActions:\n- Visit - Jo - 9 December", NOW)
    assert isinstance(decision, Decision)
    assert isinstance(decision.content, OutcomeContent)
    assert (decision.content.agreed, decision.parts) == ("No conference.", ("agreed", "risk", "actions"))
    assert [item.owner for item in decision.pursued] == ["Jo"]


def test_an_owner_or_a_professional_with_the_childs_name_does_not_travel_in_clear() -> None:
    decision = Decision(
        act=ReplyAct.OUTCOME_PROPOSED,
        word="OUTCOME",
        content=ReplyContent(),
        pursued=(Pursued(kind="action", owner="Robin’s mother"), Pursued(kind="action", owner="Jo Li")),
        named="Example",
    )
    cleared = without_child(decision, "Robin Li-Example")
    assert ([item.owner for item in cleared.pursued], cleared.named) == (["", "Jo Li"], "")
    assert without_child(decision, "") == decision


_EXACT = "|".join(re.escape(word).replace("\\ ", " +").replace("BYPASS", "BY[ -]?PASS") for word in WORDS)
_ALLOWED = re.compile(rf"[\s*_\"'“”‘’«»`#]*(?:{_EXACT})(?![\w?])", re.IGNORECASE)
_GREETING = re.compile(
    r"\s*(?:hi|hello|dear|hey|hiya|good|morning|afternoon|helo|annwyl|bore|prynhawn|all|team)\b", re.IGNORECASE
)
_OTHER_WORDS = st.text("abcdefNOTRESLVD CHALG-:.,?!*\n0123456789", max_size=60)


@given(
    st.one_of(
        st.text(max_size=120), _OTHER_WORDS, st.tuples(_OTHER_WORDS, st.sampled_from(sorted(WORDS)), _OTHER_WORDS).map("".join)
    )
)
@example("ſTILL AT RISK\nx")
@example("TIME 31/12/0000 24:00")
@example("TIME ſat 10am")
def test_nothing_raises_and_only_an_exact_word_on_the_first_line_decides(words: str) -> None:
    decision = decide(words, NOW)
    if isinstance(decision, Decision):
        lines = [line for line in words.split("\n") if line.strip()]
        first = next((line for line in lines if not _GREETING.match(line)), lines[0])
        assert _ALLOWED.match(first)


@given(st.sampled_from(sorted(WORDS)), st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20), st.booleans())
def test_a_word_that_runs_on_or_comes_later_is_no_word(word: str, letters: str, before: bool) -> None:
    assert act(f"{letters}{word}\nwe met the family" if before else f"We met\n{word}\nwe met the family") is None
    last = word.rsplit(" ", 1)[-1] + letters
    if not any(last.casefold() == other.rsplit(" ", 1)[-1].casefold() for other in WORDS):
        assert act(f"{word}{letters}\nwe met the family") is None


@pytest.mark.parametrize(
    "filling", [" ", "A", "a\n", "Ab ", ", ", " - ", "(", "\t", "thanks ", "Sam\n", "who: ", "1:00", "[A ", "official-"]
)
@pytest.mark.parametrize("before", ["", "CONFIRM ", "CONFIRM\n", "OUTCOME\nActions:\n", "[", "Thanks"])
def test_the_longest_reply_is_read_in_a_moment(before: str, filling: str) -> None:
    words = f"{before}{filling * 50_000}"[:49_990] + "x"
    began = process_time()
    decide(words, NOW)
    assert process_time() - began < 5
