"""What intake is told by its environment."""

import ssl
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from services.intake.submissions import CHASE_AFTER
from services.kit.settings import Settings as KitSettings
from services.kit.settings import StoreSettings


class MailboxSettings(BaseModel):
    """Mailboxes that are looked into; none when neither `imap_host` nor `graph_mailbox` is set.

    IMAP signs in with a password, or with a token when the three `imap_oauth_` settings are there. `imap_board` and `graph_board`
    name the board all mail of a mailbox is for; without one, the addresses in each mail's headers tell. Boards are told of a mailbox
    that could not be looked into for `mailbox_alert_minutes`.
    """

    imap_host: str | None = None
    imap_port: int = 993
    imap_tls: Literal["tls", "starttls", "none"] = "tls"
    imap_username: str | None = None
    imap_password: SecretStr | None = None
    imap_oauth_tenant: str | None = None
    imap_oauth_client_id: str | None = None
    imap_oauth_client_secret: SecretStr | None = None
    imap_board: str | None = None
    graph_mailbox: str | None = None
    graph_tenant: str | None = None
    graph_client_id: str | None = None
    graph_client_secret: SecretStr | None = None
    graph_board: str | None = None
    graph_url: str = "https://graph.microsoft.com/v1.0"
    oauth_authority: str = "https://login.microsoftonline.com"
    mailbox_alert_minutes: float = Field(default=15, gt=0)

    def mailbox_alert_after(self) -> timedelta:
        """How long a mailbox may not be looked into before its boards are told."""
        return timedelta(minutes=self.mailbox_alert_minutes)

    @model_validator(mode="after")
    def _each_is_whole(self) -> Self:
        oauth = ("imap_oauth_tenant", "imap_oauth_client_id", "imap_oauth_client_secret")
        imap = ("imap_host", "imap_username", *(oauth if self.imap_password is None else ("imap_password",)))
        graph = ("graph_mailbox", "graph_tenant", "graph_client_id", "graph_client_secret")
        for names, begun_by in ((imap, {*imap, *oauth}), (graph, {*graph})):
            missing = [f"CONCORD_{name.upper()}" for name in names if getattr(self, name) is None]
            if missing and any(getattr(self, name) is not None for name in begun_by):
                raise ValueError(f"a mailbox is only half set: {', '.join(missing)} missing")
        if self.imap_password is not None and any(getattr(self, name) is not None for name in oauth):
            raise ValueError("sign in to IMAP with CONCORD_IMAP_PASSWORD or with CONCORD_IMAP_OAUTH_*, not with both")
        return self


class Settings(KitSettings, StoreSettings, MailboxSettings):
    """The shared settings, the keys, and where mail comes in.

    `mail_domain` is the domain whose mail is taken: forms at `<board>@`, replies at `<token>@`. `max_bytes` is the largest mail.
    `mail_protocol` is how the mail server in front hands mail over, with STARTTLS where there is a `smtp_tls_certificate` and its
    `smtp_tls_key`, files in PEM. `trusted_authserv_id` names it; its Authentication-Results are then
    required. `chase_after` are the hours after which a form's sender is asked a second and a third time for what it lacks, and board
    staff are told; on a demonstration board they are seconds. `most_from_one_address` and `most_about_one_case` are how many mails are
    read in an hour, and in a day.
    """

    token_key: SecretStr
    mail_domain: str
    smtp_host: str = "127.0.0.1"
    smtp_port: int
    mail_protocol: Literal["smtp", "lmtp"] = "smtp"
    smtp_tls_certificate: Path | None = None
    smtp_tls_key: Path | None = None
    max_bytes: int = Field(default=26_214_400, gt=0)
    trusted_authserv_id: str | None = None
    public_url: str
    chase_after: tuple[float, float, float] = CHASE_AFTER
    most_from_one_address: int = Field(default=30, gt=0)
    most_about_one_case: int = Field(default=200, gt=0)

    def tls(self) -> ssl.SSLContext | None:
        """What the listener shows; None where it speaks in clear. Raises OSError when it cannot be used."""
        if self.smtp_tls_certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.smtp_tls_certificate, self.smtp_tls_key)
        return context
