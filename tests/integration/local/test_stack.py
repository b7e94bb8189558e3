"""The stack says what stands in its way before it starts anything."""

import json
import socket
import stat
from pathlib import Path

import pytest

from deploy.local import leftovers
from deploy.local.stack import Stack, StackError


def test_a_port_that_another_program_uses_is_named(tmp_path: Path) -> None:
    stack = Stack(tmp_path)
    port = json.loads((tmp_path / "ports.json").read_text())["postgresql"]
    with socket.create_server(("127.0.0.1", port)), pytest.raises(StackError, match=rf"{port} \(postgresql\).*\n.*ports\.json"):
        stack.up()
    assert leftovers.names(tmp_path) == []


def test_two_at_once_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    said: list[str] = []
    stack = Stack(tmp_path)
    with stack._alone(), pytest.raises(StackError, match="Another `make up` or `make down`"):
        Stack(tmp_path, say=said.append).down()
    Stack(tmp_path, say=said.append).down()
    assert said == ["The stack is down."]


def test_what_is_kept_is_nobody_elses_business(tmp_path: Path) -> None:
    stack = Stack(tmp_path)
    for part in (*stack.servers, *stack.services):
        part.prepare()
        part.programs()
    stack.down()
    open_to_all = {
        str(path.relative_to(tmp_path))
        for path in tmp_path.iterdir()
        if stat.S_IMODE(path.stat().st_mode) & 0o077 and path.name not in ("lock", "ports.json")
    }
    assert open_to_all <= {"postgresql"}
    assert stat.S_IMODE((tmp_path / "postgresql" / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "rabbitmq" / "definitions.json").stat().st_mode) == 0o600
