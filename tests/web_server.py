"""An HTTP server of a test's own, on loopback, in the test's event loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from fastapi import FastAPI

from tests.certificates import Certificates


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to pytest."""
        yield


@contextlib.asynccontextmanager
async def served(app: FastAPI, certificates: Certificates | None = None) -> AsyncIterator[str]:
    """Serve an application; its address, over TLS with certificates."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,  # a client that holds on to its connection does not hold up the test
        ssl_certfile=str(certificates.certificate) if certificates else None,
        ssl_keyfile=str(certificates.key) if certificates else None,
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"{'https' if certificates else 'http'}://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
