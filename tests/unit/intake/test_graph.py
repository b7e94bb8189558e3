"""What Microsoft Graph answers one call, from a server in the shapes of its public documentation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

import pytest

from services.intake.collector import HELD, TAKEN, Session
from services.intake.errors import Busy, NotGiven
from services.intake.graph import GraphAccount, GraphMailbox
from services.kit.errors import SignInRefused
from services.kit.oauth import AppTokens
from tests.entra import CLIENT, SECRET, TENANT, Entra
from tests.graph_server import MAILBOX, Fault, GraphServer
from tests.web_server import served

RAW = (
    b"From: Asha Rees <asha@school.example>\r\nTo: escalations@board.demo.example\r\nSubject: x\r\n"
    b"Message-ID: <1@school.example>\r\n\r\nHello\r\n"
)


@pytest.fixture
def entra() -> Entra:
    return Entra()


@pytest.fixture
def graph(entra: Entra) -> GraphServer:
    server = GraphServer(entra)
    server.deliver(RAW)
    return server


@asynccontextmanager
async def looked_into(graph: GraphServer, entra: Entra, secret: str = SECRET) -> AsyncIterator[Session]:
    """The mailbox, signed in to. The sign-in service has no TLS here, which its library insists on: the token is asked for by hand."""
    async with served(graph.app) as address:
        tokens = _Tokens(entra, secret)
        async with GraphMailbox(GraphAccount(f"{address}/v1.0", MAILBOX, tokens), 10_000).open() as session:
            yield session


class _Tokens(AppTokens):
    """Tokens the sign-in service gave, without asking it over the network."""

    def __init__(self, entra: Entra, secret: str) -> None:
        super().__init__("https://sign-in.invalid", TENANT, CLIENT, secret, "a scope")
        self._entra = entra

    async def token(self) -> str:
        self._entra.issued.append("a token")
        return "a token"


async def test_the_facts_of_a_mail_without_a_mime_form_are_its_headers(graph: GraphServer, entra: Entra) -> None:
    (key,) = graph.without_mime = set(graph.mails)
    async with looked_into(graph, entra) as session:
        with pytest.raises(NotGiven, match="500 ErrorMimeContentConversionFailed"):
            await session.fetch(key)
        assert await session.fetch_headers(key) == RAW.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


async def test_a_mail_that_never_had_headers_gets_those_its_facts_make(graph: GraphServer, entra: Entra) -> None:
    mail = EmailMessage()
    mail["From"] = '"Rees, Asha Siân" <asha@school.example>'
    mail["To"] = "board@board.example, Sam <sam@council.example>"
    mail["Subject"] = "Ffurflen: plentyn mewn perygl – brys"
    graph.mails.clear()
    graph.deliver(mail.as_bytes())
    (key,) = graph.without_headers = set(graph.mails)
    async with looked_into(graph, entra) as session:
        found = await session.fetch_headers(key)
        assert await session.fetch_headers("another") is None
    assert found is not None
    assert found.decode().split("\r\n") == [
        'From: "Rees, Asha Siân" <asha@school.example>',
        "To: board@board.example, Sam <sam@council.example>",
        "Subject: Ffurflen: plentyn mewn perygl – brys",
        "",
        "",
    ]


async def test_a_mail_that_is_where_it_belongs_stays_there(graph: GraphServer, entra: Entra) -> None:
    (key,) = graph.mails
    async with looked_into(graph, entra) as session:
        await session.put_away([key], TAKEN)
        await session.put_away([key], TAKEN)
        assert graph.folder(TAKEN) == [RAW]
        await session.put_away([key], HELD)
        assert graph.folder(HELD) == [RAW]


async def test_a_folder_somebody_removes_is_made_again(graph: GraphServer, entra: Entra) -> None:
    (key,) = graph.mails
    async with looked_into(graph, entra) as session:
        await session.put_away([key], TAKEN)
        graph.drag(key, "Inbox")
        graph.folders = {"inbox-id": "Inbox"}
        with pytest.raises(NotGiven, match="404 ErrorItemNotFound"):
            await session.put_away([key], TAKEN)
        await session.put_away([key], TAKEN)
    assert graph.folder(TAKEN) == [RAW]


@pytest.mark.parametrize("status", [401, 403])
async def test_who_is_not_let_in_is_told_so(graph: GraphServer, entra: Entra, status: int) -> None:
    graph.faults = [Fault("GET", "/delta", status, "ErrorAccessDenied") for _ in range(2)]
    async with looked_into(graph, entra) as session:
        with pytest.raises(SignInRefused, match=f"{status} ErrorAccessDenied"):
            await session.look(None)


@pytest.mark.parametrize(("status", "everybody"), [(429, True), (503, False), (504, False)])
async def test_only_who_asks_too_much_is_told_to_wait_whatever_it_is(
    graph: GraphServer, entra: Entra, status: int, everybody: bool
) -> None:
    (key,) = graph.mails
    graph.faults = [Fault("GET", "/$value", status, "UnknownError", {"Retry-After": "7"})]
    async with looked_into(graph, entra) as session:
        with pytest.raises(Busy) as raised:
            await session.fetch(key)
    assert (raised.value.seconds, raised.value.everybody) == (7, everybody)


@pytest.mark.parametrize("code", ["MailboxNotEnabledForRESTAPI", "ErrorInvalidUser"])
async def test_a_mailbox_there_is_not_is_no_empty_one(graph: GraphServer, entra: Entra, code: str) -> None:
    graph.faults = [Fault("GET", "/delta", 404, code)]
    async with looked_into(graph, entra) as session:
        with pytest.raises(NotGiven, match=code):
            await session.look(None)


async def test_a_whole_round_is_in_the_order_the_mails_came(graph: GraphServer, entra: Entra) -> None:
    graph.deliver(*(RAW + bytes([number]) for number in range(6)))
    keys = list(graph.mails)
    async with looked_into(graph, entra) as session:
        news = await session.look(None)
        assert (list(news.keys), news.more) == (keys, False)
        graph.drag(keys[0], "Inbox")
        graph.deliver(RAW, RAW)
        later = await session.look(news.mark)
        assert list(later.keys) == [keys[0], *list(graph.mails)[-2:]]
        assert (await session.look(later.mark)).keys == []


async def test_a_round_that_takes_too_long_is_dealt_with_in_parts(
    graph: GraphServer, entra: Entra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.graph.PAGING_SECONDS", -1)
    graph.deliver(RAW, RAW)
    async with looked_into(graph, entra) as session:
        first = await session.look(None)
        assert (len(first.keys), first.more) == (2, True)
        rest = await session.look(first.mark)
        assert (len(rest.keys), rest.more) == (1, False)


async def test_our_token_is_shown_to_no_server_but_the_one_that_is_set(graph: GraphServer, entra: Entra) -> None:
    async with looked_into(graph, entra) as session:
        assert len((await session.look("https://elsewhere.invalid/v1.0/users/x/delta?$deltatoken=1")).keys) == 1
