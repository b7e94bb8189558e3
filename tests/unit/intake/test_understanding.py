"""Reading never raises, whatever arrives, and a child's words in one place are not taken for our machinery's in another."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts.reply_address import make
from services.contracts.vocabulary import HeldReason, Side
from services.intake import understanding
from services.intake.understanding import understand
from services.kit.clock import now

MAILS = sorted((Path(__file__).parents[2] / "fixtures" / "mail").glob("*.eml"))
HEADERS = st.sampled_from(
    [
        *("From", "To", "Cc", "Subject", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "In-Reply-To"),
        *("References", "Auto-Submitted", "Return-Path", "Precedence", "MIME-Version", "Authentication-Results"),
    ]
)
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            *(
                "multipart/mixed",
                'multipart/mixed; boundary="',
                "multipart/report; boundary=b",
                "text/plain; charset=",
                "message/rfc822",
            ),
            *(
                "text/html; charset=utf-7",
                "text/plain; charset*0=a; charset*1*=b'c'd",
                "base64",
                "quoted-printable",
                "x-uuencode",
            ),
            *(
                "a@b, c@d",
                "group: a@b;",
                "=?utf-8?q?=?= <",
                "<>",
                "@",
                '"',
                "=?x?b?====?=",
                "a@\r\n b",
                "attachment; filename*=a''%",
            ),
        ]
    ),
)


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.binary(max_size=400))
def test_any_headers_and_any_body_are_understood_as_something(headers: list[tuple[str, str]], body: bytes) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("utf-8", errors="surrogatepass")
    seen = understand(head + b"\r\n" + body, ("demonstration@concord.demo.example",), None, now())
    assert seen.kind in {"form", "reply", "bounce", "absence", "auto_reply", "held"}
    assert not seen.rule.startswith("This mail could not be read (")


@given(st.sampled_from(MAILS), st.data())
@settings(deadline=None)
def test_a_damaged_mail_is_understood_as_something(path: Path, data: st.DataObject) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        if data.draw(st.booleans()):
            raw[at] = data.draw(st.integers(0, 255))
        else:
            del raw[at : at + data.draw(st.integers(1, 40))]
            raw = raw or bytearray(b"\n")
    assert not understand(bytes(raw), (), None, now()).rule.startswith("This mail could not be read (")


def test_a_fault_of_ours_holds_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise LookupError("Robin Example")

    monkeypatch.setattr(understanding, "from_person", fail)
    seen = understand(b"From: asha@school.example\r\n\r\nhello", (), None, now())
    assert (seen.kind, seen.reason) == ("held", HeldReason.UNREADABLE)
    assert seen.sender is not None
    assert "Robin" not in seen.rule


def test_every_token_is_found_and_the_one_it_was_sent_to_comes_first() -> None:
    first, second, third = (make(b"key", f"DEMO-7K3QX9FA.{number}", Side.OTHER, "a@b.example") for number in (1, 2, 3))
    raw = (
        f"From: a@b.example\r\nTo: x@y.example, <{second}@c.example>\r\nReferences: <{first}@c.example>\r\n\r\nCONFIRM".encode()
    )
    seen = understand(raw, (f"{third}@c.example",), None, now())
    assert [token.notice_id for token in seen.tokens] == ["DEMO-7K3QX9FA.3", "DEMO-7K3QX9FA.2", "DEMO-7K3QX9FA.1"]


def test_a_very_long_form_is_for_a_person() -> None:
    text = "Name of Child: Robin\r\nDOB: 1\r\nAgency/Team: x\r\nSummary of Concern(s): " + "word " * 30_000
    seen = understand(f"From: a@b.example\r\n\r\n{text}".encode(), (), None, now())
    assert (seen.kind, seen.reason) == ("held", HeldReason.TOO_LARGE)


def test_a_mail_handed_over_without_a_sender_is_a_machines() -> None:
    raw = b"From: Sam <sam@b.example>\r\nSubject: hello\r\n\r\nCONFIRM"
    assert understand(raw, (), "", now()).kind == "bounce"
    assert understand(raw, (), "sam@b.example", now()).kind == "held"
