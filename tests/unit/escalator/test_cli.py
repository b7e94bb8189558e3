"""The commands as somebody types them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.escalator.__main__ import main
from services.escalator.loader import PACKAGED, load_boards, packaged_protocols

ROOT = Path(__file__).parents[3]
LOCAL = ROOT / "deploy/local/boards"
BEDFORDSHIRE = str(PACKAGED / "bedfordshire.yaml")
SIMULATE = ("simulate", "--board", "bedfordshire", "--raised", "2026-12-04T14:05:00Z")


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs one command in this process; returns its exit status and what it printed and complained of."""
    monkeypatch.delenv("CONCORD_BOARDS_DIR", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(list(arguments))
        except SystemExit as ended:  # argparse leaves this way
            status = int(ended.code or 0)
        return (status, *capsys.readouterr())

    return run


def answer(command: Command, *arguments: str) -> Any:
    status, printed, complaints = command(*arguments, "--json")
    assert (status, complaints) == (0, "")
    return json.loads(printed)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("ladders", "--json"), 0),
        ((*SIMULATE, "--ladder", "BED-S6", "--json"), 0),
        (("check", "none.yaml"), 1),
        (("ladder",), 2),
    ],
)
def test_each_command_answers_from_a_shell(arguments: tuple[str, ...], status: int) -> None:
    environment = {**os.environ, "CONCORD_BOARDS_DIR": str(LOCAL)}
    result = subprocess.run(
        [sys.executable, "-m", "services.escalator", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment,
    )
    assert result.returncode == status
    if status == 0:
        every = [*packaged_protocols().values(), *(board.protocol for board in load_boards(LOCAL).values())]
        assert len(json.loads(result.stdout)) == (sum(len(one.ladders) for one in every) if arguments[0] == "ladders" else 3)


def test_ladders_shows_every_step_of_a_board(command: Command) -> None:
    ladders = answer(command, "ladders", "--board", "bedfordshire")
    by_id = {ladder["ladder"]: ladder for ladder in ladders}
    assert list(by_id) == ["BED-S1", "BED-8.1", "BED-8.2", *(f"BED-S{number}" for number in range(2, 13))]
    sixth = by_id["BED-S6"]
    assert (sixth["board"], sixth["case_stage"]) == ("bedfordshire", "Section 17: Initial Assessment")
    assert "Closing the case" in sixth["areas"]
    assert sixth["steps"][2] == {
        "number": 3,
        "action": "If it is not resolved, write to the head of service",
        "with": ["Head of Service"],
        "by": ["Manager", "Safeguarding Champion"],
        "within": {"kind": "elapsed_hours", "amount": 48},
        "shares_time_with": None,
        "writing": "written",
        "source": "section 5, Section 17, Initial Assessment (IA) stage, row 3",
    }
    assert by_id["BED-S5"]["steps"][0]["within"] == {"kind": "immediately", "amount": None}
    assert [step["within"] for step in by_id["BED-S10"]["steps"]] == [{"kind": "elapsed_hours", "amount": 24}, None, None]
    assert by_id["BED-S9"]["local_procedure"]["title"] == "CBC CPC Request / Decision Making Policy June 2010"


def test_ladders_shows_the_boards_of_a_deployment_too(command: Command) -> None:
    ladders = answer(command, "ladders", "--boards-dir", str(LOCAL))
    assert {ladder["board"] for ladder in ladders} == {*packaged_protocols(), "demonstration"}
    demonstration = next(ladder for ladder in ladders if ladder["board"] == "demonstration")
    assert demonstration["steps"][0]["within"] == {"kind": "elapsed_seconds", "amount": 24}


def test_ladders_reads_well(command: Command) -> None:
    lines = command("ladders", "--board", "bedfordshire")[1].splitlines()
    assert lines[0] == "Bedford Borough and Central Bedfordshire (board bedfordshire, protocol of 2010-07)"
    assert "  3  within 48 hours, in writing" in lines
    assert "     with Head of Service; by Manager, Safeguarding Champion" in lines
    assert "  1  immediately, in writing" in lines
    assert "  2  no time stated, confirmed in writing" in lines


def test_simulate_gives_each_deadline_and_why(command: Command) -> None:
    steps = answer(command, *SIMULATE, "--ladder", "BED-S6")
    assert [(step["number"], step["deadline"]) for step in steps] == [
        (1, "2026-12-05T14:05:00Z"),
        (2, "2026-12-06T02:05:00Z"),
        (3, "2026-12-06T14:05:00Z"),
    ]
    assert steps[1]["explanation"].startswith("36 hours from 2:05pm on Friday 4 December 2026, when the form was received")


@pytest.mark.parametrize("choice", ["A-02=per_step", "accumulation=per_step"])
def test_simulate_takes_a_choice_by_id_or_name(command: Command, choice: str) -> None:
    steps = answer(command, *SIMULATE, "--ladder", "BED-S6", "--choice", choice, "--choice", "A-01=step_reached")
    assert [step["deadline"] for step in steps] == ["2026-12-05T14:05:00Z", "2026-12-07T02:05:00Z", "2026-12-09T02:05:00Z"]
    assert "the board's choice on A-02" in steps[1]["explanation"]


def test_simulate_shows_the_core_assessments_steps_after_a_plan(command: Command) -> None:
    steps = answer(command, *SIMULATE, "--ladder", "BED-S12", "--choice", "A-11=core_assessment")
    assert [step["deadline"] for step in steps] == ["2026-12-05T14:05:00Z", "2026-12-06T02:05:00Z", "2026-12-06T14:05:00Z"]


def test_simulate_invents_no_deadline(command: Command) -> None:
    steps = answer(command, *SIMULATE, "--ladder", "BED-S10")
    assert [step["deadline"] for step in steps] == ["2026-12-05T14:05:00Z", None, None]


def test_a_time_without_an_offset_is_londons(command: Command) -> None:
    steps = answer(command, "simulate", "--board", "bedfordshire", "--ladder", "BED-S2", "--raised", "2026-07-01T14:05")
    assert steps[0]["deadline"] == "2026-07-02T13:05:00Z"


def test_simulate_reads_well(command: Command) -> None:
    lines = command(*SIMULATE, "--ladder", "BED-S10")[1].splitlines()
    assert lines[0] == "BED-S10  Section 47, Child Protection Conference"
    assert lines[2] == f"{'2:05pm on Friday 4 December 2026':<42}The form is received"
    assert lines[4].strip() == "(24 hours later, over the weekend, when most offices are closed)"
    assert lines[6].startswith("2:05pm on Saturday 5 December 2026")
    assert any(line.startswith("No deadline") and "Step 2: " in line for line in lines)


def test_simulate_takes_what_makes_a_child_unable_to_wait(command: Command) -> None:
    """BED-10, BED-14, OXF-04: danger, and the child's own protection time frame."""
    at_once = answer(command, *SIMULATE, "--ladder", "BED-S6", "--at-once")
    assert [step["deadline"] for step in at_once] == ["2026-12-04T15:05:00Z", "2026-12-04T16:05:00Z", "2026-12-04T17:05:00Z"]
    assert "a child is in immediate danger" in at_once[0]["explanation"]
    needed = answer(command, *SIMULATE, "--ladder", "BED-S6", "--needed-by", "2026-12-05T02:05")
    assert [step["deadline"] for step in needed] == ["2026-12-04T18:05:00Z", "2026-12-04T22:05:00Z", "2026-12-05T02:05:00Z"]


def test_simulate_takes_when_the_decision_was_made(command: Command) -> None:
    """OXF-22: the chair's decision is what a conference dissent counts from, where the board says so (A-01)."""
    (choice,) = (choice for choice in packaged_protocols()["oxfordshire"].choices if choice.id == "A-01")
    asked = ("simulate", "--board", "oxfordshire", "--ladder", "OXF-S4", "--raised", "2026-12-04T14:05:00Z")
    option = next(option for option in choice.options if "decision" in option)
    earlier = answer(command, *asked, "--choice", f"A-01={option}", "--decided", "2026-12-04T10:00")
    assert earlier[0]["deadline"] < answer(command, *asked, "--choice", "A-01=form_received")[0]["deadline"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ladders", "--board", "atlantis"), "unknown board 'atlantis': expected one of barnsley, bedfordshire"),
        ((*SIMULATE, "--ladder", "BED-S99"), "unknown ladder 'BED-S99': expected one of BED-S1, BED-8.1"),
        ((*SIMULATE, "--ladder", "BED-S6", "--choice", "A-99=x"), "unknown choice 'A-99': expected one of A-01 (clock_start), A-02"),
        ((*SIMULATE, "--ladder", "BED-S6", "--choice", "A-02=x"), "expected one of cumulative, per_step"),
        ((*SIMULATE, "--ladder", "BED-S6", "--choice", "A-02"), "expected one of KEY=VALUE, such as A-02=per_step"),
        ((*SIMULATE[:-1], "yesterday", "--ladder", "BED-S6"), "expected one of ISO 8601, such as 2026-12-04T14:05:00Z"),
        ((*SIMULATE[:-1], "9999-12-31", "--ladder", "BED-S6"), "expected one of a year after 2000 and before 2100"),
        (("simulate", "--board", "bedfordshire"), "the following arguments are required: --ladder, --raised"),
        (("escalate",), "invalid choice: 'escalate'"),
    ],
)  # fmt: skip
def test_what_was_not_understood_is_told_with_what_there_is(command: Command, arguments: tuple[str, ...], told: str) -> None:
    status, printed, complaints = command(*arguments)
    assert (status, printed) == (2, "")
    assert told in complaints


def test_check_says_that_files_are_right(command: Command) -> None:
    assert command("check", BEDFORDSHIRE, str(LOCAL / "demonstration.yaml")) == (
        0,
        f"{BEDFORDSHIRE}: OK\n{LOCAL / 'demonstration.yaml'}: OK\n",
        "",
    )


def test_check_says_file_line_and_what_was_expected(command: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        Path(BEDFORDSHIRE).read_text(encoding="utf-8").replace("number: 2\n", "number: two\n", 1), encoding="utf-8"
    )
    line = wrong.read_text(encoding="utf-8").splitlines().index("      - number: two") + 1
    assert command("check", str(wrong), BEDFORDSHIRE) == (
        1,
        f"{wrong}:{line}: expected a whole number, found 'two'\n{BEDFORDSHIRE}: OK\n",
        "",
    )


def test_check_warns_of_a_ladder_nobody_can_reach(command: Command, tmp_path: Path) -> None:
    doubtful = tmp_path / "doubtful.yaml"
    doubtful.write_text(Path(BEDFORDSHIRE).read_text(encoding="utf-8").replace("areas: [any]", "areas: []"), encoding="utf-8")
    status, printed, _ = command("check", str(doubtful))
    assert status == 0
    assert "warning: expected an area that leads to BED-S1: nobody can reach it" in printed
