"""`python3 -m deploy.docker_env`: make up the passwords and keys docker-compose.yml asks for, in `.env`, unless it is there.

Standard library only: whoever runs containers needs no virtual environment.
"""

import base64
import secrets
import sys
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / ".env"


def content() -> str:
    """A new environment file."""
    passwords = [f"{user}_PASSWORD={secrets.token_hex(16)}" for user in ("ADMIN", "INTAKE", "ESCALATOR", "NOTIFIER", "RECORDS")]
    seal = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()  # what cryptography's Fernet takes as a key
    keys = [f"SEAL_KEYS={seal}", f"TOKEN_KEY={secrets.token_hex(32)}", f"SESSION_KEY={secrets.token_hex(32)}"]
    return "\n".join([*passwords, *keys]) + "\n"


def main() -> int:
    """Write the file. Returns the exit status."""
    if FILE.exists():
        print(f"{FILE} is there already: nothing was changed.")
        return 0
    FILE.touch(mode=0o600)
    FILE.write_text(content())
    print(f"Wrote {FILE}. Now: docker compose up --build --wait")
    return 0


if __name__ == "__main__":
    sys.exit(main())
