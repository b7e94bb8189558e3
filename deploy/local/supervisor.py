"""Keeps the stack's programs running, with supervisord: it starts them again when they die, and writes that down.

It is spoken to over HTTP on loopback with a password: the path of a socket file would be too long below some folders.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ProtocolError, ServerProxy

import psutil

from deploy.local.keys import write_private
from deploy.local.part import NotReady, Program, environment, private_folder

_HEAD = """\
[supervisord]
logfile = supervisor.log
logfile_maxbytes = 5MB
logfile_backups = 1
pidfile = supervisor.pid
childlogdir = .
identifier = concord
{user}
[inet_http_server]
port = 127.0.0.1:{port}
username = concord
password = {password}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
_PROGRAM = """
[program:{name}]
command = {command}
priority = {priority}
autostart = false
autorestart = true
startsecs = 5
startretries = 20
stopsignal = {signal}
stopwaitsecs = {seconds}
stopasgroup = true
killasgroup = true
redirect_stderr = true
stdout_logfile = ../logs/{name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 1
"""
_DESCRIPTIONS = "programs.json"
_LAUNCH = Path(__file__).with_name("launch.py")
_DEATH = re.compile(r"^(?P<at>[\d-]+ [\d:]+),\d+ \w+ exited: (?P<name>[\w-]+) \((?P<how>.*)\)$")
_ALIVE = ("RUNNING", "STARTING", "BACKOFF")
_START_SECONDS = 30
_SHUT_DOWN_SECONDS = 120
_START = re.compile(r"supervisord started with pid")


@dataclass(frozen=True)
class State:
    """How one program is doing. `since` is when it was last started, in seconds since 1970, or 0."""

    name: str
    word: str
    pid: int
    since: int


@dataclass(frozen=True)
class Death:
    """A program ended that should not have. `at` is UTC."""

    at: str
    name: str
    how: str


class Supervisor:
    """One supervisord, with its configuration and log in `root`/supervisor."""

    def __init__(self, root: Path, port: int, password: str) -> None:
        self._root = root
        self._folder = root / "supervisor"
        self._logs = root / "logs"
        self._port = port
        self._password = password
        self._log = self._folder / "supervisor.log"

    def start(self, programs: Iterable[Program]) -> None:
        """Start supervisord, knowing these programs and running none of them yet. Raises NotReady, with what it said."""
        private_folder(self._folder)
        private_folder(self._logs)
        programs = tuple(programs)
        write_private(
            self._folder / _DESCRIPTIONS, json.dumps({program.name: _described(program) for program in programs}, indent=2)
        )
        file = self._folder / "supervisor.conf"
        write_private(file, self._configuration(programs))
        done = subprocess.run(  # it detaches itself from whoever started it
            [sys.executable, "-m", "supervisor.supervisord", "-c", file.name],
            cwd=self._folder,
            env=environment(self._root),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise NotReady(f"the supervisor did not start: {done.stderr}{done.stdout}")
        end = time.monotonic() + _START_SECONDS
        while not self.is_running():
            if time.monotonic() > end:
                raise NotReady(f"the supervisor does not answer: its log is {self._log}")
            time.sleep(0.05)

    def is_running(self) -> bool:
        """Whether it answers."""
        try:
            self._ask("getState")
        except (OSError, ProtocolError):
            return False
        return True

    def run(self, names: Iterable[str]) -> None:
        """Start these programs, those that run already apart; does not wait for them."""
        running = {state.name for state in self.states() if state.word in _ALIVE}
        for name in names:
            if name not in running:
                self._ask("startProcess", name, False)

    def stop(self, names: Iterable[str]) -> None:
        """Stop these programs, all at once; returns when none of them runs."""
        wanted = set(names)
        for state in self.states():
            if state.name in wanted and state.word in _ALIVE:
                self._ask("stopProcess", state.name, False)
        while any(state.name in wanted and state.word in (*_ALIVE, "STOPPING") for state in self.states()):
            time.sleep(0.05)

    def states(self) -> list[State]:
        """Every program, in the order it was given."""
        infos: list[dict[str, Any]] = self._ask("getAllProcessInfo")
        return [State(info["name"], info["statename"], info["pid"], info["start"]) for info in infos]

    def deaths(self) -> list[Death]:
        """The programs that ended without being asked to since supervisord was started, oldest first."""
        if not self._log.exists():
            return []
        lines = self._log.read_text(errors="replace").splitlines()
        starts = [number for number, line in enumerate(lines) if _START.search(line)]
        found = (_DEATH.match(line) for line in lines[starts[-1] if starts else 0 :])
        return [Death(match["at"], match["name"], match["how"]) for match in found if match]

    def shut_down(self) -> None:
        """Stop everything that still runs, and then itself. Returns when that is done."""
        process = psutil.Process(int((self._folder / "supervisor.pid").read_text()))
        self._ask("shutdown")
        with suppress(psutil.TimeoutExpired):
            process.wait(_SHUT_DOWN_SECONDS)

    def _ask(self, method: str, *arguments: Any) -> Any:
        with ServerProxy(f"http://concord:{self._password}@127.0.0.1:{self._port}/RPC2") as server:
            try:
                return getattr(server.supervisor, method)(*arguments)
            except Fault as fault:
                raise OSError(f"supervisor, {method}: {fault.faultString}") from fault

    def _configuration(self, programs: Iterable[Program]) -> str:
        user = "user = root\n" if os.geteuid() == 0 else ""
        head = _HEAD.format(port=self._port, password=self._password, user=user)
        return head + "".join(_section(program, number) for number, program in enumerate(programs, 1))


def _section(program: Program, priority: int) -> str:
    command = shlex.join([sys.executable, "-I", "-S", str(_LAUNCH), _DESCRIPTIONS, program.name])
    return _PROGRAM.format(
        name=program.name,
        command=command.replace("%", "%%"),
        priority=priority,
        signal=program.stop_signal.name.removeprefix("SIG"),
        seconds=program.stop_seconds,
    )


def _described(program: Program) -> dict[str, object]:
    """A program as `launch.py` reads it."""
    command = [
        shutil.which(program.command[0], path=program.environment.get("PATH")) or program.command[0],
        *program.command[1:],
    ]
    return {"command": command, "environment": dict(program.environment), "directory": str(program.directory)}
