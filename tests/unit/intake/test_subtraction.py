"""What was typed into a notice is told from the notice, however it was wrapped, indented or marked on the way."""

import textwrap
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.mailbox import content, every
from services.intake.subtraction import typed

SENT = Path(__file__).parents[2] / "fixtures" / "mail" / "sent"
NOTICE = (SENT / "outcome-proposed.eml").read_bytes()
TEXT = next(content(part) for part in every(message_from_bytes(NOTICE)) if part.get_content_type() == "text/plain")
LINES = TEXT.split("\n")
HEADER = "From: Concord <concord@x.example>\nSent: 7 December 2026\nTo: Sam\nSubject: notice\n\n"


@pytest.mark.parametrize("indent", ["", "    ", "> ", ">> ", "\t", "| "])
@pytest.mark.parametrize("width", [40, 72, 1000])
def test_an_untouched_notice_leaves_nothing(indent: str, width: int) -> None:
    wrapped = (textwrap.wrap(line, width, break_on_hyphens=False, break_long_words=False) or [""] for line in LINES)
    quote = "\n".join(indent + line for lines in wrapped for line in lines)
    assert typed(f"CONFIRM\n\n{HEADER}{quote}", NOTICE) == ("CONFIRM", "")


@given(st.integers(0, len(LINES)), st.sampled_from(["DISPUTE\nThe date is wrong.", "NOT RESOLVED", "Kestrel weather"]))
@settings(deadline=None)
def test_what_is_typed_anywhere_is_what_is_left(at: int, words: str) -> None:
    quote = "\n".join([*LINES[:at], "", words, "", *LINES[at:]])
    assert typed(HEADER + quote, NOTICE) == ("", words)


@given(st.text(max_size=400))
def test_anything_is_compared_with_a_notice(text: str) -> None:
    found = typed(text, NOTICE)
    assert found is None or found.above + found.within != ""


@pytest.mark.parametrize(
    "text",
    [
        "CONFIRM",
        f"See below\n\n{HEADER}I would say\n\nCONFIRM\n\nJo\n\n{HEADER}{TEXT}",
        f"CONFIRM\n\n{HEADER}Some other mail, quite unlike a notice of ours, which goes on about the weather.",
        f"CONFIRM\n\n{HEADER}" + "word " * 5000,
    ],
)
def test_what_quotes_something_else_is_not_compared(text: str) -> None:
    assert typed(text, NOTICE) is None


def test_what_a_mail_server_adds_to_the_quote_is_not_the_persons() -> None:
    banner = "CAUTION: This email originated from outside of the Council. Do not click links unless you know the sender.\n\n"
    disclaimer = "\nThis email is confidential and for the intended recipient only.\n"
    assert typed(f"CONFIRM\n\n{HEADER}{banner}{TEXT}{disclaimer}", NOTICE) == ("CONFIRM", "")


def test_links_that_a_mail_server_rewrote_are_not_the_persons() -> None:
    rewritten = TEXT.replace(
        "https://board.demo.example/", "https://gbr01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fboard.demo.example"
    ).replace("\nCONFIRM\n", "\nCONFIRM<mailto:x@concord.demo.example?subject=Re>\n")
    assert rewritten != TEXT
    assert typed(f"CONFIRM\n\n{HEADER}{rewritten}", NOTICE) == ("CONFIRM", "")


def test_a_notice_with_html_alone_is_compared_by_its_words() -> None:
    message = EmailMessage()
    message.set_content("<p>" + "</p><p>".join(line for line in LINES if line) + "</p>", subtype="html")
    assert typed(f"{HEADER}{TEXT}\nCONFIRM\n", message.as_bytes()) == ("", "CONFIRM")
