"""The pages of one form: a question at a time, what was answered, the declaration, and sending it once."""

import json

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from services.intake.submissions import Arrival, Submissions
from services.intake.web import checks
from services.intake.web.frame import Frame, Open, away, base, stale
from services.intake.web.questions import About, Page, beside, ladder_of, pages, redirect_of
from services.kit.clock import now
from services.kit.store import Store

CHECK, ELSEWHERE, DECLARATION = "check", "not-a-disagreement", "declaration"


class Pages:
    """Asks, keeps and sends."""

    def __init__(self, frame: Frame, store: Store, submissions: Submissions) -> None:
        self._frame = frame
        self._store = store
        self._submissions = submissions

    def router(self) -> APIRouter:
        """The routes of these pages. The address of a form is its key, which says nothing of a child."""
        routes = APIRouter(prefix="/boards/{key}/form/{draft}")
        routes.get("/call-999")(self.call_999)
        routes.get("/next")(self.go_on)
        routes.get(f"/{ELSEWHERE}")(self.elsewhere)
        routes.get(f"/{CHECK}")(self.check)
        routes.get(f"/{DECLARATION}")(self.declaration)
        routes.post(f"/{DECLARATION}")(self.send)
        routes.get("/{page}")(self.ask)
        routes.post("/{page}")(self.take)
        return routes

    async def call_999(self, request: Request, key: str, draft: str) -> Response:
        """A child is in immediate danger: the police first, then this form (BED-10)."""
        form = await self._frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        facts = {"on": form.path("next"), "back": form.path("danger")}
        return self._frame.show(request, "call_999.html", form, facts)

    async def go_on(self, request: Request, key: str, draft: str) -> Response:
        """Where somebody left off."""
        form = await self._frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        if form.draft.case_id is not None:
            return _sent(form)
        order = [page.key for page in pages(await self._frame.about(form))]
        reached = form.draft.reached
        return away(form.path(reached if reached in (*order, CHECK) else order[1]))

    async def ask(self, request: Request, key: str, draft: str, page: str) -> Response:
        """One question."""
        form = await self._frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        if form.draft.case_id is not None:
            return _sent(form)
        about = await self._frame.about(form)
        asked = _page(about, page)
        if asked is None:
            raise HTTPException(404)
        return self._question(request, form, about, asked, {}, checking="check" in request.query_params)

    async def take(self, request: Request, key: str, draft: str, page: str) -> Response:
        """Keep what was typed, whatever is wrong with it; then on to the next question."""
        frame = self._frame
        fields = await frame.typed(request)
        form = await frame.opened(request, key, draft)
        if isinstance(form, Response):
            await self._keep_blindly(request, key, draft, page, fields)
            return form
        about = await frame.about(form)
        asked = _page(about, page)
        if asked is None:
            raise HTTPException(404)
        typed = checks.taken(asked, fields)
        about = about._replace(values={**about.values, **typed})
        asked = _page(about, page) or asked
        checking, at = "check" in fields, now()
        if not frame.codes.is_ours(form.visit, fields):
            mistakes = {asked.fields[0].name: stale(form.visit)}
            return self._question(request, form, about, asked, mistakes, checking=checking)
        later = "later" in fields
        mistakes = {} if later else checks.mistakes(about, asked, at)
        if not mistakes and not later:
            typed |= checks.settled(about, asked, at)
        on = page if mistakes or later else _after(about, asked, checking=checking)
        kept = await frame.drafts.save(draft, typed, on if on not in (ELSEWHERE, "call-999") else "")
        if kept is None:
            raise HTTPException(404)
        if kept.case_id is not None:
            return away(form.path("next"))
        if later:
            return await self._put_aside(form)
        if mistakes:
            return self._question(request, form, about, asked, mistakes, checking=checking)
        if checking and on == CHECK:
            wrong = self._first_wrong(about._replace(values={**about.values, **typed}))
            on = f"{wrong}?check=yes" if wrong else on
        return away(form.path(on))

    async def elsewhere(self, request: Request, key: str, draft: str) -> Response:
        """What was chosen is no professional disagreement here: the paragraph, and where it goes instead (BIR-05, BIR-06)."""
        form = await self._frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        about = await self._frame.about(form)
        redirect = redirect_of(form.board, about.values)
        if redirect is None:
            return away(form.path("area"))
        on = form.path(_following(about, "area"))
        facts = {"redirect": redirect, "back": form.path("area"), "on": on}
        return self._frame.show(request, "elsewhere.html", form, facts)

    async def check(self, request: Request, key: str, draft: str) -> Response:
        """Every answer, to look at once more."""
        form = await self._frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        if form.draft.case_id is not None:
            return _sent(form)
        return await self._checked(request, form, show_mistakes=False)

    async def declaration(self, request: Request, key: str, draft: str) -> Response:
        """What somebody says by sending it; with anything missing, back to the answers."""
        form = await self._frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        if form.draft.case_id is not None:
            return _sent(form)
        if checks.unfinished(await self._frame.about(form), now()):
            return await self._checked(request, form, show_mistakes=True)
        return self._declaration(request, form, {})

    async def send(self, request: Request, key: str, draft: str) -> Response:
        """Send the form. The same form again, from whatever page, is the same case."""
        frame = self._frame
        fields = await frame.typed(request)
        form = await frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        if form.draft.case_id is not None:
            return _sent(form)
        if not frame.codes.is_ours(form.visit, fields):
            return self._declaration(request, form, {"declaration": stale(form.visit)})
        if checks.email_mistake(form.board, form.draft.address or ""):
            raise HTTPException(403)
        received_at = now()
        about = await frame.about(form)
        if checks.unfinished(about, received_at):
            return await self._checked(request, form, show_mistakes=True)
        reference = await self._submit(form, about, Arrival("web", await self._original(form), received_at))
        return away(f"{base(form.board)}/sent/{reference}" if reference else form.path(CHECK))

    async def _original(self, form: Open) -> str:
        """Keep what was typed as it was typed; its reference in the document store."""
        whole = {"board": form.board.board, "email": form.draft.address, **form.draft.values}
        return await self._store.put(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode())

    async def _submit(self, form: Open, about: About, arrival: Arrival) -> str | None:
        """The reference of the case; None where the answers changed under our hands, so that they are looked at once more."""
        async with self._frame.database.transaction() as session:
            found = await self._frame.drafts.locked(session, form.draft.key)
            if found is None:
                raise HTTPException(404)
            row, now_written = found
            if now_written.case_id is not None:
                return now_written.case_id
            if now_written.values != form.draft.values:
                return None
            answers = checks.answers(about, arrival.received_at)
            taken = await self._submissions.submit(session, form.board, checks.sender(about), answers, arrival)
            self._frame.drafts.sent(row, taken.case_id)
            return taken.case_id

    async def _keep_blindly(self, request: Request, key: str, draft: str, page: str, fields: dict[str, str]) -> None:
        """Keep what somebody typed whose session went quiet meanwhile. They see none of it before a new code."""
        frame = self._frame
        visit, known = await frame.codes.visit(request), await frame.drafts.find(draft)
        if visit.was is None or known is None or (known.address, known.board) != (visit.was, key):
            return
        if known.case_id is None and frame.codes.is_ours(visit, fields):
            form = Open(await frame.board(key), visit, known)
            asked = _page(await frame.about(form), page)
            if asked is not None:
                await frame.drafts.save(draft, checks.taken(asked, fields), page)

    async def _put_aside(self, form: Open) -> Response:
        """Sign out: whoever comes next to this computer sees nothing."""
        await self._frame.codes.end(form.visit)
        outside = away(f"{base(form.board)}/kept")
        self._frame.codes.forget(outside)
        return outside

    def _first_wrong(self, about: About) -> str | None:
        return next(iter(checks.unfinished(about, now())), None)

    def _question(
        self, request: Request, form: Open, about: About, page: Page, mistakes: dict[str, str], *, checking: bool
    ) -> Response:
        facts = {
            "page": page,
            "beside": beside,
            "values": about.values,
            "mistakes": mistakes,
            "here": form.path(page.key),
            "back": form.path(CHECK) if checking else self._before(form, about, page),
            "may_wait": form.draft.address is not None,
            "checking": checking,
        }
        return self._frame.show(request, "question.html", form, facts)

    def _before(self, form: Open, about: About, page: Page) -> str:
        order = [one.key for one in pages(about)]
        place = order.index(page.key)
        if place == 0:
            return base(form.board)
        if order[place - 1] == "area" and redirect_of(about.board, about.values) is not None:
            return form.path(ELSEWHERE)
        return form.path(order[place - 1])

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
            "back": form.path(shown[-1][0].key),
            "kept_until": form.draft.expires_at,
        }
        return self._frame.show(request, "check.html", form, facts)

    def _declaration(self, request: Request, form: Open, mistakes: dict[str, str]) -> Response:
        facts = {"mistakes": mistakes, "here": form.path(DECLARATION), "back": form.path(CHECK)}
        return self._frame.show(request, "declaration.html", form, facts)


def _page(about: About, key: str) -> Page | None:
    return next((page for page in pages(about) if page.key == key), None)


def _following(about: About, key: str) -> str:
    order = [*(page.key for page in pages(about)), CHECK]
    return order[order.index(key) + 1]


def _after(about: About, page: Page, *, checking: bool) -> str:
    """The page that comes next: one that an answer calls for, the answers where somebody came from there, or the next in order."""
    if page.key == "danger" and about.values.get("immediate_danger") == "Yes":
        return "call-999"
    if page.key == "area" and redirect_of(about.board, about.values) is not None:
        return ELSEWHERE
    return CHECK if checking else _following(about, page.key)


def _sent(form: Open) -> Response:
    return away(f"{base(form.board)}/sent/{form.draft.case_id}")
