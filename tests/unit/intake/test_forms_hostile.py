"""Whatever is in a file, it is read or refused by name, within the limits: nothing is raised, run, fetched or unpacked whole."""

import base64
import contextlib
import io
import os
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.domain import Answers
from services.intake.forms import attachments, opendocument, outlook, package, pdf, plain_file, tnef, word
from services.intake.forms.enclosed import Enclosed, File
from services.intake.forms.refusals import CannotOpen, Refusal
from services.intake.mailbox import parse
from tests.fixtures.forms.outlook import Mail, winmail
from tests.fixtures.forms.words import ANSWERS, as_text, docx, paragraph, table
from tests.unit.intake.form_files import FOLDER

Reader = Callable[[bytes], tuple[Answers, ...] | Enclosed]
READERS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "word": (word.read, ("word-own-form.docx", "word-merged-cells.docx", "word-macros.docm", "libreoffice.docx")),
    "opendocument": (opendocument.read, ("libreoffice.odt",)),
    "pdf": (pdf.read, ("pdf-own-form.pdf", "pdf-printed.pdf", "pdf-typed-on-top.pdf", "pdf-may-only-be-printed.pdf")),
    "text": (plain_file.read_text, ("text.txt", "text-utf-16.txt")),
    "page": (plain_file.read_hypertext, ("page.html",)),
    "rich text": (plain_file.read_rich_text, ("rich-text.rtf", "libreoffice.rtf")),
    "outlook": (outlook.read, ("outlook.msg", "outlook-with-word.msg", "outlook-mail-in-mail.msg")),
    "winmail": (tnef.read, ("winmail.dat", "winmail-body.dat", "winmail-mail-in-mail.dat")),
}
BEGINNINGS = (
    b"",
    b"PK\x03\x04",
    b"%PDF-1.7\n",
    b"{\\rtf1 ",
    bytes.fromhex("d0cf11e0a1b11ae1"),
    tnef.SIGNATURE + b"\1\0",
    b"<html>",
)
SECONDS = 5.0
SPOILT = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6), st.integers(0, 12)), min_size=1, max_size=6
)
SLOWLY = settings(
    max_examples=1_000 if os.environ.get("CONCORD_NIGHTLY") == "1" else 100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def spoil(data: bytes, changes: list[tuple[float, bytes, int]]) -> bytes:
    """The file with a few pieces of it replaced, put in or taken out."""
    for place, piece, length in changes:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    return data


def repacked(data: bytes, changes: list[tuple[float, bytes, int]]) -> bytes:
    """A zip file with its largest XML part spoilt inside, so that the checksum is right."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(made, "w") as after:
        main = next(name for name in ("word/document.xml", "content.xml") if name in before.namelist())
        for member in before.infolist():
            inside = before.read(member)
            after.writestr(member.filename, spoil(inside, changes) if member.filename == main else inside)
    return made.getvalue()


def read_or_refused(read: Reader, data: bytes) -> None:
    began = time.monotonic()
    with contextlib.suppress(CannotOpen):
        read(data)
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("name", READERS)
@SLOWLY
@given(beginning=st.sampled_from(BEGINNINGS), data=st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(name: str, beginning: bytes, data: bytes) -> None:
    read_or_refused(READERS[name][0], beginning + data)


@pytest.mark.parametrize("name", READERS)
@SLOWLY
@given(which=st.integers(0, 3), changes=SPOILT)
def test_a_spoilt_file_is_read_or_refused(name: str, which: int, changes: list[tuple[float, bytes, int]]) -> None:
    read, files = READERS[name]
    read_or_refused(read, spoil((FOLDER / files[which % len(files)]).read_bytes(), changes))


@pytest.mark.parametrize("name", ["word", "opendocument"])
@SLOWLY
@given(which=st.integers(0, 3), changes=SPOILT)
def test_a_document_spoilt_inside_is_read_or_refused(name: str, which: int, changes: list[tuple[float, bytes, int]]) -> None:
    read, files = READERS[name]
    read_or_refused(read, repacked((FOLDER / files[which % len(files)]).read_bytes(), changes))


@SLOWLY
@given(
    beginning=st.sampled_from(BEGINNINGS), data=st.binary(max_size=1000), name=st.text(max_size=20), kind=st.text(max_size=20)
)
def test_any_file_is_opened_without_a_word_being_raised(beginning: bytes, data: bytes, name: str, kind: str) -> None:
    opened = attachments.open_file(File(name, kind, beginning + data))
    assert len(opened.refused) <= 1


@SLOWLY
@given(which=st.sampled_from(sorted(path.name for path in FOLDER.glob("*.eml"))), changes=SPOILT)
def test_any_mail_is_opened_without_a_word_being_raised(which: str, changes: list[tuple[float, bytes, int]]) -> None:
    attachments.open_mail(parse(spoil((FOLDER / which).read_bytes(), changes)))


def test_a_bomb_is_refused_before_it_takes_memory() -> None:
    """What it says it unpacks to is looked at first, and what it really unpacks to is read only up to the limit."""
    claims_little = bytearray(docx(paragraph("x" * 40_000_000)))
    at = claims_little.rindex(b"PK\x01\x02", 0, claims_little.rindex(b"word/document.xml"))
    claims_little[at + 24 : at + 28] = struct.pack("<I", 1000)
    for data in (docx(paragraph("x" * 40_000_000)), bytes(claims_little)):
        tracemalloc.start()
        with pytest.raises(CannotOpen) as refused:
            word.read(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert refused.value.why in (Refusal.BOMB, Refusal.DAMAGED)
        assert peak < 60_000_000


def test_too_many_members_are_refused() -> None:
    members = {f"word/media/{number}": b"" for number in range(package.MOST_MEMBERS)}
    with pytest.raises(CannotOpen) as refused:
        word.read(docx(table(ANSWERS), members))
    assert refused.value.why is Refusal.BOMB


def test_a_document_full_of_photographs_is_no_bomb() -> None:
    photographs = {f"word/media/{number}.jpg": bytes(range(256)) * 4000 for number in range(30)}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(table(ANSWERS)))) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
        for name, data in photographs.items():
            after.writestr(name, data)
    (answers,) = word.read(made.getvalue())
    assert answers.form.child_name == "Robin Example"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_encoding(encoding: str) -> None:
    with pytest.raises(CannotOpen) as refused:
        package.xml('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode(encoding))
    assert refused.value.why is Refusal.ENTITIES


def test_what_is_packed_in_a_way_few_programs_know_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as after:
        after.writestr("word/document.xml", b"<x/>")
    with pytest.raises(CannotOpen) as refused:
        word.read(made.getvalue())
    assert refused.value.why is Refusal.OTHER_KIND


def test_no_more_files_are_opened_than_a_mail_with_a_form_has() -> None:
    files = tuple((f"{number}.txt", as_text().encode()) for number in range(attachments.MOST_FILES + 3))
    opened = attachments.open_file(File("", "", winmail(Mail("", files))))
    assert [refused.why for refused in opened.refused] == [Refusal.TOO_MANY] * 4
    assert opened.refused[-1].what.endswith(f"(file {len(files)})")


def test_a_file_that_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES", 100)
    opened = attachments.open_file(File("form.txt", "", as_text().encode()))
    assert [refused.why for refused in opened.refused] == [Refusal.TOO_LARGE]


def test_pictures_in_a_signature_and_invitations_are_passed_over() -> None:
    boundary = "b"
    parts = [
        "Content-Type: text/plain\n\nwords",
        "Content-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline\n\nlogo",
        "Content-Type: text/calendar; name=x.ics\n\nBEGIN:VCALENDAR",
        "Content-Type: text/x-vcard; name=x.vcf\n\nBEGIN:VCARD",
    ]
    text = (
        f"Content-Type: multipart/mixed; boundary={boundary}\n\n"
        + "".join(f"--{boundary}\n{one}\n" for one in parts)
        + f"--{boundary}--\n"
    )
    assert attachments.open_mail(parse(text.encode())) == attachments.Opened()


def test_a_mail_attached_in_base64_is_read() -> None:
    """Some programs encode an attached mail, which they may not."""
    inner = base64.encodebytes((FOLDER / "mail.eml").read_bytes()).decode()
    part = f"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}\n--b--\n"
    opened = attachments.open_mail(parse(f"Content-Type: multipart/mixed; boundary=b\n\n{part}".encode()))
    assert [found.answers.form.child_name for found in opened.forms] == ["Robin Example"]
