"""The mailboxes the settings name, each with what looks into it."""

from services.intake.collector import Collector, Mailbox
from services.intake.graph import GraphAccount, GraphMailbox
from services.intake.imap import Account, ImapMailbox
from services.intake.reception import Reception
from services.intake.settings import Settings
from services.kit.database import Database
from services.kit.oauth import EXCHANGE_SCOPE, AppTokens


def collectors(settings: Settings, database: Database, reception: Reception) -> dict[str, Collector]:
    """One for each mailbox that is set, by its kind; none when mail comes in by SMTP alone."""
    found: list[tuple[Mailbox, str | None]] = []
    if settings.imap_host is not None:
        found.append((_imap(settings), settings.imap_board))
    if settings.graph_mailbox is not None:
        found.append((_graph(settings), settings.graph_board))
    return {
        mailbox.kind: Collector(database, reception, mailbox, (f"{board}@{settings.mail_domain}",) if board else ())
        for mailbox, board in found
    }


def _imap(settings: Settings) -> ImapMailbox:
    tokens = None
    if settings.imap_oauth_client_secret is not None:
        tokens = AppTokens(
            settings.oauth_authority,
            settings.imap_oauth_tenant or "",
            settings.imap_oauth_client_id or "",
            settings.imap_oauth_client_secret.get_secret_value(),
            EXCHANGE_SCOPE,
        )
    account = Account(
        settings.imap_host or "",
        settings.imap_port,
        settings.imap_username or "",
        settings.imap_tls,
        settings.imap_password.get_secret_value() if settings.imap_password else None,
        tokens,
    )
    return ImapMailbox(account, settings.max_bytes)


def _graph(settings: Settings) -> GraphMailbox:
    tokens = AppTokens(
        settings.oauth_authority,
        settings.graph_tenant or "",
        settings.graph_client_id or "",
        settings.graph_client_secret.get_secret_value() if settings.graph_client_secret else "",
        f"{_origin(settings.graph_url)}/.default",
    )
    return GraphMailbox(GraphAccount(settings.graph_url, settings.graph_mailbox or "", tokens), settings.max_bytes)


def _origin(url: str) -> str:
    """Scheme and host: what a scope names an API by."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
