"""What a part of the stack is: some programs, what they need before they run, and how to know that they are ready."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM, Signals
from typing import Protocol

CHECKOUT = Path(__file__).resolve().parents[2]
"""The root of this checkout."""

MARKER = "CONCORD_STACK_ROOT"
"""The environment variable every program of a stack is started with; its value is the stack's own folder."""


class PartError(Exception):
    """A part cannot be run. The message says what to do about it."""


class NotReady(Exception):
    """A part does not answer yet, or no longer. The message says what was tried."""


@dataclass(frozen=True)
class Program:
    """One process to keep running. `stop_seconds` is how long it may take to end after `stop_signal` before it is killed."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path = CHECKOUT
    stop_signal: Signals = SIGTERM
    stop_seconds: int = 10


class Part(Protocol):
    """One real thing of the stack."""

    @property
    def name(self) -> str:
        """Its name, as people see it."""

    def prepare(self) -> None:
        """Make what its programs need before they start: folders, configuration. Safe to repeat. Raises PartError."""

    def programs(self) -> tuple[Program, ...]:
        """What to run, in the order of starting."""

    def check(self) -> None:
        """Return when it answers as its users need it. Raises NotReady."""

    def complete(self) -> None:
        """Make what can only be made in the running part: databases, namespaces. Safe to repeat. Raises PartError."""


def environment(root: Path, **more: str) -> dict[str, str]:
    """The environment of a program of the stack at `root`: only what it needs, so that nothing personal changes how it runs."""
    home = private_folder(root / "home")
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    if sys.platform == "darwin":  # where Homebrew keeps pango, which WeasyPrint looks for by name
        kept["DYLD_FALLBACK_LIBRARY_PATH"] = "/opt/homebrew/lib:/usr/local/lib"
    return {**kept, "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC", MARKER: str(root), **more}


def private_folder(path: Path) -> Path:
    """A folder only its owner may look into, made when it is missing: what is kept there is passwords and people's words."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def find_program(name: str, *folders: str) -> Path:
    """Where a program is: the newest match of `folders` (patterns from the root of the file system), then PATH.

    Raises PartError.
    """
    for pattern in folders:
        found = sorted(Path("/").glob(f"{pattern.lstrip('/')}/{name}"), key=_by_version)
        if found:
            return found[-1]
    on_path = shutil.which(name)
    if on_path is None:
        raise PartError(f"{name} is not installed. Run `make setup`, which installs it.")
    return Path(on_path)


def _by_version(path: Path) -> tuple[int, ...]:
    return tuple(int(digits) for piece in path.parts for digits in [piece.rpartition("@")[2]] if digits.isdigit())
