"""Makes the PDF in a child process that may be killed: it has little time, little memory, no log and no way to anything else."""

import asyncio
import multiprocessing
import resource
import sys
from concurrent.futures import TimeoutError as Overtime
from typing import Final

from pebble import ProcessExpired, ProcessPool

from services.records.confirmation import Confirmation
from services.records.errors import PrintFailed

SECONDS: Final = 20.0
MEMORY: Final = 1536 * 1024 * 1024
"""Address space of the child, in bytes; typesetting a long record takes a third of it."""
_TASKS: Final = 50
"""After so many records a child is replaced, so that nothing builds up in it."""


class Printer:
    """One child process, started with the first record and kept for the next."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._pool = _pool()

    async def pdf(self, confirmation: Confirmation) -> bytes:
        """The PDF of a confirmation. Raises PrintFailed, which says why in a few words and nothing of the case."""
        try:
            printing = self._pool.schedule(_print, args=[confirmation.model_dump_json()], timeout=self._seconds)
        except RuntimeError as error:  # the pool itself is broken: the next try gets a new one
            self._pool = _pool()
            raise PrintFailed("the child process could not be started") from error
        try:
            made = await asyncio.wrap_future(printing)
        except Overtime as error:
            raise PrintFailed(f"it took longer than {self._seconds:g} seconds") from error
        except ProcessExpired as error:
            raise PrintFailed("the child process died") from error
        except Exception as error:
            raise PrintFailed(type(error).__name__) from None  # its text may quote the case
        if not isinstance(made, bytes):
            raise PrintFailed("it is not a file")
        return made

    def warm_up(self) -> None:
        """Start the child process before the first record needs it."""
        self._pool.schedule(_nothing)

    async def close(self) -> None:
        """End the child process, whatever it is doing."""
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble left this one method untyped
        await asyncio.to_thread(self._pool.join)


def _pool() -> ProcessPool:
    context = multiprocessing.get_context("spawn")  # a fork would carry our connections and threads along
    return ProcessPool(max_workers=1, max_tasks=_TASKS, initializer=_limit, context=context)


def _limit() -> None:
    """In the child: load what is slow to load, then limit what it may use."""
    import services.records.record  # noqa: F401, PLC0415 - only the child needs the typesetter

    if sys.platform == "linux":  # elsewhere the limit is not kept, and the time limit has to do
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _nothing() -> None:
    """A child that has done this has loaded the typesetter."""


def _print(confirmation: str) -> bytes:
    from services.records.record import pdf  # noqa: PLC0415 - as above

    return pdf(Confirmation.model_validate_json(confirmation))
