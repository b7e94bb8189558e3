"""`python -m services.intake read FILE`: what would be understood, without a server."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.intake.cli import run
from tests.unit.intake.form_files import EXPECTED, said
from tests.unit.intake.form_files import FOLDER as FILES

FOLDER = Path(__file__).parents[2] / "fixtures" / "mail"
TEXT = (
    "Date: 7 December 2026\nFrom: Asha Rees\nTo:\nName of Child: Robin Example\nDOB: 31/3/15\nSummary of Concern(s): Bruises.\n"
)


def read(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    run(["read", "--json", *arguments])
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_it_answers_as_a_command_with_nothing_set() -> None:
    command = [sys.executable, "-m", "services.intake", "read", str(FOLDER / "form-missing-parts.eml"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": ""}, cwd=Path(__file__).parents[3])
    answer = json.loads(done.stdout)
    assert list(answer) == [
        *("kind", "fields", "missing", "act", "reason"),
        *("parts", "pursued", "moment", "number", "named", "circumstances"),
        *("others", "asides"),
    ]
    assert answer["missing"] == ["To (Manager)", "DOB", "Stage of the case"]


def test_a_form_as_a_text_file_is_not_taken_for_a_mail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "form.txt"
    file.write_text(TEXT)
    answer = read(capsys, str(file))
    assert answer["kind"] == "form"
    assert answer["missing"] == [
        *("To (Manager)", "Social Worker/Practitioner", "Agency/Team", "Requested Action"),
        *("Stage of the case", "Area of disagreement"),
    ]
    assert isinstance(answer["fields"], dict)
    assert len(answer["fields"]) == 16


@pytest.mark.parametrize("name", EXPECTED["file"])
def test_a_file_of_any_kind_is_read(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    expected = EXPECTED["file"][name]
    answer = read(capsys, str(FILES / name))
    assert (answer["kind"] == "form") == bool(expected.get("forms")), answer["reason"]
    if name.startswith("pdf-printed"):
        assert answer["reason"] == "the form is in the attached PDF"
    if "forms" in expected:
        assert isinstance(answer["fields"], dict)
        assert {key: said for key, said in answer["fields"].items() if said} == said(expected["forms"][0], expected)
        assert len(list(answer["others"])) == len(expected["forms"]) - 1  # type: ignore[call-overload] # JSON
    if expected.get("refused"):
        assert "Please" in str(answer["reason"])


def test_a_second_form_and_asides_are_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    run(["read", str(FILES / "word-two-forms.docx")])
    assert "Another form: " in capsys.readouterr().out
    run(["read", str(FILES / "word-macros.docm")])
    assert "macros" in capsys.readouterr().out


def test_a_mail_without_its_suffix_is_known_by_its_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mail"
    file.write_bytes((FOLDER / "reply-unresolved.eml").read_bytes())
    assert read(capsys, str(file))["act"] == "not_resolved"


def test_a_mail_is_read_as_a_reply_when_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "reply.eml"
    file.write_text("From: a@b.example\n\nCONFIRM\n")
    assert read(capsys, str(file))["kind"] == "held"
    answer = read(capsys, str(file), "--reply")
    assert (answer["kind"], answer["act"], answer["reason"]) == (
        "reply",
        "confirmed",
        "the first line is the decision word CONFIRM",
    )


def test_a_reply_that_gives_missing_parts_tells_them(capsys: pytest.CaptureFixture[str]) -> None:
    answer = read(capsys, str(FOLDER / "reply-missing-parts-by-label.eml"))
    assert (answer["kind"], answer["act"]) == ("reply", None)
    assert answer["fields"] == {"child_dob": "31 March 2015", "case_stage": "3"}


def test_what_a_reply_says_beside_its_act_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "reply.eml"
    file.write_text("From: a@b.example\nDate: Mon, 7 Dec 2026 09:30:00 +0000\n\nMEETING tomorrow at noon, Borough Hall\n")
    answer = read(capsys, str(file), "--reply")
    assert (answer["act"], answer["moment"]) == ("meeting", "2026-12-08T12:00:00Z")
    assert answer["reason"] == "the first line is the decision word MEETING"
    file.write_text("From: a@b.example\nDate: nonsense\n\nOUTCOME\nAgreed: x\nActions:\n- Visit - Sam - 9 December 2026\n")
    run(["read", str(file), "--reply"])
    assert "To be pursued (action): Sam, 2026-12-09" in capsys.readouterr().out


def test_people_can_read_the_answer_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", str(FOLDER / "form-missing-parts.eml")]) == 0
    out = capsys.readouterr().out
    assert "Name of Child: Robin Example" in out
    assert "Missing: To (Manager), DOB, Stage of the case" in out
    assert run(["read", str(FOLDER / "held-a-letter.eml")]) == 0
    assert capsys.readouterr().out == "held: not_a_form: There is no Escalation Form in this mail.\n"


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", "nowhere.eml"]) == 2
    assert "nowhere.eml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "date",
    [
        "31 Dec 9999 23:59:59 -1200",
        "31 Dec 9999 12:00:00 +0000",
        "1 Jan 1 00:00:00 +2300",
        "Thu, 01 Jan 1970 99999999999:00",
        "99 Foo 99999",
        "",
        "=?x?q?y?=",
    ],
)
def test_a_day_that_never_was_is_no_day_it_was_sent(date: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mail.eml"
    file.write_text(f"From: a@b.example\nDate: {date}\nSubject: x\n\n{TEXT}The child needs to be safe by: tomorrow\n")
    assert run(["read", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "form"
