"""What one mail says: who it is from, and the words of its body."""

import pytest

from services.intake.errors import Unreadable
from services.intake.hypertext import to_text
from services.intake.mailbox import Sender, body, parse, read, sender


def mail(head: str, text: str = "") -> bytes:
    return (head + "\n\n" + text).replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("asha@school.example", "", "asha@school.example"),
        ("Asha Rees <Asha@School.example>", "Asha Rees", "asha@school.example"),
        ('"Rees, Asha" <asha@school.example>', "Rees, Asha", "asha@school.example"),
        ("=?utf-8?Q?Si=C3=A2n?= <sian@school.example>", "Siân", "sian@school.example"),
        ("Siân <sian@school.example>", "Siân", "sian@school.example"),
        ("asha@school.example <Asha@school.example>", "asha@school.example", "asha@school.example"),
        ("Rees, Asha <asha@school.example>", "Rees, Asha", "asha@school.example"),
        (". <asha@school.example>", ".", "asha@school.example"),
        ("asha@school.example (Asha Rees)", "", "asha@school.example"),
        ("=?utf-8?B?4oCuYWhzQeKArA==?= <asha@school.example>", "ahsA", "asha@school.example"),
        ('"asha@school.example" <mallory@stranger.example>', "asha@school.example", "mallory@stranger.example"),
    ],
)
def test_one_sender(value: str, name: str, address: str) -> None:
    assert sender(parse(mail(f"From: {value}"))) == Sender(name=name, address=address)


@pytest.mark.parametrize(
    "head",
    [
        "Subject: x",
        "From: ",
        "From: Asha Rees",
        "From: a@b.example, c@d.example",
        "From: a@b.example\nFrom: a@b.example",
        "From: School: a@b.example;",
        "From: undisclosed recipients:;",
        "From: <a@b.example> <c@d.example>",
        "From: <a@b.example>c@d.example",
        "From: a@b.example (c@d.example)",
        "From: a@b@c.example",
        "From: a b@c.example",
        "From: a@b.example <c@d.example>",
        "From: a@b.example, <c@d.example>",
        "From: School: <a@b.example>;",
        "From: School: Asha <a@b.example>",
        "From: a <x@d.example> b <a@b.example>",
        "From: a@bric\u212a.example",
        "From: Asha <a@bric\u212a.example>",
        "From: Asha <a@xn--b\u0440ick.example>",
        "From: =?utf-8?q?a=40b=2Eexample?=",
        "From: " + "x" * 30_000 + " <a@b.example>",
    ],
)
def test_no_one_sender(head: str) -> None:
    assert sender(parse(mail(head))) is None


@pytest.mark.parametrize(
    "file",
    [
        "Content-Type: application/x-microsoft-rpmsg-message; name=message_v2.rpmsg",
        'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="message.rpmsg"',
    ],
)
def test_a_mail_that_microsoft_365_protects_cannot_be_read(file: str) -> None:
    wrapped = f"--b\n\nAsha Rees has sent you a protected message.\n--b\n{file}\n\nx\n--b--"
    with pytest.raises(Unreadable, match="encrypted"):
        read(parse(mail("Content-Type: multipart/mixed; boundary=b", wrapped)))


def test_an_encrypted_mail_cannot_be_read() -> None:
    with pytest.raises(Unreadable, match="encrypted"):
        read(parse(mail("Content-Type: multipart/encrypted; boundary=b", "--b\n\nx\n--b--")))


def test_too_many_parts_are_not_read() -> None:
    with pytest.raises(Unreadable, match="too many parts"):
        parse(mail("Content-Type: multipart/mixed; boundary=b", "--b\n\nx\n" * 500))


def test_a_mail_in_the_mail_and_an_attached_text_are_no_body() -> None:
    text = "--b\n\nwords\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\ninner\n--b\nContent-Disposition: attachment\n\nfile\n--b--"
    message = parse(mail("Content-Type: multipart/mixed; boundary=b", text))
    assert body(message).strip() == "words"
    assert read(message).attachments == ("unnamed",)


def test_nothing_unseen_is_kept_in_what_people_are_shown() -> None:
    """Nor what turns the direction of writing round, so that a name or a file looks like another."""
    text = "--b\nContent-Disposition: attachment; filename*=utf-8''form%E2%80%AEfdp.exe\n\nx\n--b--"
    letter = read(parse(mail("Subject: a\u202eb\u2066c\u200bd\U000e0041e\nContent-Type: multipart/mixed; boundary=b", text)))
    assert (letter.subject, letter.attachments) == ("abcde", ("formfdp.exe",))


def test_an_empty_plain_text_gives_way_to_the_hypertext() -> None:
    text = "--b\n\n \n--b\nContent-Type: text/html\n\n<p>words</p>\n--b--"
    assert body(parse(mail("Content-Type: multipart/alternative; boundary=b", text))).strip() == "words"


@pytest.mark.parametrize(
    ("hypertext", "text"),
    [
        ("<p>one</p><p>two<br>three</p>", "one\n\ntwo\nthree"),
        ("<table><tr><td>DOB:</td><td>1&nbsp;May</td></tr></table>", "DOB:\t1 May"),
        ("<style>p {}</style><script>alert(1)</script>a &lt; b<!-- c --><title>d</title>", "a < b"),
        ("<blockquote>one<blockquote>two</blockquote></blockquote>three", "> one\n> > two\nthree"),
        ("<head><title>never closed<body>words", "words"),
        ("<![if !x]><p>words", "words"),
    ],
)
def test_hypertext_becomes_plain_words(hypertext: str, text: str) -> None:
    assert [line.rstrip() for line in to_text(hypertext).split("\n") if line.strip(" >")] == [
        line for line in text.split("\n") if line
    ]
