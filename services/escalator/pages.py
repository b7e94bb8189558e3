"""The pages on which anybody may read a board's protocol and try it out. No case, no person's data and no sign-in: they only read."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.escalator import outline, rulebook, what_if
from services.escalator.boards import Board
from services.escalator.choices import Choice
from services.escalator.errors import Unknown
from services.escalator.ladders import Ladder
from services.escalator.opposite_page import make_opposite_page
from services.escalator.role_table import role_table_of
from services.kit.clock import now
from services.kit.web import templates
from services.kit.web.flowchart import WRITING, flowchart, picture
from services.kit.web.words import LONDON

_pages = templates(Path(__file__).parent / "templates")


def make_pages(boards: Mapping[str, Board]) -> APIRouter:
    """Every board's protocol, its ladders, their flowcharts, and "what if" for each ladder.

    Plain functions, because their sums are not to keep the event loop, which runs the cases, waiting.
    """
    router = APIRouter(include_in_schema=False)

    def found(board: str) -> Board:
        if board not in boards:
            raise HTTPException(404)
        return boards[board]

    def ladder_of(board: str, ladder: str) -> tuple[Board, Ladder]:
        try:
            return found(board), found(board).protocol.ladder(ladder)
        except Unknown as error:
            raise HTTPException(404) from error

    @lru_cache(maxsize=len(boards) + 1)
    def effects(board: str, today: date) -> tuple[tuple[Choice, what_if.Effect], ...]:
        """What each choice changes: long sums that come out the same all day."""
        return tuple((choice, what_if.effect(boards[board], choice, today)) for choice in boards[board].protocol.choices)

    def asking(board: Board, ladder: Ladder, question: what_if.Question) -> dict[str, object]:
        """What both pages with the form on them show. `matters`: the choices that change a time of this ladder.

        The date of the decision is asked for only where the clock can start then (A-01).
        """
        return {
            "board": board,
            "demonstration": board.demonstration,
            "ladder": ladder,
            "question": question,
            "option_words": outline.option_words,
            "counts_from_decision": any("decision_made" in choice.options for choice in board.protocol.choices),
            "matters": [
                choice.id for choice, effect in effects(board.key, _today()) if ladder.id in {one.id for one in effect.ladders}
            ],
        }

    @router.get("/")
    def start() -> Response:
        return RedirectResponse("/protocols")

    @router.get("/protocols")
    def every_board(request: Request) -> Response:
        return _pages.TemplateResponse(request, "protocols.html", {"boards": tuple(boards.values())})

    @router.get("/protocols/{board}")
    def one_board(request: Request, board: str) -> Response:
        shown = found(board)
        protocol = shown.protocol
        context = {
            "board": shown,
            "demonstration": shown.demonstration,
            "stages": [
                (name, [ladder for ladder in protocol.ladders if ladder.case_stage == key])
                for key, name in protocol.case_stages.items()
            ],
            "redirects": outline.redirects(protocol),
            "choices": [(outline.choice_in_force(choice), choice, effect) for choice, effect in effects(board, _today())],
            "before": list(rulebook.before(protocol)),
            "throughout": list(rulebook.throughout(protocol)),
            "closing": list(rulebook.closing(protocol)),
            "has_role_table": role_table_of(shown) is not None,
        }
        return _pages.TemplateResponse(request, "protocol.html", context)

    router.include_router(make_opposite_page(boards))  # before the ladders, whose addresses look like its own

    @router.get("/protocols/{board}/{ladder}.svg")
    def ladder_picture(board: str, ladder: str) -> Response:
        shown, its = ladder_of(board, ladder)
        return Response(picture(outline.outline(shown.protocol, its)), media_type="image/svg+xml")

    @router.get("/protocols/{board}/{ladder}")
    def one_ladder(request: Request, board: str, ladder: str) -> Response:
        shown, its = ladder_of(board, ladder)
        protocol = shown.protocol
        drawn = outline.outline(protocol, its)
        context = asking(shown, its, what_if.read(protocol, {}, _today())) | {
            "outline": drawn,
            "flowchart": flowchart(drawn),
            "writing": WRITING,
            "either": outline.either,
            "rules": list(rulebook.of_ladder(protocol, its)),
            "step_rules": {step.number: list(rulebook.of_step(protocol, step)) for step in its.steps},
        }
        return _pages.TemplateResponse(request, "ladder.html", context)

    @router.get("/protocols/{board}/{ladder}/what-if")
    def try_it(request: Request, board: str, ladder: str) -> Response:
        shown, its = ladder_of(board, ladder)
        question = what_if.read(shown.protocol, dict(request.query_params), _today())
        answer = None if question.mistakes else what_if.answer(shown, ladder, question)
        return _pages.TemplateResponse(request, "what_if.html", asking(shown, its, question) | {"answer": answer})

    return router


def _today() -> date:
    return now().astimezone(LONDON).date()
