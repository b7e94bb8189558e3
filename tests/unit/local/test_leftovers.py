"""What a crashed stack leaves running is found and ended, and nothing else is."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from deploy.local import leftovers
from deploy.local.part import environment

WAIT = "import sys, time; sys.stdout.write('started\\n'); sys.stdout.flush(); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAIT}"


def start(root: Path, code: str = WAIT) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", code], env=environment(root), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    return process


def test_only_the_programs_of_this_stack_are_ended(tmp_path: Path) -> None:
    ours, deeper, other = start(tmp_path / "a"), start(tmp_path / "a" / "test"), start(tmp_path / "b")
    try:
        assert len(leftovers.names(tmp_path / "a")) == 1
        assert len(leftovers.end(tmp_path / "a")) == 1
        assert not psutil.pid_exists(ours.pid)
        assert (deeper.poll(), other.poll()) == (None, None)
        assert len(leftovers.end(tmp_path / "a", below=True)) == 1
        assert not psutil.pid_exists(deeper.pid)
        assert other.poll() is None
        assert leftovers.end(tmp_path / "a", below=True) == []
    finally:
        for process in (ours, deeper, other):
            process.kill()
            process.communicate()


def test_a_program_that_does_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_SECONDS", 0.5)
    stubborn = start(tmp_path, STUBBORN)
    try:
        leftovers.end(tmp_path)
        assert not psutil.pid_exists(stubborn.pid)
    finally:
        stubborn.kill()
        stubborn.communicate()
