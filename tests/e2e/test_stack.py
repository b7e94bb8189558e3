"""Starting and stopping: ready means ready, a second time changes nothing, failures say what to do, and nothing is left behind."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from deploy.local import leftovers
from deploy.local.part import MARKER
from deploy.local.stack import Stack, StackError
from tests.servers import Servers


def listening(root: Path) -> set[str]:
    """The addresses on which the programs of the stack at `root` listen."""
    ours = set()
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARKER) == str(root):
                ours.add(process.pid)
        except psutil.Error:
            continue
    found = (found for found in psutil.net_connections("tcp") if found.status == psutil.CONN_LISTEN and found.pid in ours)
    return {connection.laddr[0] for connection in found if connection.laddr}


def test_up_again_changes_nothing_and_is_quick(stack: Stack) -> None:
    before = {state.name: state.pid for state in stack.states()}
    began = time.monotonic()
    Stack(stack.root, boards=stack.boards).up()
    assert time.monotonic() - began < 10
    assert {state.name: state.pid for state in stack.states()} == before


def test_everything_listens_on_loopback_only(stack: Stack) -> None:
    found = listening(stack.root)
    assert "127.0.0.1" in found
    assert found <= {"127.0.0.1", "::1"}


def test_a_failing_service_is_named_and_a_crash_leaves_nothing_behind(servers: Servers) -> None:
    root = servers.root / "crash"
    no_boards = root / "boards"
    stack = Stack(root, boards=no_boards)
    with pytest.raises(StackError) as failed:
        stack.up()
    said = str(failed.value)
    assert said.startswith("escalator did not come up")
    assert str(no_boards) in said, "the end of its log says why"
    assert "run `make up` again" in said
    assert {death.name for death in stack.supervisor.deaths()} == {"escalator"}

    keeper = psutil.Process(int((root / "supervisor" / "supervisor.pid").read_text()))
    os.kill(keeper.pid, signal.SIGKILL)
    keeper.wait(10)
    assert "beam.smp" in leftovers.names(root)
    again = Stack(root, boards=no_boards)
    again.down()
    assert leftovers.names(root) == []
