"""A mail that hangs, kills or starves its reader is unreadable, and the mail behind it is read."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from services.contracts.vocabulary import HeldReason
from services.intake.sandbox import Sandbox
from services.intake.understanding import Understanding, understand
from services.kit.clock import now

FIXTURES = Path(__file__).parents[2] / "fixtures"
FORM = (FIXTURES / "mail" / "form-plain.eml").read_bytes()
FORM_AND_FILE = (FIXTURES / "forms" / "whole-form-and-bomb.eml").read_bytes()


def treacherous(
    raw: bytes, recipients: tuple[str, ...], mail_from: str | None, at: datetime, *, open_files: bool = True
) -> Understanding:
    """Reads a mail, unless its first word says to do otherwise."""
    match raw.split(b" ")[0]:
        case b"hang" | b"Subject:":
            time.sleep(600)
        case b"From:" if open_files and b"x.docx" in raw:
            time.sleep(600)
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"starve":
            bytearray(4 * 1024 * 1024 * 1024)
    return understand(raw, recipients, mail_from, at, open_files=open_files)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(workers=1, seconds=2, read=treacherous)
    yield sandbox
    sandbox.close()


@pytest.mark.parametrize("poison", [b"hang", b"die", b"starve"])
async def test_poison_is_unreadable_and_the_next_mail_is_read(sandbox: Sandbox, poison: bytes) -> None:
    bad, good = await asyncio.gather(sandbox.understand(poison, (), None, now()), sandbox.understand(FORM, (), None, now()))
    assert (bad.kind, bad.reason) == ("held", HeldReason.UNREADABLE)
    assert good.kind == "form"
    await sandbox.check()


async def test_of_a_mail_that_ends_its_reader_the_header_is_read(sandbox: Sandbox) -> None:
    """So that its sender is told, and a machine is not."""
    person = b"Subject: help\r\nFrom: asha@school.example\r\nAuthentication-Results: mx.example; dmarc=pass\r\n\r\nwords"
    machine = person.replace(b"\r\n\r\n", b"\r\nAuto-Submitted: auto-replied\r\n\r\n")
    seen, other = await asyncio.gather(*(sandbox.understand(raw, (), None, now()) for raw in (person, machine)))
    assert (seen.kind, seen.reason, seen.text) == ("held", HeldReason.UNREADABLE, "")
    assert seen.sender is not None
    assert (seen.sender.address, seen.authentication) == ("asha@school.example", ("mx.example; dmarc=pass",))
    assert other.kind == "auto_reply"


async def test_files_that_end_their_reader_are_left_closed_and_the_mail_is_read(sandbox: Sandbox) -> None:
    """The words of a mail may be urgent, whatever is attached to them."""
    seen = await sandbox.understand(FORM_AND_FILE, (), None, now())
    assert (seen.kind, seen.answers and seen.answers.form.child_name) == ("form", "Robin Example")
    assert "took too much time" in " ".join(seen.asides)


async def test_a_closed_sandbox_says_so() -> None:
    sandbox = Sandbox(workers=1)
    assert (await sandbox.understand(FORM, (), None, now())).kind == "form"
    sandbox.close()
    with pytest.raises(RuntimeError):
        await sandbox.check()
