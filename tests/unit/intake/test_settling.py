"""What is read of something held: for board staff to look at, and again when they say that it is a form."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from services.contracts.vocabulary import HeldReason
from services.intake.domain import Answers
from services.intake.holding import read_as_form, readable
from services.intake.understanding import held, understand
from services.kit.clock import now

FORM = (Path(__file__).parents[2] / "fixtures" / "mail" / "form-plain.eml").read_bytes()


def mail(text: str, *, html: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Pat Ferris <pat@charity.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.set_content(html, subtype="html")
    return message.as_bytes()


def test_what_staff_may_read_is_plain_text_and_what_was_understood() -> None:
    content = readable(understand(FORM, (), "asha@school.demo.example", now()))
    assert content is not None
    assert content.form.child_name in content.text
    assert content.case_stage
    assert content.further_forms == 0


def test_html_is_read_as_words() -> None:
    shown = "<p>Hello <b>there</b></p><script>alert(1)</script><img src='https://evil.example/x.png' onerror='x()'>"
    content = readable(understand(mail("", html=shown), (), "pat@charity.example", now()))
    assert content is not None
    assert content.text == "Hello there"
    assert content.sender_name == "Pat Ferris"


def test_nothing_is_nothing() -> None:
    assert readable(held(HeldReason.UNREADABLE, "It is encrypted.", now())) is None


def test_a_very_long_text_is_cut() -> None:
    content = readable(understand(mail("a line\n" * 50_000), (), "pat@charity.example", now()))
    assert content is not None
    assert len(content.text) == 100_000


@pytest.mark.parametrize("header", [{}, {"Auto_Submitted": "auto-replied"}, {"In_Reply_To": "<x@y.example>"}])
def test_a_form_is_read_whatever_else_the_mail_is(header: dict[str, str]) -> None:
    headers, _, body = FORM.partition(b"\n\n")
    lines = [f"{name.replace('_', '-')}: {value}".encode() for name, value in header.items()]
    seen = read_as_form(b"\n".join((*lines, headers)) + b"\n\n" + body, (), "", now())
    assert seen.answers is not None
    assert seen.answers.form.child_name == understand(FORM, (), "a@b.example", now()).answers.form.child_name  # type: ignore[union-attr] # a form
    assert seen.others == ()


def test_a_few_labelled_answers_are_something_and_no_answers_are_none() -> None:
    few = read_as_form(mail("Name of Child: Robin Example\n\nDOB: 31/03/2015\n"), (), None, now())
    assert few.answers is not None
    assert (few.answers.form.child_name, few.answers.form.child_dob) == ("Robin Example", "31/03/2015")
    assert read_as_form(mail("Hello."), (), None, now()).answers == Answers()


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff" * 1000, b"Content-Type: multipart/mixed; boundary=x\n\n--x", b"From: " * 10_000]
)
def test_nothing_breaks_it(raw: bytes) -> None:
    seen = read_as_form(raw, (), None, now())
    assert seen.answers in (None, Answers())


def test_what_is_encrypted_cannot_be_read() -> None:
    raw = b"From: a@b.example\nContent-Type: application/pkcs7-mime\n\nMIIB"
    assert read_as_form(raw, (), None, now()).reason is HeldReason.UNREADABLE
