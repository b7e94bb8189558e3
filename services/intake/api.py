"""The HTTP side of intake: health, the Escalation Form, and answers to notices. No page’s address says anything of a child."""

from collections.abc import Mapping

from fastapi import FastAPI

from services.contracts.sealed import Sealer
from services.intake.answering.frame import Frame as AnswerFrame
from services.intake.answering.pages import AnswerPages
from services.intake.answering.sending import Sending
from services.intake.blank_forms.making import BlankForms
from services.intake.blank_forms.pages import BlankFormPages
from services.intake.submissions import Submissions
from services.intake.web.codes import Codes
from services.intake.web.drafts import Drafts
from services.intake.web.entry import Entry
from services.intake.web.frame import Frame
from services.intake.web.pages import Pages
from services.kit.database import Database
from services.kit.store import Store
from services.kit.web import Check, create_app


def create_pages(
    database: Database,
    store: Store,
    sealer: Sealer,
    submissions: Submissions,
    checks: Mapping[str, Check],
    *,
    key: bytes,
    public_url: str,
    mail_domain: str,
) -> FastAPI:
    """Intake's HTTP application. `key` is what codes and cookies are signed with; forms are mailed to `<board>@mail_domain`."""
    app = create_app("intake", checks)
    codes = Codes(database, sealer, key, secure=public_url.startswith("https://"))
    frame = Frame(database, codes, Drafts(database, sealer), mail_domain)
    app.include_router(Entry(frame).router())
    app.include_router(Pages(frame, store, submissions).router())
    app.include_router(BlankFormPages(database, BlankForms(mail_domain)).router())
    sending = Sending(database, store, sealer, submissions)
    app.include_router(AnswerPages(AnswerFrame(database, store, codes, key), sending).router())
    return app
