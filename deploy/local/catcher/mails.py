"""The mails that were caught, in one SQLite file, numbered in order of arrival."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_TABLE = """
create table if not exists mails (
    number integer primary key,
    at text not null,
    sender text not null,
    recipients text not null,
    raw blob not null
)
"""
_COLUMNS = "number, at, sender, recipients, raw"


@dataclass(frozen=True)
class Mail:
    """One mail: who handed it over for whom, when, and its bytes as they came."""

    number: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class Mails:
    """Keeps mails in `file`. Opened by one thread, used by one thread."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = full")
        self._connection.execute(_TABLE)

    def add(self, sender: str, recipients: tuple[str, ...], raw: bytes) -> int:
        """Keep a mail; on disk when this returns. Its number."""
        row = (datetime.now(UTC).isoformat(), sender, json.dumps(recipients), raw)
        number = self._connection.execute("insert into mails (at, sender, recipients, raw) values (?, ?, ?, ?)", row).lastrowid
        assert number is not None  # noqa: S101 - an insert has one
        return number

    def after(self, number: int, to: str | None = None) -> list[Mail]:
        """Every mail with a greater number, in order; with `to`, only those handed over for that address."""
        rows = self._connection.execute(f"select {_COLUMNS} from mails where number > ? order by number", (number,))  # noqa: S608 - a constant
        mails = [_mail(row) for row in rows]
        return [mail for mail in mails if to is None or to.lower() in {address.lower() for address in mail.recipients}]

    def get(self, number: int) -> Mail | None:
        """One mail, or None."""
        row = self._connection.execute(f"select {_COLUMNS} from mails where number = ?", (number,)).fetchone()  # noqa: S608 - a constant
        return _mail(row) if row else None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _mail(row: tuple[int, str, str, str, bytes]) -> Mail:
    number, at, sender, recipients, raw = row
    return Mail(number, datetime.fromisoformat(at), sender, tuple(json.loads(recipients)), raw)
