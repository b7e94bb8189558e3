"""The boards of a deployment, and what their files get when they are wrong."""

from pathlib import Path

import pytest

from services.escalator.boards import Board
from services.escalator.errors import ProtocolError
from services.escalator.ladders import Unit, Within
from services.escalator.loader import PACKAGED, check, load_board, load_boards
from tests.unit.escalator.testshire import TESTSHIRE

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
        ("choices:", "local_procedures: { BED-S8: 'https://board.example/p' }\nchoices:", "9: expected one of BED-S9, found 'BED-S8'"),
        ("choices:", "local_procedures: { BED-S9: the shelf }\nchoices:", "9: expected text of the form ^https?"),
        ("choices:", "learning_inbox: us@board.example\nchoices:", "9: expected the choice learning_inbox: shared_inbox beside it"),
        ("A-02: per_step", "A-22: shared_inbox", "9: expected learning_inbox, the address of the mailbox that boards share"),
        ("choices: { A-02: per_step", "demonstration: yes\nchoices: { A-03: working_hours", "10: expected one of elapsed_hours, found"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(written: Path, old: str, new: str, told: str) -> None:
    assert old in BOARD
    written.write_text(BOARD.replace(old, new), encoding="utf-8")
    assert any(told in problem for problem in problems(written)), problems(written)


def test_a_board_links_the_text_that_its_protocol_does_not_hold(written: Path) -> None:
    """A-08, A-35: and no other ladder has a link."""
    link = "https://board.testshire.example/conference-requests"
    written.write_text(f"{BOARD}local_procedures: {{ BED-S9: '{link}' }}\n", encoding="utf-8")
    procedures = {
        ladder.id: ladder.local_procedure for ladder in load_board(written).protocol.ladders if ladder.local_procedure
    }
    assert {ladder: procedure.link for ladder, procedure in procedures.items()} == {"BED-S9": link}


def test_boards_that_share_a_mailbox_for_learning_say_so_and_give_it(written: Path) -> None:
    """A-22."""
    shared = BOARD.replace("A-02: per_step", "A-22: shared_inbox") + "learning_inbox: lessons@both.example\n"
    written.write_text(shared, encoding="utf-8")
    assert load_board(written).learning_inbox == "lessons@both.example"
    written.write_text(BOARD, encoding="utf-8")
    assert load_board(written).learning_inbox is None


@pytest.mark.parametrize(
    ("within", "told"),
    [
        ("{ kind: working_days, amount: 1 }", "found 1 working days"),
        ("{ kind: end_of_working_day, amount: 1 }", "found 1 end of working day"),
        ("{ kind: agreed }", "found agreed"),
    ],
)
def test_a_time_that_seconds_cannot_stand_for_has_no_demonstration(written: Path, within: str, told: str) -> None:
    own = TESTSHIRE.replace("{ kind: agreed }", "{ kind: elapsed_hours, amount: 2 }").replace(
        "{ kind: working_days, amount: 1 }", "{ kind: elapsed_hours, amount: 3 }"
    )
    own = own.replace("[elapsed_hours, one_working_day]", "[elapsed_hours]")
    folder = written.parent / "own"
    folder.mkdir()
    board = BOARD.replace("protocol: bedfordshire", "protocol: own/protocol.yaml").partition("choices:")[0]
    written.write_text(f"{board}demonstration: Not a real board\n", encoding="utf-8")
    (folder / "protocol.yaml").write_text(own, encoding="utf-8")
    made = load_board(written).protocol
    decision = made.ladder("T-1").step(2).decision
    assert decision is not None
    assert decision.challenge_within == Within(kind=Unit.ELAPSED_SECONDS, amount=3)
    assert made.closing.follow_up == Within(kind=Unit.ELAPSED_SECONDS, amount=100)
    (folder / "protocol.yaml").write_text(own.replace("{ kind: elapsed_hours, amount: 2 }", within), encoding="utf-8")
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
