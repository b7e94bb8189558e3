"""The hash chain over the history: what an entry's hash covers, and how a walk finds the first place it does not hold.

An entry's hash is the SHA-256 of the hash before it and of everything it says, so nobody can change, remove, add or reorder an
entry and leave the rest of the chain right. Somebody who can write to the database could still make the whole chain anew; that is
why every written confirmation prints the end of the chain as it was then, and goes to people outside (`anchors`).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from services.contracts.message import Message

GENESIS = "0" * 64
"""What the first entry's `prev_hash` is."""

What = Literal["changed", "unlinked", "missing", "cut", "headless", "rewritten"]


@dataclass(frozen=True)
class Entry:
    """One entry of the history as it is stored."""

    seq: int
    message_id: UUID
    topic: str
    version: int
    case_id: str | None
    at: datetime
    recorded_at: datetime
    body: str
    prev_hash: str
    hash: str

    def computed_hash(self) -> str:
        """The hash this entry should have."""
        facts = [
            self.seq,
            str(self.message_id),
            self.topic,
            self.version,
            self.case_id,
            self.at.astimezone(UTC).isoformat(),
            self.recorded_at.astimezone(UTC).isoformat(),
            self.body,
        ]
        return hashlib.sha256(f"{self.prev_hash}\n{_canonical(facts)}".encode()).hexdigest()


@dataclass(frozen=True)
class Head:
    """An end of the chain: how many entries there are, and the last one's hash."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Break:
    """Where the chain first does not hold.

    changed: the entry does not say what its hash was made of. unlinked: it does not follow from the one before it.
    missing: an entry is not there. cut: entries are missing at the end. headless: the end of the chain is not recorded.
    rewritten: the entry is not the one a written confirmation was printed with.
    """

    seq: int
    expected: str
    found: str
    what: What


def canonical(message: Message) -> str:
    """A message's body as it is kept and hashed: JSON in ASCII, keys sorted, no spaces."""
    return _canonical(message.model_dump(mode="json"))


def follow(head: Head, message: Message, case_id: str | None, recorded_at: datetime) -> Entry:
    """The entry that records `message` after `head`."""
    unsigned = Entry(
        seq=head.seq + 1,
        message_id=message.message_id,
        topic=message.topic,
        version=message.version,
        case_id=case_id,
        at=message.at,
        recorded_at=recorded_at,
        body=canonical(message),
        prev_hash=head.hash,
        hash="",
    )
    return Entry(**{**unsigned.__dict__, "hash": unsigned.computed_hash()})


class Walk:
    """A walk along the chain from its beginning. `anchors` are ends of the chain printed elsewhere, by seq."""

    def __init__(self, anchors: Mapping[int, str]) -> None:
        self._anchors = anchors
        self.at = Head(0, GENESIS)

    def take(self, entry: Entry) -> Break | None:
        """Step to the next stored entry; the break, if it is one."""
        expected_seq = self.at.seq + 1
        if entry.seq != expected_seq:
            return Break(expected_seq, f"entry {expected_seq}", f"entry {entry.seq}", "missing")
        if entry.prev_hash != self.at.hash:
            return Break(entry.seq, self.at.hash, entry.prev_hash, "unlinked")
        computed = entry.computed_hash()
        if entry.hash != computed:
            return Break(entry.seq, entry.hash, computed, "changed")
        if self._anchors.get(entry.seq, entry.hash) != entry.hash:
            return Break(entry.seq, self._anchors[entry.seq], entry.hash, "rewritten")
        self.at = Head(entry.seq, entry.hash)
        return None

    def end(self, head: Head | None) -> Break | None:
        """What the stored end of the chain says about the end of the walk."""
        if head is None:
            return Break(self.at.seq, f"{self.at.seq} {self.at.hash}", "no recorded end", "headless")
        last = max([head.seq, *self._anchors])
        if last > self.at.seq:
            return Break(self.at.seq + 1, f"{last} entries", f"{self.at.seq} entries", "cut")
        if head != self.at:
            return Break(self.at.seq, f"{head.seq} {head.hash}", f"{self.at.seq} {self.at.hash}", "headless")
        return None


def walk(entries: Iterable[Entry], head: Head | None, anchors: Mapping[int, str]) -> tuple[Head, Break | None]:
    """How far the chain holds, and its first break."""
    steps = Walk(anchors)
    for entry in entries:
        if found := steps.take(entry):
            return steps.at, found
    return steps.at, steps.end(head)


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
