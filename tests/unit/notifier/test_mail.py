"""The headers of a notice: threads, loops, answers, and one recipient."""

import base64
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from services.contracts import reply_address
from services.contracts.vocabulary import Recipient, Side
from services.notifier.errors import Unprintable
from services.notifier.facts import KINDS, WITHOUT_A_CASE
from services.notifier.mail import AGAIN_HEADER, LOOP_HEADER, File, Mailer, thread_index
from services.notifier.wording import Wording
from tests.unit.notifier.samples import BOARD_URL, CASE, DOMAIN, KEY, PAGES_URL, RAISED, SEALER, SECRETS, mailer, notice

OF_A_CASE = sorted(set(KINDS) - WITHOUT_A_CASE)


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def compose(kind: str = "step_reached", **changes: Any) -> EmailMessage:
    return read(mailer().compose(notice(kind, **changes)).content)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_message_id_envelope_and_reply_address_carry_the_same_signed_token(kind: str) -> None:
    command = notice(kind)
    mail = mailer().compose(command)
    message = read(mail.content)
    assert message["Message-ID"] == f"<{mail.sender}>"
    assert message["Reply-To"] == (None if kind in WITHOUT_A_CASE else mail.sender)
    assert mail.sender.endswith(f"@{DOMAIN}")
    token = reply_address.find(mail.sender)
    assert token is not None
    assert token.notice_id == command.notice_id
    assert token.side is command.to.side
    assert token.is_for(KEY, command.to.address)
    assert mail.recipient == command.to.address


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_headers_that_stop_loops_and_let_absences_through(kind: str) -> None:
    message = compose(kind)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "DR, RN, NRN, AutoReply"
    assert message[LOOP_HEADER] == f"{CASE}.1"
    assert "Precedence" not in message
    assert "List-Unsubscribe" not in message
    assert AGAIN_HEADER not in message


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_header_says_anything_about_the_child(kind: str) -> None:
    headers = "\n".join(f"{name}: {value}" for name, value in compose(kind).items())
    assert not any(secret in headers for secret in SECRETS)


def test_notices_of_a_case_are_one_thread() -> None:
    first, second = compose("form_received", number=1), compose("step_reached", number=2)
    for name in ("References", "In-Reply-To", "Thread-Topic", "Subject"):
        assert first[name] == second[name], name
    assert reply_address.find(first["References"]) is None  # the root is no notice, and must not be read as one
    assert first["Thread-Topic"] == first["Subject"]
    assert first["Message-ID"] != second["Message-ID"]
    one, two = (base64.b64decode(message["Thread-Index"]) for message in (first, second))
    assert one[:22] == two[:22]
    assert one != two
    other = base64.b64decode(thread_index("DEMO-00000000", RAISED, RAISED, "DEMO-00000000.1"))
    assert one[:22] != other[:22]


def test_a_sign_in_code_is_in_no_thread() -> None:
    message = compose("sign_in_code")
    assert not {"References", "In-Reply-To", "Thread-Topic", "Thread-Index", "Reply-To"} & set(message.keys())


def test_a_thread_index_is_what_outlook_reads() -> None:
    start = datetime(2026, 12, 3, 14, 5, 30, tzinfo=UTC)
    index = base64.b64decode(thread_index(CASE, start, start + timedelta(hours=1), f"{CASE}.7"))
    assert len(index) == 27
    assert index[0] == 1
    filetime = int.from_bytes(index[:6] + b"\0\0", "big")
    begun = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=filetime // 10)
    assert timedelta(0) <= start - begun < timedelta(seconds=0.01)
    later = int.from_bytes(index[22:26], "big")
    assert later >> 31 == 0  # the short form of the difference
    assert abs(timedelta(microseconds=(later << 18) // 10) - timedelta(hours=1)) < timedelta(seconds=0.03)


def test_a_thread_index_never_runs_backwards_or_over() -> None:
    for at in (RAISED - timedelta(days=1), RAISED + timedelta(days=3000)):
        assert len(base64.b64decode(thread_index(CASE, RAISED, at, f"{CASE}.1"))) == 27


def test_importance_is_high_only_where_it_is_urgent() -> None:
    assert compose(urgent=True)["Importance"] == "high"
    assert "Importance" not in compose(urgent=False)


def test_the_date_is_when_it_happened_and_the_sender_is_the_board() -> None:
    message = compose(number=3)
    assert message["Date"].datetime == RAISED + timedelta(minutes=3)
    assert message["From"].addresses[0].addr_spec == "concord@example.org.uk"
    assert [address.addr_spec for address in message["To"].addresses] == ["sam.lee@bedford.example.gov.uk"]
    assert "Cc" not in message
    assert "Bcc" not in message


def test_text_comes_before_html_and_files_after_both() -> None:
    message = read(mailer().compose(notice("record_issued"), [File("outcome.pdf", "application/pdf", b"%PDF-1.7")]).content)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    attachment = next(iter(message.iter_attachments()))
    assert attachment.get_filename() == "outcome.pdf"
    assert attachment.get_content() == b"%PDF-1.7"


def test_the_same_notice_is_the_same_bytes_and_a_second_sending_says_so() -> None:
    command = notice("step_reached")
    first, again = mailer().compose(command), mailer().compose(command, again=True)
    assert first == mailer().compose(command)
    assert read(again.content)["Message-ID"] == read(first.content)["Message-ID"]
    assert "second copy" in read(again.content)[AGAIN_HEADER]


@pytest.mark.parametrize(
    "domain", ["a.uk", "concord-replies.bedfordshire-and-hertfordshire.safeguarding-partnership.example.org.uk"]
)
def test_tokens_are_never_folded_or_encoded(domain: str) -> None:
    raw = Mailer(Wording(SEALER, BOARD_URL, PAGES_URL), KEY, domain, "concord@example.org.uk").compose(notice("step_reached"))
    for name in (b"Message-ID", b"Reply-To", b"References"):
        line = next(line for line in raw.content.split(b"\r\n") if line.startswith(name + b":"))
        assert line.rstrip(b">").endswith(f"@{domain}".encode())
    assert max(map(len, raw.content.split(b"\r\n"))) < 998


def test_every_line_of_the_bodies_is_short_and_seven_bit() -> None:
    raw = mailer().compose(notice("outcome_proposed")).content
    body = raw.partition(b"\r\n\r\n")[2]
    assert raw.isascii()
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_names_are_written_so_that_they_are_read_back() -> None:
    for name in ("Zoë Öberg-Smith, RN", 'Sam "the" Lee', "李雷", ""):
        to = Recipient(name=name, address="sam@example.org.uk", side=Side.OTHER)
        assert compose(to=to)["To"].addresses[0].display_name == name


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c.example", "sam@exämple.org", "sam@example.org\r\nBcc: x@y.example", "<>"]
)
def test_an_address_that_cannot_stand_in_a_mail_is_unprintable(address: str) -> None:
    with pytest.raises(Unprintable):
        mailer().compose(notice("step_reached", to=Recipient(name="Sam", address=address, side=Side.OTHER)))


def test_a_name_cannot_add_a_header() -> None:
    to = Recipient(name="Sam\r\nBcc: x@y.example", address="sam@example.org.uk", side=Side.OTHER)
    with pytest.raises(Unprintable):
        mailer().compose(notice("step_reached", to=to))
