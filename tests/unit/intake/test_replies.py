"""Decisions are exact words; everything else needs a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.content import Action, OutcomeContent, ReplyContent
from services.contracts.vocabulary import ReplyAct
from services.intake.quotes import own_words, segments
from services.intake.replies import Decision, Unclear, decide, read_outcome


@pytest.mark.parametrize(
    ("first", "act"),
    [
        ("NOT RESOLVED", ReplyAct.NOT_RESOLVED),
        ("Unresolved.", ReplyAct.NOT_RESOLVED),
        ("not  agreed", ReplyAct.NOT_RESOLVED),
        ("NOT CONFIRMED", ReplyAct.DISPUTED),
        ("Dispute", ReplyAct.DISPUTED),
        ("I dispute:", ReplyAct.DISPUTED),
        ("DISPUTED - the date", ReplyAct.DISPUTED),
        ("CONFIRM", ReplyAct.CONFIRMED),
        ("*Confirmed*", ReplyAct.CONFIRMED),
        ("“I confirm”", ReplyAct.CONFIRMED),
        ("Confirmed. Many thanks", ReplyAct.CONFIRMED),
        ("OUTCOME: we agreed", ReplyAct.OUTCOME_PROPOSED),
        ("Outcome proposed – we agreed", ReplyAct.OUTCOME_PROPOSED),
        ("AGREED OUTCOME\nwe agreed", ReplyAct.OUTCOME_PROPOSED),
        ("RESPONSE: here", ReplyAct.RESPONSE),
        ("Response\nhere", ReplyAct.RESPONSE),
    ],
)
@pytest.mark.parametrize("before", ["", "\n\n", "Dear all,\n", "Hi Sam\n\n", "Good morning,\n"])
def test_the_exact_words_decide(before: str, first: str, act: ReplyAct) -> None:
    decision = decide(before + first)
    assert isinstance(decision, Decision), decision
    assert decision.act is act


@pytest.mark.parametrize(
    "words",
    [
        "",
        "I can confirm we do not agree",
        "Confirm that this is not agreed",
        "CONFIRM?",
        "Confirmed, but the date is wrong",
        "CONFIRM\n\nHowever the second action is missing.",
        "CONFIRM\nsubject to the visit",
        "CONFIRM\nI don't agree with the second action",
        "Yes",
        "OK",
        "Agreed",
        "We have NOT RESOLVED this",
        "Outcomes vary",
        "Responses below",
        "RESPONSE",
        "RESPONSE\n\nKind regards\nSam",
        "OUTCOME",
        "OUTCOME\nRisk: high",
        "Hi, I confirm",
        "Confirmation",
        "Disputes happen",
        "Resolved",
    ],
)
def test_anything_else_needs_a_person(words: str) -> None:
    assert isinstance(decide(words), Unclear)


@given(st.text(max_size=80))
def test_no_other_words_ever_confirm(words: str) -> None:
    decision = decide(words)
    if isinstance(decision, Decision) and decision.act is ReplyAct.CONFIRMED:
        assert "confirm" in words.lower()


def test_what_follows_the_word_is_kept() -> None:
    decision = decide("RESPONSE: we visited.\n\nBoth parents were seen.\n")
    assert decision == Decision(act=ReplyAct.RESPONSE, content=ReplyContent(text="we visited.\n\nBoth parents were seen."))


def test_an_outcome_without_labels_is_what_was_agreed() -> None:
    assert read_outcome("A meeting.\nOn Thursday.\n\nKind regards\nSam") == OutcomeContent(agreed="A meeting.\nOn Thursday.")


def test_an_outcome_with_labels() -> None:
    text = """A meeting.
Agreed: on Thursday
RISK: high
Depends on: none
Actions:
* Call it - Sam Oduya - 9 December
- Book a room
Tell the parents - in person - Asha Rees - before then
Outstanding issues: nothing

Thanks,
Sam"""
    assert read_outcome(text) == OutcomeContent(
        agreed="A meeting.\non Thursday",
        risk="high",
        actions=(
            Action(what="Call it", owner="Sam Oduya", by="9 December"),
            Action(what="Book a room"),
            Action(what="Tell the parents - in person", owner="Asha Rees", by="before then"),
        ),
    )


QUOTES = {
    "outlook": "From: Concord <x@y.example>\nSent: 7 December 2026\nTo: Sam\nSubject: notice\n\nCONFIRM",
    "outlook bold": "*From:* Concord\n*Sent:* 7 December 2026\n*To:* Sam\n*Subject:* notice\n\nCONFIRM",
    "outlook rule": "________________________________\nFrom: Concord\nSent: today\nTo: Sam\nSubject: notice\n\nCONFIRM",
    "outlook old": "-----Original Message-----\nFrom: Concord\nCONFIRM",
    "gmail": "On Mon, 7 Dec 2026 at 09:15, Concord <x@y.example> wrote:\n\n> CONFIRM",
    "gmail wrapped": "On Mon, 7 Dec 2026 at 09:15, Concord\n<x@y.example>\nwrote:\n\n> CONFIRM",
    "apple": "> On 7 Dec 2026, at 09:15, Concord <x@y.example> wrote:\n>\n> CONFIRM",
    "welsh": "Oddi wrth: Concord\nAnfonwyd: 7 Rhagfyr\nAt: Sam\nPwnc: notice\n\nCONFIRM",
    "welsh gmail": "Ar Llun, 7 Rhag 2026 am 09:15, ysgrifennodd Concord <x@y.example>:\n> CONFIRM",
    "forwarded": "Begin forwarded message:\n\nFrom: Concord\nCONFIRM",
    "signature": "-- \nSam Oduya\nCONFIRM",
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)
def test_quotes_go_and_the_words_stay(quote: str) -> None:
    assert own_words(f"NOT RESOLVED\nWe still disagree.\n\n{quote}\n") == "NOT RESOLVED\nWe still disagree."
    assert own_words(quote) == ""


@pytest.mark.parametrize(
    "text",
    [
        "On Friday we wrote to the family and heard nothing.",
        "From: the duty desk\nwe heard nothing",
        "He said:\n-- nothing --\nand left",
        "Date: 1 May\nFrom: Asha\nTo: Morgan\nName of Child: Robin",
    ],
)
def test_words_that_look_a_little_like_quotes_stay(text: str) -> None:
    assert own_words(text) == text


def test_an_answer_below_the_quote_is_kept() -> None:
    assert own_words("On Monday Sam <x@y.example> wrote:\n> CONFIRM\n> please\n\nNOT RESOLVED\n") == "NOT RESOLVED"


@pytest.mark.parametrize(
    "banner",
    [
        "[EXTERNAL]",
        "CAUTION: This email originated from outside of the organisation.",
        "You don't often get email from x@y.example. Learn why this is important",
        "WARNING: external sender. Do not click links or open attachments unless you recognise\nthe sender and know the content is safe.",
        "This message was sent from outside your organisation\n\n[External Sender]",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_banners_go(banner: str, gap: str) -> None:
    assert own_words(f"{banner}{gap}CONFIRM") == "CONFIRM"


@given(st.text(max_size=300))
def test_segments_lose_nothing(text: str) -> None:
    assert "\n".join(segments(text)) == text
