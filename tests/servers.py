"""The real servers the tests use: the stack's own parts, run as children of the test session in a folder and on ports of their own.

Each is started once, when the first test that needs it is about to run; what the session will need later is started beside it.
A server that does not come up fails every test that needs it: there is no way to skip.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path

import psutil

from deploy.local import keys, leftovers, ports, postgresql, rabbitmq, temporal
from deploy.local.part import CHECKOUT, NotReady, Part, Program

TESTS = CHECKOUT / ".local" / "test"
_PATIENCE = 120
"""How many seconds a server may take to come up, on a machine that is busy with other things."""

_VHOSTS = tuple(f"test{number}" for number in range(16))


class Running:
    """One part of the stack, running. Raises NotReady, with the end of its log, when it does not come up."""

    def __init__(self, part: Part, logs: Path) -> None:
        part.prepare()
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._processes: list[tuple[Program, subprocess.Popen[bytes]]] = []
        try:
            for program in part.programs():
                self._processes.append((program, self._start(program)))
            self._wait(part)
            part.complete()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End its programs, last started first."""
        for program, process in reversed(self._processes):
            process.send_signal(program.stop_signal)
            try:
                process.wait(program.stop_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def kill(self) -> None:
        """End its programs as a power cut would."""
        for _, process in self._processes:
            process.kill()
            process.wait()

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        with (self._logs / f"{program.name}.log").open("wb") as log:
            return subprocess.Popen(
                program.command,
                env=dict(program.environment),
                cwd=program.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait(self, part: Part) -> None:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                return part.check()
            except NotReady as error:
                ended = [program.name for program, process in self._processes if process.poll() is not None]
                if ended or time.monotonic() > end:
                    names = ended or [program.name for program, _ in self._processes]
                    raise NotReady(f"{part.name} did not come up: {error}\n{self._log_ends(names)}") from error
            time.sleep(0.05)

    def _log_ends(self, names: Iterable[str]) -> str:
        return "\n".join(f"{name}: {(self._logs / f'{name}.log').read_text(errors='replace')[-3000:]}" for name in names)


class Broker:
    """The RabbitMQ the tests use. Each test gets a virtual host of its own, with every exchange and permission and no queue."""

    def __init__(self, root: Path) -> None:
        self._part = rabbitmq.RabbitMQ(root, ports.find(rabbitmq.PORTS), keys.passwords(rabbitmq.USERS), _VHOSTS, queues=False)
        self._running = Running(self._part, root / "logs")
        self._unused = list(_VHOSTS)
        self._batch = count(1)
        self._pool = ThreadPoolExecutor(1, "vhosts")
        self._more: Future[list[str]] | None = None

    def vhost(self) -> str:
        """The name of a virtual host no test has used. The next ones are made meanwhile: that takes seconds."""
        if not self._unused:
            more, self._more = self._more or self._pool.submit(self._add), None
            self._unused = more.result()
        taken = self._unused.pop(0)
        if self._more is None and len(self._unused) < len(_VHOSTS) // 2:
            self._more = self._pool.submit(self._add)
        return taken

    def _add(self) -> list[str]:
        batch = next(self._batch)
        names = [f"test{batch}.{number}" for number in range(len(_VHOSTS))]
        self._part.add_vhosts(names)
        return names

    def url(self, user: str, vhost: str) -> str:
        """The address for one service (or `operator`, who may do everything) at one virtual host."""
        return self._part.url(user, vhost)

    def stop(self) -> None:
        """Stop it."""
        self._pool.shutdown()  # what is being made is made: it could not be told to stop
        self._running.stop()


class Databases:
    """The PostgreSQL the tests use."""

    def __init__(self, root: Path) -> None:
        self.part = postgresql.PostgreSQL(root, ports.find(postgresql.PORTS), keys.passwords(postgresql.USERS), forgetful=True)
        self._running = Running(self.part, root / "logs")
        self._number = count(1)
        self._templates: dict[str, str] = {}

    def make(self, service: str) -> tuple[str, str]:
        """An empty database owned by `service`: its name and its address."""
        name = f"{service}_{next(self._number)}"
        self.part.create_database(service, name)
        return name, self.part.service_url(service, name)

    def make_migrated(self, service: str) -> tuple[str, str]:
        """A database of `service`'s with its tables, copied from one that its migrations made. Call it outside an event loop."""
        from services.kit.migrate import upgrade  # noqa: PLC0415 - most tests do without the kit

        if service not in self._templates:
            template, url = self.make(service)
            upgrade(url, f"services.{service}")
            self._templates[service] = template
        name = f"{service}_{next(self._number)}"
        self.part.create_database(service, name, self._templates[service])
        return name, self.part.service_url(service, name)

    def stop(self) -> None:
        """Stop it."""
        self._running.stop()


class Workflows:
    """The Temporal the tests use, which lets a test move a workflow's clock."""

    def __init__(self, root: Path) -> None:
        part = temporal.Temporal(root, ports.find(temporal.PORTS), skipping=True)
        self.address = part.address
        self._running = Running(part, root / "logs")

    def stop(self) -> None:
        """Stop it."""
        self._running.stop()


type_of: dict[str, type[Broker] | type[Databases] | type[Workflows]] = {
    "broker": Broker,
    "databases": Databases,
    "workflows": Workflows,
}


class Servers:
    """Every server of one test session. `wanted` are the ones its tests will ask for; they start side by side at the first."""

    def __init__(self, wanted: Iterable[str]) -> None:
        remove_left_overs()
        self.root = TESTS / str(os.getpid())
        self.root.mkdir(parents=True)
        self._wanted = tuple(wanted)
        self._pool = ThreadPoolExecutor(len(type_of), "servers")
        self._started: dict[str, Future[Broker | Databases | Workflows]] = {}

    def broker(self) -> Broker:
        """RabbitMQ, running."""
        server = self._get("broker")
        assert isinstance(server, Broker)
        return server

    def databases(self) -> Databases:
        """PostgreSQL, running."""
        server = self._get("databases")
        assert isinstance(server, Databases)
        return server

    def workflows(self) -> Workflows:
        """Temporal, running."""
        server = self._get("workflows")
        assert isinstance(server, Workflows)
        return server

    def stop(self) -> None:
        """Stop what was started, and remove its files."""
        running = [future.result() for future in self._started.values() if future.exception() is None]
        list(self._pool.map(lambda server: server.stop(), running))
        self._pool.shutdown()
        shutil.rmtree(self.root)

    def _get(self, name: str) -> Broker | Databases | Workflows:
        for other in {name, *self._wanted}:
            if other not in self._started:
                self._started[other] = self._pool.submit(partial(type_of[other], self.root))
        return self._started[name].result()


def remove_left_overs() -> None:
    """End the servers, and remove the files, of test sessions that were killed before they could do it themselves."""
    for root in TESTS.glob("[0-9]*"):
        if not psutil.pid_exists(int(root.name)):
            leftovers.end(root, below=True)
            shutil.rmtree(root)
