"""Where strangers' bytes are read: child processes with a time and a memory limit, used again and again, and killed when they hang."""

import asyncio
import logging
import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import TimeoutError as Late
from datetime import datetime
from functools import partial

from pebble import ProcessExpired, ProcessPool

from services.contracts.vocabulary import HeldReason
from services.intake.understanding import Understanding, by_head, held, understand
from services.kit.clock import now

log = logging.getLogger(__name__)

Read = Callable[..., Understanding]
"""Reads one mail: its bytes, the recipients and the sender of its envelope, and when it was received. It can be told
`open_files=False`, to leave what is attached alone."""

SECONDS = 8.0
MEGABYTES = 1024
_CHILDREN = multiprocessing.get_context("forkserver")
"""A child must not inherit our connections and keys, and the next one must be there at once when a mail has ended its reader."""
_CHILDREN.set_forkserver_preload([understand.__module__])
_TOO_MUCH = "Reading this mail took too much time or memory, twice."


class Sandbox:
    """Reads mail in `workers` children. A mail that kills or hangs its reader is tried once more, with what is attached to it left
    closed; then it is unreadable, and only its header is looked at."""

    def __init__(self, workers: int = 2, seconds: float = SECONDS, megabytes: int = MEGABYTES, read: Read = understand) -> None:
        self._seconds = seconds
        self._read = read
        self._pool = ProcessPool(
            max_workers=workers,
            initializer=_limit,
            initargs=(megabytes,),
            context=_CHILDREN,
        )

    async def warm_up(self) -> None:
        """Start a child before the first mail needs it."""
        await self.understand(b"", (), None, now())

    async def understand(
        self,
        raw: bytes,
        recipients: tuple[str, ...],
        mail_from: str | None,
        received_at: datetime,
        *,
        read: Read | None = None,
    ) -> Understanding:
        """What a mail is, as `read` reads it where that is given; held as unreadable when its reader did not survive it."""
        reading = read or self._read
        ways: tuple[Read, ...] = (
            reading,
            partial(reading, open_files=False),
            *([] if read else [partial(by_head, rule=_TOO_MUCH)]),
        )
        for way in ways:
            try:
                seen: Understanding = await asyncio.wrap_future(
                    self._pool.schedule(
                        way,
                        args=(raw, recipients, mail_from, received_at),
                        timeout=self._seconds,
                    )
                )
            except (Late, ProcessExpired, MemoryError) as error:
                log.warning("a mail ended its reader: %s", type(error).__name__)
            else:
                return seen
        return held(HeldReason.UNREADABLE, _TOO_MUCH, received_at)

    async def check(self) -> None:
        """Raise RuntimeError when no mail can be read any more."""
        if not self._pool.active:
            raise RuntimeError("the readers have stopped")

    def close(self) -> None:
        """End the children."""
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble leaves it untyped
        self._pool.join()


def _limit(megabytes: int) -> None:
    """In the child: no more memory than this, and no core file of what it read."""
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
