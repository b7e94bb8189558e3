"""Asking a part whether it is ready."""

import json
import smtplib
import urllib.error
import urllib.request

from deploy.local.part import NotReady

_SECONDS = 5


def http_check(name: str, address: str) -> None:
    """A health page answers 200. Raises NotReady, with what the page says is wrong."""
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS):  # noqa: S310 - an http address of our own
            return
    except urllib.error.HTTPError as error:
        raise NotReady(f"{name} answers, but is not well: {_wrong(error)}") from error
    except OSError as error:
        raise NotReady(f"{name} at {address}: {error}") from error


def smtp_check(name: str, port: int) -> None:
    """A mail server on loopback greets. Raises NotReady."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=_SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        raise NotReady(f"{name}, mail on port {port}: {error}") from error


def _wrong(error: urllib.error.HTTPError) -> str:
    """The checks that failed, from a service's health page."""
    try:
        checks: dict[str, str] = json.load(error)["checks"]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {error.code}"
    return ", ".join(f"{check}: {outcome}" for check, outcome in checks.items() if outcome != "ok")
