"""The commands about people, as somebody types them."""

import json
from pathlib import Path

import pytest

from services.escalator.cli import run

HEAD = "agency,role,name,address,rank\n"
ANN = "BBC Adult,team_manager,Ann Bell,ann@care.example,5\n"
BOARD = """key: testshire
name: Testshire
protocol: bedfordshire
reference_prefix: TEST
inbox: inbox@board.example
staff: []
known_domains: [board.example]
contacts: contacts.csv
"""
TABLE = """key: testshire
name: Who answers to whom
source: page 3
rows: 1
tables:
  - agencies:
      - { key: cbc, name: CBC Social Care, sector: social_care, titles: [Head of Service] }
      - { key: bbc, name: Borough Adults, short: BBC Adult, sector: social_care, titles: [Head of Adults] }
"""


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    (tmp_path / "testshire.yaml").write_text(BOARD)
    (tmp_path / "contacts.csv").write_text(HEAD + ANN)
    return tmp_path


def asked(boards: Path, *more: str, role: str = "Head of Service", board: str = "testshire") -> int:
    question = ["--board", board, "--agency", "CBC Social Care", "--role", role, "--other", "BBC Adult"]
    return run(["opposite", *question, "--boards-dir", str(boards), *more])


def test_an_opposite_number_is_shown_with_how_sure_it_is(boards: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """BED-24, A-18."""
    assert asked(boards) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Bedford Borough Adult Social Services: Head of Service (row 5)\n  Ann Bell <ann@care.example>\n")
    assert "It may also be: Safeguarding Manager (row 4)." in shown
    assert "To be confirmed by a person" in shown
    assert asked(boards, board="bedfordshire") == 0
    assert "Nobody with this rank is on the contact list." in capsys.readouterr().out


def test_an_opposite_number_as_data(boards: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(boards, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["title"], found["row"], found["sure"]) == ("Head of Service", 5, "neighbouring_row")
    assert [person["name"] for person in found["people"]] == ["Ann Bell"]


def test_a_blank_cell_is_told_as_such(boards: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A-20."""
    assert asked(boards, role="Social Work assistant") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Bedford Borough Adult Social Services: no equivalent on file\n  The document leaves row 10")


def test_a_board_may_have_a_role_table_of_its_own(boards: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = boards / "testshire.yaml"
    path.write_text(BOARD + "role_table: roles.yml\n")
    assert asked(boards) == 1
    assert f"{boards / 'roles.yml'}:1: expected a file that can be read" in capsys.readouterr().err
    (boards / "roles.yml").write_text(TABLE)
    assert asked(boards) == 0
    assert capsys.readouterr().out.startswith("Borough Adults: Head of Adults (row 1)\n")
    (boards / "roles.yml").write_text(TABLE.replace("rows: 1", "rows: 2"))
    assert run(["check", str(path)]) == 1
    assert "roles.yml:1: expected 2 titles for cbc" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"board": "northamptonshire"}, "unknown role table 'northamptonshire': expected one of bedfordshire"),
        ({"board": "narnia"}, "unknown board 'narnia'"),
        ({"role": "Wizard"}, "unknown role of Central Beds Children's Services Social Care 'Wizard'"),
    ],
)
def test_a_question_nobody_can_answer_says_what_there_is(
    boards: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str], told: str
) -> None:
    assert asked(boards, **change) == 2
    assert told in capsys.readouterr().err


def test_a_contact_list_is_checked(boards: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = boards / "contacts.csv"
    check = ["contacts", "check", str(path), "--board", "bedfordshire"]
    assert run(check) == 0
    assert capsys.readouterr().out == f"{path}: OK, 1 line\n"
    assert run([*check, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    path.write_text(HEAD + ANN + "BBC Adult,team_leader,Bo Lind,bo,x\n")
    assert run(check) == 1
    shown = capsys.readouterr().out.splitlines()
    assert [line.partition(" ")[0] for line in shown] == [f"{path}:3:"] * 3
    assert run([*check, "--json"]) == 1
    assert [(one["line"], one["field"]) for one in json.loads(capsys.readouterr().out)] == [
        (3, "role"),
        (3, "rank"),
        (3, "address"),
    ]


def test_a_contact_list_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["contacts", "check", str(tmp_path / "none.csv"), "--board", "bedfordshire"]) == 1
    assert "expected a file that can be read" in capsys.readouterr().out
    assert run(["contacts", "check", str(tmp_path / "none.csv"), "--board", "narnia"]) == 2
