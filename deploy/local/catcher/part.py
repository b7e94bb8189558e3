"""The mail catcher as a part of the stack."""

import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.checks import http_check, smtp_check
from deploy.local.part import Program, environment, private_folder

PORTS = ("catcher_smtp", "catcher_page")


class Catcher:
    """One mail catcher, with its file in the stack's folder."""

    name = "Mail catcher"

    def __init__(self, root: Path, ports: Mapping[str, int]) -> None:
        self._root = root
        self._folder = root / "catcher"
        self.smtp_port = ports["catcher_smtp"]
        self._http_port = ports["catcher_page"]

    @property
    def page(self) -> str:
        """Where a person reads the mails."""
        return f"http://127.0.0.1:{self._http_port}/"

    @property
    def api(self) -> str:
        """Where a program reads the mails."""
        return f"http://127.0.0.1:{self._http_port}/api/mails"

    def prepare(self) -> None:
        """Make its folder."""
        private_folder(self._folder)

    def programs(self) -> tuple[Program, ...]:
        """The catcher itself."""
        file = self._folder / "mails.db"
        command = (sys.executable, "-m", "deploy.local.catcher", str(file), str(self.smtp_port), str(self._http_port))
        return (Program("catcher", command, environment(self._root)),)

    def check(self) -> None:
        """Both of its sides answer."""
        http_check(self.name, f"http://127.0.0.1:{self._http_port}/health")
        smtp_check(self.name, self.smtp_port)

    def complete(self) -> None:
        """Nothing."""
