"""Free ports on loopback, found once and kept, so that an address somebody wrote down stays right."""

import json
import random
import socket
from pathlib import Path

_RANGE = range(21000, 25000)
"""Clear of the ports RabbitMQ, PostgreSQL and Temporal use by default, and of those the system hands out to callers."""


def is_free(port: int) -> bool:
    """Whether nothing listens on this port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def find(names: tuple[str, ...], taken: frozenset[int] = frozenset()) -> dict[str, int]:
    """One free port for each name, none of them in `taken`."""
    candidates = random.SystemRandom().sample(_RANGE, len(_RANGE))
    free = (port for port in candidates if port not in taken and is_free(port))
    return {name: next(free) for name in names}


def kept(file: Path, names: tuple[str, ...]) -> dict[str, int]:
    """The ports written in `file`, with new ones added for names it does not have yet."""
    ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    missing = tuple(name for name in names if name not in ports)
    if missing:
        ports |= find(missing, frozenset(ports.values()))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(ports, indent=2) + "\n")
    return {name: ports[name] for name in names}
