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
NOBODY = "nobody reads mail to its sender"
"""The one doubt about a mail that is never answered; of every other the answer goes out once a day."""

AWAY = "the subject is that of an absence"
"""The one sign that is only in what somebody wrote."""

_SCANNED = 400_000
_MOST_REPORTED = 200

_ABSENT = re.compile(
    r"out[- ]of[- ](?:the[- ])?office(?![- ]hours)|\b(?:annual|sick|maternity|paternity|parental|study) leave\b|\bon leave\b"
    r"|\baway from (?:the|my) (?:office|desk)|\bi am (?:currently )?(?:away|out)\b|\bi'?m (?:currently )?(?:away|out of)\b"
    r"|\bnot in the office\b|\bon holiday\b|\bback in the office\b|allan o['’]?r swyddfa|\bar wyliau\b|\babsence\b",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"(?:automatic(?:ally generated)? reply|auto(?:matic)?[- ]?(?:reply|response|responder|mated response)"
    r"|auto\s*:.{0,100}\b(?:out of|away|leave|returning)\b"
    r"|out[- ]of[- ](?:the[- ])?office(?![- ]hours)|ateb awtomatig)",
    re.IGNORECASE,
)
_AWAY = re.compile(r"i am away|on (?:annual )?leave", re.IGNORECASE)
_RETURNED = re.compile(
    r"(?:undeliver(?:able|ed)|(?:permanent |(?:e-?)?mail )?delivery (?:status notification|failure|has failed)"
    r"|(?:e-?)?mail (?:delivery (?:failed|failure|system)|(?:could )?not (?:be )?delivered)"
    r"|failure notice|returned mail|message not delivered|non[- ]?delivery)",
    re.IGNORECASE,
)
_RECEIPT = re.compile(r"(?:not )?(?:read|delivered|accepted|declined|tentative|recall|cancell?ed)\s*:", re.IGNORECASE)
_NOBODY_READS = re.compile(
    r"(?:^|[-_.+\d])(?:(?:no|do[-_.]?not)[-_.]?reply|daemon)(?:$|[-_.+@\d])|@(?:[^@]+\.)?(?:no-?reply|bounces?)\."
    r"|^(?:auto[-_.]?(?:mailer|reply|notify)|notifications?|bounces?|root|cron|nobody)(?:$|[-_.+@])",
    re.IGNORECASE,
)
_A_TICKET = re.compile(
    r"\[?(?:ticket|request|case|incident|ref(?:erence)?)\s*(?:id|no\.?|number)?\s*[#:]\s*[\w-]*\d|#\d{4,}\b.{0,40}\b(?:received|created|opened)"
    r"|(?:we have|has been|was) (?:received|logged)|acknowledg(?:e?ment|ing)|thank you for (?:your (?:e-?mail|enquiry|message)|contacting)",
    re.IGNORECASE,
)
_A_MACHINE_SAYS = re.compile(
    r"this is an auto(?:mated|matic)|(?:please )?do not reply to this (?:e-?mail|message)"
    r"|this (?:mailbox|inbox|e-?mail address) is not monitored"
    r"|(?:your|the) (?:e-?mail|message|enquiry|request) (?:has been|was) (?:received|logged|passed|quarantined)"
    r"|auto-?generated (?:e-?mail|message)|(?:created|generated|sent) automatically by"
    r"|your (?:e-?mail|message)\b.{0,200}?\b(?:could|can|was|has) ?not (?:be |been )?delivered",
    re.IGNORECASE,
)
_OPENING = 600
_BEGINNING = 4000
_LOOKED_AT = 20_000
_TAGS = re.compile(r"^\s*(?:\[[^\]]{1,80}\]\s*)+")
_POSTMASTERS = re.compile(
    r"(?:^|[\s<\"])(?:mailer-daemon|(?:postmaster|mail-daemon|mmdf|microsoftexchange[0-9a-f]+)@)", re.IGNORECASE
)
_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class Automatic(Data):
    """A machine's mail: what it tells, by which sign it was known, and every address it names (one of which our notice went to).

    The sign is not `sure` where a person's mail may bear it, too: a mailing list or a gateway set it.
    """

    kind: DeliveryKind
    sign: str
    sure: bool = True
    code: str = ""
    reported: tuple[str, ...] = ()


def recognise(raw: bytes, message: Message, letter: Letter, mail_from: str | None) -> Automatic | None:
    """The kind of automatic mail this is, or None when a person may have written it. An empty `mail_from` is a null return path."""
    subject = _TAGS.sub("", letter.subject).strip()
    sure = next(_signs(message, letter, subject, mail_from), None)
    found = sure or next(_weaker_signs(message, letter, subject), None)
    if found is None:
        return None
    kind, sign = found
    return Automatic(kind=kind, sign=sign, sure=bool(sure), code=_code(message), reported=_reported(raw, message))


def doubtful(message: Message, letter: Letter) -> str:
    """A sign that a machine may have written what looks like a person's mail; empty where there is none."""
    own = own_words(letter.text[:_LOOKED_AT])[:_OPENING]
    if letter.sender and _NOBODY_READS.search(letter.sender.address):
        return NOBODY
    if _RETURNED.match(_TAGS.sub("", letter.subject).strip()):
        return "its subject is that of a mail server"
    if _A_MACHINE_SAYS.search(own):
        return "it says that a machine wrote it"
    if _A_TICKET.search(letter.subject) and _A_TICKET.search(own):
        return "it acknowledges a request"
    return "X-Auto-Response-Suppress is set" if header(message, "X-Auto-Response-Suppress") else ""


def everything_said(raw: bytes, message: Message) -> Iterator[str]:
    """The mail's text wherever it is, returned mail and reports included: our token may be in any of it."""
    yield raw[:_SCANNED].decode("latin-1")
    for part in every(message):
        if not parts(part) and content_type(part).startswith(("text/", "message/")):
            yield content(part)[:_SCANNED]


def _signs(message: Message, letter: Letter, subject: str, mail_from: str | None) -> Iterator[tuple[DeliveryKind, str]]:
    """Every sign that only a machine leaves, the surest first."""
    submitted = " ".join(header(message, "Auto-Submitted")).lower()
    nobody = mail_from == "" or any(value.replace(" ", "") == "<>" for value in header(message, "Return-Path"))
    nobody = nobody or any(_POSTMASTERS.search(value) for value in header(message, "From"))
    if header(message, OUR_LOOP_HEADER):
        yield DeliveryKind.AUTO_REPLY, "it carries our own notice header: it is our mail coming back"
    if content_type(message) == "multipart/report":
        yield _report(message)
    if _ANSWERED.match(subject):
        yield _kind(message, letter, subject), "the subject is that of an automatic reply"
    if (nobody or _RETURNED.match(subject)) and _failed(message):
        yield DeliveryKind.BOUNCE, "it reports an address that cannot be reached"
    if submitted and not submitted.startswith("no"):
        yield _kind(message, letter, subject), "Auto-Submitted says a machine sent it"
    if nobody:
        yield DeliveryKind.BOUNCE, "it has no sender to answer to (an empty return path or a postmaster)"
    if any(header(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-Autogenerated")):
        yield _kind(message, letter, subject), "a header says a machine sent it"
    suppressed = bool(header(message, "X-Auto-Response-Suppress"))
    if _answers_from_a_calendar(message) or (suppressed and _RECEIPT.match(subject)):
        yield DeliveryKind.AUTO_REPLY, "it is a receipt or an answer from a calendar"
    if suppressed and _ABSENT.search(subject):
        yield DeliveryKind.ABSENCE, "the subject is that of an absence, and X-Auto-Response-Suppress is set"
    if _RETURNED.match(subject) and header(message, "X-Failed-Recipients"):
        yield DeliveryKind.BOUNCE, "it names addresses that cannot be reached (X-Failed-Recipients)"


def _weaker_signs(message: Message, letter: Letter, subject: str) -> Iterator[tuple[DeliveryKind, str]]:
    """Signs that gateways and mailing lists leave also on what people write, and words that people begin with, too."""
    if _AWAY.match(subject):
        yield DeliveryKind.ABSENCE, AWAY
    precedence = " ".join(header(message, "Precedence")).lower()
    if precedence in ("bulk", "junk", "auto_reply", "list"):
        yield _kind(message, letter, subject), f"Precedence is {precedence}"
    for name in ("List-Id", "List-Post", "List-Unsubscribe"):
        if header(message, name):
            yield DeliveryKind.AUTO_REPLY, f"it was sent to many at once ({name})"


def _answers_from_a_calendar(message: Message) -> bool:
    methods = (parameter(part, "method") for part in every(message) if content_type(part) == "text/calendar")
    return any(method in ("reply", "counter") for method in methods)


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
    for action in actions:
        if action.startswith(("fail", "expire")):
            return DeliveryKind.BOUNCE, f"it is a delivery report that says {action} (RFC 3464)"
    if actions:
        return DeliveryKind.AUTO_REPLY, f"it is a delivery report that says {actions[0]} (RFC 3464)"
    kind = parameter(message, "report-type")
    if kind in ("disposition-notification", "feedback-report"):
        return DeliveryKind.AUTO_REPLY, f"it is a report of the type {kind}"
    return DeliveryKind.BOUNCE, "it is a report from a mail server (multipart/report)"


def _kind(message: Message, letter: Letter, subject: str) -> DeliveryKind:
    """What a mail tells that a machine sent and that is no report: somebody is absent, cannot be reached, or neither."""
    if _ABSENT.search(subject):
        return DeliveryKind.ABSENCE
    if _RETURNED.match(subject):
        return DeliveryKind.BOUNCE
    if _ABSENT.search(own_words(letter.text[:_LOOKED_AT])[:_BEGINNING]):  # what it quotes of ours may name an absence, too
        return DeliveryKind.ABSENCE
    return DeliveryKind.BOUNCE if _failed(message) else DeliveryKind.AUTO_REPLY


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
