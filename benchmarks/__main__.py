"""`make bench`: prints ratios. Nothing is asserted: a machine is slow or fast, a ratio tells whether Concord became slower."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from uuid import uuid4

from cryptography.fernet import Fernet

from benchmarks.measure import Compared, compare
from services.contracts.content import FormContent
from services.contracts.escalator import DeadlineMissed
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import ReplyAct, Side
from services.escalator.calendars import make_calendar
from services.escalator.case import Case
from services.escalator.loader import PACKAGED, load_protocol
from services.escalator.times import deadline
from services.intake.understanding import understand
from services.records.chain import Head, canonical, follow
from tests.cases import RAISED_AT, board, start
from tests.unit.escalator.story import Story

MAILS = Path(__file__).parents[1] / "tests" / "fixtures" / "mail"
TEXT = "A concern about a child, in a practitioner's own words. " * 40


def results() -> Iterator[Compared]:
    """Everything that is measured, one at a time."""
    yield from _core()
    yield from _times()
    yield from _mail()
    yield from _sealing()
    yield from _history()


def _core() -> Iterator[Compared]:
    story = Story()
    text = story.case.model_dump_json()

    def whole() -> None:
        case = Story()
        for act, side in (
            (ReplyAct.OUTCOME_PROPOSED, Side.OTHER),
            (ReplyAct.CONFIRMED, Side.OTHER),
            (ReplyAct.CONFIRMED, Side.RAISING),
        ):
            case.says(act, side)

    yield compare(
        "a whole case in the decision core, form to close",
        whole,
        "reading one case from JSON",
        lambda: Case.model_validate_json(text),
    )
    path = PACKAGED / "bedfordshire.yaml"
    yield compare(
        "reading and checking a protocol file", lambda: load_protocol(path), "reading its bytes", path.read_bytes, times=1
    )


def _times() -> Iterator[Compared]:
    begun = start("NOR-S1", on="northamptonshire")
    protocol, calendar = board("northamptonshire").protocol, begun.calendar
    ladder = protocol.ladder("NOR-S1")

    def due() -> object:
        return deadline(protocol, ladder, 1, raised_at=RAISED_AT, step_reached_at=RAISED_AT, calendar=calendar)

    yield compare(
        "a deadline in working days, with its explanation", due, "adding a day", lambda: RAISED_AT + timedelta(days=1)
    )
    hours = board().working_hours
    yield compare("a calendar of five years", lambda: make_calendar(hours, 2025, 2029), "a deadline", due, times=1)


def _mail() -> Iterator[Compared]:
    raw = (MAILS / "form-plain.eml").read_bytes()
    yield compare(
        "understanding a mailed form",
        lambda: understand(raw, (), None, RAISED_AT),
        "parsing the mail with the standard library",
        lambda: message_from_bytes(raw, policy=policy.default).get_body(),
    )


def _sealing() -> Iterator[Compared]:
    key = Fernet.generate_key()
    sealer, fernet = Sealer([key.decode()]), Fernet(key)
    content = FormContent(summary=TEXT)
    yield compare(
        "sealing a form",
        lambda: sealer.seal("BED-00000000", content),
        "encrypting its text",
        lambda: fernet.encrypt(TEXT.encode()),
    )


def _history() -> Iterator[Compared]:
    at = datetime(2026, 12, 4, 14, 5, tzinfo=UTC)
    message = DeadlineMissed(
        message_id=uuid4(), at=at, case_id="BED-00000000", board="bedfordshire", number=3, step=1, deadline=at
    )
    text = canonical(message)
    head = Head(seq=1, hash="0" * 64)
    yield compare(
        "adding a message to the chained history (without the database)",
        lambda: follow(head, message, "BED-00000000", at),
        "one JSON dump and one SHA-256",
        lambda: hashlib.sha256(json.dumps(json.loads(text)).encode()).hexdigest(),
    )


if __name__ == "__main__":
    for compared in results():
        print(compared, flush=True)
