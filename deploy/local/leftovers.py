"""Programs of a stack that outlived it: found by the mark in their environment, and ended."""

from contextlib import suppress
from pathlib import Path

import psutil

from deploy.local.part import MARKER

_SECONDS = 15


def names(root: Path) -> list[str]:
    """The names of the programs of the stack at `root` that run."""
    return sorted(_name(process) for process in _programs(root, below=False))


def end(root: Path, *, below: bool = False) -> list[str]:
    """End every program of the stack at `root`, and with `below` of those in folders below it; the names of what was ended.

    What starts others again is killed first; the rest is asked to stop, and killed when it does not.
    """
    ended: list[str] = []
    while found := _programs(root, below=below):
        keepers = [process for process in found if "supervisor.supervisord" in _command(process)]
        others = [process for process in found if process not in keepers]
        ended += [_name(process) for process in others]
        for process in keepers:
            _do(process, "kill")
        for process in others:
            _do(process, "terminate")
        _, still_there = psutil.wait_procs(found, timeout=_SECONDS)
        for process in still_there:
            _do(process, "kill")
        psutil.wait_procs(still_there, timeout=_SECONDS)
    return ended


def _programs(root: Path, *, below: bool) -> list[psutil.Process]:
    this = psutil.Process()
    ours = {this.pid, *(parent.pid for parent in this.parents())}
    return [process for process in psutil.process_iter() if process.pid not in ours and _is_of(process, root, below=below)]


def _is_of(process: psutil.Process, root: Path, *, below: bool) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        marked = process.environ().get(MARKER)
    except psutil.AccessDenied:  # PostgreSQL as another user, where even root may not look: its command line names its folder
        return any(word.startswith(f"{root}/postgresql/") for word in _command(process))
    except (psutil.Error, OSError):
        return False
    if marked is None:
        return False
    return Path(marked) == root or (below and Path(marked).is_relative_to(root))


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return "a program that has just ended"


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _do(process: psutil.Process, what: str) -> None:
    with suppress(psutil.Error):
        getattr(process, what)()
