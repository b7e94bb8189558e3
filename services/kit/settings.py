"""What every service is told by its environment: `CONCORD_` and the name in capitals."""

from pathlib import Path

from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.contracts.sealed import Sealer


class Settings(BaseSettings):
    """The settings all four services share. A missing one stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix="CONCORD_", frozen=True)

    database_url: SecretStr
    amqp_url: SecretStr
    http_host: str = "127.0.0.1"
    http_port: int
    log_level: str = "INFO"


class StoreSettings(BaseModel):
    """For services that keep documents and open sealed content. `seal_keys` are Fernet keys, newest first, separated by commas."""

    store_dir: Path
    seal_keys: SecretStr

    def sealer(self) -> Sealer:
        """The sealer for these keys. Raises ValueError when one is malformed."""
        return Sealer([key.strip() for key in self.seal_keys.get_secret_value().split(",")])
