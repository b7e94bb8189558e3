"""The last pages of a form: every answer, whether it is one that was sent before, the declaration, and sending it once."""

import json
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import read_back
from services.intake.flow import Flow, Given
from services.intake.submissions import Arrival, Submissions
from services.intake.web import checks
from services.intake.web.again import Again, Earlier
from services.intake.web.drafts import Draft
from services.intake.web.frame import CHECK, Frame, Open, away, base, gone, stale
from services.intake.web.questions import About, ladder_of, pages, redirect_of
from services.kit.clock import now
from services.kit.store import Store
from services.kit.web.words import time

DECLARATION, SAME = "declaration", "same"


class _NotSentError(Exception):
    """A form was not sent: the sentence says why, empty where its answers are looked at once more."""


class Sending:
    """Shows what was answered, and sends it: as a new case, or to the form that somebody sent before."""

    def __init__(self, frame: Frame, store: Store, submissions: Submissions, again: Again, flow: Flow) -> None:
        self._frame = frame
        self._store = store
        self._submissions = submissions
        self._again = again
        self._flow = flow

    def router(self) -> APIRouter:
        """The routes of these pages: they go before those of the questions."""
        routes = APIRouter(prefix="/boards/{key}/form/{draft}")
        routes.get(f"/{CHECK}")(self.check)
        routes.get(f"/{SAME}")(self.ask_same)
        routes.post(f"/{SAME}")(self.take_same)
        routes.get(f"/{DECLARATION}")(self.declaration)
        routes.post(f"/{DECLARATION}")(self.send)
        return routes

    async def check(self, request: Request, key: str, draft: str) -> Response:
        """Every answer, to look at once more."""
        form = await self._frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        if form.draft.case_id is not None:
            return gone(form)
        return await self._checked(request, form, show_mistakes=False)

    async def ask_same(self, request: Request, key: str, draft: str) -> Response:
        """Whether this is a form that they sent already: only a person can say."""
        form = await self._frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        earlier = await self._alike(form, await self._frame.about(form)) if form.draft.case_id is None else None
        if earlier is None:
            return away(form.path(DECLARATION))
        return self._same(request, form, earlier, "")

    async def take_same(self, request: Request, key: str, draft: str) -> Response:
        """Keep whether it is."""
        frame = self._frame
        fields = await frame.typed(request)
        form = await frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        earlier = await self._alike(form, await frame.about(form)) if form.draft.case_id is None else None
        if earlier is None:
            return away(form.path(DECLARATION))
        said = fields.get(SAME, "")
        mistake = "" if said in ("Yes", "No") else "Select yes if it is the same disagreement"
        if not frame.codes.is_ours(form.visit, fields):
            mistake = stale(form.visit)
        if mistake:
            return self._same(request, form, earlier, mistake)
        await frame.drafts.save(draft, {SAME: said, "same_as": earlier.case_id}, "")
        return away(form.path(DECLARATION))

    async def declaration(self, request: Request, key: str, draft: str) -> Response:
        """What somebody says by sending it; with anything missing, back to the answers."""
        form = await self._frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        return await self._not_yet(request, form, now()) or await self._declaration(request, form, "")

    async def send(self, request: Request, key: str, draft: str) -> Response:
        """Send the form. The same form again, from whatever page, is the same case."""
        frame = self._frame
        fields = await frame.typed(request)
        form = await frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        received_at = now()
        if form.draft.case_id is None and not frame.codes.is_ours(form.visit, fields):
            return await self._declaration(request, form, stale(form.visit))
        if (instead := await self._not_yet(request, form, received_at)) is not None:
            return instead
        if _about(form.draft) is None and checks.email_mistake(form.board, form.draft.address or ""):
            raise HTTPException(403)
        arrival = Arrival("web", await self._original(form), received_at)
        try:
            reference = await self._submit(form, await frame.about(form), arrival)
        except _NotSentError as error:
            return await self._declaration(request, form, str(error)) if str(error) else away(form.path(CHECK))
        return away(f"{base(form.board)}/sent/{reference}")

    async def _not_yet(self, request: Request, form: Open, at: datetime) -> Response | None:
        """Where to go first: on, where it was sent; to what is missing; to whether it is one they sent already."""
        if form.draft.case_id is not None:
            return gone(form)
        about = await self._frame.about(form)
        if checks.unfinished(about, at):
            return await self._checked(request, form, show_mistakes=True)
        earlier = await self._alike(form, about)
        unasked = earlier is not None and form.draft.values.get("same_as") != earlier.case_id
        return away(form.path(SAME)) if unasked else None

    async def _original(self, form: Open) -> str:
        """Keep what was typed as it was typed; its reference in the document store."""
        whole = {"board": form.board.board, "email": form.draft.address, **form.draft.values}
        return await self._store.put(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode())

    async def _submit(self, form: Open, about: About, arrival: Arrival) -> str:
        """The reference of the case. Raises _NotSentError, where nothing was sent."""
        earlier, later = _about(form.draft), None
        async with self._frame.database.transaction() as session:
            found = await self._frame.drafts.locked(session, form.draft.key)
            if found is None:
                raise HTTPException(404)
            row, now_written = found
            if now_written.case_id is not None:
                return now_written.case_id
            if now_written.values != form.draft.values:
                raise _NotSentError
            later = await self._must_wait(session, form, about, arrival)
            if later is None:
                case_id = await self._taken(session, form, about, arrival)
                self._frame.drafts.sent(row, case_id)
                return case_id
        limit = "More messages came from your address in an hour than are read at once"
        raise _NotSentError(f"{limit}. Your form is kept: send it {'again ' if earlier else ''}after {time(later)}")

    async def _must_wait(self, session: AsyncSession, form: Open, about: About, arrival: Arrival) -> datetime | None:
        """Until when this form waits because too much came from its sender. One that may tell of danger never does."""
        told = checks.answers(about, arrival.received_at)
        danger = bool(read_back.danger_in(told))
        given = Given("web", arrival.source, form.draft.key, checks.sender(about), arrival.received_at, _about(form.draft))
        return await self._flow.wait_until_on_page(session, given, form.board, danger=danger)

    async def _taken(self, session: AsyncSession, form: Open, about: About, arrival: Arrival) -> str:
        earlier = _about(form.draft)
        if earlier is None:
            answers = checks.answers(about, arrival.received_at)
            return (await self._submissions.submit(session, form.board, checks.sender(about), answers, arrival)).case_id
        changed = checks.changed(about, arrival.received_at)
        if why_not := await self._again.send(session, form.board, earlier, changed, arrival):
            raise _NotSentError(why_not)
        return earlier

    async def _alike(self, form: Open, about: About) -> Earlier | None:
        """A form they sent that may be this one, where it is not said yet that this one goes on with another."""
        if form.draft.about is not None:
            return None
        async with self._frame.database.transaction() as session:
            return await self._again.alike(session, form.board, about.address, checks.answers(about, now()))

    async def _checked(self, request: Request, form: Open, *, show_mistakes: bool) -> Response:
        about, at = await self._frame.about(form), now()
        shown = [(page, checks.spoken_answers(about, page)) for page in pages(about)]
        wrong = checks.unfinished(about, at)
        facts = {
            "shown": shown,
            "wrong": wrong,
            "mistakes": wrong if show_mistakes else {},
            "ladder": ladder_of(form.board, about.values),
            "redirect": redirect_of(form.board, about.values),
            "address": form.draft.address,
            "form": form,
            "back": form.path(shown[-1][0].key) if form.draft.about is None else f"{base(form.board)}/forms",
            "kept_until": form.draft.expires_at,
        }
        return self._frame.show(request, "check.html", form, facts)

    async def _declaration(self, request: Request, form: Open, mistake: str) -> Response:
        earlier, reference = None, _about(form.draft)
        if reference is not None:
            async with self._frame.database.transaction() as session:
                earlier = await self._again.earlier(session, reference, form.draft.address or "")
        mistakes = {"declaration": mistake} if mistake else {}
        facts = {"mistakes": mistakes, "here": form.path(DECLARATION), "back": form.path(CHECK), "earlier": earlier}
        return self._frame.show(request, "declaration.html", form, facts)

    def _same(self, request: Request, form: Open, earlier: Earlier, mistake: str) -> Response:
        facts = {
            "earlier": earlier,
            "mistakes": {SAME: mistake} if mistake else {},
            "here": form.path(SAME),
            "back": form.path(CHECK),
            "said": form.draft.values.get(SAME, "") if form.draft.values.get("same_as") == earlier.case_id else "",
        }
        return self._frame.show(request, "same.html", form, facts)


def _about(draft: Draft) -> str | None:
    """The form already sent that this one goes to; None where it is one of its own."""
    return draft.about or (draft.values.get("same_as") if draft.values.get(SAME) == "Yes" else None)
