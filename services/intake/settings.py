"""What intake is told by its environment."""

from pydantic import Field, SecretStr

from services.kit.settings import Settings as KitSettings
from services.kit.settings import StoreSettings


class Settings(KitSettings, StoreSettings):
    """The shared settings, the keys, and where mail comes in.

    `mail_domain` is the domain whose mail is taken: forms at `<board>@`, replies at `<token>@`. `max_bytes` is the largest mail.
    `trusted_authserv_id` names the receiving mail server in front, whose Authentication-Results are then required.
    """

    token_key: SecretStr
    mail_domain: str
    smtp_host: str = "127.0.0.1"
    smtp_port: int
    max_bytes: int = Field(default=26_214_400, gt=0)
    trusted_authserv_id: str | None = None
    public_url: str
