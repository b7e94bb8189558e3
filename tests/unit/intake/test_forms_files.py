"""The Escalation Form as a file, in every format people send: made-up ones, and what must be understood of each (BED-25, A-21)."""

import socket
from typing import NoReturn

import pytest

from services.intake.forms import attachments
from services.intake.forms.enclosed import File
from services.intake.forms.refusals import Refusal
from tests.unit.intake.form_files import EXPECTED, FOLDER, said


def test_every_file_has_its_expected_outcome() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix not in (".py", ".toml", "")}
    assert files == {*EXPECTED["file"], *EXPECTED["mail"]}
    assert len(files) > 60


@pytest.mark.parametrize("name", EXPECTED["file"])
def test_a_file_is_understood(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object) -> NoReturn:
        raise AssertionError("a file made us ask the network for something")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    expected = EXPECTED["file"][name]
    opened = attachments.open_file(File(name, "", (FOLDER / name).read_bytes()))
    assert [refused.why for refused in opened.refused] == expected.get("refused", [])
    assert [found.answers.given() for found in opened.forms] == [said(form, expected) for form in expected.get("forms", [])]
    assert any(found.note for found in opened.forms) == expected.get("note", False)


@pytest.mark.parametrize("name", EXPECTED["file"])
def test_what_is_told_of_a_file_does_not_name_it(name: str) -> None:
    """A file's name may be the child's."""
    opened = attachments.open_file(File(f"Robin Example {name}", "", (FOLDER / name).read_bytes()))
    told = [refused.told for refused in opened.refused] + [found.where + found.note for found in opened.forms]
    assert not any("Robin" in sentence or name in sentence for sentence in told)


@pytest.mark.parametrize("why", Refusal)
def test_every_refusal_says_what_is_wrong_and_what_to_do(why: Refusal) -> None:
    told = attachments.Refused("The attached file", why).told
    assert told.startswith("The attached file ")
    assert "Please" in told
    assert told.endswith(".")


@pytest.mark.parametrize("name", ["form.docx", "form.pdf", "picture.png", "../../etc/passwd", "", "x" * 300])
@pytest.mark.parametrize("media_type", ["", "application/octet-stream", "application/msword", "text/plain"])
def test_what_a_file_is_does_not_depend_on_its_name(name: str, media_type: str) -> None:
    for file in ("word-table.docx", "pdf-printed.pdf", "outlook.msg", "winmail.dat", "rich-text.rtf"):
        opened = attachments.open_file(File(name, media_type, (FOLDER / file).read_bytes()))
        assert [found.answers.given() for found in opened.forms] == [EXPECTED["usual"]]
