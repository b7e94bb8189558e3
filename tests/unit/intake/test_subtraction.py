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


@given(
    st.integers(0, LINES.index("THE FORM")), st.sampled_from(["DISPUTE\nThe date is wrong.", "NOT RESOLVED", "Kestrel weather"])
)
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


RECEIVED, ASKED = ((SENT / f"{name}.eml").read_bytes() for name in ("form-received", "form-incomplete"))


def as_text(notice: bytes) -> str:
    return next(content(part) for part in every(message_from_bytes(notice)) if part.get_content_type() == "text/plain")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("31/03/2015", "31/03/2014"),
        ("Sam Oduya", "Sam Okafor"),
        ("Sam Oduya", "Dana Oduya"),
        ("Sam Oduya", "Sam Oduya\nDana Oduya"),
        ("Sam Oduya", "Sam Oduya\n\nDana Oduya"),
    ],
)
def test_an_answer_that_was_changed_in_the_read_back_is_whole(was: str, now: str) -> None:
    label = "DOB:" if was[0].isdigit() else "Social Worker/Practitioner:"
    text = as_text(RECEIVED)
    assert text.count(f"{label}\n{was}\n") == 1
    found = typed(HEADER + text.replace(f"{label}\n{was}\n", f"{label}\n{now}\n"), RECEIVED)
    assert found == ("", f"{label} {now.rpartition(chr(10))[2]}")


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n"])
@pytest.mark.parametrize("indent", ["", "> "])
def test_an_answer_below_the_question_we_asked_is_its_answer(gap: str, indent: str) -> None:
    text = "\n".join(indent + line for line in as_text(ASKED).split("\n"))
    for label, answer in (("To (Manager):", "Morgan Ellis"), ("DOB:", "31 March 2015"), ("Stage of the case:", "1")):
        assert text.count(f"{label} …") == 1
        text = text.replace(f"{label} …\n", f"{label} …{gap}{answer}\n")
    found = typed(HEADER + text, ASKED)
    assert found is not None
    assert [line for line in found.within.split("\n") if line] == [
        "To (Manager): Morgan Ellis",
        "DOB: 31 March 2015",
        "Stage of the case: 1",
    ]
