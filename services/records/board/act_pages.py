"""What board staff do on a case's page: a form, a look at the answers, and then it is asked for, once for each form."""

import logging
import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.records import StaffActed
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import StaffAct
from services.kit.clock import now
from services.kit.database import Database
from services.kit.logs import redact
from services.kit.web import posted
from services.records.board.acts import Act, Draft, Situation, act_called
from services.records.board.decision import KINDS, TEXTS
from services.records.board.fields import Answers, Mistakes
from services.records.board.showing import Frame, Who, found, signed_in
from services.records.board.sign_in import SESSION_COOKIE, Guard, Visitor, staff_person
from services.records.board.whom import SUGGESTED, by_agency, key_of, role_names
from services.records.repository import cases, contacts, people, requests

log = logging.getLogger(__name__)

MOST_BYTES: Final = 300_000
"""Room for the longest texts a form takes, as a browser sends them."""
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_OURS: Final = frozenset({"csrf", "form", "turn"})
"""Fields that are not answers."""
_TEMPLATES: Final = {StaffAct.ASKED: "act_ask.html", StaffAct.DECIDED: "act_decide.html", StaffAct.LINKED: "act_link.html"}


class ActPages:
    """The pages of every act."""

    def __init__(self, database: Database, sealer: Sealer, guard: Guard, frame: Frame) -> None:
        self._database = database
        self._sealer = sealer
        self._guard = guard
        self._frame = frame

    def router(self) -> APIRouter:
        """All of them, each behind the guard."""
        routes = APIRouter(dependencies=[Depends(signed_in)])
        routes.add_api_route("/cases/{case_id}/do/{slug}", self.form, methods=["GET"])
        routes.add_api_route("/cases/{case_id}/do/{slug}", self.take, methods=["POST"])
        return routes

    async def form(self, request: Request, visitor: Who, case_id: str, slug: str) -> Response:
        """An empty form."""
        act = _act(slug)
        async with self._database.transaction() as session:
            situation = await self._situation(session, visitor, case_id)
        answers = {"number": request.query_params.get("number", "")}
        return await self._ask(_Turn(request, visitor, act, situation, answers, uuid4().hex), {})

    async def take(self, request: Request, visitor: Who, case_id: str, slug: str) -> Response:
        """Answers: looked at again with what is wrong, shown to be checked, or, when they were checked, asked for."""
        act = _act(slug)
        form = await posted(request, MOST_BYTES)
        self._guard.check_form(request, form, SESSION_COOKIE)
        answers = {name: value for name, value in form.items() if name not in _OURS}
        token, button = form.get("form", ""), form.get("turn", "")
        if not _TOKEN.fullmatch(token):
            raise HTTPException(400)
        message_id = uuid5(NAMESPACE_URL, f"concord:{case_id}/{slug}/{token}/{visitor.address}")
        async with self._database.transaction() as session:
            situation = await self._situation(session, visitor, case_id, answers.get("other_case", ""))
            if await requests.is_made(session, message_id):  # the same form again, from a page that was gone back to
                return RedirectResponse(f"/cases/{case_id}", status_code=303)
            draft = act.read(answers, situation)
            if button == "send" and isinstance(draft, Draft) and act.allowed(situation.case):
                await requests.make(session, self._message(act, draft, situation, visitor, message_id), situation.case.number)
                log.info("%s: %s asked for by %s", case_id, act.act.value, redact(visitor.address))
                return RedirectResponse(f"/cases/{case_id}", status_code=303)
        turn = _Turn(request, visitor, act, situation, answers, token)
        if button == "change":
            return await self._ask(turn, {})
        return await (self._check(turn, draft) if isinstance(draft, Draft) else self._ask(turn, draft))

    async def _situation(self, session: AsyncSession, visitor: Visitor, case_id: str, other_case: str = "") -> Situation:
        listed = await found(cases.one(session, visitor.boards, case_id, now()))
        board = (await people.boards(session, [listed.case.board])).get(listed.case.board)
        if board is None:
            raise HTTPException(404)
        published = await contacts.in_force(session, board.board)
        other = other_case.strip().upper()
        return Situation(
            case=listed.case,
            board=board,
            lines=published.lines if published else (),
            other_exists=await cases.is_of(session, board.board, other),
            linked=frozenset(await cases.linked(session, visitor.boards, case_id)),
        )

    async def _ask(self, turn: "_Turn", mistakes: Mistakes) -> Response:
        situation = turn.situation
        return await self._show(
            turn,
            _TEMPLATES.get(turn.act.act, "act.html"),
            status=422 if mistakes else 200,
            mistakes=mistakes,
            agencies=by_agency(situation.lines),
            roles=role_names(situation.board),
            key_of=key_of,
            suggested_prefix=SUGGESTED,
            texts=TEXTS,
            kinds=KINDS,
        )

    async def _check(self, turn: "_Turn", draft: Draft) -> Response:
        return await self._show(turn, "act_check.html", draft=draft)

    async def _show(self, turn: "_Turn", template: str, *, status: int = 200, **context: Any) -> Response:
        case, board = turn.situation.case, turn.situation.board
        if not turn.act.allowed(case):
            template, status = "act_not_now.html", 409
        about = {
            "act": turn.act,
            "case": case,
            "answers": turn.answers,
            "token": turn.token,
            "board_name": board.name,
            "demonstration": case.demonstration or board.demonstration,
        }
        return await self._frame.show(turn.request, turn.visitor, template, status=status, **about, **context)

    def _message(self, act: Act, draft: Draft, situation: Situation, visitor: Visitor, message_id: UUID) -> StaffActed:
        case_id = situation.case.case_id
        return StaffActed(
            message_id=message_id,
            at=now(),
            case_id=case_id,
            board=situation.case.board,
            act=act.act,
            by=staff_person(visitor, situation.board),
            content=self._sealer.seal(case_id, draft.content) if draft.content else None,
            person=draft.person,
            side=draft.side,
            other_case=draft.other_case,
            number=draft.number,
            parts=draft.parts,
            pursued=draft.pursued,
        )


def _act(slug: str) -> Act:
    act = act_called(slug)
    if act is None:
        raise HTTPException(404)
    return act


@dataclass(frozen=True)
class _Turn:
    """One turn of a form: who fills it in, for what, where the case is, and the answers until now."""

    request: Request
    visitor: Visitor
    act: Act
    situation: Situation
    answers: Answers
    token: str
