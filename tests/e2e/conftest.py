"""The whole stack in a folder of its own, with the demonstration board and a board that keeps real hours."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import services
from deploy.local.part import CHECKOUT
from deploy.local.stack import Stack
from deploy.local.world import World

ROOT = CHECKOUT / ".local" / "e2e"
BOARDS = Path(__file__).parent / "boards"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Everything running, from nothing; stopped and removed at the end. What an earlier run left behind is ended first."""
    if ROOT.exists():
        Stack(ROOT).down()
        shutil.rmtree(ROOT)
    boards = ROOT / "boards"
    for folder in (services.BOARDS, BOARDS):
        shutil.copytree(folder, boards, dirs_exist_ok=True)
    stack = Stack(ROOT, boards=boards)
    try:
        stack.up()
        yield stack
    finally:
        stack.down()


@pytest.fixture
def world(stack: Stack) -> Iterator[World]:
    """What a user of the stack can reach."""
    world = World(stack.addresses())
    yield world
    world.close()
