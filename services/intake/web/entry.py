"""The way in: which board, is a child in danger, who are you, and the forms you have begun."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.intake import repository as intake
from services.intake.mailbox import clean
from services.intake.web import checks, repository
from services.intake.web.codes import CODE_MINUTES
from services.intake.web.drafts import KEPT, is_key
from services.intake.web.frame import Frame, Place, away, base, stale, with_form
from services.intake.web.questions import DANGER, beside

_WRONG = "The code is not right. Check the latest email, and type the 6 digits"
_OVER = "This code does not work any more. Ask for a new one"
_TOO_MANY = "Too many codes were asked for. Wait 15 minutes, then try again"


class Entry:
    """Every page on which nobody has to be known yet."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def router(self) -> APIRouter:
        """The routes of these pages."""
        routes = APIRouter()
        routes.get("/")(self.choose_board)
        routes.get("/boards/{key}/form")(self.start)
        routes.get("/boards/{key}/form/danger")(self.ask_danger)
        routes.post("/boards/{key}/form/danger")(self.take_danger)
        routes.get("/boards/{key}/form/email")(self.ask_email)
        routes.post("/boards/{key}/form/email")(self.take_email)
        routes.get("/boards/{key}/form/code")(self.ask_code)
        routes.post("/boards/{key}/form/code")(self.take_code)
        routes.post("/boards/{key}/form/leave")(self.leave)
        routes.get("/boards/{key}/form/forms")(self.forms)
        routes.get("/boards/{key}/form/kept")(self.kept)
        routes.get("/boards/{key}/form/sent/{reference}")(self.sent)
        return routes

    async def choose_board(self, request: Request) -> Response:
        """The boards there are; with one, its form."""
        async with self._frame.database.transaction() as session:
            boards = await intake.boards(session)
        if len(boards) == 1:
            return RedirectResponse(base(boards[0]), status_code=303)
        sentences = [board.demonstration for board in boards]
        demonstration = sentences[0] if sentences and all(sentences) else ""
        return self._frame.plain(request, "boards.html", boards=boards, demonstration=demonstration)

    async def start(self, request: Request, key: str) -> Response:
        """What this is, and what it needs."""
        at = await self._frame.place(request, key)
        return self._frame.show(request, "start.html", at, {"days": KEPT.days})

    async def ask_danger(self, request: Request, key: str) -> Response:
        """The first question (BED-10)."""
        at = await self._frame.place(request, key)
        return self._danger(request, at, {}, {})

    async def take_danger(self, request: Request, key: str) -> Response:
        """Begin a form with the answer."""
        frame = self._frame
        at = await frame.place(request, key)
        board, visit = at.board, at.visit
        fields = await frame.typed(request)
        values = checks.taken(DANGER, fields)
        (question,) = DANGER.fields
        mistakes = {} if values[question.name] in ("Yes", "No") else {question.name: question.mistake}
        if not frame.codes.is_ours(visit, fields):
            mistakes = {question.name: stale(visit)}
        if mistakes:
            return self._danger(request, at, values, mistakes)
        known = visit.address if visit.address and not checks.email_mistake(board, visit.address) else None
        draft = await frame.drafts.begin(key, visit.key, frame.codes.network(request), values, known)
        if draft is None:
            raise HTTPException(429)
        if values[question.name] == "Yes":
            return away(f"{base(board)}/{draft}/call-999")
        return away(f"{base(board)}/{draft}/next")

    async def ask_email(self, request: Request, key: str, form: str = "") -> Response:
        """Whose form it is."""
        at = await self._frame.place(request, key)
        return self._email(request, at, {"form": form, "email": ""})

    async def take_email(self, request: Request, key: str) -> Response:
        """Mail a code to that address, where this board knows it."""
        frame = self._frame
        at = await frame.place(request, key)
        board, visit = at.board, at.visit
        fields = await frame.typed(request)
        email, form = clean(fields.get("email", "")).strip(), fields.get("form", "")
        mistake = checks.email_mistake(board, email)
        if not frame.codes.is_ours(visit, fields):
            mistake = stale(visit)
        if not mistake and not await frame.codes.send(request, visit, board, email):
            mistake = _TOO_MANY
        if mistake:
            return self._email(request, at, {"form": form, "email": email[:300]}, mistake)
        return away(with_form(f"{base(board)}/code", form))

    async def ask_code(self, request: Request, key: str, form: str = "") -> Response:
        """The code from the mail."""
        at = await self._frame.place(request, key)
        return await self._code(request, at, form)

    async def take_code(self, request: Request, key: str) -> Response:
        """Let them in where the code is right: to the form they came from, else to all of theirs."""
        frame = self._frame
        at = await frame.place(request, key)
        board, visit = at.board, at.visit
        fields = await frame.typed(request)
        form = fields.get("form", "")
        if not frame.codes.is_ours(visit, fields):
            return await self._code(request, at, form, stale(visit))
        proof = await frame.codes.prove(visit, clean(fields.get("code", "")))
        if not proof.right:
            return await self._code(request, at, form, _WRONG if proof.may_try else _OVER)
        address = proof.visit.address or ""
        await frame.drafts.claim(visit.key, address)
        draft = await frame.drafts.find(form)
        mine = draft is not None and draft.board == key and draft.address == address
        inside = away(f"{base(board)}/{form}/next" if mine else f"{base(board)}/forms")
        frame.codes.remember(inside, proof.visit)
        return inside

    async def leave(self, request: Request, key: str) -> Response:
        """Sign out: whoever comes next to this computer sees nothing."""
        frame = self._frame
        at = await frame.place(request, key)
        frame.codes.check_form(at.visit, await frame.typed(request))
        await frame.codes.end(at.visit)
        outside = away(base(at.board))
        frame.codes.forget(outside)
        return outside

    async def forms(self, request: Request, key: str) -> Response:
        """Everything this person has begun or sent here and is still kept."""
        frame = self._frame
        at = await frame.place(request, key)
        board, visit = at.board, at.visit
        if visit.address is None:
            return away(f"{base(board)}/email")
        drafts = [draft for draft in await frame.drafts.of(key, visit.address) if draft.reached or draft.case_id]
        return frame.show(request, "forms.html", at, {"drafts": drafts, "address": visit.address})

    async def kept(self, request: Request, key: str) -> Response:
        """A form was put aside, and nobody is signed in any more."""
        at = await self._frame.place(request, key)
        return self._frame.show(request, "kept.html", at, {"days": KEPT.days})

    async def sent(self, request: Request, key: str, reference: str) -> Response:
        """A form arrived: its reference, and nothing about the child."""
        frame = self._frame
        at = await frame.place(request, key)
        board, visit = at.board, at.visit
        if visit.address is None:
            return away(f"{base(board)}/email")
        async with frame.database.transaction() as session:
            submission = await intake.submission(session, clean(reference))
        if submission is None or (submission.board, submission.sender_address) != (key, visit.address):
            raise HTTPException(404)
        complete = submission.completed_at is not None
        return frame.show(
            request, "sent.html", at, {"reference": reference, "complete": complete, "version": submission.form_version}
        )

    def _danger(self, request: Request, at: Place, values: dict[str, str], mistakes: dict[str, str]) -> Response:
        here = base(at.board)
        facts = {
            "page": DANGER,
            "beside": beside,
            "values": values,
            "mistakes": mistakes,
            "back": here,
            "here": f"{here}/danger",
        }
        return self._frame.show(request, "question.html", at, facts)

    def _email(self, request: Request, at: Place, values: dict[str, str], mistake: str = "") -> Response:
        back = f"{base(at.board)}/{values['form']}/danger" if is_key(values["form"]) else base(at.board)
        facts = {"values": values, "mistakes": {"email": mistake} if mistake else {}, "back": back}
        return self._frame.show(request, "email.html", at, facts)

    async def _code(self, request: Request, at: Place, form: str, mistake: str = "") -> Response:
        async with self._frame.database.transaction() as session:
            address = await repository.last_mailed(session, at.visit.key)
        back = with_form(f"{base(at.board)}/email", form)
        if address is None:
            return away(back)
        facts = {
            "values": {"form": form},
            "mistakes": {"code": mistake} if mistake else {},
            "address": address,
            "minutes": CODE_MINUTES,
            "back": back,
        }
        return self._frame.show(request, "code.html", at, facts)
