"""`python3 -m deploy.local.setup [office]`: make this checkout ready to run, from nothing, installing only what is missing.

System packages come from apt or Homebrew; everything else goes into the checkout (`.venv`, `node_modules`, `.local`), from locks
with hashes. Each step knows whether it has been done, so that a second run changes nothing and takes a moment.

Standard library only, and nothing newer than Python 3.9: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from deploy.local import system_packages

CHECKOUT = Path(__file__).resolve().parents[2]
_LOCAL = CHECKOUT / ".local"
_STAMPS = _LOCAL / "stamps"
_LOG = _LOCAL / "logs" / "setup.log"
_PYTHON = CHECKOUT / ".venv" / "bin" / "python"
_LOCKS = CHECKOUT / "requirements"
_WEB = CHECKOUT / "services" / "kit" / "web"
_SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_OLDEST_PYTHON = (3, 11)
_AGAIN = "Then run `make setup` again: it goes on where it stopped."
_REGISTRY = f"Look whether this machine reaches the package registry (a proxy, an index setting, a certificate?). {_AGAIN}"


class SetupError(Exception):
    """A step failed. The message says what to do."""


class Step(NamedTuple):
    """One thing to make ready. `is_done` must be quick; `do` is only called when it says no."""

    name: str
    is_done: Callable[[], bool]
    do: Callable[[], None]


def steps(purposes: Sequence[str] = ()) -> list[Step]:
    """Everything, in order; `purposes` are those of `system_packages.MORE`."""
    missing = partial(system_packages.missing, purposes)
    return [
        Step("System packages", lambda: not missing(), partial(_install_system_packages, missing)),
        Step("Virtual environment", _venv_works, _make_venv),
        Step("uv", lambda: _is_stamped("uv", _uv_stamp()), _install_uv),
        Step("Python packages", lambda: _is_stamped("python", _python_stamp()), _install_python_packages),
        Step("npm packages", lambda: _is_stamped("npm", _npm_stamp()), _install_npm_packages),
        Step("Stylesheet", lambda: _is_stamped("stylesheet", _stylesheet_stamp()), _compile_stylesheet),
    ]


def main(purposes: Sequence[str] = ()) -> int:
    """Do what is not done yet. Returns the exit status."""
    began = time.monotonic()
    try:
        _check_python()
        for step in steps(purposes):
            _take(step)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nStopped. {_AGAIN}", file=sys.stderr)
        return 130
    print(f"Set up, after {time.monotonic() - began:.1f} s.")
    return 0


def _take(step: Step) -> None:
    if step.is_done():
        print(f"  {step.name:<20} ready", flush=True)
        return
    began = time.monotonic()
    print(f"  {step.name:<20} ...", end="", flush=True)
    step.do()
    print(f" done in {time.monotonic() - began:.1f} s", flush=True)


def _check_python() -> None:
    if sys.version_info < _OLDEST_PYTHON:
        raise SetupError(
            f"Concord needs Python 3.11 or later, and this is {sys.version.split()[0]} ({sys.executable}).\n"
            "Install one, and name it: `make setup PYTHON=python3.11`. Debian 12, Ubuntu 24.04 and Homebrew have one."
        )


def _install_system_packages(missing: Callable[[], list[system_packages.Need]] = system_packages.missing) -> None:
    wanted = missing()
    names = ", ".join(need.name for need in wanted)
    try:
        commands = system_packages.commands(wanted)
    except LookupError as error:
        raise SetupError(f"Missing: {names}; and {error}. Install them as this system does it. {_AGAIN}") from error
    by_hand = "\n".join(f"  {' '.join(command)}" for command in commands)
    print(f" installing {names}", end="", flush=True)
    if "sudo" in commands[0] and shutil.which("sudo") is None:
        raise SetupError(
            f"Missing: {names}. Installing them needs root, and there is no sudo. As root, run\n{by_hand}\n{_AGAIN}"
        )
    for command in commands:
        _run(command, f"The system's package manager failed. What was wanted:\n{by_hand}\n{_AGAIN}", os.environ.copy())
    still = missing()
    if still:
        raise SetupError(f"Still missing after installing: {', '.join(need.name for need in still)}. Its log is {_LOG}.")


def _venv_works() -> bool:
    """Whether .venv is there, of this place (a moved one is not) and of a Python that still exists."""
    ask = "import sys; print(sys.prefix, sys.version_info >= (3, 11))"
    try:
        answer = subprocess.run([str(_PYTHON), "-c", ask], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == f"{CHECKOUT / '.venv'} True"


def _make_venv() -> None:
    _run([sys.executable, "-m", "venv", "--clear", ".venv"], f"Python could not make a virtual environment. {_AGAIN}")


def _uv_stamp() -> str:
    return _hash((_LOCKS / "uv.txt",), _inode(_PYTHON))


def _install_uv() -> None:
    command = [str(_PYTHON), "-m", "pip", "install", "--no-cache-dir", "--require-hashes", "-r", "requirements/uv.txt"]
    _run([*command, "--disable-pip-version-check", "--quiet"], f"pip could not install uv. {_REGISTRY}")
    _stamp("uv", _uv_stamp())


def _python_stamp() -> str:
    return _hash((_LOCKS / "dev.txt", _LOCKS / "uv.txt"), _inode(_PYTHON))


def _install_python_packages() -> None:
    command = [str(_PYTHON), "-m", "uv", "pip", "sync", "--require-hashes", "requirements/dev.txt", "--python", str(_PYTHON)]
    trust = ["--system-certs"] if _SYSTEM_CERTIFICATES.exists() else []  # what an organisation's own proxy needs
    _run([*command, *trust], f"uv could not install the Python packages. {_REGISTRY}")
    _stamp("python", _python_stamp())


def _npm_stamp() -> str:
    return _hash((CHECKOUT / "package-lock.json",), _inode(CHECKOUT / "node_modules"))


def _install_npm_packages() -> None:
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    _run(command, f"npm could not install the stylesheet's packages. {_REGISTRY}")
    _stamp("npm", _npm_stamp())


def _stylesheet_stamp() -> str:
    sources = sorted((_WEB / "assets").rglob("*.scss"))
    return _hash((*sources, CHECKOUT / "package-lock.json", CHECKOUT / "package.json", _WEB / "static/build/concord.css"))


def _compile_stylesheet() -> None:
    _run(["npm", "run", "--silent", "build"], f"The stylesheet could not be compiled: is {_WEB / 'assets'} right? {_AGAIN}")
    _stamp("stylesheet", _stylesheet_stamp())


def _run(command: Sequence[str], remedy: str, environment: dict[str, str] | None = None) -> None:
    """Run a command in the checkout with its output in the log. Raises SetupError with the end of it and the remedy."""
    _LOG.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _LOG.open("a") as log:
        log.write(f"\n$ {' '.join(command)}\n")
        log.flush()
        start = log.tell()
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment or _environment(), stdout=log, stderr=subprocess.STDOUT
        )
        status = _wait(process)
    if status != 0:
        with _LOG.open() as log:
            log.seek(start)
            said = "\n".join(f"  {line}" for line in log.read().splitlines()[-20:])
        raise SetupError(f"`{' '.join(command)}` failed (status {status}):\n{said}\n\n{remedy}\nThe whole log is {_LOG}.")


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Its exit status, when it ends. On a terminal the seconds are counted, so that a long step is seen to go on."""
    began = time.monotonic()
    while True:
        try:
            return process.wait(1)
        except subprocess.TimeoutExpired:
            if sys.stdout.isatty():
                counted = f" {time.monotonic() - began:.0f} s"
                print(counted + "\b" * len(counted), end="", flush=True)
        except KeyboardInterrupt:
            process.wait()
            raise


def _environment() -> dict[str, str]:
    """The person's own environment, with every cache inside the checkout: nothing outside it is touched."""
    caches = {"UV_CACHE_DIR": "uv", "npm_config_cache": "npm"}
    return {**os.environ, **{name: str(_LOCAL / "cache" / folder) for name, folder in caches.items()}, "UV_NO_PROGRESS": "1"}


def _is_stamped(name: str, value: str) -> bool:
    file = _STAMPS / name
    return file.exists() and file.read_text() == value


def _stamp(name: str, value: str) -> None:
    _STAMPS.mkdir(parents=True, exist_ok=True)
    (_STAMPS / name).write_text(value)


def _hash(files: Sequence[Path], *more: str) -> str:
    """A hash of these files' names and contents; a file that is missing is its own value."""
    whole = hashlib.sha256()
    for file in files:
        content = file.read_bytes() if file.exists() else b"(missing)"
        whole.update(f"{file.relative_to(CHECKOUT)}:{len(content)}:".encode() + content)
    for text in more:
        whole.update(text.encode())
    return whole.hexdigest()


def _inode(path: Path) -> str:
    """A folder's or link's own identity: made again, it is another, and what was installed into it is gone."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return "(missing)"
    return f"{found.st_ino}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
