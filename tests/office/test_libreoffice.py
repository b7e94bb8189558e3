"""Forms that LibreOffice has opened and saved are read as before: people without Word use it, and so do some mail gateways (BED-25)."""

import subprocess
from pathlib import Path

import pytest

from deploy.local.system_packages import find_libreoffice
from services.intake.blank_forms import word
from services.intake.domain import Answers
from services.intake.forms import attachments
from services.intake.forms.enclosed import File
from tests.fixtures.forms.own import OWN, blank_form, own_form
from tests.fixtures.forms.words import ANSWERS, docx, table
from tests.unit.intake.form_files import EXPECTED


def converted(folder: Path, data: bytes, ending: str, to: str) -> bytes:
    """A document as LibreOffice saves it."""
    office = find_libreoffice()
    assert office, "LibreOffice is missing: run `make test-office`, which installs it"
    (folder / f"form.{ending}").write_bytes(data)
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", to]
    subprocess.run(
        [*command, "--outdir", str(folder / "out"), str(folder / f"form.{ending}")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "out" / f"form.{to}").read_bytes()


def read(data: bytes) -> list[Answers]:
    opened = attachments.open_file(File("", "", data))
    assert not opened.refused
    return [found.answers for found in opened.forms]


@pytest.mark.parametrize("to", ["docx", "odt", "rtf", "pdf"])
def test_our_form_is_read_after_libreoffice_saved_it(tmp_path: Path, to: str) -> None:
    assert read(converted(tmp_path, word.make(own_form()), "docx", to)) == [Answers.of(OWN)]


@pytest.mark.parametrize("to", ["docx", "odt", "rtf", "pdf"])
def test_our_empty_form_says_nothing_after_libreoffice_saved_it(tmp_path: Path, to: str) -> None:
    assert read(converted(tmp_path, word.make(blank_form()), "docx", to)) == [Answers()]


@pytest.mark.parametrize("to", ["docx", "odt", "rtf", "pdf"])
def test_the_boards_own_table_is_read_after_libreoffice_saved_it(tmp_path: Path, to: str) -> None:
    assert [answers.given() for answers in read(converted(tmp_path, docx(table(ANSWERS)), "docx", to))] == [EXPECTED["usual"]]


def test_our_form_is_read_after_it_went_there_and_back(tmp_path: Path) -> None:
    there = converted(tmp_path, word.make(own_form()), "docx", "odt")
    assert read(converted(tmp_path, there, "odt", "docx")) == [Answers.of(OWN)]
