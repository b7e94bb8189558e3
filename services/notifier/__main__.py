"""`python -m services.notifier`: builds the notifier and serves until told to stop."""

import asyncio

from services.contracts.notifier import SendNotice
from services.kit import logs, migrate, process
from services.kit.bus import Bus
from services.kit.database import Database
from services.kit.inbox import once
from services.kit.outbox import Relay
from services.kit.store import Store
from services.notifier.api import make_app
from services.notifier.domain import Patience
from services.notifier.handlers import on_send_notice
from services.notifier.mail import Mailer
from services.notifier.mail_server import MailServer
from services.notifier.sender import Sender
from services.notifier.settings import Settings
from services.notifier.wording import Wording


def main() -> None:
    """Serve. A missing or malformed setting stops the start with its name."""
    settings = Settings()
    logs.configure("notifier", settings.log_level)
    migrate.upgrade(settings.database_url.get_secret_value(), "services.notifier")
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    database = Database(settings.database_url.get_secret_value())
    bus = Bus(settings.amqp_url.get_secret_value(), "notifier")
    sealer = settings.sealer()
    server = MailServer(
        settings.smtp_host,
        settings.smtp_port,
        tls=settings.smtp_tls,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
        tokens=settings.tokens(),
        hostname=settings.mail_domain,
    )
    mailer = Mailer(
        Wording(sealer, settings.board_url, settings.pages_url),
        settings.token_key.get_secret_value().encode(),
        settings.mail_domain,
        settings.from_address,
        settings.bounces_to(),
    )
    sender = Sender(
        database,
        Store(settings.store_dir, sealer),
        mailer,
        server,
        patience=Patience(limit=settings.give_up_after()),
        parallel=settings.parallel_sends,
    )
    await bus.connect()
    try:
        await bus.listen({SendNotice: once(database, on_send_notice)})
        app = make_app(database, bus, server)
        await process.serve(
            app, settings.http_host, settings.http_port, {"relay": Relay(database, bus).run, "sender": sender.run}
        )
    finally:
        await bus.close()
        await database.close()


if __name__ == "__main__":
    main()
