"""One notice as one mail: the headers that keep it in its thread, stop loops, and bring its answer home."""

import base64
import hashlib
import re
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from services.contracts import reply_address
from services.contracts.notifier import SendNotice
from services.notifier.errors import Unprintable
from services.notifier.facts import WITHOUT_A_CASE
from services.notifier.wording import Wording

LOOP_HEADER = "X-Concord-Notice"
AGAIN_HEADER = "X-Concord-Sent-Again"

_HEADERS = SMTP.clone(max_line_length=320)  # a Message-ID must not be folded or encoded, however long the mail domain is
_THREADS = uuid.UUID("5c9b3f0e-6a55-4a0e-9f0e-0d5b7f7c2a11")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_FILETIME_BEGINS = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Mail:
    """A mail ready to hand over: one envelope sender, one recipient, and the bytes that go in DATA."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class File:
    """An attachment with what is in it."""

    filename: str
    media_type: str
    content: bytes


class Mailer:
    """Turns notices into mail. `key` signs reply addresses; answers go to `<token>@<mail_domain>`, and so do bounces unless there is
    an address `bounces_to`."""

    def __init__(self, wording: Wording, key: bytes, mail_domain: str, from_address: str, bounces_to: str = "") -> None:
        self._wording = wording
        self._key = key
        self._mail_domain = mail_domain
        self._from_address = from_address
        self._bounces_to = bounces_to

    def compose(self, notice: SendNotice, files: Sequence[File] = (), *, again: bool = False) -> Mail:
        """The notice as a mail. The same notice always has the same Message-ID; `again` says it may be there twice.

        Raises Unprintable.
        """
        if not _ADDRESS.fullmatch(notice.to.address):
            raise Unprintable("the recipient's address is not one that a mail server can be asked to send to")
        token = reply_address.make(self._key, notice.notice_id, notice.to.side, notice.to.address)
        reply_to = f"{token}@{self._mail_domain}"
        written = self._wording.write(notice, reply_to)
        mail = EmailMessage(policy=SMTP)
        try:
            mail["Message-ID"] = f"<{reply_to}>"
            mail["Date"] = notice.at
            mail["From"] = Address(f"Concord for {notice.board_name}", addr_spec=self._from_address)
            mail["To"] = Address(notice.to.name, addr_spec=notice.to.address)
            mail["Subject"] = written.subject
        except (ValueError, IndexError) as error:  # the parser of addresses raises both
            raise Unprintable(f"the address or name of the recipient cannot stand in a mail: {type(error).__name__}") from error
        if notice.kind not in WITHOUT_A_CASE:
            mail["Reply-To"] = reply_to
            self._thread(mail, notice, written.subject)
        if notice.urgent:
            mail["Importance"] = "high"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "DR, RN, NRN, AutoReply"  # not OOF: somebody's absence must reach us
        mail[LOOP_HEADER] = notice.notice_id
        if again:
            mail[AGAIN_HEADER] = "the first sending had no answer; this may be a second copy"
        mail.set_content(written.text, cte="quoted-printable")
        mail.add_alternative(written.html, subtype="html", cte="quoted-printable")
        for file in files:
            main, _, sub = file.media_type.partition("/")
            mail.add_attachment(file.content, maintype=main, subtype=sub or "octet-stream", filename=file.filename)
        for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
            part.set_boundary(f"=_{number}_{hashlib.sha256(token.encode()).hexdigest()[:24]}")  # "=_" occurs in no encoded part
        return Mail(sender=self._bounces_to or reply_to, recipient=notice.to.address, content=mail.as_bytes(policy=_HEADERS))

    def _thread(self, mail: EmailMessage, notice: SendNotice, topic: str) -> None:
        root = f"<{notice.case_id.lower()}.case@{self._mail_domain}>"
        mail["In-Reply-To"] = root
        mail["References"] = root
        mail["Thread-Topic"] = topic
        mail["Thread-Index"] = thread_index(notice.case_id, notice.thread_started_at, notice.at, notice.notice_id)


def thread_index(case_id: str, started: datetime, at: datetime, notice_id: str) -> str:
    """Outlook's conversation index: 22 bytes that all notices of a case share, and 5 for this one.

    The 22 are the upper six bytes of the start as a FILETIME (tenths of a microsecond since 1601, whose first byte is 01) and a
    GUID; the 5 are how long after it this notice is, in units of 2^18 tenths (26 ms), and a byte to tell equals apart.
    """
    begin = _filetime(started)
    guid = uuid.uuid5(_THREADS, case_id).bytes
    later = min(max(_filetime(at) - begin, 0) >> 18, 0x7FFFFFFF)
    child = later.to_bytes(4, "big") + bytes([zlib.crc32(notice_id.encode()) & 0xFF])
    return base64.b64encode(begin.to_bytes(8, "big")[:6] + guid + child).decode()


def _filetime(moment: datetime) -> int:
    since = moment - _FILETIME_BEGINS
    return (since.days * 86_400 + since.seconds) * 10_000_000 + since.microseconds * 10
