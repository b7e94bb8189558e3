"""A mailbox in Microsoft 365, by Microsoft Graph: a delta query says what is new, `$value` is the mail as it came.

Written from Microsoft's public documentation. Ids are asked for in their immutable form, which a move does not change.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC
from email.headerregistry import Address
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from services.intake.collector import MOST_BYTES_OF_HEADERS, Fetched, News, Session
from services.intake.errors import Busy, NotGiven
from services.intake.partial import Part
from services.kit.clock import now
from services.kit.errors import SignInRefused, Unavailable
from services.kit.oauth import AppTokens

log = logging.getLogger(__name__)

FOLDER = "inbox"
TIMEOUT = httpx.Timeout(30.0)
POLL_SECONDS = 5.0
PAGE = 200
PAGING_SECONDS = 20.0
"""How long the pages of one round are collected before what there is of it is dealt with."""
BUSY_SECONDS = 30.0
"""How long to wait where the server asks us to and does not say how long."""
LONGEST_BUSY = 3600.0

_TOO_MUCH = 429
_OVERLOADED = {503, 504}
"""The server as a whole, or what it makes of one mail: only the former is over after a pause."""
_FACTS = "internetMessageHeaders,internetMessageId,subject,from,toRecipients"
_GONE = {"syncstatenotfound", "syncstateinvalid", "resyncrequired"}


class GraphAccount(NamedTuple):
    """A mailbox (its user's address or id), where Graph is, and who gives tokens for it."""

    url: str
    mailbox: str
    tokens: AppTokens


class GraphMailbox:
    """The inbox of an account. Of a mail larger than `max_bytes` only the headers are kept."""

    kind = "graph"

    def __init__(self, account: GraphAccount, max_bytes: int) -> None:
        self._account = account
        self._max_bytes = max_bytes
        self.name = f"graph:{account.mailbox}"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Session]:
        """Make ready to ask. Raises Unavailable when the sign-in service gives no token."""
        await self._account.tokens.token()
        async with httpx.AsyncClient(timeout=TIMEOUT) as client:
            yield _Session(client, self._account, self._max_bytes)


class _Session:
    def __init__(self, client: httpx.AsyncClient, account: GraphAccount, max_bytes: int) -> None:
        self._client = client
        self._tokens = account.tokens
        self._base = account.url.rstrip("/")
        self._user = f"{self._base}/users/{quote(account.mailbox, safe='@')}"
        self._max_bytes = max_bytes
        self._folders: dict[str, str] = {}

    async def look(self, mark: str | None) -> News:
        """A mark is the link to the next page or to the next round. One the server has forgotten means: everything again."""
        first = f"{self._user}/mailFolders/{FOLDER}/messages/delta?$select=id,receivedDateTime"
        mark = mark if mark is not None and mark.startswith(f"{self._base}/") else None  # no other server gets our token
        answer = await self._ask("GET", mark or first)
        forgotten = mark is not None and _is_forgotten(answer)
        if forgotten:
            log.warning("the mailbox (graph) no longer knows where we were: everything in it is looked at again")
            answer = await self._ask("GET", first)
        end = time.monotonic() + PAGING_SECONDS
        found: dict[str, str] = {}
        while True:
            page = _content(answer)
            link = page.get("@odata.nextLink") or page.get("@odata.deltaLink")
            if not isinstance(link, str) or not link.startswith(f"{self._base}/"):  # as above
                raise Unavailable("the answer to a delta query had no link of its own server")
            for item in page.get("value", []):
                if "@removed" in item:
                    found.pop(item["id"], None)
                else:
                    found[item["id"]] = str(item.get("receivedDateTime") or "")
            more = "@odata.nextLink" in page
            if not more or time.monotonic() > end:
                keys = sorted(found, key=found.__getitem__)  # a round is in no order of its own
                return News(link, keys, more and not forgotten)  # a server that always forgets is not asked at once
            answer = await self._ask("GET", link)

    async def fetch(self, key: str) -> Fetched | None:
        raw = await self._download(key, self._max_bytes + 1)
        if raw is None or len(raw) <= self._max_bytes:
            return Fetched(raw) if raw is not None else None
        return Fetched(_headers(raw), Part.TOO_LARGE)

    async def fetch_headers(self, key: str) -> bytes | None:
        """What the server knows of a mail whose MIME form it cannot make, such as one that is encrypted or a report about one."""
        answer = await self._ask("GET", f"{self._message(key)}?$select={_FACTS}")
        return _written(_content(answer)) if answer.status_code != httpx.codes.NOT_FOUND else None

    async def put_away(self, keys: Sequence[str], folder: str) -> None:
        for key in keys:
            await self._put_away(key, folder)

    async def _put_away(self, key: str, folder: str) -> None:
        if folder not in self._folders:
            self._folders[folder] = await self._folder(folder)
        destination = self._folders[folder]
        answer = await self._ask("POST", f"{self._message(key)}/move", json={"destinationId": destination})
        if answer.is_success:
            return
        del self._folders[folder]  # it may be the folder that is gone: it is looked up again
        where = await self._ask("GET", f"{self._message(key)}?$select=id,parentFolderId")
        if where.status_code == httpx.codes.NOT_FOUND or _content(where).get("parentFolderId") == destination:
            return
        _content(answer)

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, POLL_SECONDS))

    async def _download(self, key: str, most: int) -> bytes | None:
        """A mail's bytes, `most` of them at the most; None when it is no longer there."""
        raw = bytearray()
        async with self._answer("GET", f"{self._message(key)}/$value") as answer:
            if answer.status_code == httpx.codes.NOT_FOUND:
                return None
            if not answer.is_success:
                await answer.aread()
                _content(answer)
            async for chunk in answer.aiter_bytes():
                raw += chunk
                if len(raw) >= most:
                    break
        return bytes(raw[:most])

    async def _folder(self, name: str) -> str:
        """The id of a folder beside the inbox, made when it is missing."""
        folders = f"{self._user}/mailFolders"
        for _ in range(2):
            found = _content(await self._ask("GET", f"{folders}?$filter=displayName eq '{name}'&$select=id"))["value"]
            if found:
                return str(found[0]["id"])
            made = await self._ask("POST", folders, json={"displayName": name})
            if made.status_code != httpx.codes.CONFLICT:  # otherwise another copy of us has just made it
                return str(_content(made)["id"])
        raise NotGiven("its folder can neither be found nor made")

    def _message(self, key: str) -> str:
        return f"{self._user}/messages/{quote(key, safe='')}"

    async def _ask(self, method: str, url: str, json: Mapping[str, str] | None = None) -> httpx.Response:
        async with self._answer(method, url, json) as answer:
            await answer.aread()
            return answer

    @asynccontextmanager
    async def _answer(self, method: str, url: str, json: Mapping[str, str] | None = None) -> AsyncIterator[httpx.Response]:
        """The server's answer, still to be read. A token refused before its time is replaced once. Raises Unavailable or Busy."""
        try:
            for is_last in (False, True):
                headers = {
                    "Authorization": f"Bearer {await self._tokens.token()}",
                    "Prefer": f'IdType="ImmutableId", odata.maxpagesize={PAGE}',
                }
                async with self._client.stream(method, url, json=json, headers=headers) as answer:
                    if answer.status_code == httpx.codes.UNAUTHORIZED and not is_last:
                        self._tokens.forget()
                        continue
                    if answer.status_code == _TOO_MUCH or answer.status_code in _OVERLOADED:
                        raise Busy(_retry_after(answer), everybody=answer.status_code == _TOO_MUCH)
                    if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
                        await answer.aread()
                        raise SignInRefused(f"Microsoft Graph does not let us in ({answer.status_code} {_code(answer)})")
                    yield answer
                    return
        except httpx.HTTPError as error:
            raise Unavailable(f"Microsoft Graph did not answer: {type(error).__name__}") from error


def _content(answer: httpx.Response) -> dict[str, Any]:
    """What an answer that was read says. Raises NotGiven with the error's code alone: its text may name people."""
    if not answer.is_success:
        raise NotGiven(f"Microsoft Graph refused it ({answer.status_code} {_code(answer)})".replace(" )", ")"))
    try:
        content: dict[str, Any] = answer.json()
    except ValueError as error:
        raise Unavailable("Microsoft Graph's answer makes no sense") from error
    return content


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["code"])[:80]
    except (ValueError, KeyError, TypeError):
        return ""


def _is_forgotten(answer: httpx.Response) -> bool:
    return answer.status_code == httpx.codes.GONE or (answer.is_client_error and _code(answer).lower() in _GONE)


def _retry_after(answer: httpx.Response) -> float:
    """How many seconds to wait: the header is a number, or a date."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return min(float(value), LONGEST_BUSY)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return BUSY_SECONDS
    seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now()).total_seconds()
    return min(max(seconds, 0.0), LONGEST_BUSY)


def _written(facts: Mapping[str, Any]) -> bytes:
    """A mail's headers as the server lists them; where it has none, those its other facts make."""
    fields = [(one["name"], one["value"]) for one in facts.get("internetMessageHeaders") or ()]
    if not fields:
        fields = [
            ("From", _addresses([facts.get("from") or {}])),
            ("To", _addresses(facts.get("toRecipients") or ())),
            ("Subject", facts.get("subject")),
            ("Message-ID", facts.get("internetMessageId")),
        ]
    lines = [f"{name}: {' '.join(str(value).split())}" for name, value in fields if value]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode(errors="replace")[:MOST_BYTES_OF_HEADERS]


def _addresses(people: Iterable[Mapping[str, Any]]) -> str:
    """People as a header names them. One whose address cannot stand there is left out: the mail is held, whoever sent it."""
    found = []
    for person in people:
        known = person.get("emailAddress") or {}
        with suppress(ValueError, IndexError):  # what the parser of addresses raises, also for none
            found.append(str(Address(str(known.get("name") or ""), addr_spec=str(known.get("address") or ""))))
    return ", ".join(found)


def _headers(raw: bytes) -> bytes:
    """The headers of a mail whose beginning this is."""
    head, end, _ = raw[:MOST_BYTES_OF_HEADERS].partition(b"\r\n\r\n")
    return head + end
