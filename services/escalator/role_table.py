"""A board's role equivalence table as a file (BED-24). What it says is `contracts.role_table`, which goes to the form's pages too."""

from functools import cache
from pathlib import Path

from pydantic import ValidationError

from services.contracts.role_table import RoleTable
from services.escalator.boards import Board
from services.escalator.errors import Problem, ProtocolError
from services.escalator.yaml_file import YamlFile

PACKAGED = Path(__file__).parent / "role_tables"
"""Where the role tables that come with Concord are; each has the key of the protocol it belongs to."""


def load_role_table(path: Path) -> RoleTable:
    """The role table in a file. Raises ProtocolError with everything that is wrong."""
    file = YamlFile(path)
    try:
        return RoleTable.model_validate(file.data)
    except ValidationError as error:
        raise ProtocolError([_problem(file, list(one["loc"]), one["msg"]) for one in error.errors()]) from error


@cache
def packaged_role_table(protocol: str) -> RoleTable | None:
    """The role table that comes with the protocol of this key; None where its document has none."""
    path = PACKAGED / f"{protocol}.yaml"
    return load_role_table(path) if path.is_file() else None


def role_table_of(board: Board) -> RoleTable | None:
    """The role table of a board: its own, else that of its protocol's document. Raises ProtocolError."""
    return load_role_table(Path(board.role_table)) if board.role_table else packaged_role_table(board.protocol.key)


def _problem(file: YamlFile, place: list[str | int], message: str) -> Problem:
    return file.problem(place, message.removeprefix("Value error, ").removeprefix("Input should be "))
