"""Ports and keys are found once and kept, and keys are nobody else's business."""

import socket
import stat
from pathlib import Path

from cryptography.fernet import Fernet

from deploy.local import keys, ports


def test_ports_are_kept_and_new_ones_added(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = ports.kept(file, ("one", "two"))
    second = ports.kept(file, ("two", "three"))
    assert second["two"] == first["two"]
    assert len({*first.values(), *second.values()}) == 3
    assert ports.kept(file, ("one", "two", "three")) == first | second


def test_a_port_in_use_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not ports.is_free(port)
    assert ports.is_free(port)


def test_keys_are_made_up_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "inner" / "keys.json"
    made = keys.kept(file)
    assert keys.kept(file) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    Fernet(made.seal)
    secrets = [*made.rabbitmq.values(), *made.postgresql.values(), made.supervisor, made.seal, made.token, made.session]
    assert len(set(secrets)) == len(secrets)


def test_a_private_file_that_was_open_to_all_is_closed_when_written_again(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("old")
    file.chmod(0o644)
    keys.write_private(file, "new")
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o600)
