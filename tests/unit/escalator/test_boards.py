"""The boards of a deployment, and what their files get when they are wrong."""

from pathlib import Path

import pytest

from services.escalator.boards import Board
from services.escalator.errors import ProtocolError
from services.escalator.ladders import Unit
from services.escalator.loader import PACKAGED, check, load_board, load_boards

LOCAL = Path(__file__).parents[3] / "deploy/local/boards"

BOARD = """\
key: testshire
name: Testshire
protocol: bedfordshire
reference_prefix: TEST
inbox: escalation@board.testshire.example
staff:
  - { name: Jo Bell, address: jo.bell@board.testshire.example }
known_domains: [School.Testshire.example]
choices: { A-02: per_step, immediately: 30 }
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "testshire.yaml"
    path.write_text(BOARD, encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(ProtocolError) as caught:
        load_board(path)
    return [f"{problem.line}: expected {problem.expected}, found {problem.found}" for problem in caught.value.problems]


def test_a_board_is_its_protocol_with_its_choices(written: Path) -> None:
    board = load_boards(written.parent)["testshire"]
    assert board.protocol.key == "bedfordshire"
    assert board.protocol.choice("A-02").value == "per_step"
    assert board.protocol.choice("A-06").value == "30"
    assert board.protocol.choice("A-01").chosen is None
    assert board.known_domains == ("school.testshire.example",)
    assert board.secure_domains == ()
    assert (board.contacts, board.demonstration, board.protocol.demonstration) == (None, "", False)


def test_a_board_comes_back_from_json_as_it_was(written: Path) -> None:
    board = load_board(written)
    assert Board.model_validate_json(board.model_dump_json()) == board


def test_the_demonstration_board_runs_in_seconds_and_says_so() -> None:
    board = load_boards(LOCAL)["demonstration"]
    assert board.demonstration == "Demonstration: one second stands for one hour. No real child or person."
    assert board.protocol.demonstration
    kinds = {step.within.kind for ladder in board.protocol.ladders for step in ladder.steps if step.within}
    assert kinds == {Unit.ELAPSED_SECONDS, Unit.IMMEDIATELY}
    assert board.contacts is not None
    assert Path(board.contacts).is_file()
    domains = [*board.known_domains, *board.secure_domains, board.inbox, *(person.address for person in board.staff)]
    assert all(domain.endswith(".example") for domain in domains)


def test_a_board_may_have_a_protocol_of_its_own(written: Path) -> None:
    own = (PACKAGED / "bedfordshire.yaml").read_text(encoding="utf-8").replace("key: bedfordshire", "key: testshire", 1)
    (written.parent / "own").mkdir()
    (written.parent / "own" / "protocol.yaml").write_text(own, encoding="utf-8")
    written.write_text(BOARD.replace("protocol: bedfordshire", "protocol: own/protocol.yaml"), encoding="utf-8")
    assert load_boards(written.parent)["testshire"].protocol.key == "testshire"
    assert check(written) == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("protocol: bedfordshire", "protocol: atlantis", "oxfordshire, or the path of a .yaml file, found 'atlantis'"),
        ("prefix: TEST", "prefix: te st", "4: expected text of the form ^[A-Z]{2,8}$, found 'te st'"),
        ("inbox: escalation@board.testshire.example", "inbox: nobody", "5: expected text of the form ^[^@\\s]+@[^@\\s]+$, found 'nobody'"),
        (", address: jo.bell@board.testshire.example", "", "7: expected a value for 'address', found "),
        ("[School.Testshire.example]", "[not a domain]", "found 'not a domain'"),
        ("A-02: per_step", "A-02: sideways", "9: expected one of cumulative, per_step, found the option of A-02 (accumulation) 'sideways'"),
        ("A-02: per_step", "A-77: per_step", "9: expected one of A-01 (clock_start), A-02 (accumulation)"),
        ("A-02: per_step", "A-06: 15", "9: expected A-06 once, by id or by name"),
        ("immediately: 30", "immediately: 99999", "9: expected one of a whole number from 1 to 1440"),
        ("immediately: 30", "immediately: true", "9: expected text, found True"),
        ("choices:", "contacts: none.csv\nchoices:", "9: expected the path of a file, beside this one, found 'none.csv'"),
        ("choices:", "working_hours: { opens: 9 }\nchoices:", "9: expected a time such as 09:00, found 9"),
        ("choices:", "working_hours: { opens: noon }\nchoices:", "9: expected a time such as 09:00, found 'noon'"),
        ("choices:", "working_hours: { closes: 09:30 }\nchoices:", "9: expected a working day of at least an hour"),
        ("choices:", "working_hours: { also_closed: [soon] }\nchoices:", "9: expected a date such as 2026-12-24, found 'soon'"),
        ("choices:", "choice:", "9: expected no field 'choice' here"),
        ("choices: { A-02: per_step", "demonstration: yes\nchoices: { A-03: working_hours", "10: expected one of elapsed_hours, found"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(written: Path, old: str, new: str, told: str) -> None:
    assert old in BOARD
    written.write_text(BOARD.replace(old, new), encoding="utf-8")
    assert any(told in problem for problem in problems(written)), problems(written)


def test_all_boards_are_read_before_any_is_refused(written: Path) -> None:
    (written.parent / "again.yaml").write_text(BOARD, encoding="utf-8")
    (written.parent / "broken.yaml").write_text("key: [", encoding="utf-8")
    with pytest.raises(ProtocolError) as caught:
        load_boards(written.parent)
    assert [(Path(problem.file).name, problem.expected) for problem in caught.value.problems] == [
        ("broken.yaml", "well-formed YAML"),
        ("testshire.yaml", "a key that no other board has"),
        ("testshire.yaml", "a reference prefix that no other board has"),
    ]


def test_a_deployment_without_boards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="at least one board"):
        load_boards(tmp_path)
