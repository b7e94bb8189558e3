"""What was typed into a notice is told from the notice, however it was wrapped, indented or marked on the way."""

import textwrap
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts.vocabulary import ReplyAct
from services.intake.mailbox import content, every
from services.intake.replies import Unclear, decide
from services.intake.subtraction import typed

SENT = Path(__file__).parents[2] / "fixtures" / "mail" / "sent"
NOTICE = (SENT / "outcome-proposed.eml").read_bytes()
TEXT = next(content(part) for part in every(message_from_bytes(NOTICE)) if part.get_content_type() == "text/plain")
LINES = TEXT.split("\n")
HEADER = (
    "From: Concord for Demonstration board <concord@concord.demo.example>\nSent: 7 December 2026\nTo: Sam\nSubject: notice\n\n"
)


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
    message["From"] = "Concord for Demonstration board <concord@concord.demo.example>"
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


@pytest.mark.parametrize("was", ["It is not what was agreed.", "Both sides confirm within the time of the step."])
@pytest.mark.parametrize(
    "now", ["It is not confirmed", "Not confirmed", "It is not CONFIRMED yet", "Both sides do not confirm"]
)
def test_words_in_common_with_ours_are_not_taken_out_of_what_a_person_says(was: str, now: str) -> None:
    """A `not` is not lost because the notice has one too."""
    assert TEXT.count(was) == 1
    for instead in (now, f"{was} {now}", f"{now} {was}"):
        found = typed(HEADER + TEXT.replace(was, instead), NOTICE)
        assert found is not None
        decision = decide(found.within, datetime(2026, 12, 7, 9, 30, tzinfo=UTC))
        assert isinstance(decision, Unclear) or decision.act is ReplyAct.DISPUTED


@pytest.mark.parametrize(
    ("ours", "now", "left"),
    [
        ("CONFIRM", "CONFIRM - no", "… no"),
        ("CONFIRM", "do not CONFIRM", "do not"),
        ("It is not what was agreed.", "It is not what was agreed. DISPUTE", "DISPUTE"),
        ("asked you to confirm is what", "asked you to confirm CONFIRM is what", "… CONFIRM …"),
    ],
)
def test_words_within_a_sentence_of_ours_are_marked_as_such(ours: str, now: str, left: str) -> None:
    assert typed(HEADER + TEXT.replace(f"\n{ours}\n", f"\n{now}\n").replace(ours, now, ours not in LINES), NOTICE) == ("", left)


JO = "Jo Adeyemi <jo@health.example>"
HEADERS_OF_JO = {
    "forwarded by Gmail": f"---------- Forwarded message ---------\nFrom: {JO}\nDate: Fri, 4 Dec 2026\nSubject: Re: notice\nTo: Sam\n\n",
    "forwarded, and nobody named": "---------- Forwarded message ---------\n\n",
    "Outlook": f"From: {JO}\nSent: 7 December 2026\nTo: Concord\nSubject: notice\n\n",
    "Outlook in German": f"Von: {JO}\nGesendet: 7. Dezember 2026\nAn: Concord\nBetreff: notice\n\n",
    "Gmail": f"On Fri, 4 Dec 2026 at 10:00, {JO} wrote:\n",
    "Gmail in Polish": f"pt., 4 gru 2026 o 10:00 {JO} napisał(a):\n",
}


@pytest.mark.parametrize("header", HEADERS_OF_JO.values(), ids=HEADERS_OF_JO)
@pytest.mark.parametrize("indent", ["", "> "])
def test_what_somebody_else_wrote_above_the_notice_is_not_the_senders(header: str, indent: str) -> None:
    quote = "\n".join(indent + line for line in LINES)
    assert typed(f"See Jo's answer\n\n{header}CONFIRM\n\nJo\n\n{quote}", NOTICE) is None


def test_what_is_quoted_once_between_us_and_the_sender_is_somebody_elses() -> None:
    quote = "\n".join("> > " + line for line in LINES)
    assert typed(f"See below\n\n> CONFIRM\n>\n> Jo\n>\n{quote}", NOTICE) is None
    assert typed(f"See below\n\n{quote}\n\nCONFIRM", NOTICE) == ("See below", "CONFIRM")
