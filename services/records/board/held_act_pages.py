"""What board staff say of a held item: a form, a look at the answers, and then it is so, once for each item."""

import logging
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.content import HeldContent
from services.contracts.escalator import BoardPublished
from services.contracts.records import ItemSettled
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import ReplyAct
from services.kit.clock import now
from services.kit.database import Database
from services.kit.logs import redact
from services.kit.web import posted
from services.records.board import view
from services.records.board.decision import KINDS, TEXTS
from services.records.board.fields import Answers, Mistakes
from services.records.board.held_acts import (
    LONG_PARTS,
    PARTS,
    HeldAct,
    Settled,
    Settling,
    act_called,
    areas,
    as_said,
    beginning,
)
from services.records.board.held_pages import opened
from services.records.board.held_reply import WITH_OUTCOME, WITH_TIME, Chosen, acts_in, choose, people_of, read_reply
from services.records.board.showing import Frame, Who, found, signed_in
from services.records.board.sign_in import SESSION_COOKIE, Guard, Visitor, staff_person
from services.records.case import Case
from services.records.repository import cases, held, notices, people
from services.records.tables import HeldRow, NoticeRow

log = logging.getLogger(__name__)

MOST_BYTES: Final = 1_000_000
"""Room for a long form and what was read of it, as a browser sends them."""
MOST_CASES: Final = 500
_OURS: Final = frozenset({"csrf", "turn"})
"""Fields that are not answers."""
_WHOSE: Final[tuple[str, ...]] = ("who", "act")
"""What is asked of a reply before its words."""


@dataclass(frozen=True)
class _Turn:
    """One turn of a form: who fills it in, of which item, for which board (None until it is chosen), and the answers until now."""

    request: Request
    visitor: Visitor
    act: HeldAct
    item: HeldRow
    content: HeldContent
    begun: bool
    """Whether it is about a case that there is."""
    boards: dict[str, BoardPublished]
    answers: Answers

    @property
    def board(self) -> BoardPublished | None:
        """The item's board; where that is not known, the one that was chosen."""
        if len(self.boards) == 1:
            return next(iter(self.boards.values()))
        return self.boards.get(self.answers.get("board", ""))


@dataclass(frozen=True)
class _Replied:
    """The case a reply is released to: whom it may be from, and what it was written."""

    case: Case
    sent: tuple[NoticeRow, ...]


class HeldActPages:
    """The pages of everything that can be said of an item."""

    def __init__(self, database: Database, sealer: Sealer, guard: Guard, frame: Frame) -> None:
        self._database = database
        self._sealer = sealer
        self._guard = guard
        self._frame = frame

    def router(self) -> APIRouter:
        """All of them, each behind the guard."""
        routes = APIRouter(dependencies=[Depends(signed_in)])
        routes.add_api_route("/held/{item_id}/do/{slug}", self.form, methods=["GET"])
        routes.add_api_route("/held/{item_id}/do/{slug}", self.take, methods=["POST"])
        return routes

    async def form(self, request: Request, visitor: Who, item_id: str, slug: str) -> Response:
        """An empty form, or one with what was understood. The case and the board are the only answers an address may carry."""
        chosen = {name: request.query_params.get(name, "") for name in ("case", "board")}
        turn = await self._turn(request, visitor, item_id, slug, {key: value for key, value in chosen.items() if value})
        return await self._ask(turn, {}) if _allowed(turn) else _to(item_id)

    async def take(self, request: Request, visitor: Who, item_id: str, slug: str) -> Response:
        """Answers: looked at again with what is wrong, shown to be checked, or, when they were checked, so."""
        form = await posted(request, MOST_BYTES)
        self._guard.check_form(request, form, SESSION_COOKIE)
        answers = {name: value for name, value in form.items() if name not in _OURS}
        turn, button = await self._turn(request, visitor, item_id, slug, answers), form.get("turn", "")
        if not _allowed(turn):  # somebody settled it, perhaps with this very form
            return _to(item_id)
        read = await self._read(turn)
        if read is None or button == "change":
            return await self._ask(turn, {})
        if button == "next":
            wrong = {} if isinstance(read, Settled) else {name: read[name] for name in _WHOSE if name in read}
            return await self._ask(turn, wrong)
        if not isinstance(read, Settled):
            return await self._ask(turn, read)
        board = turn.boards.get(str(read.said.get("board", ""))) or turn.board
        if button != "send" or board is None:
            return await self._show(turn, "held_check.html", draft=read)
        message = self._message(turn, board, read)
        async with self._database.transaction() as session:
            first = await held.settle(session, message)
        if first:
            log.info("%s: %s by %s", item_id, message.how, redact(visitor.address))
        return _to(item_id)

    async def _turn(self, request: Request, visitor: Visitor, item_id: str, slug: str, answers: Answers) -> _Turn:
        act = act_called(slug)
        if act is None:
            raise HTTPException(404)
        async with self._database.transaction() as session:
            item = await found(held.item(session, visitor.boards, item_id))
            board = await held.board_of(session, item)
            begun = item.case_id in await held.begun(session, [item])
            boards = await people.boards(session, [board] if board else visitor.boards)
        if not boards:
            raise HTTPException(404)
        content = opened(self._sealer, item) or HeldContent()
        return _Turn(request, visitor, act, item, content, begun, boards, answers)

    async def _read(self, turn: _Turn) -> Settled | Mistakes | None:
        """What the answers say; None while the case or the board is not chosen."""
        if turn.act.how == "reply":
            replied = await self._replied(turn)
            if replied is None:
                return None
            chosen = choose(turn.answers, people_of(replied.case, replied.sent), acts_in(replied.case))
            settling = Settling(turn.item, turn.content, turn.boards[replied.case.board])
            return (
                read_reply(turn.answers, settling, replied.case, chosen, replied.sent) if isinstance(chosen, Chosen) else chosen
            )
        if turn.board is None or turn.act.read is None:
            return None
        return turn.act.read(turn.answers, Settling(turn.item, turn.content, turn.board))

    async def _replied(self, turn: _Turn) -> _Replied | None:
        """The open case that was chosen, or None."""
        async with self._database.transaction() as session:
            listed = await cases.one(session, tuple(turn.boards), turn.answers.get("case", ""), now())
            if listed is None or listed.case.ended:
                return None
            return _Replied(listed.case, tuple(await notices.of_case(session, listed.case.case_id)))

    async def _ask(self, turn: _Turn, mistakes: Mistakes) -> Response:
        if turn.act.how == "reply":
            return await self._ask_reply(turn, mistakes)
        if turn.board is None:
            return await self._show(turn, "held_board.html", status=422 if mistakes else 200, mistakes=mistakes)
        settling = Settling(turn.item, turn.content, turn.board)
        return await self._show(
            replace(turn, answers={**beginning(settling), **turn.answers}),
            "held_form.html" if turn.act.how == "form" else "held_write.html",
            status=422 if mistakes else 200,
            mistakes=mistakes,
            parts=PARTS,
            long_parts=LONG_PARTS,
            areas=areas(turn.board),
            said=as_said(settling),
            can_be_told=settling.can_be_told,
        )

    async def _ask_reply(self, turn: _Turn, mistakes: Mistakes) -> Response:
        replied = await self._replied(turn)
        if replied is None:
            async with self._database.transaction() as session:
                rows = await _open_cases(session, turn.boards)
            return await self._show(turn, "held_case.html", cases=rows, wrong=bool(turn.answers.get("case")))
        context: dict[str, Any] = {"case": replied.case, "mistakes": mistakes}
        people_there, acts = people_of(replied.case, replied.sent), acts_in(replied.case)
        chosen = choose(turn.answers, people_there, acts)
        if not isinstance(chosen, Chosen):
            status = 422 if mistakes else 200
            return await self._show(turn, "held_whose.html", status=status, people=people_there, acts=acts, **context)
        words = turn.content.words or turn.content.text
        return await self._show(
            replace(turn, answers={"text": words, "agreed": words, **turn.answers}),
            "held_reply.html",
            status=422 if mistakes else 200,
            chosen=chosen,
            does=acts[chosen.act.value],
            with_outcome=chosen.act in WITH_OUTCOME,
            with_time=chosen.act in WITH_TIME,
            with_name=chosen.act is ReplyAct.WRONG_PERSON,
            texts=(("agreed", "What they say was agreed or decided", "In their words."), *TEXTS[1:]),
            kinds=KINDS,
            **context,
        )

    async def _show(self, turn: _Turn, template: str, *, status: int = 200, **context: Any) -> Response:
        about = {
            "act": turn.act,
            "item": turn.item,
            "content": turn.content,
            "board": turn.board,
            "boards": turn.boards,
            "answers": turn.answers,
            "reason": view.REASONS.get(turn.item.reason, turn.item.reason),
            "mistakes": {},
        }
        return await self._frame.show(turn.request, turn.visitor, template, status=status, **{**about, **context})

    def _message(self, turn: _Turn, board: BoardPublished, settled: Settled) -> ItemSettled:
        """One for each item, whoever says it and however often: its id is the item's."""
        item_id = turn.item.item_id
        context = str(settled.said.get("case_id") or item_id)
        facts = {
            "message_id": uuid5(NAMESPACE_URL, f"concord:settled:{item_id}"),
            "at": now(),
            "item_id": item_id,
            "board": board.board,
            "how": turn.act.how,
            "by": staff_person(turn.visitor, board),
            "content": self._sealer.seal(context, settled.content) if settled.content else None,
            "case_id": turn.item.case_id,
        }
        return ItemSettled.model_validate({**facts, **settled.said})


async def _open_cases(session: AsyncSession, boards: dict[str, BoardPublished]) -> list[view.Row]:
    listed, _ = await cases.listed(session, tuple(boards), ended=False, now=now(), limit=MOST_CASES, offset=0)
    return [view.row(one, boards) for one in sorted(listed, key=lambda one: one.case.case_id)]


def _allowed(turn: _Turn) -> bool:
    return turn.item.settled_at is None and turn.act.allowed(turn.item, turn.begun)


def _to(item_id: str) -> Response:
    return RedirectResponse(f"/held/{item_id}", status_code=303)
