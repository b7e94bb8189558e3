"""What the notifier is told by its environment."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from services.kit.oauth import EXCHANGE_SCOPE, AppTokens
from services.kit.settings import Settings as KitSettings
from services.kit.settings import StoreSettings


class Settings(KitSettings, StoreSettings):
    """The shared settings, the document store and its keys, the mail server, and what mails say about where they come from.

    Answers and bounces go to `<token>@<mail_domain>`, signed with `token_key`, which intake holds too. `board_url` is where a person
    reaches the board's staff, and `pages_url` the public address of intake's pages. A notice that cannot be handed over for
    `give_up_minutes` is given up, and that is said.

    The mail server is signed in to with `smtp_password`, or with a token (XOAUTH2) where the three `smtp_oauth_` settings are there.
    `envelope_from` is where bounces go instead of each notice's own address: a server that lets us send as one mailbox only wants
    that mailbox there. With a token it is `from_address` unless set.
    """

    token_key: SecretStr
    mail_domain: str
    from_address: str
    board_url: str
    pages_url: str
    smtp_host: str
    smtp_port: int
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    smtp_oauth_tenant: str = ""
    smtp_oauth_client_id: str = ""
    smtp_oauth_client_secret: SecretStr = SecretStr("")
    oauth_authority: str = "https://login.microsoftonline.com"
    envelope_from: str = ""
    parallel_sends: int = Field(default=8, ge=1)
    give_up_minutes: int = Field(default=120, ge=1)

    @model_validator(mode="after")
    def _signs_in_one_way(self) -> Self:
        oauth = {
            "CONCORD_SMTP_OAUTH_TENANT": self.smtp_oauth_tenant,
            "CONCORD_SMTP_OAUTH_CLIENT_ID": self.smtp_oauth_client_id,
            "CONCORD_SMTP_OAUTH_CLIENT_SECRET": self.smtp_oauth_client_secret.get_secret_value(),
        }
        if not any(oauth.values()):
            return self
        missing = [name for name, value in (oauth | {"CONCORD_SMTP_USERNAME": self.smtp_username}).items() if not value]
        if missing:
            raise ValueError(f"signing in with a token is only half set: {', '.join(missing)} missing")
        if self.smtp_password.get_secret_value():
            raise ValueError("sign in with CONCORD_SMTP_PASSWORD or with CONCORD_SMTP_OAUTH_*, not with both")
        if self.smtp_tls == "none":
            raise ValueError("a token goes over TLS only: set CONCORD_SMTP_TLS to starttls or tls")
        return self

    def tokens(self) -> AppTokens | None:
        """Who gives tokens to sign in with; None where a password does, or nothing."""
        if not self.smtp_oauth_tenant:
            return None
        secret = self.smtp_oauth_client_secret.get_secret_value()
        return AppTokens(self.oauth_authority, self.smtp_oauth_tenant, self.smtp_oauth_client_id, secret, EXCHANGE_SCOPE)

    def bounces_to(self) -> str:
        """The envelope sender of every notice; empty where each has its own."""
        return self.envelope_from or (self.from_address if self.smtp_oauth_tenant else "")

    def give_up_after(self) -> timedelta:
        """How long to go on trying to hand one notice over."""
        return timedelta(minutes=self.give_up_minutes)
