"""Logs: one JSON object a line, UTC, with the service's name. No child's name, date of birth or narrative ever goes in one."""

import logging
import sys

from pythonjsonlogger.json import JsonFormatter


def configure(service: str, level: str) -> None:
    """Send every log of this process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            static_fields={"service": service},
            timestamp="at",
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in (
        "aiormq",
        "aio_pika",
        "mail.log",
        "imapclient",
        "httpx",
        "httpcore",
        "msal",
        "urllib3",
        "uvicorn.access",
        "alembic",
        "fontTools",
        "weasyprint",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def redact(address: str) -> str:
    """A mail address as a log may show it: the first letter and the domain."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***{at}{domain}" if at else "***"
