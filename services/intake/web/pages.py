"""The pages of one form: a question at a time, and what was answered kept. `sending` has the last of them."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from services.intake.web import checks
from services.intake.web.frame import CHECK, Frame, Open, away, base, gone, stale
from services.intake.web.questions import About, Page, beside, pages, redirect_of
from services.kit.clock import now

ELSEWHERE = "not-a-disagreement"


class Pages:
    """Asks and keeps."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def router(self) -> APIRouter:
        """The routes of these pages. The address of a form is its key, which says nothing of a child."""
        routes = APIRouter(prefix="/boards/{key}/form/{draft}")
        routes.get("/call-999")(self.call_999)
        routes.get("/next")(self.go_on)
        routes.get(f"/{ELSEWHERE}")(self.elsewhere)
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
            return gone(form)
        about = await self._frame.about(form)
        if form.draft.about is not None:
            return away(form.path(self._still_asked(about)))
        order = [page.key for page in pages(about)]
        reached = form.draft.reached
        return away(form.path(reached if reached in (*order, CHECK) else order[1]))

    async def ask(self, request: Request, key: str, draft: str, page: str) -> Response:
        """One question."""
        form = await self._frame.opened(request, key, draft)
        if isinstance(form, Response):
            return form
        if form.draft.case_id is not None:
            return gone(form)
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
            on = self._still_asked(about._replace(values={**about.values, **typed}))
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

    def _still_asked(self, about: About) -> str:
        """The first page that still lacks an answer; the answers where none does."""
        wrong = next(iter(checks.unfinished(about, now())), None)
        return f"{wrong}?check=yes" if wrong else CHECK

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
            "anchors": {field.name: f"{field.name}-day" for field in page.fields if field.kind == "date"},
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
