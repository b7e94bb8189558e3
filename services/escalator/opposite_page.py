"""The page on which anybody may look up an opposite number by title: what the board's document prints, and how sure that is.

It names titles and never people, who are on the contact list and not public. A person confirms what it suggests (A-18 to A-20).
"""

from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from services.contracts.role_table import RoleTable
from services.escalator.boards import Board
from services.escalator.errors import Unknown
from services.escalator.opposite import opposite
from services.escalator.role_table import role_table_of
from services.kit.web import templates

_pages = templates(Path(__file__).parent / "templates")

_FIELDS = {"own agency": "agency", "other agency": "other", "agency": "agency", "rank": "role"}


def make_opposite_page(boards: Mapping[str, Board]) -> APIRouter:
    """`/protocols/<board>/opposite-numbers`, for boards whose document has a table of roles."""
    router = APIRouter(include_in_schema=False)
    tables = {key: role_table_of(board) for key, board in boards.items()}

    @router.get("/protocols/{board}/opposite-numbers")
    def opposite_numbers(request: Request, board: str) -> Response:
        table = tables.get(board)
        if table is None:
            raise HTTPException(404)
        typed = {name: request.query_params.get(name, "").strip() for name in ("agency", "role", "other")}
        found, mistakes = None, {}
        if any(typed.values()):
            mistakes = _missing(typed)
            if not mistakes:
                try:
                    found = opposite(table, typed["agency"], typed["role"], typed["other"], ())
                except Unknown as unknown:
                    mistakes = {_FIELDS.get(unknown.what, "role"): _in_words(unknown)}
        context = {
            "board": boards[board],
            "demonstration": boards[board].demonstration,
            "table": table,
            "printed": _printed(table),
            "typed": typed,
            "found": found,
            "mistakes": mistakes,
        }
        return _pages.TemplateResponse(request, "opposite.html", context)

    return router


def _printed(table: RoleTable) -> list[tuple[list[str], list[list[str]]]]:
    """Each table as printed: its agencies, and their titles row by row, without rows that are blank for all of them."""
    found = []
    for printed in table.tables:
        rows = [[column.title(row) for column in printed.agencies] for row in range(1, table.rows + 1)]
        found.append(([column.name for column in printed.agencies], [row for row in rows if any(row)]))
    return found


def _missing(typed: Mapping[str, str]) -> dict[str, str]:
    ask = {"agency": "Select your agency", "role": "Enter your role", "other": "Select the other agency"}
    return {name: message for name, message in ask.items() if not typed[name]}


def _in_words(unknown: Unknown) -> str:
    if unknown.what == "other agency":
        return "Select an agency other than your own"
    return f"We do not know “{unknown.given}”. Enter one of: {', '.join(unknown.allowed)}"
