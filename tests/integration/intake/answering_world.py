"""A notice as it was mailed, the pages it links to, and whoever got it in front of them: a browser without JavaScript."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import httpx
from fastapi import FastAPI
from pydantic import JsonValue

from services.contracts import reply_address
from services.contracts.content import CodeContent, FormContent
from services.contracts.intake import ReplyReceived
from services.contracts.notifier import NoticeSent, SendNotice
from services.contracts.vocabulary import Side
from services.intake.api import create_pages
from services.intake.domain import Answers
from services.intake.handlers import board_published, notice_sent
from services.intake.incoming import Parts
from services.intake.notices import Notices
from services.intake.submissions import Submissions
from services.intake.tables import Submission
from services.kit.clock import now
from services.kit.database import Database
from services.kit.delivery import outbox
from services.kit.migrate import upgrade
from services.kit.store import Store
from services.notifier import answering
from services.notifier.mail import Mailer
from services.notifier.wording import Wording
from tests.unit.intake.boards import small
from tests.unit.notifier import samples

KEY = b"a key for the tests of answering"
ADDRESS = "sam.lee@bedford.example.gov.uk"
CHILD = "Ana Brook"
NUMBER = f"{samples.CASE}.1"
NOTICES = Notices(samples.SEALER)
PARTS = Parts.of(samples.SEALER, Submissions(samples.SEALER, NOTICES, KEY), NOTICES)


@dataclass
class Form:
    """A form on a page: where it goes, what it would send, and its buttons."""

    action: str
    filled: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form, a field or a button."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given["action"]))
        elif tag == "button" and "name" in given:
            self.found[-1].buttons.append((given["name"], given["value"]))
        elif tag in ("input", "textarea"):
            self.found[-1].names.append(given["name"])
            if tag == "textarea":
                self._area = given["name"]
                self.found[-1].filled[self._area] = ""
            elif given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.found[-1].filled[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        """Take in what is in a text area."""
        if self._area:
            filled = self.found[-1].filled
            filled[self._area] += data if filled[self._area] else data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """A text area ends."""
        if tag == "textarea":
            self._area = ""


class Reader:
    """Somebody with a browser and a link."""

    def __init__(self, world: "World", link: str) -> None:
        self.world = world
        self.link = link
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(world.app), base_url="http://intake.test")
        self.page = httpx.Response(200)

    @property
    def text(self) -> str:
        """The page they see."""
        return self.page.text

    @property
    def where(self) -> str:
        """Its address after the link."""
        return self.page.url.path.removeprefix(f"/answer/{self.link}").strip("/")

    async def go(self, page: str = "") -> httpx.Response:
        """Open a page of the link, wherever that leads."""
        self.page = await self.client.get(f"/answer/{self.link}/{page}".rstrip("/"), follow_redirects=True)
        return self.page

    async def send(self, answers: Mapping[str, str] | None = None, *, button: str = "", form: int = 0) -> httpx.Response:
        """Fill in a form of this page and send it by one of its buttons."""
        found = Forms(self.text).found[form]
        pressed = {name: value for name, value in found.buttons if value == button} if button else {}
        assert len(pressed) == bool(button), f"no button {button} on this page"
        unknown = set(answers or {}) - set(found.names)
        assert not unknown, f"{unknown} cannot be filled in here"
        self.page = await self.client.post(
            found.action, data={**found.filled, **(answers or {}), **pressed}, follow_redirects=True
        )
        return self.page

    async def sign_in(self, address: str = ADDRESS) -> None:
        """Open the link, ask for a code and type it."""
        await self.go()
        await self.send({"email": address})
        await self.send({"code": await self.world.code()})

    async def choose(self, act: str) -> None:
        """Choose an answer on the page of the notice."""
        await self.go()
        await self.send({"act": act})

    async def answer(self, act: str, answers: Mapping[str, str]) -> None:
        """Give an answer, as far as the page that says what happens next."""
        await self.choose(act)
        if answers:
            await self.send(answers, button="check")
        assert "Check your answer" in self.text, self.text
        await self.send(button="send")


@dataclass
class World:
    """Intake's pages, on a real database, with a case and what was mailed about it."""

    app: FastAPI
    database: Database
    store: Store
    folder: Path

    async def mailed(
        self,
        kind: str = "step_reached",
        number: str = NUMBER,
        side: Side = Side.OTHER,
        facts: dict[str, JsonValue] | None = None,
        *,
        heard: bool = True,
    ) -> str:
        """Mail a notice, and let intake hear that it left; its link."""
        command = samples.notice(kind) if facts is None else samples.notice(kind, facts=facts)
        command = command.model_copy(
            update={"notice_id": number, "to": command.to.model_copy(update={"side": side, "address": ADDRESS})}
        )
        wording = Wording(samples.SEALER, samples.BOARD_URL, samples.PAGES_URL)
        mail = Mailer(wording, KEY, samples.DOMAIN, "concord@example.org.uk").compose(command)
        sent = NoticeSent(
            message_id=uuid4(),
            at=now(),
            notice_id=number,
            case_id=samples.CASE,
            kind=kind,
            address=ADDRESS,
            side=side,
            attempts=1,
            document=await self.store.put(mail.content),
            to_name=command.to.name,
            answers=answering.on_a_page(command),
        )
        if heard:
            await self.hear(sent)
        return reply_address.make(KEY, number, side, ADDRESS)

    async def hear(self, message: NoticeSent) -> None:
        """Let intake hear that a notice left."""
        async with self.database.transaction() as session:
            await notice_sent(session, message)

    async def replies(self) -> list[ReplyReceived]:
        """Every answer that waits to be said."""
        return [ReplyReceived.model_validate_json(body) for topic, body in await self._said() if topic == ReplyReceived.topic]

    async def said(self, topic: str) -> list[str]:
        """Every message of a topic that waits to be said."""
        return [body for found, body in await self._said() if found == topic]

    async def codes(self) -> list[SendNotice]:
        """Every code that waits to be mailed."""
        notices = [SendNotice.model_validate_json(body) for body in await self.said(SendNotice.topic)]
        return [notice for notice in notices if notice.kind == "sign_in_code"]

    async def code(self) -> str:
        """The code that was mailed last."""
        notice = (await self.codes())[-1]
        return samples.SEALER.open(notice.case_id, notice.sealed["code"], CodeContent).code

    async def _said(self) -> list[tuple[str, str]]:
        async with self.database.transaction() as session:
            rows = (await session.execute(outbox.select().order_by(outbox.c.id))).all()
        return [(row.topic, row.body) for row in rows]


@asynccontextmanager
async def answered_in(make_database: Callable[[str], str], folder: Path) -> AsyncIterator[World]:
    """The pages, with one case and no notice yet."""
    url = make_database("intake")
    await asyncio.to_thread(upgrade, url, "services.intake")
    database, store = Database(url), Store(folder, samples.SEALER)
    app = create_pages(
        database,
        store,
        samples.SEALER,
        PARTS,
        {"database": database.check},
        key=KEY,
        public_url="http://intake.test",
        mail_domain=samples.DOMAIN,
    )
    form = FormContent(child_name=CHILD)
    row = Submission(
        case_id=samples.CASE,
        board="demonstration",
        channel="mail",
        sender_name="Jo Adeyemi",
        sender_address="jo.adeyemi@nhs.example",
        answers=samples.SEALER.seal(samples.CASE, Answers(form=form)).token,
        catalogue="",
        source="0" * 64,
        received_at=now(),
        completed_at=now(),
    )
    async with database.transaction() as session:
        await board_published(session, small())
        session.add(row)
    yield World(app, database, store, folder)
    await database.close()
