"""The HTTP side of intake: health, the Escalation Form, and answers to notices. No page’s address says anything of a child."""

from collections.abc import Mapping

from fastapi import FastAPI

from services.contracts.sealed import Sealer
from services.intake.answering.frame import Frame as AnswerFrame
from services.intake.answering.own_form import OwnForm
from services.intake.answering.pages import AnswerPages
from services.intake.answering.sending import Sending
from services.intake.blank_forms.making import BlankForms
from services.intake.blank_forms.pages import BlankFormPages
from services.intake.incoming import Parts
from services.intake.web.again import Again
from services.intake.web.codes import Codes
from services.intake.web.drafts import Drafts
from services.intake.web.entry import Entry
from services.intake.web.frame import Frame
from services.intake.web.pages import Pages
from services.intake.web.sending import Sending as FormSending
from services.kit.database import Database
from services.kit.store import Store
from services.kit.web import Check, create_app


def create_pages(
    database: Database,
    store: Store,
    sealer: Sealer,
    parts: Parts,
    checks: Mapping[str, Check],
    *,
    key: bytes,
    public_url: str,
    mail_domain: str,
) -> FastAPI:
    """Intake's HTTP application. `key` is what codes and cookies are signed with; forms are mailed to `<board>@mail_domain`.

    What is sent goes through the same `parts` as mail.
    """
    app = create_app("intake", checks)
    codes = Codes(database, sealer, key, secure=public_url.startswith("https://"))
    frame = Frame(database, codes, Drafts(database, sealer), mail_domain)
    again = Again(parts.submissions, parts.corrections)
    app.include_router(Entry(frame).router())
    app.include_router(FormSending(frame, store, parts.submissions, again, parts.flow).router())
    app.include_router(Pages(frame).router())
    app.include_router(BlankFormPages(database, BlankForms(mail_domain)).router())
    sending = Sending(database, store, sealer, parts.submissions, parts.flow)
    own_form = OwnForm(database, frame.drafts, again)
    app.include_router(AnswerPages(AnswerFrame(database, store, codes, key), sending, own_form).router())
    return app
