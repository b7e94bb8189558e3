"""The whole stack: its parts in order, started together, watched until every one is ready, and stopped together."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from threading import Event
from typing import Any

from deploy.local import keys, leftovers, permissions, ports, postgresql, rabbitmq, services, temporal
from deploy.local.catcher import part as catcher
from deploy.local.part import CHECKOUT, NotReady, Part, PartError, Program
from deploy.local.supervisor import State, Supervisor

ROOT = CHECKOUT / ".local"
"""Where `make up` keeps everything."""

_PORTS = ("supervisor", *rabbitmq.PORTS, *postgresql.PORTS, *temporal.PORTS, *catcher.PORTS, *services.PORTS)
_PATIENCE = 180
"""How many seconds a part may take to be ready: a broker on a busy machine takes half a minute."""
_TRIES = 3
"""How often a program may end while it is waited for, before that is the answer."""
_LOG_LINES = 25


class StackError(Exception):
    """The stack could not be started or stopped. The message says what is wrong and what to do."""


class Stack:
    """One stack in the folder `root`, serving the boards in the folder `boards`. `say` is told what happens, one line at a time."""

    def __init__(self, root: Path = ROOT, *, boards: Path = services.BOARDS, say: Callable[[str], None] = print) -> None:
        self.root = root
        self.boards = boards
        self.logs = root / "logs"
        self._say = say
        self._ports = ports.kept(root / "ports.json", _PORTS)
        self._keys = keys.kept(root / "keys.json")
        self.rabbitmq = rabbitmq.RabbitMQ(root, self._ports, self._keys.rabbitmq)
        self.postgresql = postgresql.PostgreSQL(root, self._ports, self._keys.postgresql)
        self.temporal = temporal.Temporal(root, self._ports)
        self.catcher = catcher.Catcher(root, self._ports)
        self.services = services.services(
            root,
            self._ports,
            self._keys,
            boards,
            rabbitmq=self.rabbitmq,
            postgresql=self.postgresql,
            temporal=self.temporal,
            catcher=self.catcher,
        )
        self.supervisor = Supervisor(root, self._ports["supervisor"], self._keys.supervisor)

    @property
    def servers(self) -> tuple[Part, ...]:
        """What the services need."""
        return (self.rabbitmq, self.postgresql, self.temporal, self.catcher)

    def up(self) -> None:
        """Start what does not run; return when every check passes. Raises StackError."""
        began = time.monotonic()
        with self._alone():
            if self.supervisor.is_running():
                self._say("The stack is up already; making sure that every part is ready.")
            else:
                self._start()
            self._bring_up(self.servers)
            self._bring_up(self.services)
            keys.write_private(self.root / "stack.json", json.dumps(self.addresses(), indent=2) + "\n")
        self._say(f"Everything is ready, after {time.monotonic() - began:.1f} s.")

    def down(self) -> None:
        """Stop everything, whatever state it is in."""
        with self._alone():
            if self.supervisor.is_running():
                self._say("Stopping the stack.")
                for parts in (self.services, self.servers):
                    self.supervisor.stop(program.name for part in parts for program in part.programs())
                self.supervisor.shut_down()
            ended = leftovers.end(self.root)
            (self.root / "stack.json").unlink(missing_ok=True)
        if ended:
            self._say(f"Ended what an earlier run had left behind: {', '.join(sorted(ended))}.")
        self._say("The stack is down.")

    def states(self) -> list[State]:
        """How every program is doing, in the order of starting; none when the stack is down."""
        if not self.supervisor.is_running():
            return []
        found = {state.name: state for state in self.supervisor.states()}
        return [found[program.name] for program in self._programs() if program.name in found]

    def pid(self, name: str) -> int:
        """The process id of a program that runs. Raises StackError."""
        found = {state.name: state.pid for state in self.states()}
        if not found.get(name):
            raise StackError(f"{name} is not running")
        return found[name]

    def addresses(self) -> dict[str, Any]:
        """Where everything is, for people and programs. It holds passwords."""
        address = {service.name: service.address for service in self.services}
        return {
            "web_form": address["intake"],
            "board": address["records"],
            "mail_catcher": {
                "page": self.catcher.page,
                "api": self.catcher.api,
                "smtp": {"host": "127.0.0.1", "port": self.catcher.smtp_port},
            },
            "smtp_intake": {"host": "127.0.0.1", "port": self._ports["intake_smtp"]},
            "mail_domain": services.MAIL_DOMAIN,
            "boards": sorted(file.stem for file in self.boards.glob("*.yaml")),
            "amqp": self.rabbitmq.url(permissions.OPERATOR),
            "temporal": {"address": self.temporal.address, "namespace": temporal.NAMESPACE, "page": self.temporal.page},
            "databases": {service: self.postgresql.url(service, service) for service in permissions.SERVICES},
            "health": {name: f"{base}/health" for name, base in address.items()},
            "logs": str(self.logs),
            "store": str(self.root / "store"),
        }

    def _programs(self) -> list[Program]:
        return [program for part in (*self.servers, *self.services) for program in part.programs()]

    def _start(self) -> None:
        self._say("Starting the stack.")
        if ended := leftovers.end(self.root):
            self._say(f"Ended what an earlier run had left behind: {', '.join(sorted(ended))}.")
        taken = {name: port for name, port in self._ports.items() if not ports.is_free(port)}
        if taken:
            what = ", ".join(f"{port} ({name})" for name, port in taken.items())
            raise StackError(
                f"Another program uses a port of this stack: {what}.\n"
                f"Stop that program, or delete {self.root / 'ports.json'} to have new ports found."
            )
        for part in (*self.servers, *self.services):
            try:
                part.prepare()
            except PartError as error:
                raise StackError(f"{part.name}: {error}") from error
        try:
            self.supervisor.start(self._programs())
        except NotReady as error:
            raise StackError(str(error)) from error

    def _bring_up(self, parts: Sequence[Part]) -> None:
        """Start these parts side by side and wait for all of them; the first that fails is the answer."""
        self.supervisor.run(program.name for part in parts for program in part.programs())
        began = time.monotonic()
        over = Event()
        with ThreadPoolExecutor(len(parts)) as pool:
            waiting: dict[Future[None], Part] = {pool.submit(self._wait_for, part, began, over): part for part in parts}
            try:
                for done in as_completed(waiting):
                    done.result()
                    self._say(f"  {waiting[done].name:<14} ready  {time.monotonic() - began:5.1f} s")
            finally:
                over.set()

    def _wait_for(self, part: Part, began: float, over: Event) -> None:
        """Return when a part is ready, or when another one has failed and it is `over`."""
        names = [program.name for program in part.programs()]
        deaths = len(self.supervisor.deaths())
        while not over.wait(0.1):
            try:
                part.check()
            except NotReady as error:
                died = [death for death in self.supervisor.deaths()[deaths:] if death.name in names]
                given_up = any(state.name in names and state.word == "FATAL" for state in self.supervisor.states())
                if len(died) >= _TRIES or given_up:
                    raise self._not_up(part, "it ends as soon as it is started") from error
                if time.monotonic() - began > _PATIENCE:
                    raise self._not_up(part, f"{error}") from error
            else:
                part.complete()
                return

    def _not_up(self, part: Part, why: str) -> StackError:
        logs = "\n".join(self._end_of_log(program.name) for program in part.programs())
        return StackError(
            f"{part.name} did not come up: {why}\n\n{logs}\n\n"
            f"When the cause is mended, run `make up` again. `make down` stops what runs; all logs are in {self.logs}."
        )

    def _end_of_log(self, name: str) -> str:
        file = self.logs / f"{name}.log"
        lines = file.read_text(errors="replace").splitlines()[-_LOG_LINES:] if file.exists() else []
        return "\n".join([f"The end of {file}:", *(f"  {line}" for line in lines or ["(empty)"])])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One `up` or `down` at a time."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except BlockingIOError as error:
                raise StackError("Another `make up` or `make down` is at work here; wait for it to end.") from error
            yield
