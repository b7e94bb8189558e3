"""The stack's passwords and keys: made up on the first run, kept in one file that only its owner may read."""

import json
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import BaseModel, ConfigDict

from deploy.local import postgresql, rabbitmq


class Keys(BaseModel):
    """Every secret of one stack."""

    model_config = ConfigDict(frozen=True)

    rabbitmq: dict[str, str]
    postgresql: dict[str, str]
    supervisor: str
    seal: str
    token: str
    session: str


def kept(file: Path) -> Keys:
    """The keys in `file`, made up and written there when there is none."""
    if file.exists():
        return Keys.model_validate_json(file.read_text())
    keys = Keys(
        rabbitmq=passwords(rabbitmq.USERS),
        postgresql=passwords(postgresql.USERS),
        supervisor=secrets.token_hex(16),
        seal=Fernet.generate_key().decode(),
        token=secrets.token_hex(32),
        session=secrets.token_hex(32),
    )
    write_private(file, json.dumps(keys.model_dump(), indent=2) + "\n")
    return keys


def passwords(users: tuple[str, ...]) -> dict[str, str]:
    """A password for each user, without characters that mean something in an address."""
    return {user: secrets.token_hex(16) for user in users}


def write_private(file: Path, text: str) -> None:
    """Write a file only its owner may read, all of it or nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    partial.touch(mode=0o600)
    partial.chmod(0o600)
    partial.write_text(text)
    partial.rename(file)
