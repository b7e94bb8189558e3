"""What the notifier is told by its environment."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, SecretStr

from services.kit.settings import Settings as KitSettings
from services.kit.settings import StoreSettings


class Settings(KitSettings, StoreSettings):
    """The shared settings, the document store and its keys, the mail server, and what mails say about where they come from.

    Answers and bounces go to `<token>@<mail_domain>`, signed with `token_key`, which intake holds too. `board_url` is where a person
    reaches the board's staff, and `pages_url` the public address of intake's pages. A notice that cannot be handed over for
    `give_up_minutes` is given up, and that is said.
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
    parallel_sends: int = Field(default=8, ge=1)
    give_up_minutes: int = Field(default=120, ge=1)

    def give_up_after(self) -> timedelta:
        """How long to go on trying to hand one notice over."""
        return timedelta(minutes=self.give_up_minutes)
