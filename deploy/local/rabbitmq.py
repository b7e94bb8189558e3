"""A RabbitMQ node of our own: its own name, cookie, name server, ports and folder; nothing of a system RabbitMQ is used.

The node is run as the Erlang machine itself, without the shell script's second process, so that killing it leaves nothing behind.
"""

import base64
import hashlib
import json
import secrets
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.local import permissions
from deploy.local.part import NotReady, PartError, Program, environment, find_program, private_folder

PORTS = ("amqp", "rabbitmq_epmd", "rabbitmq_distribution")
USERS = (*permissions.SERVICES, permissions.OPERATOR)

_CONFIGURATION = """\
load_definitions = {definitions}
listeners.tcp.default = 127.0.0.1:{port}
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 200MB
log.console = true
log.console.level = warning
log.console.use_colors = off
log.file = false
"""


class RabbitMQ:
    """One private node. `vhosts` are made at start, each with the exchanges, every service's permissions and, with `queues`, queues."""

    name = "RabbitMQ"

    def __init__(
        self,
        root: Path,
        ports: Mapping[str, int],
        passwords: Mapping[str, str],
        vhosts: Sequence[str] = ("concord",),
        *,
        queues: bool = True,
    ) -> None:
        self._root = root
        self._folder = root / "rabbitmq"
        self._ports = {name: ports[name] for name in PORTS}
        self._passwords = {user: passwords[user] for user in USERS}
        self._vhosts = tuple(vhosts)
        self._queues = queues

    def url(self, user: str, vhost: str = "concord") -> str:
        """The AMQP address for a service, or for the operator."""
        return f"amqp://{user}:{self._passwords[user]}@127.0.0.1:{self._ports['amqp']}/{vhost}"

    def prepare(self) -> None:
        """Write the node's configuration and the users, permissions and exchanges it loads at start."""
        for folder in (self._folder, self._folder / "data", self._folder / "logs"):
            private_folder(folder)
        definitions = self._folder / "definitions.json"
        definitions.touch(mode=0o600)
        definitions.write_text(json.dumps(self._definitions(), indent=2))
        (self._folder / "rabbitmq.conf").write_text(_CONFIGURATION.format(definitions=definitions, port=self._ports["amqp"]))
        (self._folder / "enabled_plugins").write_text("[].\n")
        (self._folder / "rabbitmq-env.conf").touch()

    def programs(self) -> tuple[Program, ...]:
        """Erlang's name server first, in the foreground: otherwise the node would leave one running after it."""
        epmd = find_program("epmd", "/opt/homebrew/opt/erlang/bin", "/usr/local/opt/erlang/bin", "/usr/bin")
        variables = self._environment()
        return (
            Program("rabbitmq-names", (str(epmd),), variables, self._folder),
            Program("rabbitmq", (str(_program("rabbitmq-server")),), variables, self._folder, stop_seconds=30),
        )

    def check(self) -> None:
        """The broker answers an AMQP greeting, which it does only when it has loaded its definitions."""
        try:
            with socket.create_connection(("127.0.0.1", self._ports["amqp"]), 2) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                if not connection.recv(1):
                    raise NotReady("RabbitMQ closed the connection")
        except OSError as error:
            raise NotReady(f"RabbitMQ on port {self._ports['amqp']}: {error}") from error

    def complete(self) -> None:
        """Nothing: the definitions are loaded before the node answers."""

    def add_vhosts(self, vhosts: Sequence[str]) -> None:
        """Make more virtual hosts in the running node, each as those made at start. Raises PartError."""
        more = self._folder / "more.json"
        more.write_text(json.dumps(permissions.definitions(vhosts, queues=self._queues)))
        command = (str(_program("rabbitmqctl")), "import_definitions", str(more))
        done = subprocess.run(command, env=self._environment(), capture_output=True, text=True, check=False, timeout=60)
        if done.returncode != 0:
            raise PartError(f"RabbitMQ did not take more virtual hosts: {done.stderr.strip() or done.stdout.strip()}")

    def _environment(self) -> dict[str, str]:
        folder, port = self._folder, self._ports["amqp"]
        return environment(
            self._root,
            HOME=str(folder),  # where Erlang keeps its cookie
            ERL_EPMD_ADDRESS="127.0.0.1",
            ERL_EPMD_PORT=str(self._ports["rabbitmq_epmd"]),
            RABBITMQ_ALLOW_INPUT="1",  # the script then becomes the node, instead of watching it
            RABBITMQ_CONFIG_FILE=str(folder / "rabbitmq.conf"),
            RABBITMQ_CONF_ENV_FILE=str(folder / "rabbitmq-env.conf"),
            RABBITMQ_DIST_PORT=str(self._ports["rabbitmq_distribution"]),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(folder / "enabled_plugins"),
            RABBITMQ_LOG_BASE=str(folder / "logs"),
            RABBITMQ_MNESIA_BASE=str(folder / "data"),
            RABBITMQ_NODENAME="concord@localhost",
            RABBITMQ_NODE_IP_ADDRESS="127.0.0.1",
            RABBITMQ_NODE_PORT=str(port),
            # No shell on its input, loopback only between nodes, and no spinning while idle.
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=(
                "-noinput -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
            ),
        )

    def _definitions(self) -> dict[str, list[dict[str, Any]]]:
        return permissions.definitions(self._vhosts, queues=self._queues) | {
            "users": [
                {
                    "name": user,
                    "password_hash": hashed(password),
                    "hashing_algorithm": "rabbit_password_hashing_sha256",
                    "tags": ["administrator"] if user == permissions.OPERATOR else [],
                }
                for user, password in self._passwords.items()
            ],
        }


def _program(name: str) -> Path:
    """A program of RabbitMQ itself: the ones Debian puts on PATH change user first, or refuse."""
    return find_program(name, "/usr/lib/rabbitmq/bin", "/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin")


def hashed(password: str) -> str:
    """A password as RabbitMQ keeps it: a salt and a SHA-256 over both."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
