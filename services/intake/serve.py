"""Builds intake and runs it: the only place that knows all of its parts."""

import asyncio
import logging

from services.contracts.escalator import BoardPublished, ContactsPublished
from services.contracts.notifier import NoticeSent
from services.contracts.records import ItemSettled
from services.intake.answering.sending import Sending
from services.intake.api import create_pages
from services.intake.blank_forms.asking import Asking
from services.intake.blank_forms.making import BlankForms
from services.intake.chasing import Chaser
from services.intake.flow import Limits
from services.intake.handlers import board_published, contacts_published, notice_sent
from services.intake.incoming import Incoming, Parts, Trust
from services.intake.listener import Listener
from services.intake.mailboxes import collectors
from services.intake.notices import Notices
from services.intake.readers import Readers
from services.intake.reception import Reception
from services.intake.sandbox import Sandbox
from services.intake.settings import Settings
from services.intake.settling import Settling
from services.intake.submissions import Submissions
from services.intake.watch import Watch
from services.intake.web.forgetting import Forgetting
from services.kit import logs, migrate, process
from services.kit.bus import Bus
from services.kit.database import Database
from services.kit.errors import BusError
from services.kit.inbox import once
from services.kit.outbox import Relay
from services.kit.store import Store

log = logging.getLogger(__name__)

READERS = 2
RETRY_SECONDS = 1.0


def serve() -> None:
    """Serve until told to stop."""
    settings = Settings()
    logs.configure("intake", settings.log_level)
    migrate.upgrade(settings.database_url.get_secret_value(), "services.intake")
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    database = Database(settings.database_url.get_secret_value())
    bus = Bus(settings.amqp_url.get_secret_value(), "intake")
    sealer = settings.sealer()
    store = Store(settings.store_dir, sealer)
    sandbox = Sandbox(READERS)
    notices = Notices(sealer)
    token_key = settings.token_key.get_secret_value().encode()
    submissions = Submissions(sealer, notices, token_key, settings.chase_after)
    limits = Limits(settings.most_from_one_address, settings.most_about_one_case)
    parts = Parts.of(sealer, submissions, notices, limits)
    trust = Trust(token_key, settings.mail_domain.lower(), settings.trusted_authserv_id)
    blank_forms = BlankForms(settings.mail_domain)
    asking = Asking(store, blank_forms, submissions, notices)
    incoming = Incoming(sealer, parts, trust, settings.public_url, asking)
    readers = Readers(database, store, sandbox, incoming, Sending(database, store, sealer, submissions, parts.flow))
    settling = Settling(store, sandbox, sealer, submissions, notices)
    voice = _Voice(bus, database, settling)
    reception = Reception(database, store)
    mailboxes = collectors(settings, database, reception)
    listener = Listener(
        reception,
        settings.smtp_host,
        settings.smtp_port,
        settings.mail_domain,
        settings.max_bytes,
        protocol=settings.mail_protocol,
        tls=settings.tls(),
    )
    app = create_pages(
        database,
        store,
        sealer,
        parts,
        {"database": database.check, "broker": voice.check, "mail": listener.check, "readers": sandbox.check}
        | {kind: collector.check for kind, collector in mailboxes.items()},
        key=token_key,
        public_url=settings.public_url,
        mail_domain=settings.mail_domain,
    )
    watch = Watch(database, notices, mailboxes, settings.mailbox_alert_after())
    app.get("/mailboxes", include_in_schema=False)(watch.state)
    tasks = {f"reader {number}": readers.run for number in range(1, READERS + 1)}
    tasks["forgetting"] = Forgetting(database).run
    tasks["watch"] = watch.run
    try:
        await sandbox.warm_up()
        await listener.start()
        await process.serve(
            app,
            settings.http_host,
            settings.http_port,
            {**tasks, "listener": listener.run, "broker": voice.run, "chaser": Chaser(database, submissions, parts.desk).run}
            | {kind: collector.run for kind, collector in mailboxes.items()},
        )
    finally:
        sandbox.close()
        await bus.close()
        await database.close()


class _Voice:
    """Hears and says. It connects to the broker however long that is away: mail and forms are taken in meanwhile, and wait."""

    def __init__(self, bus: Bus, database: Database, settling: Settling) -> None:
        self._bus = bus
        self._database = database
        self._settling = settling
        self._hears = False

    async def run(self) -> None:
        """Hear and say until cancelled."""
        while not self._hears:
            try:
                await self._bus.connect()
                await self._bus.listen(
                    {
                        BoardPublished: once(self._database, board_published),
                        ContactsPublished: once(self._database, contacts_published),
                        NoticeSent: once(self._database, notice_sent),
                        ItemSettled: once(self._database, self._settling.settle),
                    }
                )
                self._hears = True
            except BusError as error:
                log.warning("%s", error)
                await self._bus.close()
                await asyncio.sleep(RETRY_SECONDS)
        await Relay(self._database, self._bus).run()

    async def check(self) -> None:
        """Raise BusError until the boards can be heard, and when the broker does not answer."""
        if not self._hears:
            raise BusError("not connected to the broker")
        await self._bus.check()
