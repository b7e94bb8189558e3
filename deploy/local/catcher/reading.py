"""What a person sees of a mail. Reading never fails: a part that cannot be read is left out, and the raw mail is there to look at."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from deploy.local.catcher.mails import Mail

Answer = TypeVar("Answer")


class Summary(BaseModel):
    """A mail in the list. `sender` and `recipients` are the envelope's: who it was really handed over for."""

    model_config = ConfigDict(frozen=True)

    number: int
    at: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    size: int


class Attachment(BaseModel):
    """A file that came with a mail; `address` is where to fetch it."""

    model_config = ConfigDict(frozen=True)

    number: int
    filename: str
    media_type: str
    size: int
    address: str


class Reading(Summary):
    """A mail, read: its headers in order as they came, its text, its HTML and what is attached."""

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    raw: str


def summary(mail: Mail) -> Summary:
    """A mail for the list."""
    message = _parse(mail)
    return Summary(**_head(mail, message))


def reading(mail: Mail) -> Reading:
    """A mail with everything in it."""
    message = _parse(mail)
    return Reading(
        **_head(mail, message),
        headers=tuple(_header(message, place) for place in range(len(message.keys()))),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(_attachment(mail, number, part) for number, part in enumerate(attached(mail), 1)),
        raw=f"/mails/{mail.number}/raw",
    )


def attached(mail: Mail) -> list[MIMEPart]:
    """The parts of a mail that are files, or anything else that is not its text."""
    message = _parse(mail)
    bodies = {id(_or(lambda: message.get_body(("plain",)), None)), id(_or(lambda: message.get_body(("html",)), None))}
    return [part for part in message.walk() if not part.is_multipart() and id(part) not in bodies and part is not message]


def content(part: MIMEPart) -> bytes:
    """A part's content, decoded."""
    payload = _or(lambda: part.get_payload(decode=True), None)
    return payload if isinstance(payload, bytes) else b""


def _attachment(mail: Mail, number: int, part: MIMEPart) -> Attachment:
    return Attachment(
        number=number,
        filename=_or(part.get_filename, None) or "unnamed",
        media_type=part.get_content_type(),
        size=len(content(part)),
        address=f"/mails/{mail.number}/attachments/{number}",
    )


def _header(message: EmailMessage, place: int) -> tuple[str, str]:
    name = message.keys()[place]
    return name, _or(lambda: str(message.values()[place]), "")


def _parse(mail: Mail) -> EmailMessage:
    return message_from_bytes(mail.raw, policy=policy.default)


def _head(mail: Mail, message: EmailMessage) -> dict[str, object]:
    return {
        "number": mail.number,
        "at": mail.at.isoformat(),
        "sender": mail.sender,
        "recipients": mail.recipients,
        "subject": _or(lambda: str(message.get("subject", "")), "(cannot be read)"),
        "size": len(mail.raw),
    }


def _body(message: EmailMessage, kind: str) -> str:
    part = _or(lambda: message.get_body((kind,)), None)
    if part is None:
        return ""
    return _or(lambda: str(part.get_content()), content(part).decode(errors="replace"))


def _or(read: Callable[[], Answer], otherwise: Answer) -> Answer:
    """What `read` returns, or `otherwise` when the standard library cannot read this mail: it raises many kinds of error."""
    try:
        return read()
    except Exception:
        return otherwise
