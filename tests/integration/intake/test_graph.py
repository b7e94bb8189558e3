"""Mail fetched from Microsoft 365 by Graph, from a server in the shapes of its public documentation: no tenant has been tried."""

from collections.abc import AsyncIterator

import pytest

from services.contracts.intake import FormReceived, ItemHeld
from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import HeldReason
from services.intake.collector import HELD, SURELY_GONE, TAKEN
from tests.certificates import Certificates
from tests.entra import CLIENT, SECRET, TENANT, Entra
from tests.graph_server import MAILBOX, Fault, GraphServer
from tests.integration.intake.running import FORM, RAISER, Intake, mail, published, until
from tests.web_server import served


@pytest.fixture
def entra() -> Entra:
    """A sign-in service of the test's own."""
    return Entra()


@pytest.fixture
def graph(entra: Entra) -> GraphServer:
    return GraphServer(entra)


@pytest.fixture
async def intake(stopped: Intake, graph: GraphServer, entra: Entra, certificates: Certificates) -> AsyncIterator[Intake]:
    """An intake that is told to look into the mailbox; not started yet."""
    async with served(entra.app, certificates) as sign_in, served(graph.app) as address:
        stopped.environment |= certificates.believed | {
            "CONCORD_OAUTH_AUTHORITY": sign_in,
            "CONCORD_GRAPH_URL": f"{address}/v1.0",
            "CONCORD_GRAPH_TENANT": TENANT,
            "CONCORD_GRAPH_CLIENT_ID": CLIENT,
            "CONCORD_GRAPH_CLIENT_SECRET": SECRET,
            "CONCORD_GRAPH_MAILBOX": MAILBOX,
            "CONCORD_GRAPH_BOARD": "demonstration",
        }
        yield stopped
        stopped.stop()


async def started(intake: Intake) -> Intake:
    """Start it; it knows its board and looks into the mailbox."""
    await intake.start()
    await intake.publish(published())
    await until(lambda: intake.checks().get("graph") == "ok", intake.process)
    return intake


def form(child: str) -> bytes:
    """A form about this child, sent to the mailbox's own address."""
    return mail(FORM.replace("Robin Example", child), to=MAILBOX)


async def test_every_page_of_the_mailbox_is_taken_and_put_away(intake: Intake, graph: GraphServer, entra: Entra) -> None:
    raws = [form(f"Child {number}") for number in range(5)]
    graph.deliver(*raws)
    await started(intake)
    received = await intake.wait_for(FormReceived, len(raws))
    await until(lambda: len(graph.folder(TAKEN)) == len(raws))
    assert sorted([await intake.store.get(one.source) for one in received]) == sorted(raws)
    assert graph.folder(TAKEN) == raws
    assert graph.folder("Inbox") == []
    assert set(entra.asked) == {f"{intake.environment['CONCORD_GRAPH_URL'].removesuffix('/v1.0')}/.default"}
    later = form("Alex Example")
    graph.deliver(later)
    await intake.wait_for(FormReceived, len(raws) + 1)
    await until(lambda: graph.folder(TAKEN) == [*raws, later])
    assert len([asked for asked in graph.asked if asked.endswith("/$value")]) == len(raws) + 1


async def test_a_server_that_asks_to_wait_is_left_alone_and_it_counts_against_no_mail(
    intake: Intake, graph: GraphServer
) -> None:
    graph.faults = [
        Fault("GET", "/delta", 429, "ApplicationThrottled", {"Retry-After": "1"}),
        Fault("GET", "/$value", 503, "ErrorServerBusy", {"Retry-After": "Sat, 21 Nov 2026 10:00:00 GMT"}),
        Fault("POST", "/move", 429, "ApplicationThrottled", {"Retry-After": "1"}),
    ]
    graph.deliver(form("Robin Example"))
    await started(intake)
    await intake.wait_for(FormReceived)
    await until(lambda: len(graph.folder(TAKEN)) == 1)
    assert graph.faults == []
    assert intake.rows("SELECT part FROM raw_messages") == [(None,)]


async def test_a_long_wait_is_on_the_health_page(intake: Intake, graph: GraphServer) -> None:
    graph.faults = [Fault("GET", "/delta", 429, "ApplicationThrottled", {"Retry-After": "900"})]
    await intake.start()
    await until(lambda: intake.checks().get("graph") == "Busy", intake.process)


async def test_tokens_that_expire_or_are_refused_are_replaced(intake: Intake, graph: GraphServer, entra: Entra) -> None:
    entra.seconds = 30  # shorter than any token is trusted to last: each request asks for its own
    graph.deliver(form("Robin Example"))
    await started(intake)
    await intake.wait_for(FormReceived)
    assert len(entra.issued) >= 3
    entra.seconds = 3599
    await until(lambda: len(graph.folder(TAKEN)) == 1)
    graph.refuse_tokens()
    graph.deliver(form("Alex Example"))
    await intake.wait_for(FormReceived, 2)
    assert intake.checks()["graph"] == "ok"


async def test_a_wrong_secret_is_on_the_health_page(intake: Intake) -> None:
    intake.environment["CONCORD_GRAPH_CLIENT_SECRET"] = "an old secret"
    await intake.start()
    await until(lambda: intake.checks().get("graph") == "SignInRefused", intake.process)


async def test_a_server_that_has_forgotten_where_we_were_is_asked_for_everything_again(
    intake: Intake, graph: GraphServer
) -> None:
    graph.deliver(form("Robin Example"))
    await started(intake)
    await intake.wait_for(FormReceived)
    await until(lambda: len(graph.folder(TAKEN)) == 1)
    graph.forget_rounds()
    graph.deliver(form("Alex Example"))
    await intake.wait_for(FormReceived, 2)
    await until(lambda: len(graph.folder(TAKEN)) == 2)
    await intake.settled()
    assert len(intake.of(FormReceived)) == 2
    assert len([asked for asked in graph.asked if asked.endswith("/$value")]) == 2


async def test_a_mail_that_is_too_large_is_held_with_its_headers(intake: Intake, graph: GraphServer) -> None:
    raw = mail(FORM + ("y" * 70 + "\n") * 4000, to=MAILBOX)
    graph.deliver(raw)
    await started(intake)
    (item,) = await intake.wait_for(ItemHeld)
    assert (item.reason, item.from_address, item.board) == (HeldReason.TOO_LARGE, RAISER, "demonstration")
    assert await intake.store.get(item.source) == raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    await until(lambda: graph.folder(HELD) == [raw])


async def test_a_mail_the_server_cannot_give_is_held_and_stops_none_behind_it(intake: Intake, graph: GraphServer) -> None:
    graph.deliver(form("Robin Example"))
    (poison,) = graph.mails
    graph.faults = [Fault("GET", f"/{poison}/$value", 504, "UnknownError", {"Retry-After": "0"}) for _ in range(5)]
    graph.deliver(form("Alex Example"))
    await started(intake)
    await intake.wait_for(FormReceived)
    await until(lambda: intake.hurry() and bool(intake.of(ItemHeld)), intake.process)
    (item,) = intake.of(ItemHeld)
    assert HELD in item.detail
    await until(lambda: len(graph.folder(HELD)) == len(graph.folder(TAKEN)) == 1)


async def test_a_mail_without_a_mime_form_is_held_with_who_sent_it(intake: Intake, graph: GraphServer) -> None:
    """As Microsoft 365 answers for mail that is encrypted, or a report about such mail."""
    graph.deliver(form("Robin Example"))
    graph.without_mime = set(graph.mails)
    await started(intake)
    await until(lambda: intake.hurry() and bool(intake.of(ItemHeld)), intake.process)
    (item,) = intake.of(ItemHeld)
    assert (item.reason, item.from_address, item.board) == (HeldReason.UNREADABLE, RAISER, "demonstration")
    told = ("item_held", RAISER)
    await until(lambda: told in [(notice.kind, notice.to.address) for notice in intake.of(SendNotice)], intake.process)
    await until(lambda: len(graph.folder(HELD)) == 1)


async def test_a_mail_somebody_moves_away_first_is_let_go(intake: Intake, graph: GraphServer) -> None:
    graph.deliver(form("Robin Example"), form("Alex Example"))
    gone = next(iter(graph.mails))
    graph.faults = [Fault("GET", f"/{gone}/$value", 404, "ErrorItemNotFound") for _ in range(SURELY_GONE)]
    await started(intake)
    await intake.wait_for(FormReceived)
    done = "SELECT 1 FROM mailbox_mails WHERE next_at IS NOT NULL"
    await until(lambda: intake.hurry() and intake.rows(done) == [], intake.process)
    assert intake.rows("SELECT count(*) FROM raw_messages") == [(1,)]
