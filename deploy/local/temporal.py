"""Temporal's development server on a file of its own, with its page, and our namespace."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from deploy.local.part import NotReady, Program, environment, find_program, private_folder

PORTS = ("temporal", "temporal_http", "temporal_metrics", "temporal_page")
NAMESPACE = "concord"
RETENTION = timedelta(days=90)
"""How long a closed case's workflow is kept, and with it the promise that its id is never used twice."""

_SKIPPING = ("frontend.WorkflowTimeSkippingEnabled=true", 'history.timerProcessorMaxTimeShift="50ms"')


class Temporal:
    """One private server. With `skipping`, a test may move a workflow's clock; the page is then left out."""

    name = "Temporal"

    def __init__(self, root: Path, ports: Mapping[str, int], *, skipping: bool = False) -> None:
        self._root = root
        self._folder = root / "temporal"
        self._ports = {name: ports[name] for name in PORTS}
        self._skipping = skipping

    @property
    def address(self) -> str:
        """Where workers and clients connect."""
        return f"127.0.0.1:{self._ports['temporal']}"

    @property
    def page(self) -> str:
        """Where a person looks at the workflows."""
        return f"http://127.0.0.1:{self._ports['temporal_page']}/namespaces/{NAMESPACE}/workflows"

    def prepare(self) -> None:
        """Make its folder."""
        private_folder(self._folder)

    def programs(self) -> tuple[Program, ...]:
        """The server itself."""
        program = find_program("temporal", str(Path(sys.executable).parent))
        page = (
            ("--headless",) if self._skipping else ("--ui-port", str(self._ports["temporal_page"]), "--ui-disable-news-fetch")
        )
        configuration = _SKIPPING if self._skipping else ()
        command = (
            str(program),
            *("server", "start-dev", "--ip", "127.0.0.1", "--log-level", "warn", "--namespace", NAMESPACE),
            *("--port", str(self._ports["temporal"]), *page),
            *("--http-port", str(self._ports["temporal_http"]), "--metrics-port", str(self._ports["temporal_metrics"])),
            *("--db-filename", str(self._folder / "temporal.db")),
            *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"),
            *(word for value in configuration for word in ("--dynamic-config-value", value)),
        )
        return (Program("temporal", command, environment(self._root), self._folder),)

    def check(self) -> None:
        """The server answers, and knows our namespace."""
        try:
            asyncio.run(_describe(self.address))
        except (RPCError, RuntimeError) as error:
            raise NotReady(f"Temporal at {self.address}: {error}") from error

    def complete(self) -> None:
        """Keep closed workflows for as long as we promise, not for the development server's one day."""
        asyncio.run(_keep_closed_workflows(self.address))


async def _describe(address: str) -> None:
    client = await Client.connect(address, namespace=NAMESPACE)
    await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=NAMESPACE))


async def _keep_closed_workflows(address: str) -> None:
    client = await Client.connect(address, namespace=NAMESPACE)
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(namespace=NAMESPACE, config=NamespaceConfig(workflow_execution_retention_ttl=retention))
    )
