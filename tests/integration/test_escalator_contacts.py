"""Contact lists on the real database and broker: a file is loaded once, what staff change stays, and each list in force is said."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

from services.contracts.contact_list import ContactLine, write_csv
from services.contracts.escalator import ContactsPublished
from services.contracts.records import ContactsChanged
from services.contracts.vocabulary import Person, Sector
from services.escalator import repository
from services.escalator.boards import Board
from services.escalator.contact_changes import ContactHandlers, load_contacts
from services.escalator.errors import ProtocolError, Refused, Unknown
from services.escalator.loader import packaged_protocols
from services.kit.bus import Bus, DeadLetter
from services.kit.clock import now
from services.kit.database import Database
from services.kit.migrate import upgrade

STAFF = Person(name="Board Staff", address="staff@board.example")
ANN = ContactLine(agency="Care", role="team_manager", name="Ann Bell", address="ann@care.example")
LEE = ContactLine(
    agency="School",
    team="Year 6",
    role="manager",
    rank=2,
    sector=Sector.EDUCATION,
    name="Lee Hartley",
    address="lee@school.example",
    deputy=ANN.address,
    away_from=date(2026, 12, 21),
    away_until=date(2027, 1, 4),
)


def board(contacts: Path) -> Board:
    """A board with this contact list, there or not."""
    return Board(
        key="testshire",
        name="Testshire",
        reference_prefix="TEST",
        inbox="inbox@board.example",
        staff=(STAFF,),
        known_domains=("board.example",),
        contacts=str(contacts),
        protocol=packaged_protocols()["bedfordshire"],
    )


class World:
    """The escalator's part in contact lists, and records, which hears what it says."""

    def __init__(self, database: Database, buses: dict[str, Bus], file: Path) -> None:
        self.database = database
        self.buses = buses
        self.file = file
        self.boards: dict[str, Board] = {"testshire": board(file)}
        self.handlers = ContactHandlers(database, buses["escalator"], self.boards)
        self.heard: asyncio.Queue[ContactsPublished] = asyncio.Queue()
        self.dead: asyncio.Queue[DeadLetter] = asyncio.Queue()

    async def start(self, lines: Iterable[ContactLine] | None = None) -> list[ContactLine]:
        """Start with this in the board's file, or the file as it is; returns the list that is said to be in force."""
        if lines is not None:
            self.file.write_text(write_csv(lines), encoding="utf-8-sig")
        await load_contacts(self.database, self.buses["escalator"], self.boards)
        return await self.next_said()

    async def next_said(self) -> list[ContactLine]:
        """The list that is said next, which is the one in force."""
        async with asyncio.timeout(30):
            said = await self.heard.get()
        assert said.board == "testshire"
        async with self.database.transaction() as session:
            assert await repository.contacts_of(session, "testshire") == list(said.lines)
        return list(said.lines)


def changed(*lines: ContactLine, board: str = "testshire", at: datetime | None = None) -> ContactsChanged:
    return ContactsChanged(message_id=uuid4(), at=at or now(), board=board, by=STAFF, lines=lines)


@pytest.fixture
async def world(amqp_url: Callable[[str], str], make_migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[World]:
    url = await asyncio.to_thread(make_migrated, "escalator")
    database = Database(url)
    buses = {name: Bus(amqp_url(name), name) for name in ("escalator", "records")}
    for bus in buses.values():
        await bus.connect()
    made = World(database, buses, tmp_path / "contacts.csv")
    await buses["escalator"].listen({ContactsChanged: made.handlers.on_contacts_changed})
    await buses["records"].listen({ContactsPublished: made.heard.put})
    await buses["records"].listen_dead(made.dead.put)
    yield made
    for bus in buses.values():
        await bus.close()
    await database.close()


async def test_the_file_is_loaded_with_every_column_and_said_at_every_start(world: World) -> None:
    assert await world.start([LEE, ANN]) == [LEE, ANN]
    assert await world.start() == [LEE, ANN]


async def test_what_staff_changed_stays_until_the_file_is_another(world: World) -> None:
    await world.start([LEE, ANN])
    await world.buses["records"].publish(changed(ANN))
    assert await world.next_said() == [ANN]
    assert await world.start() == [ANN]
    bo = ANN.model_copy(update={"name": "Bo Lind", "address": "bo@care.example"})
    assert await world.start([bo]) == [bo]
    await world.buses["records"].publish(changed(LEE, ANN))
    assert await world.next_said() == [LEE, ANN]
    assert await world.start() == [LEE, ANN]


async def test_a_list_that_nobody_could_be_found_by_is_refused_where_a_person_sees_it(world: World) -> None:
    await world.start([ANN])
    message = changed(ANN.model_copy(update={"role": "team_leader"}))
    await world.buses["records"].publish(message)
    async with asyncio.timeout(60):
        assert (await world.dead.get()).message_id == str(message.message_id)
    with pytest.raises(Refused, match=r"line 2, role: This board has no such role\. Use one of .*team_manager"):
        await world.handlers.on_contacts_changed(message)
    with pytest.raises(Refused, match="line 2, deputy: The deputy needs a line of their own"):
        await world.handlers.on_contacts_changed(changed(LEE))
    with pytest.raises(Unknown, match="unknown board 'elsewhere': expected one of testshire"):
        await world.handlers.on_contacts_changed(changed(board="elsewhere"))
    assert await world.start() == [ANN]


async def test_a_change_that_arrives_twice_or_late_does_not_undo_a_newer_one(world: World) -> None:
    await world.start([LEE, ANN])
    newer = changed(ANN)
    older = changed(at=newer.at - timedelta(seconds=1))
    for message in (newer, older, newer):
        await world.handlers.on_contacts_changed(message)
        assert await world.next_said() == [ANN]


async def test_a_file_that_is_not_right_leaves_the_list_in_force(world: World) -> None:
    await world.start([ANN])
    with pytest.raises(ProtocolError, match=r"contacts\.csv:2: role: This board has no such role"):
        await world.start([ANN.model_copy(update={"role": "team_leader"})])
    assert await world.start([ANN]) == [ANN]


async def test_a_board_without_a_file_has_the_list_that_staff_wrote(world: World) -> None:
    world.boards["testshire"] = world.boards["testshire"].model_copy(update={"contacts": None})
    assert await world.start() == []
    await world.handlers.on_contacts_changed(changed(LEE, ANN))
    assert await world.next_said() == [LEE, ANN]
    assert await world.start() == [LEE, ANN]


async def test_a_list_from_before_there_were_ranks_is_kept(make_database: Callable[[str], str]) -> None:
    """Without a board's file that differs, it is the list in force after the upgrade too."""
    url = make_database("escalator")
    before = Config()
    before.set_main_option("script_location", str(files("services.escalator") / "migrations"))
    before.set_main_option("path_separator", "os")
    before.attributes["url"] = url
    await asyncio.to_thread(command.upgrade, before, "0001")
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    await connection.execute(
        "INSERT INTO contacts (board, agency, role, name, address, deputy) VALUES ($1, $2, $3, $4, $5, '')",
        *("testshire", ANN.agency, ANN.role, ANN.name, ANN.address),
    )
    await connection.close()
    await asyncio.to_thread(upgrade, url, "services.escalator")
    database = Database(url)
    async with database.transaction() as session:
        assert await repository.contacts_of(session, "testshire") == [ANN]
    await database.close()
