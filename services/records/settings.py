"""What records is told by its environment."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.kit.settings import Settings as KitSettings
from services.kit.settings import StoreSettings


class Settings(KitSettings, StoreSettings):
    """The shared settings, the document store and its keys, and what the board's pages need.

    `public_url` is the address people open the board at: over https, cookies are marked secure. `session_key` signs sign-in
    codes and forms; changing it signs everybody out.
    """

    public_url: str
    session_key: SecretStr


class VerifySettings(BaseSettings):
    """All that checking the history needs: the database."""

    model_config = SettingsConfigDict(env_prefix="CONCORD_", frozen=True)

    database_url: SecretStr
