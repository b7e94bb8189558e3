"""A PostgreSQL cluster of our own, and in it one database and one role for each service.

PostgreSQL refuses to run as root. As root it is run as the system's `postgres` user, which is given nothing but the right to
look into folders where the checkout lies below one that only root may enter.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from signal import SIGINT

import psycopg
from psycopg import sql

from deploy.local.part import NotReady, PartError, Program, environment, find_program
from deploy.local.permissions import SERVICES

PORTS = ("postgresql",)
ADMIN = "concord_admin"
USERS = (*SERVICES, ADMIN)

_FOLDERS = (
    "/usr/lib/postgresql/{version}/bin",
    "/opt/homebrew/opt/postgresql@{version}/bin",
    "/usr/local/opt/postgresql@{version}/bin",
)
_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgreSQL:
    """One private cluster. `forgetful` may lose data when the machine stops, and is faster: for tests only."""

    name = "PostgreSQL"

    def __init__(self, root: Path, ports: Mapping[str, int], passwords: Mapping[str, str], *, forgetful: bool = False) -> None:
        self._root = root
        self._folder = root / "postgresql"
        self._data = self._folder / "data"
        self._port = ports["postgresql"]
        self._passwords = {user: passwords[user] for user in USERS}
        self._forgetful = forgetful

    def url(self, user: str, database: str) -> str:
        """The address of a database, as PostgreSQL's own tools write it."""
        return f"postgresql://{user}:{self._passwords[user]}@127.0.0.1:{self._port}/{database}"

    def service_url(self, service: str, database: str | None = None) -> str:
        """The address of a service's database, as the service's settings take it."""
        return self.url(service, database or service).replace("postgresql://", "postgresql+asyncpg://", 1)

    def prepare(self) -> None:
        """Make the cluster when there is none. Half a cluster, from a run that was cut short, is made again."""
        made = self._folder / "made"
        if made.exists():
            return
        shutil.rmtree(self._folder, ignore_errors=True)
        self._data.mkdir(parents=True, mode=0o700)
        password = self._folder / "password"
        password.touch(mode=0o600)
        password.write_text(self._passwords[ADMIN])
        user = _other_user()
        if user is not None:
            for path in (self._folder, self._data, password):
                os.chown(path, user.pw_uid, user.pw_gid)
        command = [
            *self._as_other_user(),
            str(self._program("initdb")),
            f"--pgdata={self._data}",
            f"--username={ADMIN}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            *(["--no-sync"] if self._forgetful else []),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=environment(self._root))
        if done.returncode != 0:
            raise PartError(f"PostgreSQL's initdb failed: {done.stderr.strip() or done.stdout.strip()}")
        password.unlink()
        made.touch()

    def programs(self) -> tuple[Program, ...]:
        """The server itself."""
        settings = (
            f"port={self._port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=64MB",
            "timezone=UTC",
            "log_timezone=UTC",
            *(_FORGETFUL if self._forgetful else ()),
        )
        command = (
            *self._as_other_user(),
            str(self._program("postgres")),
            "-D",
            str(self._data),
            *(word for setting in settings for word in ("-c", setting)),
        )
        return (Program("postgresql", command, environment(self._root), Path("/"), stop_signal=SIGINT, stop_seconds=30),)

    def check(self) -> None:
        """The server answers a query."""
        try:
            with self._connect() as connection:
                connection.execute("select 1")
        except psycopg.Error as error:
            raise NotReady(f"PostgreSQL on port {self._port}: {str(error).strip()}") from error

    def complete(self) -> None:
        """Make each service's role and database, closed to every other service."""
        for service in SERVICES:
            with self._connect() as connection, suppress(psycopg.errors.DuplicateObject):
                connection.execute(
                    sql.SQL("create role {} login password {}").format(
                        sql.Identifier(service), sql.Literal(self._passwords[service])
                    )
                )
            with suppress(psycopg.errors.DuplicateDatabase):
                self.create_database(service, service)
        with self._connect() as connection:
            connection.execute("revoke connect on database postgres, template1 from public")

    def create_database(self, service: str, name: str, template: str = "template1") -> None:
        """A database only `service` may use: empty, or a copy of `template`, which nobody may be connected to. Raises
        psycopg.errors.DuplicateDatabase."""
        with self._connect() as connection:
            database, owner = sql.Identifier(name), sql.Identifier(service)
            connection.execute(
                sql.SQL("create database {} owner {} template {}").format(database, owner, sql.Identifier(template))
            )
            connection.execute(sql.SQL("revoke all on database {} from public").format(database))

    def drop_database(self, name: str) -> None:
        """Remove a database, and whoever is still connected to it."""
        with self._connect() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url(ADMIN, "postgres"), autocommit=True, connect_timeout=5)

    def _program(self, name: str) -> Path:
        """A program of PostgreSQL: of the version the cluster was made with, if it is made."""
        file = self._data / "PG_VERSION"
        version = file.read_text().strip() if file.exists() else "*"
        try:
            return find_program(name, *(folder.format(version=version) for folder in _FOLDERS))
        except PartError as error:
            if version == "*":
                raise
            raise PartError(f"The databases in {self._data} are PostgreSQL {version}'s, which is not installed.") from error

    def _as_other_user(self) -> tuple[str, ...]:
        user = _other_user()
        if user is None:
            return ()
        change = ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups", "--no-new-privs")
        reachable = subprocess.run([*change, "test", "-x", str(self._root)], check=False).returncode == 0
        if reachable:
            return change
        right = "dac_read_search" if _may_give(2) else "dac_override"
        return (*change, f"--inh-caps=-all,+{right}", f"--ambient-caps=-all,+{right}", f"--bounding-set=-all,+{right}")


def _other_user() -> pwd.struct_passwd | None:
    """Who to run PostgreSQL as, or None for whoever runs the stack. Raises PartError."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise PartError("PostgreSQL does not run as root, and there is no other user. Run `make` as an ordinary user.")


def _may_give(capability: int) -> bool:
    """Whether this process may pass on a capability (by its number in capability.h)."""
    status = Path("/proc/self/status").read_text()
    bounding = next(line.split()[1] for line in status.splitlines() if line.startswith("CapBnd:"))
    return bool(int(bounding, 16) >> capability & 1)
