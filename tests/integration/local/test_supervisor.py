"""supervisord keeps what it is given running, passes everything on unchanged, and what died can be read."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local import leftovers, ports
from deploy.local.part import Program, environment
from deploy.local.supervisor import State, Supervisor

ODD = """50% of "it's" $HOME, a=b; c\\d é"""
WRITE = """
import json, os, sys, time
with open(sys.argv[1] + ".partial", "w") as file:
    json.dump([os.getpid(), sys.argv[2], os.environ["ODD"], os.getcwd()], file)
os.rename(sys.argv[1] + ".partial", sys.argv[1])
time.sleep(600)
"""


def until(found: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not found():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path / "50% of it", ports.find(("supervisor",))["supervisor"], "secret")
    made.start([program(tmp_path), Program("fails", ("/bin/false",), environment(tmp_path))])
    yield made
    made.shut_down()
    assert not made.is_running()
    assert leftovers.names(tmp_path) == []


def program(folder: Path) -> Program:
    inner = folder / "a folder"
    inner.mkdir()
    script, out = inner / "it's a script.py", folder / "out"
    script.write_text(WRITE)
    return Program("writes", (sys.executable, str(script), str(out), ODD), environment(folder, ODD=ODD), inner)


def written(folder: Path) -> list[object]:
    until((folder / "out").exists)
    found: list[object] = json.loads((folder / "out").read_text())
    return found


def state(supervisor: Supervisor, name: str) -> State:
    return next(state for state in supervisor.states() if state.name == name)


def test_a_program_gets_its_words_and_environment_unchanged(supervisor: Supervisor, tmp_path: Path) -> None:
    assert state(supervisor, "writes").word == "STOPPED"
    supervisor.run(["writes"])
    assert written(tmp_path)[1:] == [ODD, ODD, str(tmp_path / "a folder")]
    supervisor.stop(["writes"])
    assert state(supervisor, "writes").word == "STOPPED"
    assert supervisor.deaths() == []


def test_a_program_that_dies_is_started_again_and_it_is_written_down(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.run(["writes"])
    pid = written(tmp_path)[0]
    assert isinstance(pid, int)
    (tmp_path / "out").unlink()
    os.kill(pid, signal.SIGKILL)
    assert written(tmp_path)[0] != pid
    (death,) = supervisor.deaths()
    assert (death.name, death.how) == ("writes", "terminated by SIGKILL; not expected")


def test_a_program_that_cannot_start_is_written_down_each_time(supervisor: Supervisor) -> None:
    supervisor.run(["fails"])
    until(lambda: len(supervisor.deaths()) >= 2)
    assert {death.name for death in supervisor.deaths()} == {"fails"}
