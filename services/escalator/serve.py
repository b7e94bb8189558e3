"""Builds the escalator and runs it: the only place that knows all of its parts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from uuid import uuid4

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

from services.contracts.escalator import BoardPublished
from services.contracts.intake import DeliveryReported, FormReceived, ReplyReceived
from services.contracts.notifier import NoticeFailed
from services.contracts.records import ContactsChanged, StaffActed
from services.escalator import outline
from services.escalator.activities import Activities
from services.escalator.api import make_app
from services.escalator.boards import Board
from services.escalator.calendar_changes import keep_calendars
from services.escalator.contact_changes import ContactHandlers, load_contacts
from services.escalator.handlers import Handlers
from services.escalator.loader import load_boards
from services.escalator.role_table import role_table_of
from services.escalator.settings import Settings
from services.escalator.workflows import TASK_QUEUE, CaseWorkflow
from services.kit import logs, migrate, process
from services.kit.bus import Bus
from services.kit.clock import now
from services.kit.database import Database


def serve() -> None:
    """Serve until told to stop. A mistake in a board's file or contact list stops the start, with file and line."""
    settings = Settings()
    logs.configure("escalator", settings.log_level)
    boards = load_boards(settings.boards_dir)
    migrate.upgrade(settings.database_url.get_secret_value(), "services.escalator")
    asyncio.run(_serve(settings, boards))


async def _serve(settings: Settings, boards: Mapping[str, Board]) -> None:
    database = Database(settings.database_url.get_secret_value())
    bus = Bus(settings.amqp_url.get_secret_value(), "escalator")
    client = await Client.connect(
        settings.temporal_address, namespace=settings.temporal_namespace, data_converter=pydantic_data_converter
    )
    await bus.connect()
    try:
        await announce(bus, boards)
        await load_contacts(database, bus, boards)
        handlers = Handlers(client, database, bus, boards)
        activities = Activities(database, bus)
        worker = Worker(
            client,
            task_queue=TASK_QUEUE,
            workflows=[CaseWorkflow],
            activities=[activities.publish, activities.find_people, activities.keep_ended],
            graceful_shutdown_timeout=timedelta(seconds=5),
        )
        await bus.listen(
            {
                FormReceived: handlers.on_form_received,
                ReplyReceived: handlers.on_reply_received,
                DeliveryReported: handlers.on_delivery_reported,
                NoticeFailed: handlers.on_notice_failed,
                StaffActed: handlers.on_staff_acted,
                ContactsChanged: ContactHandlers(database, bus, boards).on_contacts_changed,
            }
        )
        app = make_app(database, bus, client, boards)
        tasks: dict[str, Callable[[], Awaitable[None]]] = {
            "worker": worker.run,
            "calendars": partial(keep_calendars, client, boards),
        }
        await process.serve(app, settings.http_host, settings.http_port, tasks)
    finally:
        await bus.close()
        await database.close()


async def announce(bus: Bus, boards: Mapping[str, Board]) -> None:
    """Say which boards are in force, so that the form can offer their stages and areas, and the board page knows its staff."""
    for board in boards.values():
        await bus.publish(
            BoardPublished(
                message_id=uuid4(),
                at=now(),
                board=board.key,
                name=board.name,
                reference_prefix=board.reference_prefix,
                inbox=board.inbox,
                demonstration=board.demonstration,
                case_stages=board.protocol.stage_choices(),
                areas=board.protocol.area_choices(),
                redirects=outline.redirects(board.protocol),
                asks=outline.asks(board.protocol),
                roles=outline.roles(board.protocol),
                role_table=role_table_of(board),
                ladders=outline.ladders(board.protocol),
                choices=outline.choices(board.protocol),
                protocol=board.protocol.reference,
                protocol_version=board.protocol.version,
                known_domains=board.known_domains,
                secure_domains=board.secure_domains,
                staff=board.staff,
            )
        )
