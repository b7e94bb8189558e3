"""Is this from a person? Bounces, absences and other automatic mail are never a form and never a reply."""

import logging
import re
from collections.abc import Iterator
from email.message import Message

from flufl.bounce import scan_message

from services.contracts.message import Data
from services.contracts.vocabulary import DeliveryKind
from services.intake.mailbox import Letter, addresses_in, content, content_type, every, header, parameter, parts
from services.intake.quotes import own_words

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # its detectors log a traceback for every mail they trip over

OUR_LOOP_HEADER = "X-Concord-Notice"
_SCANNED = 400_000
_MOST_REPORTED = 200

_ABSENT = re.compile(
    r"out[- ]of[- ](?:the[- ])?office|\b(?:annual|sick|maternity|paternity|parental|study) leave\b|\bon leave\b"
    r"|\baway from (?:the|my) (?:office|desk)|\bi am (?:currently )?(?:away|out)\b|\bi'?m (?:currently )?(?:away|out of)\b"
    r"|\bnot in the office\b|\bon holiday\b|\bback in the office\b|allan o['’]?r swyddfa|\bar wyliau\b|\babsence\b",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"(?:automatic(?:ally generated)? reply|auto(?:matic)?[- ]?(?:reply|response|responder|mated response)"
    r"|out[- ]of[- ](?:the[- ])?office|ateb awtomatig|i am away|on (?:annual )?leave)",
    re.IGNORECASE,
)
_RETURNED = re.compile(
    r"(?:undeliver(?:able|ed)|delivery (?:status notification|failure|has failed)|mail (?:delivery (?:failed|failure|system)"
    r"|could not be delivered)|failure notice|returned mail|message not delivered|non[- ]?delivery)",
    re.IGNORECASE,
)
_RECEIPT = re.compile(r"(?:not )?(?:read|delivered|accepted|declined|tentative|recall|cancell?ed)\s*:", re.IGNORECASE)
_NOBODY_READS = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|auto[-_.]?(?:mailer|reply|notify)|notifications?)\b", re.IGNORECASE
)
_A_TICKET = re.compile(
    r"\[?(?:ticket|request|case|incident|ref(?:erence)?)\s*(?:id|no\.?|number)?\s*[#:]\s*[\w-]*\d|#\d{4,}\b.{0,40}\b(?:received|created|opened)"
    r"|(?:we have|has been|was) (?:received|logged)|acknowledg(?:e?ment|ing)|thank you for (?:your (?:e-?mail|enquiry|message)|contacting)",
    re.IGNORECASE,
)
_A_MACHINE_SAYS = re.compile(
    r"this is an auto(?:mated|matic)|(?:please )?do not reply to this (?:e-?mail|message)"
    r"|this (?:mailbox|inbox|e-?mail address) is not monitored"
    r"|(?:your|the) (?:e-?mail|message|enquiry|request) has been (?:received|logged|passed)|auto-?generated (?:e-?mail|message)",
    re.IGNORECASE,
)
_OPENING = 600
_POSTMASTERS = re.compile(
    r"(?:^|[\s<\"])(?:mailer-daemon|(?:postmaster|mail-daemon|mmdf|microsoftexchange[0-9a-f]+)@)", re.IGNORECASE
)
_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class Automatic(Data):
    """A machine's mail: what it tells, by which sign it was known, and every address it names (one of which our notice went to)."""

    kind: DeliveryKind
    sign: str
    code: str = ""
    reported: tuple[str, ...] = ()


def recognise(raw: bytes, message: Message, letter: Letter, mail_from: str | None) -> Automatic | None:
    """The kind of automatic mail this is, or None when a person may have written it. An empty `mail_from` is a null return path."""
    found = next(_signs(message, letter, mail_from), None)
    if found is None:
        return None
    kind, sign = found
    return Automatic(kind=kind, sign=sign, code=_code(message), reported=_reported(raw, message))


def doubtful(message: Message, letter: Letter) -> str:
    """A sign that a machine may have written what looks like a person's mail; empty where there is none."""
    local = letter.sender.address.partition("@")[0] if letter.sender else ""
    own = own_words(letter.text)[:_OPENING]
    if _NOBODY_READS.match(local):
        return "nobody reads mail to its sender"
    if _A_MACHINE_SAYS.search(own):
        return "it says that a machine wrote it"
    if _A_TICKET.search(letter.subject) and _A_TICKET.search(own):
        return "it acknowledges a request"
    if header(message, "X-Auto-Response-Suppress"):
        return "X-Auto-Response-Suppress is set"
    return ""


def everything_said(raw: bytes, message: Message) -> Iterator[str]:
    """The mail's text wherever it is, returned mail and reports included: our token may be in any of it."""
    yield raw[:_SCANNED].decode("latin-1")
    for part in every(message):
        if not parts(part) and content_type(part).startswith(("text/", "message/")):
            yield content(part)[:_SCANNED]


def _signs(message: Message, letter: Letter, mail_from: str | None) -> Iterator[tuple[DeliveryKind, str]]:
    """Every sign that a machine sent this, the surest first."""
    subject = re.sub(r"^\s*(?:\[[^\]]{1,30}\]\s*)+", "", letter.subject).strip()
    submitted = " ".join(header(message, "Auto-Submitted")).lower()
    nobody = mail_from == "" or any(value.replace(" ", "") == "<>" for value in header(message, "Return-Path"))
    nobody = nobody or any(_POSTMASTERS.search(value) for value in header(message, "From"))
    if header(message, OUR_LOOP_HEADER):
        yield DeliveryKind.AUTO_REPLY, "it carries our own notice header: it is our mail coming back"
    if content_type(message) == "multipart/report":
        yield _report(message)
    if _ANSWERED.match(subject):
        yield _reply_kind(letter), "the subject is that of an automatic reply"
    if (nobody or _RETURNED.match(subject)) and _failed(message):
        yield DeliveryKind.BOUNCE, "it reports an address that cannot be reached"
    if submitted and not submitted.startswith("no"):
        yield _reply_kind(letter), "Auto-Submitted says a machine sent it"
    if nobody:
        yield DeliveryKind.BOUNCE, "it has no sender to answer to (an empty return path or a postmaster)"
    yield from _weaker_signs(message, letter, subject)


def _weaker_signs(message: Message, letter: Letter, subject: str) -> Iterator[tuple[DeliveryKind, str]]:
    precedence = " ".join(header(message, "Precedence")).lower()
    if precedence in ("bulk", "junk", "auto_reply", "list"):
        yield _reply_kind(letter), f"Precedence is {precedence}"
    if header(message, "List-Id"):
        yield DeliveryKind.AUTO_REPLY, "it came through a mailing list (List-Id)"
    if header(message, "X-Autoreply") or header(message, "X-Autorespond") or header(message, "X-Autogenerated"):
        yield _reply_kind(letter), "a header says a machine sent it"
    suppressed = bool(header(message, "X-Auto-Response-Suppress"))
    calendar = any(content_type(part) == "text/calendar" and parameter(part, "method") == "reply" for part in every(message))
    if _RECEIPT.match(subject) and (suppressed or calendar):
        yield DeliveryKind.AUTO_REPLY, "it is a receipt or an answer from a calendar"
    if suppressed and _ABSENT.search(subject):
        yield DeliveryKind.ABSENCE, "the subject is that of an absence, and X-Auto-Response-Suppress is set"
    if _RETURNED.match(subject) and header(message, "X-Failed-Recipients"):
        yield DeliveryKind.BOUNCE, "it names addresses that cannot be reached (X-Failed-Recipients)"


def _report(message: Message) -> tuple[DeliveryKind, str]:
    """A multipart/report: RFC 3464 where it is one; a delay or a receipt is no failure."""
    actions = [
        value.lower().split()[0]
        for status in every(message)
        if content_type(status) in ("message/delivery-status", "message/global-delivery-status")
        for block in parts(status)
        for value in header(block, "Action")
        if value.strip()
    ]
    for action in ("failed", "expired"):
        if action in actions:
            return DeliveryKind.BOUNCE, f"it is a delivery report that says {action} (RFC 3464)"
    if actions:
        return DeliveryKind.AUTO_REPLY, f"it is a delivery report that says {actions[0]} (RFC 3464)"
    kind = parameter(message, "report-type")
    if kind in ("disposition-notification", "feedback-report"):
        return DeliveryKind.AUTO_REPLY, f"it is a report of the type {kind}"
    return DeliveryKind.BOUNCE, "it is a report from a mail server (multipart/report)"


def _reply_kind(letter: Letter) -> DeliveryKind:
    absent = _ABSENT.search(letter.subject) or _ABSENT.search(letter.text[:4000])
    return DeliveryKind.ABSENCE if absent else DeliveryKind.AUTO_REPLY


def _failed(message: Message) -> bool:
    try:
        return bool(scan_message(message))
    except Exception:  # its forty detectors ask a broken mail forty ways
        return False


def _code(message: Message) -> str:
    """The enhanced status code a delivery report gives, such as 5.1.1."""
    for status in every(message):
        for value in header(status, "Status"):
            if found := _CODE.search(value):
                return found.group()
    return ""


def _reported(raw: bytes, message: Message) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in everything_said(raw, message):
        for address in addresses_in(text):
            found[address] = None
            if len(found) >= _MOST_REPORTED:
                return tuple(found)
    return tuple(found)
