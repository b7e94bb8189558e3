"""Raw mail bytes to plain text and plain values, by the standard library's parser.

The parser itself never refuses a mail, but asking the parsed message for a header or a body may raise almost anything, so every
question goes through here, and an answer nobody can give is an empty one. Nothing is rendered or unpacked, and attachments are
only named.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from typing import cast

from services.contracts.message import Data
from services.intake.errors import Unreadable
from services.intake.hypertext import to_text

MOST_PARTS = 300
DEEPEST = 30
LONGEST_HEADER = 20_000
LONGEST_HEAD = 1_000_000
MOST_BYTES = 2_000_000
MOST_CHARACTERS = 500_000
"""As much of a text as is read: no form or reply is nearly as long."""

LONGEST_BODY = 150_000
"""As much of what a person wrote and quoted: hypertext is longer than its words."""

_ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
_PROTECTED = "application/x-microsoft-rpmsg-message"
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_NAME_AND_ADDRESS = re.compile(r"(?P<name>[^\"()<>:;\\]*)<(?P<address>[^\s<>\"]+)>\s*")
"""A name that is not quoted, whatever is in it, and an address: mail programs write names with a comma or an @ in them like this."""

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e"
    r"\u2060\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What nobody sees, and what turns the direction of writing round: `txt.exe` could be shown as `exe.txt`."""

_MANGLED = re.compile(r"^((?!>).*\n)>From (?=\S)", re.MULTILINE)
"""A line that begins with "From " as some mail servers pass it on, which is how the form's second line begins; not a quoted one."""
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


class Sender(Data):
    """Who a mail says it is from: the name shown, and the address in lower case."""

    name: str
    address: str


class Letter(Data):
    """One mail, as far as it can be read.

    `text` is what a person would see in the body, quotes included. `sender` is None unless there is exactly one From field with
    exactly one address. `recipients` are whole header values and envelope addresses; `references` are message ids, the one
    answered first. `attachments` are the names of files nobody has opened. `hypertext` is the body's HTML, for the forms in its tables.
    """

    subject: str = ""
    sender: Sender | None = None
    recipients: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    hypertext: str = ""
    attachments: tuple[str, ...] = ()
    authentication: tuple[str, ...] = ()


def parse(raw: bytes) -> Message:
    """The mail's structure. Raises Unreadable when there are too many parts or they are nested too deep."""
    message = message_from_bytes(raw)
    _count(message)
    return message


def parse_head(raw: bytes) -> Message:
    """The mail's header alone, whatever follows it."""
    return message_from_bytes(_END_OF_HEAD.split(raw[:LONGEST_HEAD], maxsplit=1)[0] + b"\r\n\r\n")


def refuse_encrypted(message: Message) -> None:
    """Raise Unreadable when nobody here can read a mail. One that Microsoft 365 protects is in a file beside a text that says so."""
    files = [part for part in parts(message) if _filename(part)]
    inside = [part for part in files if content_type(part) == _PROTECTED or _filename(part).lower().endswith(".rpmsg")]
    if content_type(message) in _ENCRYPTED or (inside and inside == files):
        raise Unreadable("This mail is encrypted, so nobody but its sender and the person it was encrypted for can read it.")


def read(message: Message, envelope: tuple[str, ...] = ()) -> Letter:
    """What a parsed mail says. `envelope` are the recipients it was handed over for. Raises Unreadable when it is encrypted."""
    refuse_encrypted(message)
    return letter(message, envelope)


def letter(message: Message, envelope: tuple[str, ...] = ()) -> Letter:
    """What a parsed mail says, also of one that is encrypted: its header, and no words."""
    return Letter(
        subject=" ".join(_words_of_header(value) for value in header(message, "Subject")),
        sender=sender(message),
        recipients=(
            *envelope,
            *(value for name in ("Delivered-To", "X-Original-To", "To", "Cc") for value in header(message, name)),
        ),
        references=(
            *(value for line in header(message, "In-Reply-To") for value in line.split()),
            *(value for line in header(message, "References") for value in reversed(line.split())),
        ),
        text=body(message),
        hypertext=hypertext(message),
        attachments=tuple(_attachments(message)),
        authentication=header(message, "Authentication-Results"),
    )


def header(message: Message, name: str) -> tuple[str, ...]:
    """Every value of a header on one line each, as sent, cut where it is absurdly long."""
    wanted = name.lower()
    return tuple(_one_line(value) for field, value in message.raw_items() if field.lower() == wanted)


def content_type(message: Message) -> str:
    """The media type in lower case; text/plain where the field makes no sense."""
    try:
        return message.get_content_type()
    except Exception:  # the accessor raises half a dozen kinds of error on malformed fields
        return "text/plain"


def parameter(message: Message, name: str) -> str:
    """A parameter of Content-Type in lower case, or nothing."""
    try:
        value = message.get_param(name)
    except Exception:  # as above
        return ""
    return str(value[2] if isinstance(value, tuple) else value or "").lower()


def parts(message: Message) -> list[Message]:
    """The parts directly inside a multipart, or inside a message that carries another."""
    if not message.is_multipart():  # asking a plain part for its payload may raise
        return []
    return [part for part in cast("list[object]", message.get_payload()) if isinstance(part, Message)]


def every(message: Message) -> Iterator[Message]:
    """This message and every part in it, whatever it is nested in."""
    yield message
    for part in parts(message):
        yield from every(part)


def content(part: Message) -> str:
    """A part's text: transfer encoding and character set undone as well as they can be, never raising."""
    return clean(_decode(_payload(part)[:MOST_BYTES], parameter(part, "charset")))[:MOST_CHARACTERS]


def body(message: Message) -> str:
    """What a person reads: the plain text; where there is none, the words of the HTML."""
    plain, hypertext = _bodies(message)
    return (_MANGLED.sub(r"\1From ", plain) if plain.strip() else to_text(hypertext))[:LONGEST_BODY]


def hypertext(message: Message) -> str:
    """The HTML of a mail's body, or nothing."""
    kind = content_type(message)
    if kind.startswith("message/") or _filename(message) or _disposition(message) == "attachment":
        return ""
    if kind == "text/html":
        return content(message)
    return next((found for part in parts(message) if (found := hypertext(part))), "")


def clean(text: str) -> str:
    """Text without control and invisible characters, with ordinary spaces and line ends."""
    return _UNSEEN.sub("", _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")))


def addresses_in(text: str) -> Iterator[str]:
    """Everything in a text that looks like a mail address, in lower case."""
    for match in _ADDRESS.finditer(text):
        yield match.group().lower()


def _bodies(part: Message) -> tuple[str, str]:
    """The plain text and the HTML of one part, quotes and all, without attachments."""
    kind = content_type(part)
    inner = parts(part)
    if kind.startswith("message/"):
        return "", ""  # a mail inside the mail is an attachment
    if inner:
        found = [_bodies(child) for child in (inner[:1] if kind in ("multipart/related", "multipart/signed") else inner)]
        if kind == "multipart/alternative":
            return next((plain for plain, _ in found if plain.strip()), ""), next(
                (other for _, other in found if other.strip()), ""
            )
        plains = [plain if plain.strip() else to_text(other) for plain, other in found if plain.strip() or other.strip()]
        return "\n\n".join(plains), ""
    if _filename(part) or _disposition(part) == "attachment":
        return "", ""
    if kind == "text/plain":
        return _unflowed(part, content(part)), ""
    return ("", content(part)) if kind == "text/html" else ("", "")


def _unflowed(part: Message, text: str) -> str:
    """Undo format=flowed (RFC 3676): lines that end in a space go on in the next."""
    if parameter(part, "format") != "flowed":
        return text
    gap = "" if parameter(part, "delsp") == "yes" else " "
    lines: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        words = line.removeprefix(" ")
        if goes_on and not words.startswith(">"):
            lines[-1] += words.rstrip(" ")
        else:
            lines.append(words.rstrip(" ") if words != "-- " else words)
        goes_on = line.endswith(" ") and words != "-- " and not words.startswith(">")
        if goes_on:
            lines[-1] += gap
    return "\n".join(lines)


def _payload(part: Message) -> bytes:
    """A part's bytes with its transfer encoding undone; as they came where that cannot be done."""
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # as above
        payload = None
    if isinstance(payload, bytes):
        return payload
    return str(vars(part).get("_payload") or "").encode("utf-8", errors="surrogateescape")


def _decode(payload: bytes, charset: str) -> str:
    for name in ("cp1252" if charset in ("iso-8859-1", "latin1", "latin-1") else charset or "utf-8", "utf-8"):
        try:
            return payload.decode(name)
        except (LookupError, ValueError):  # an unknown character set, or bytes that are not in it
            continue
    return payload.decode("cp1252", errors="replace")


def sender(message: Message) -> Sender | None:
    """Who the mail says it is from; None unless there is exactly one From field with exactly one address."""
    fields = header(message, "From")
    if len(fields) != 1:
        return None
    if (plain := _NAME_AND_ADDRESS.fullmatch(fields[0])) and set(addresses_in(fields[0])) == {plain["address"].lower()}:
        return _sender(_words_of_header(plain["name"]), plain["address"])
    try:
        (group,) = policy.default.header_factory("From", fields[0]).groups  # an address alone is a group without a name
        (address,) = group.addresses
        name, spec = str(address.display_name), str(address.addr_spec)
    except Exception:  # none, several, a group, or a field the parser gives up on
        return None
    if group.display_name is not None or set(addresses_in(fields[0].rpartition("<")[2])) - {spec.strip().lower()}:
        return None
    return _sender(name, spec)


def _sender(name: str, spec: str) -> Sender | None:
    spec = clean(spec).strip()
    return Sender(name=clean(name).strip(), address=spec.lower()) if _ADDRESS.fullmatch(spec) else None


def _one_line(value: object) -> str:
    """A header's value without folding; bytes beyond ASCII are read as UTF-8, which is what they nearly always are."""
    text = str(value)[:LONGEST_HEADER].encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")
    return clean(re.sub(r"[\r\n]+[ \t]*", " ", text)).strip()


def _words_of_header(value: str) -> str:
    """A header with its encoded words (`=?utf-8?Q?...?=`) decoded."""
    try:
        return clean(str(policy.default.header_factory("Subject", value))).strip()
    except Exception:  # as above
        return value


def _attachments(message: Message) -> Iterator[str]:
    for part in every(message):
        name = _filename(part)
        if name or _disposition(part) == "attachment":
            yield clean(name or "unnamed")[:200]


def _filename(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except Exception:  # as above
        return ""


def _disposition(part: Message) -> str:
    try:
        return part.get_content_disposition() or ""
    except Exception:  # as above
        return ""


def _count(message: Message) -> None:
    waiting: list[tuple[Message, int]] = [(message, 0)]
    for number, (part, depth) in enumerate(waiting):
        if depth > DEEPEST:
            raise Unreadable("The parts of this mail are nested too deep to be read safely.")
        if number > MOST_PARTS:
            raise Unreadable("This mail has too many parts to be read safely.")
        waiting.extend((inner, depth + 1) for inner in parts(part))
