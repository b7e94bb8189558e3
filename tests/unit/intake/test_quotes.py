"""What a person wrote, and what they quoted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.quotes import own_words, segments

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
    "outlook in German": "Von: Concord\nGesendet: Montag\nAn: Sam\nBetreff: notice\n\nCONFIRM",
    "outlook in French": "De : Concord\nEnvoyé : lundi\nÀ : Sam\nObjet : notice\n\nCONFIRM",
    "outlook in Polish": "Od: Concord\nWysłano: poniedziałek\nDo: Sam\nTemat: notice\n\nCONFIRM",
    "outlook in Romanian": "De la: Concord\nTrimis: luni\nCătre: Sam\nSubiect: notice\n\nCONFIRM",
    "gmail in French": "Le lun. 7 déc. 2026 à 09:15, Concord <x@y.example> a écrit :\n\n> CONFIRM",
    "gmail in Polish": "pon., 7 gru 2026 o 09:15 Concord <x@y.example> napisał(a):\n\n> CONFIRM",
    "gmail in Italian": "Il giorno lun 7 dic 2026 alle ore 09:15 Concord <x@y.example> ha scritto:\n\n> CONFIRM",
    "gmail in Portuguese": "Concord <x@y.example> escreveu (segunda, 7/12/2026 à(s) 09:15):\n\n> CONFIRM",
    "groupwise": ">>> Concord <x@y.example> 07/12/2026 09:15 >>>\nCONFIRM",
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
        "We met outside the Trust and do not agree",
        "NOT RESOLVED\nI wrote to Jo <jo@x.example> and she said:\nnothing",
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
        "ZjQcmQRYFpfptBannerStart\nThis Message Is From an External Sender\nZjQcmQRYFpfptBannerEnd",
        "This sender is new to you. Caution: this message may be trying to impersonate a colleague.",
        "This email was sent to you securely using Egress Protect. Think before you click.",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_banners_go(banner: str, gap: str) -> None:
    assert own_words(f"{banner}{gap}CONFIRM") == "CONFIRM"


@given(st.text(max_size=300))
def test_segments_lose_nothing(text: str) -> None:
    assert "\n".join(segments(text)) == text
