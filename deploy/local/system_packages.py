"""What Concord needs of the system, how to see that it is there, and the packages it comes in.

Standard library only, and nothing newer than Python 3.9: this runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

MACOS = sys.platform == "darwin"
_BREW = ("/opt/homebrew", "/usr/local")


class Need(NamedTuple):
    """Something the system must have; `debian` and `brew` are the packages it comes in."""

    name: str
    is_there: Callable[[], bool]
    debian: tuple[str, ...]
    brew: tuple[str, ...]


def needs() -> list[Need]:
    """Everything, in the order people are told about it."""
    return [
        Need("RabbitMQ", lambda: _any_file(_RABBITMQ), ("rabbitmq-server",), ("rabbitmq",)),
        Need("PostgreSQL", lambda: _any_file(_POSTGRESQL), ("postgresql",), ("postgresql@17",)),
        Need("Pango", _can_load_pango, ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"), ("pango",)),
        Need("fonts", lambda: MACOS or _any_file(_FONTS), ("fonts-liberation",), ()),
        Need("Python's venv", lambda: importlib.util.find_spec("ensurepip") is not None, (_venv_package(),), ()),
        Need("npm", lambda: shutil.which("npm") is not None, ("nodejs", "npm"), ("node",)),
    ]


_RABBITMQ = (
    "/usr/lib/rabbitmq/bin/rabbitmq-server",
    *(f"{brew}/opt/rabbitmq/sbin/rabbitmq-server" for brew in _BREW),
)
_POSTGRESQL = ("/usr/lib/postgresql/*/bin/initdb", *(f"{brew}/opt/postgresql@*/bin/initdb" for brew in _BREW))
_DOVECOT = ("/usr/lib/dovecot/imap", *(f"{brew}/opt/dovecot/libexec/dovecot/imap" for brew in _BREW))
"""What the tests of mail that is fetched run, as servers of their own."""
_FONTS = ("/usr/share/fonts/truetype/liberation*/LiberationSans-Regular.ttf",)
_PANGO = ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz", "harfbuzz-subset", "fontconfig")


def find_chromium() -> str | None:
    """The browser that the pages are tried out in."""
    bundled = "/Applications/Chromium.app/Contents/MacOS/Chromium"
    return shutil.which("chromium") or (bundled if Path(bundled).exists() else None)


def find_libreoffice() -> str | None:
    """The office programs that documents are taken through and back; only `make test-office` wants them."""
    bundled = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
    return shutil.which("soffice") or (bundled if Path(bundled).exists() else None)


MORE = {
    "tests": (
        Need("Dovecot", lambda: _any_file(_DOVECOT), ("dovecot-imapd",), ("dovecot",)),
        Need("Chromium", lambda: find_chromium() is not None, ("chromium",), ("chromium",)),
    ),
    "office": (Need("LibreOffice", lambda: find_libreoffice() is not None, ("libreoffice-writer-nogui",), ("libreoffice",)),),
}
"""What some commands want beyond that: the tests, and those of them that take documents through an office program."""


def missing(purposes: Iterable[str] = ()) -> list[Need]:
    """What the system does not have, for running Concord and for these purposes. Raises KeyError for one there is not."""
    return [need for need in (*needs(), *(need for purpose in purposes for need in MORE[purpose])) if not need.is_there()]


def commands(wanted: list[Need]) -> list[list[str]]:
    """The commands that install these. Raises LookupError when this system has no package manager known here."""
    if MACOS and shutil.which("brew"):
        return [["brew", "install", *(package for need in wanted for package in need.brew)]]
    if shutil.which("apt-get"):
        become_root = [] if os.geteuid() == 0 else ["sudo"]
        apt = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        packages = [package for need in wanted for package in need.debian]
        return [[*apt, "update"], [*apt, "install", "--yes", "--no-install-recommends", *packages]]
    raise LookupError("this system has neither apt-get nor brew")


def _any_file(patterns: tuple[str, ...]) -> bool:
    return any(True for pattern in patterns for _ in Path("/").glob(pattern.lstrip("/")))


def _can_load_pango() -> bool:
    return all(_can_load(name) for name in _PANGO)


def _can_load(name: str) -> bool:
    """Whether the system's loader finds a library, as WeasyPrint will ask for it."""
    files = [f"{brew}/lib/lib{name}.dylib" for brew in _BREW] if MACOS else [f"lib{name}.so.{0 if name != 'fontconfig' else 1}"]
    for file in files:
        try:
            ctypes.CDLL(file)
        except OSError:
            continue
        return True
    return False


def _venv_package() -> str:
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
