"""The four services as parts of the stack, each with the settings of its own and no other."""

import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.catcher.part import Catcher
from deploy.local.checks import http_check, smtp_check
from deploy.local.keys import Keys
from deploy.local.part import CHECKOUT, Program, environment, private_folder
from deploy.local.permissions import SERVICES
from deploy.local.postgresql import PostgreSQL
from deploy.local.rabbitmq import RabbitMQ
from deploy.local.temporal import NAMESPACE, Temporal

PORTS = (*(f"{service}_http" for service in SERVICES), "intake_smtp")
MAIL_DOMAIN = "board.demo.example"
BOARDS = CHECKOUT / "deploy" / "local" / "boards"


class Service:
    """One of the four services, run from this checkout."""

    def __init__(self, name: str, root: Path, ports: Mapping[str, int], settings: Mapping[str, str]) -> None:
        self.name = name
        self._root = root
        self._settings = dict(settings)
        self._smtp_port = ports["intake_smtp"] if name == "intake" else None
        self.address = f"http://127.0.0.1:{ports[f'{name}_http']}"

    def prepare(self) -> None:
        """Make the folder documents are kept in; a service makes its own tables."""
        private_folder(self._root / "store")

    def programs(self) -> tuple[Program, ...]:
        """The service itself."""
        variables = environment(self._root, PYTHONUNBUFFERED="1", **self._settings)
        return (Program(self.name, (sys.executable, "-m", f"services.{self.name}"), variables, stop_seconds=15),)

    def check(self) -> None:
        """Every check of its health page passes, and intake takes mail."""
        http_check(self.name, f"{self.address}/health")
        if self._smtp_port is not None:
            smtp_check(self.name, self._smtp_port)

    def complete(self) -> None:
        """Nothing."""


def services(
    root: Path,
    ports: Mapping[str, int],
    keys: Keys,
    boards: Path,
    *,
    rabbitmq: RabbitMQ,
    postgresql: PostgreSQL,
    temporal: Temporal,
    catcher: Catcher,
) -> tuple[Service, ...]:
    """All four, wired to these parts."""
    page = {service: f"http://127.0.0.1:{ports[f'{service}_http']}" for service in SERVICES}
    common = {
        service: {
            "CONCORD_DATABASE_URL": postgresql.service_url(service),
            "CONCORD_AMQP_URL": rabbitmq.url(service),
            "CONCORD_HTTP_HOST": "127.0.0.1",
            "CONCORD_HTTP_PORT": str(ports[f"{service}_http"]),
            "CONCORD_LOG_LEVEL": "INFO",
        }
        for service in SERVICES
    }
    documents = {"CONCORD_STORE_DIR": str(root / "store"), "CONCORD_SEAL_KEYS": keys.seal}
    mail = {"CONCORD_TOKEN_KEY": keys.token, "CONCORD_MAIL_DOMAIN": MAIL_DOMAIN}
    own = {
        "intake": documents
        | mail
        | {
            "CONCORD_SMTP_HOST": "127.0.0.1",
            "CONCORD_SMTP_PORT": str(ports["intake_smtp"]),
            "CONCORD_PUBLIC_URL": page["intake"],
            "CONCORD_MOST_FROM_ONE_ADDRESS": "300",  # one person tries out what many would send
        },
        "escalator": {
            "CONCORD_TEMPORAL_ADDRESS": temporal.address,
            "CONCORD_TEMPORAL_NAMESPACE": NAMESPACE,
            "CONCORD_BOARDS_DIR": str(boards),
        },
        "notifier": documents
        | mail
        | {
            "CONCORD_SMTP_HOST": "127.0.0.1",
            "CONCORD_SMTP_PORT": str(catcher.smtp_port),
            "CONCORD_SMTP_TLS": "none",
            "CONCORD_FROM_ADDRESS": f"concord@{MAIL_DOMAIN}",
            "CONCORD_BOARD_URL": page["records"],
            "CONCORD_PAGES_URL": page["intake"],
        },
        "records": documents | {"CONCORD_PUBLIC_URL": page["records"], "CONCORD_SESSION_KEY": keys.session},
    }
    return tuple(Service(name, root, ports, common[name] | own[name]) for name in SERVICES)
