"""`python -m services.intake read FILE --json`: what intake would understand of a mail or a form, storing nothing."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from services.contracts.content import FORM_LABELS
from services.contracts.vocabulary import HeldReason
from services.intake import circumstances
from services.intake.domain import ASKED_LABELS, LABELS, missing
from services.intake.forms.enclosed import File
from services.intake.understanding import Understanding, understand, understand_file
from services.kit.clock import now

_NOT_ONE_SENDER = "the mail does not have exactly one From with exactly one address"
_ALWAYS = {key for key, _ in (*FORM_LABELS, *ASKED_LABELS)}
"""Fields that are shown also when they are blank."""

_YEARS_OF_MAIL = range(1971, 2200)
_MAIL_HEADER = re.compile(
    rb"^(?:message-id|mime-version|received|return-path|content-type|subject|delivered-to)[ \t]*:", re.IGNORECASE
)


def run(arguments: Sequence[str]) -> int:
    """Read one file and print what it is. Exit status 2 when there is no such file; whatever it turns out to be is an answer."""
    parser = argparse.ArgumentParser(prog="python -m services.intake", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    read = commands.add_parser("read", help="what intake would understand of a mail or of a form, in any format")
    read.add_argument("file", type=Path)
    read.add_argument("--reply", action="store_true", help="read the mail as an answer to a notice")
    read.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(arguments)
    try:
        raw = asked.file.read_bytes()
    except OSError as error:
        sys.stderr.write(f"Cannot read {asked.file}: {error.strerror}\n")
        return 2
    told = tell(_understand(raw, asked.file.name, is_mail=_is_mail(asked.file, raw), reply=asked.reply))
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n" if asked.json else _as_text(told))
    return 0


def tell(understanding: Understanding) -> dict[str, Any]:
    """What was understood: kind, fields, missing, act and reason (which rule decided), then what a reply says beside its act, what a
    form says of its circumstances, the fields of the other forms that came with it, and what its sender is told of the rest."""
    told: dict[str, Any] = {"kind": understanding.kind, "fields": {}, "missing": [], "act": None, "reason": understanding.rule}
    told |= {"parts": [], "pursued": [], "moment": None, "number": None, "named": "", "circumstances": {}}
    told |= {"others": [], "asides": list(understanding.asides)}
    answers, sender, decision = understanding.answers, understanding.sender, understanding.decision
    if understanding.kind == "reply" and decision is None and answers is not None and answers.given() and sender:
        told |= {"fields": answers.given(), "reason": f"It gives answers by their labels. {understanding.rule}"}
    elif understanding.reason is not None:
        told |= {"kind": "held", "reason": f"{understanding.reason.value}: {understanding.rule}"}
    elif sender is None and understanding.kind in ("form", "reply"):
        told |= {"kind": "held", "reason": f"{HeldReason.UNCLEAR_SENDER.value}: {_NOT_ONE_SENDER}"}
    elif decision is not None:
        told |= decision.model_dump(mode="json", include={"act", "parts", "pursued", "moment", "number", "named"})
    elif understanding.kind == "form" and answers is not None:
        shown = {key: answer for key, answer in answers.fields().items() if answer or key in _ALWAYS}
        as_dated = circumstances.dated(answers, understanding.at)
        unread = (question.label for question in circumstances.questions(as_dated))
        told |= {"fields": shown, "missing": [*missing(answers, None), *unread]}
        told["circumstances"] = circumstances.read(as_dated).model_dump(mode="json")
        told["others"] = [other.given() for other in understanding.others]
        if sender is not None and sender.name and not answers.form.from_practitioner:
            told["fields"]["from_practitioner"] = sender.name
            told["reason"] += "; From is blank, so it is the name on the mail"
    return told


def _understand(raw: bytes, name: str, *, is_mail: bool, reply: bool) -> Understanding:
    if is_mail:
        return understand(raw, (), None, _sent_at(raw), reply=reply)
    return understand_file(File(name, "", raw), now())


def _sent_at(raw: bytes) -> datetime:
    """When a mail says it was sent, in place of when it was received, which a file does not tell."""
    try:
        sent = parsedate_to_datetime(str(message_from_bytes(raw[:65536])["Date"]))
    except (ValueError, OverflowError):
        return now()
    return (sent if sent.tzinfo else sent.replace(tzinfo=UTC)) if sent.year in _YEARS_OF_MAIL else now()


def _is_mail(file: Path, raw: bytes) -> bool:
    """A mail has a mail's header: the form itself begins with Date, From and To, so those three prove nothing."""
    if file.suffix.lower() == ".eml":
        return True
    head = re.split(rb"\r?\n\r?\n", raw[:65536], maxsplit=1)[0]
    return any(_MAIL_HEADER.match(line) for line in head.splitlines())


def _as_text(told: dict[str, Any]) -> str:
    lines = [
        f"{told['kind']}: {told['reason']}",
        *(f"{LABELS[key]}: {answer}" for key, answer in told["fields"].items() if answer),
    ]
    if told["missing"]:
        lines.append(f"Missing: {', '.join(told['missing'])}")
    if told["act"]:
        lines.append(f"Act: {told['act']}")
    lines += [f"{name.capitalize()}: {told[name]}" for name in ("parts", "moment", "number", "named") if told[name]]
    lines += [
        f"To be pursued ({item['kind']}): {item['owner'] or 'nobody named'}, {item['by'] or 'no date'}"
        for item in told["pursued"]
    ]
    lines += [
        f"Another form: {', '.join(f'{LABELS[key]}: {answer}' for key, answer in other.items())}" for other in told["others"]
    ]
    lines += told["asides"]
    return "\n".join(lines) + "\n"
