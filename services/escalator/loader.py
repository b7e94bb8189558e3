"""Reads protocol and board files, and says file, line and what was expected when one is not right."""

from pathlib import Path

from services.escalator.boards import Board
from services.escalator.protocol import Protocol

PACKAGED = Path(__file__).parent / "protocols"
"""Where the protocols that come with Concord are."""


def load_protocol(path: Path) -> Protocol:
    """The protocol in a file. Raises ProtocolError with everything that is wrong."""
    raise NotImplementedError


def packaged_protocols() -> dict[str, Protocol]:
    """The protocols that come with Concord, by key."""
    raise NotImplementedError


def load_boards(folder: Path) -> dict[str, Board]:
    """The boards of a deployment, by key: every `*.yaml` in the folder. Raises ProtocolError with everything that is wrong."""
    raise NotImplementedError
