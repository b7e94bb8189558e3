"""The pages a notice links to: read what is asked, choose an answer, check it, send it. GET has no effect, whoever asks."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.intake.answering import typed
from services.intake.answering.acts import Act
from services.intake.answering.entry import Entry
from services.intake.answering.frame import Frame, Matter, Visitor, path
from services.intake.answering.own_form import OwnForm
from services.intake.answering.sending import Sending
from services.intake.web.frame import away, stale
from services.kit.clock import now


class AnswerPages:
    """Serves the pages. Everything here may raise Unavailable."""

    def __init__(self, frame: Frame, sending: Sending, own_form: OwnForm) -> None:
        self._frame = frame
        self._sending = sending
        self._own_form = own_form

    def router(self) -> APIRouter:
        """Their addresses."""
        router, entry = APIRouter(prefix="/answer/{link}"), Entry(self._frame)
        router.add_api_route("", self.show, methods=["GET"])
        router.add_api_route("/email", entry.take_email, methods=["POST"])
        router.add_api_route("/code", entry.take_code, methods=["POST"])
        router.add_api_route("/leave", entry.leave, methods=["POST"])
        router.add_api_route("/choose", self.choose, methods=["POST"])
        router.add_api_route("/form", self.open_form, methods=["POST"])
        router.add_api_route("/sent/{source}", self.sent, methods=["GET"])
        router.add_api_route("/{key}", self.ask, methods=["GET"])
        router.add_api_route("/{key}", self.take, methods=["POST"])
        return router

    async def show(self, request: Request, link: str) -> Response:
        """What is asked, and the answers there are; to a stranger, where to have a code mailed."""
        opened = await self._frame.opened(request, link)
        if isinstance(opened, Matter):
            return await self._choices(request, opened)
        if not opened.proved:
            return self._frame.start(request, opened, {})
        form = await self._own_form.find(opened.token, opened.visit.address)
        if form is None:
            return await self._frame.nothing(request, opened)
        board, _ = await self._frame.about(opened.token)
        facts = {"form": form, "board": board, "demonstration": board.demonstration if board else ""}
        return self._frame.page(request, "own_form.html", opened, **facts)

    async def open_form(self, request: Request, link: str) -> Response:
        """On to the form's pages, with the form that this notice is about."""
        opened, fields = await self._frame.opened(request, link), await self._frame.typed(request)
        self._frame.codes.check_form(opened.visit, fields)
        proved = isinstance(opened, Matter) or opened.proved
        form = await self._own_form.find(opened.token, opened.visit.address) if proved else None
        return away(await self._own_form.open(form, opened.visit) if form else path(link))

    async def choose(self, request: Request, link: str) -> Response:
        """On to the answer chosen."""
        opened, fields = await self._frame.opened(request, link), await self._frame.typed(request)
        if isinstance(opened, Visitor):
            return away(path(link))
        act = opened.act(fields.get("act", ""))
        return away(path(link, act.key)) if act else await self._choices(request, opened, "Select what you want to do")

    async def ask(self, request: Request, link: str, key: str) -> Response:
        """What one answer needs; where that is nothing, the answer to check."""
        opened = await self._frame.opened(request, link)
        act = opened.act(key) if isinstance(opened, Matter) else None
        if isinstance(opened, Visitor) or act is None:
            return away(path(link))
        return self._frame.form(request, opened, act, {}) if act.fields else await self._check(request, opened, act, {})

    async def take(self, request: Request, link: str, key: str) -> Response:
        """What was typed for one answer; from somebody who is signed out, kept until they have signed in again."""
        opened, fields = await self._frame.opened(request, link), await self._frame.typed(request)
        ours = self._frame.codes.is_ours(opened.visit, fields)
        mistake = "" if ours else stale(opened.visit)
        if isinstance(opened, Visitor) and opened.proved:
            return away(path(link))
        if isinstance(opened, Visitor):
            kept = {**fields, "act": key, "email": ""} if ours else {}
            return self._frame.start(request, opened, kept, mistake, signed_out=ours)
        act = opened.act(key)
        return await self._go_on(request, opened, act, fields, mistake) if act else away(path(link))

    async def sent(self, request: Request, link: str, source: str) -> Response:
        """An answer arrived: what happens next."""
        opened = await self._frame.opened(request, link)
        answer = next((one for one in opened.given if one.source == source), None) if isinstance(opened, Matter) else None
        if isinstance(opened, Visitor) or answer is None:
            return away(path(link))
        facts = {"act": opened.name_of(answer), "given_at": answer.given_at, "waits": await self._sending.waits_until(source)}
        return self._frame.page(request, "sent.html", opened, **facts)

    async def _go_on(self, request: Request, matter: Matter, act: Act, fields: Mapping[str, str], mistake: str) -> Response:
        """Show what was typed again to be checked or changed, or send it. With a mistake nothing is sent, and nothing lost."""
        at, values, step = now(), typed.taken(act, fields), fields.get("step", "check")
        if step.startswith("more-") or step == "change":
            return self._frame.form(request, matter, act, _with_a_row(act, values, step.removeprefix("more-")))
        mistakes = {"csrf": mistake} if mistake else typed.mistakes(act, values, at)
        if mistakes and act.fields:
            return self._frame.form(request, matter, act, values, mistakes)
        if mistakes or step != "send":
            return await self._check(request, matter, act, values, mistakes)
        source = await self._sending.send(matter.link, matter.token, matter.person, typed.decision(act, values, at), values)
        return away(path(matter.link, f"sent/{source}"))

    async def _choices(self, request: Request, matter: Matter, mistake: str = "") -> Response:
        given = [(matter.name_of(answer).name, answer.given_at) for answer in matter.given]
        later = await self._frame.later(matter)
        newer = later if later is not None and later.sent_at > matter.notice.sent_at else None
        facts = {"acts": matter.acts, "shown": await self._frame.shown(matter), "given": given, "later": newer}
        return self._frame.page(request, "choose.html", matter, mistakes={"act": mistake} if mistake else {}, **facts)

    async def _check(
        self,
        request: Request,
        matter: Matter,
        act: Act,
        values: Mapping[str, str],
        mistakes: Mapping[str, str] | None = None,
    ) -> Response:
        told, shown = typed.read_back(act, values, now()), await self._frame.shown(matter)
        facts = {"act": act, "values": values, "told": told, "shown": shown}
        return self._frame.page(request, "check.html", matter, mistakes=mistakes or {}, **facts)


def _with_a_row(act: Act, values: Mapping[str, str], name: str) -> dict[str, str]:
    rows = {f"{field.name}-rows": str(typed.rows_of(field, values) + 1) for field in act.fields if field.name == name}
    return dict(values) | rows
