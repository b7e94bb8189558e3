"""One service as one process: its HTTP side and its named background tasks, until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping

import uvicorn
from fastapi import FastAPI

log = logging.getLogger(__name__)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve`: uvicorn would raise them again at its end, before our own clean-up."""
        yield


async def serve(app: FastAPI, host: str, port: int, tasks: Mapping[str, Callable[[], Awaitable[None]]]) -> None:
    """Serve until SIGTERM or SIGINT. A background task that ends, for whatever reason, ends the process: a service that has lost a
    part of itself must not look healthy. Raises what the task raised, or RuntimeError when it just returned."""
    server = _Server(uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=5))
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    async def watch(name: str, task: Callable[[], Awaitable[None]]) -> None:
        await task()
        raise RuntimeError(f"the task {name} ended")

    running = {asyncio.create_task(watch(name, task), name=name) for name, task in tasks.items()}
    http = asyncio.create_task(server.serve(), name="http")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    done, _ = await asyncio.wait({*running, http, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    for task in (*running, stopping):
        task.cancel()
    await asyncio.gather(*running, stopping, http, return_exceptions=True)
    for task in done - {stopping, http}:
        log.error("the task %s ended", task.get_name())
        task.result()
