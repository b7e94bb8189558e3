"""The commands about people: `opposite`, who may answer to somebody in another agency, and `contacts check`, what a list gets wrong.

They read files and nothing else: a list that staff changed on their page is not the board's file any more.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from services.contracts.contact_list import ContactLine
from services.contracts.opposite import Place, Suggestion
from services.contracts.role_table import RoleTable
from services.escalator.contacts import ContactProblem, read_contacts
from services.escalator.errors import ProtocolError, Unknown
from services.escalator.loader import load_boards, packaged_protocols
from services.escalator.opposite import opposite
from services.escalator.protocol import Protocol
from services.escalator.role_table import packaged_role_table, role_table_of
from services.kit.clock import now

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_LONDON = ZoneInfo("Europe/London")


class _Board(NamedTuple):
    protocol: Protocol
    contacts: Path | None
    role_table: RoleTable | None


def add_commands(commands: Commands, reading: argparse.ArgumentParser) -> None:
    """Add both to a command line; `reading` has what they share with the others: `--boards-dir` and `--json`."""
    asked = commands.add_parser(
        "opposite", parents=[reading], help="who may answer to somebody in another agency, and how sure that is"
    )
    asked.add_argument("--board", required=True)
    asked.add_argument("--agency", required=True, help="their own agency, by key or name")
    asked.add_argument("--role", required=True, help="their title, a role key, or the row of the table, 1 the most senior")
    asked.add_argument("--other", required=True, help="the other agency, by key or name")
    contacts = commands.add_parser("contacts", help="about contact lists").add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    checked = contacts.add_parser("check", parents=[reading], help="everything that is wrong in a contact list")
    checked.add_argument("file", type=Path, metavar="FILE")
    checked.add_argument("--board", required=True, help="whose roles it may have")


def run_opposite(given: argparse.Namespace) -> int:
    """Print the suggestion. Raises Unknown and ProtocolError."""
    board = _board(given.boards_dir, given.board)
    if board.role_table is None:
        known = [key for key in packaged_protocols() if packaged_role_table(key)]
        raise Unknown("role table", board.protocol.key, known)
    contacts: list[ContactLine] = read_contacts(board.contacts, board.protocol.roles) if board.contacts else []
    today = now().astimezone(_LONDON).date()
    found = opposite(board.role_table, given.agency, given.role, given.other, contacts, day=today)
    print(found.model_dump_json(indent=2) if given.json else "\n".join(_in_words(found)))
    return 0


def run_contacts_check(given: argparse.Namespace) -> int:
    """Print everything that is wrong: the exit status is 1 where something is. Raises Unknown and ProtocolError."""
    roles = _board(given.boards_dir, given.board).protocol.roles
    try:
        lines = read_contacts(given.file, roles)
    except ProtocolError as error:
        if given.json:
            print(json.dumps([_as_data(problem) for problem in error.problems], indent=2, ensure_ascii=False))
        else:
            print(error)
        return 1
    many = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    print("[]" if given.json else f"{given.file}: OK, {many}")
    return 0


def _board(folder: Path | None, key: str) -> _Board:
    boards = {name: _Board(protocol, None, packaged_role_table(name)) for name, protocol in packaged_protocols().items()}
    for name, board in load_boards(folder).items() if folder else ():
        boards[name] = _Board(board.protocol, Path(board.contacts) if board.contacts else None, role_table_of(board))
    if key not in boards:
        raise Unknown("board", key, boards)
    return boards[key]


def _in_words(found: Suggestion) -> Iterator[str]:
    yield f"{found.agency}: {found.title or 'no equivalent on file'}{_row(found.row)}"
    yield from (f"  {person.name} <{person.address}>" for person in found.people)
    if found.title and not found.people:
        yield "  Nobody with this rank is on the contact list."
    yield fill(found.why, 100, initial_indent="  ", subsequent_indent="  ")
    if found.also:
        yield f"  It may also be: {'; '.join(_place(place) for place in found.also)}."
    yield f"  {found.confirm}"


def _place(place: Place) -> str:
    return f"{place.title}{_row(place.row)}"


def _row(row: int | None) -> str:
    return f" (row {row})" if row else ""


def _as_data(problem: object) -> dict[str, object]:
    if isinstance(problem, ContactProblem):
        return {"line": problem.line, "field": problem.field, "message": problem.expected}
    return {"line": 1, "field": "", "message": str(problem)}
