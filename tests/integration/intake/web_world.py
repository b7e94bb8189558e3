"""Intake's pages on a real database, and somebody in front of them: a browser without JavaScript."""

import asyncio
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from services.contracts.contact_list import ContactLine
from services.contracts.content import CodeContent
from services.contracts.escalator import BoardPublished, ContactsPublished
from services.contracts.message import Message
from services.contracts.notifier import SendNotice
from services.contracts.outline import LadderOutline, Redirect, Role, StepOutline
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Writing
from services.intake import handlers
from services.intake.api import create_pages
from services.intake.flow import Limits
from services.intake.incoming import Parts
from services.intake.notices import Notices
from services.intake.submissions import Submissions
from services.kit.clock import now
from services.kit.database import Database
from services.kit.delivery import outbox
from services.kit.migrate import upgrade
from services.kit.store import Store
from tests.servers import Databases
from tests.unit.intake.boards import small

Said = TypeVar("Said", bound=Message)

KEY = b"a key for the tests of the pages"
ADDRESS = "asha.rees@school.demo.example"
FORM = "/boards/demonstration/form"
CHILD = "Robin Example"

ROLES = (Role(key="social_worker", name="Social Worker"), Role(key="team_manager", name="Team Manager"))
LINES = (
    ContactLine(
        agency="Demonstration Social Care", role="team_manager", name="Lee Hartley", address="lee@council.demo.example"
    ),
    ContactLine(
        agency="Demonstration Social Care",
        role="social_worker",
        name="Sam Oduya",
        address="sam@council.demo.example",
        team="East",
        rank=8,
    ),
    ContactLine(agency="Demonstration School", role="teacher", name="Asha Rees", address=ADDRESS, rank=8),
)
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "stage": {"case_stage": "contact_or_referral"},
    "area": {"area": "nfa"},
    "you": {"your_name": "Asha Rees", "your_role": "head teacher", "your_agency": "Demonstration School"},
    "manager": {"to_manager": "Morgan Ellis"},
    "other-agency": {"agency": "Demonstration Social Care"},
    "other-person": {"person": "Sam Oduya, Social Worker, East"},
    "other-agencies": {"further_agencies": "Police\r\nHousing"},
    "child": {"child_name": CHILD, "child_dob-day": "31", "child_dob-month": "3", "child_dob-year": "2015"},
    "concern": {"summary": "Bruises twice.\r\nNobody came."},
    "action": {"requested_action": "A strategy meeting."},
    "views": {"areas_agreed": "That there were bruises."},
    "support": {"supporter": "The designated nurse."},
    "injury": {"injury_to_infant": "No"},
    "safe-by": {"needed_by": "tomorrow at 16:00"},
    "decision": {"decided_at": "yesterday"},
}
"""What somebody answers on each page, in order."""


def board() -> BoardPublished:
    """The small board, with ladders, roles, further questions, and one thing that is no disagreement there (BIR-05)."""
    steps = (
        StepOutline(
            number=1,
            action="Talk about it",
            raising=("Teacher",),
            other=("Social Worker", "Head of Service"),
            within="within 24 hours",
            writing=Writing.NONE,
            paragraph="row 1",
        ),
    )
    outline = LadderOutline(
        id="S4", name="No further action", case_stage="Contact or referral", areas=(), paragraph="section 5", steps=steps
    )
    redirect = Redirect(
        area="plan_not_carried_out",
        name="Part of an agreed plan has not been carried out",
        case_stages=("core_assessment", "contact_or_referral"),
        instead=("the core group", "a child protection conference"),
        paragraph="section 33, 1.2",
    )
    changes = {"ladders": (outline,), "redirects": (redirect,), "asks": ("areas_agreed", "supporter"), "roles": ROLES}
    return small().model_copy(update={**changes, "demonstration": "One second stands for one hour."})


class Fields(HTMLParser):
    """What a page's form would send: hidden fields, and what is filled in, selected or ticked."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.filled: dict[str, str] = {}
        self.action = ""
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form or a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given["action"]
        elif tag == "textarea":
            self._area = given["name"]
            self.filled[self._area] = ""
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.filled[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        """Take in what is in a text area."""
        if self._area:
            self.filled[self._area] += data.removeprefix("\n") if not self.filled[self._area] else data

    def handle_endtag(self, tag: str) -> None:
        """A text area ends."""
        if tag == "textarea":
            self._area = ""


class Practitioner:
    """Somebody with a browser at the pages, who fills in what a page asks and sends it."""

    def __init__(self, app: FastAPI, database: Database, sealer: Sealer) -> None:
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://intake.test")
        self.page = httpx.Response(200)
        self._database = database
        self._sealer = sealer

    @property
    def text(self) -> str:
        """The page they see."""
        return self.page.text

    @property
    def where(self) -> str:
        """The last part of its address."""
        return self.page.url.path.rpartition("/")[2]

    @property
    def form(self) -> str:
        """The key of the form they are at."""
        return self.page.url.path.split("/")[4]

    async def go(self, path: str) -> httpx.Response:
        """Open a page, wherever that leads."""
        self.page = await self.client.get(path, follow_redirects=True)
        return self.page

    async def send(self, answers: Mapping[str, str] | None = None, button: str = "") -> httpx.Response:
        """Fill in the form on this page and send it, by a button of this name."""
        fields = Fields(self.text)
        whole = {**fields.filled, **(answers or {}), **({button: "yes"} if button else {})}
        self.page = await self.client.post(fields.action, data=whole, follow_redirects=True)
        return self.page

    async def sign_in(self, address: str = ADDRESS) -> None:
        """Ask for a code on the page that asks for an address, and type it."""
        await self.send({"email": address})
        assert self.where == "code", self.text
        await self.send({"code": await self.code()})

    async def begin(self, danger: str = "No") -> None:
        """Begin a form, as far as its first question after the code."""
        await self.go(f"{FORM}/danger")
        await self.send({"immediate_danger": danger})
        if danger == "Yes":
            assert self.where == "call-999"
            (on,) = re.findall(r'href="([^"]+/next)"', self.text)
            await self.go(on)
        if self.where == "email":
            await self.sign_in()

    async def answer(self, until: str = "check") -> None:
        """Answer page after page."""
        for _ in ANSWERS:
            if self.where == until:
                return
            before = self.where
            await self.send(ANSWERS[before])
            assert self.where != before, self.text
        assert self.where == until, self.text

    async def code(self) -> str:
        """The code that was mailed last."""
        notices = [message for message in await self.said(SendNotice) if message.kind == "sign_in_code"]
        return self._sealer.open(notices[-1].case_id, notices[-1].sealed["code"], CodeContent).code

    async def said(self, kind: type[Said]) -> list[Said]:
        """What waits to be said of one kind, in order."""
        async with self._database.transaction() as session:
            rows = (await session.execute(outbox.select().order_by(outbox.c.id))).all()
        return [kind.model_validate_json(row.body) for row in rows if row.topic == kind.topic]


async def migrated(databases: Databases) -> Database:
    """A new database of intake's with its tables."""
    _, url = databases.make("intake")
    await asyncio.to_thread(upgrade, url, "services.intake")
    return Database(url)


async def forget(database: Database) -> None:
    """Empty every table, so that a test begins with nothing."""
    async with database.transaction() as session:
        tables = await session.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
        )
        await session.execute(text(f"TRUNCATE {', '.join(tables)}"))


async def published(database: Database, *messages: Message) -> None:
    """Let intake hear these."""
    async with database.transaction() as session:
        for message in messages:
            if isinstance(message, ContactsPublished):
                await handlers.contacts_published(session, message)
            elif isinstance(message, BoardPublished):
                await handlers.board_published(session, message)


def contacts(*lines: ContactLine) -> ContactsPublished:
    """A contact list of the demonstration board's."""
    return ContactsPublished(message_id=uuid4(), at=now(), board="demonstration", lines=lines)


def application(
    database: Database, sealer: Sealer, folder: Path, public_url: str = "http://intake.test", limits: Limits | None = None
) -> FastAPI:
    """Intake's pages on this database."""
    notices = Notices(sealer)
    return create_pages(
        database,
        Store(folder, sealer),
        sealer,
        Parts.of(sealer, Submissions(sealer, notices, KEY), notices, limits or Limits()),
        {"database": database.check},
        key=KEY,
        public_url=public_url,
        mail_domain="concord.demo.example",
    )


async def declare(who: Practitioner) -> None:
    """From the answers to the end."""
    await who.go(re.findall(r'href="([^"]+/declaration)"', who.text)[0])
    await who.send()
