"""An IMAP mailbox: IDLE wakes, a look every minute does not trust it, and a lost connection is only ever made again.

IMAPClient blocks, so each connection has one thread of its own; cutting the connection from outside ends whatever that waits for.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Literal, NamedTuple, TypeVar

from imapclient import SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError, LoginError

from services.intake.collector import MOST_BYTES_OF_HEADERS, Fetched, News, Session
from services.intake.errors import NotGiven
from services.intake.partial import Part
from services.kit.errors import SignInRefused, Unavailable
from services.kit.oauth import AppTokens

FOLDER = "INBOX"
TIMEOUT = SocketTimeout(connect=10, read=45)
IDLE_SECONDS = 60.0
"""How long one IDLE lasts: far below the half hour servers allow, and the longest a missed wake-up can cost."""
POLL_SECONDS = 5.0
"""How often a server without IDLE is asked."""
WINDOW = 10_000
"""How many UIDs are asked for at once: the answer is one line, and a line may only be so long."""

Tls = Literal["tls", "starttls", "none"]
_T = TypeVar("_T")


class Account(NamedTuple):
    """A mailbox and how to sign in to it: with a password, or with a token from `tokens`."""

    host: str
    port: int
    username: str
    tls: Tls = "tls"
    password: str | None = None
    tokens: AppTokens | None = None


class ImapMailbox:
    """The inbox of an account. Of a mail larger than `max_bytes` only the headers are fetched."""

    kind = "imap"

    def __init__(self, account: Account, max_bytes: int, timeout: SocketTimeout = TIMEOUT) -> None:
        self._account = account
        self._max_bytes = max_bytes
        self._timeout = timeout
        self.name = f"imap:{account.host}:{account.port}:{account.username}"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Session]:
        """Connect, sign in and select the inbox. Raises Unavailable."""
        tokens = self._account.tokens
        secret = await tokens.token() if tokens is not None else self._account.password or ""
        session = _Session(self._max_bytes, self._timeout)
        try:
            await session.connect(self._account, secret)
            yield session
        except SignInRefused:
            if tokens is not None:
                tokens.forget()
            raise
        finally:
            session.cut()


class _Session:
    def __init__(self, max_bytes: int, timeout: SocketTimeout) -> None:
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._thread = ThreadPoolExecutor(1, "imap")
        self._client: IMAPClient | None = None
        self._folders: dict[str, str] = {}
        self._uid_validity = 0
        self._uid_next = 0
        self._keywords = False

    async def connect(self, account: Account, secret: str) -> None:
        try:
            await self._do(self._connect, account, secret)
        except NotGiven as error:  # a server that refuses to begin refuses all of it: too many connections, no TLS, no inbox
            raise Unavailable(str(error)) from error

    async def look(self, mark: str | None) -> News:
        """A mark is UIDVALIDITY and the last UID that was noted. Another UIDVALIDITY means: everything again."""
        return await self._do(self._look, mark)

    async def fetch(self, key: str) -> Fetched | None:
        return await self._do(self._fetch, key)

    async def fetch_headers(self, key: str) -> bytes | None:
        return await self._do(self._fetch_headers, key)

    async def put_away(self, keys: Sequence[str], folder: str) -> None:
        await self._do(self._put_away, keys, folder)

    async def wait(self, seconds: float) -> None:
        if await self._do(self._has, "IDLE"):
            await self._do(self._idle, min(seconds, IDLE_SECONDS))
        else:
            await asyncio.sleep(min(seconds, POLL_SECONDS))
            await self._do(self._nothing)

    def cut(self) -> None:
        """End the connection, and with it whatever the thread waits for."""
        if self._client is not None:
            with suppress(OSError, ValueError):
                self._client.socket().shutdown(socket.SHUT_RDWR)
            self._thread.submit(self._close, self._client)
        self._thread.shutdown(wait=False)

    def _close(self, client: IMAPClient) -> None:
        with suppress(IMAPClientError, OSError, ValueError):
            client.shutdown()

    async def _do(self, work: Callable[..., _T], *arguments: object) -> _T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        except LoginError as error:
            if "[UNAVAILABLE]" in str(error):  # RFC 5530: the server cannot tell just now
                raise Unavailable("the mail server cannot check the sign-in just now") from error
            raise SignInRefused("the mail server does not accept the name, password or token") from error
        except (IMAPClientAbortError, ssl.SSLError, OSError, ValueError) as error:  # ValueError: from a socket that was cut
            raise Unavailable(f"the connection to the mail server failed: {type(error).__name__}") from error
        except IMAPClientError as error:
            raise NotGiven(f"the mail server refused it: {type(error).__name__}") from error

    @property
    def _imap(self) -> IMAPClient:
        if self._client is None:
            raise Unavailable("not connected")
        return self._client

    def _connect(self, account: Account, secret: str) -> None:
        context = ssl.create_default_context()
        client = IMAPClient(account.host, account.port, ssl=account.tls == "tls", ssl_context=context, timeout=self._timeout)
        self._client = client
        if account.tls == "starttls":
            client.starttls(context)
        if account.tokens is not None:
            token = f"user={account.username}\1auth=Bearer {secret}\1\1"
            client.sasl_login("XOAUTH2", lambda challenge: b"" if challenge else token)  # a challenge: why it was refused
        else:
            client.login(account.username, secret)
        try:
            selected = client.select_folder(FOLDER)
        except IMAPClientReadOnlyError:  # what can be read is taken; that it cannot be put away is said of each mail
            selected = client.select_folder(FOLDER, readonly=True)
        self._keywords = b"\\*" in selected.get(b"PERMANENTFLAGS", ())
        self._uid_validity, self._uid_next = int(selected[b"UIDVALIDITY"]), int(selected.get(b"UIDNEXT", 0))

    def _look(self, mark: str | None) -> News:
        validity, _, last_known = (mark or "").partition(".")
        last = int(last_known) if validity == str(self._uid_validity) else 0
        end = last + WINDOW
        more = self._uid_next > end + 1
        found = self._imap.search(["UID", f"{last + 1}:{end if more else '*'}"])
        uids = sorted(uid for uid in found if uid > last)  # asked for 8:*, a server names 7 when that is the last
        last = end if more else max(uids, default=last)
        return News(f"{self._uid_validity}.{last}", [f"{self._uid_validity}.{uid}" for uid in uids], more)

    def _fetch(self, key: str) -> Fetched | None:
        size = self._ask(key, "RFC822.SIZE", b"RFC822.SIZE")
        if size is None:
            return None
        if int(size) <= self._max_bytes:
            raw = self._ask(key, f"BODY.PEEK[]<0.{self._max_bytes + 1}>", b"BODY[]<0>")
            if raw is None or len(raw) <= self._max_bytes:  # some servers only estimate the size
                return Fetched(raw) if raw is not None else None
        headers = self._fetch_headers(key)
        return Fetched(headers, Part.TOO_LARGE) if headers is not None else None

    def _fetch_headers(self, key: str) -> bytes | None:
        headers: bytes | None = self._ask(key, f"BODY.PEEK[HEADER]<0.{MOST_BYTES_OF_HEADERS}>", b"BODY[HEADER]<0>")
        return headers

    def _ask(self, key: str, item: str, answered_as: bytes):  # type: ignore[no-untyped-def] # whatever IMAPClient makes of the answer
        """What the server says of a mail, None when it has no such mail. Raises NotGiven when it has, and says nothing."""
        uid = self._uid(key)
        answer = self._imap.fetch([uid], [item]) if uid is not None else {}
        if uid not in answer:
            return None
        if answer[uid].get(answered_as) is None:
            raise NotGiven("the mail server has no content for it")
        return answer[uid][answered_as]

    def _put_away(self, keys: Sequence[str], folder: str) -> None:
        uids = [uid for key in keys if (uid := self._uid(key)) is not None]
        if not uids:
            return
        if self._has("MOVE"):
            path = self._path(folder)
            try:
                self._imap.move(uids, path)
            except IMAPClientError:
                self._folders.clear()  # the folder may be gone: it is made again
                raise
        else:  # copying and deleting could delete and not have copied: it is marked where it is
            self._imap.add_flags(uids, [SEEN, folder.replace(" ", "")] if self._keywords else [SEEN])

    def _path(self, folder: str) -> str:
        """A folder's full name, below the person's own prefix where the server has one; the folder is made when it is missing."""
        if folder not in self._folders:
            personal = self._imap.namespace().personal if self._has("NAMESPACE") else None
            path = f"{personal[0][0] if personal else ''}{folder}"
            if not self._imap.folder_exists(path):
                with suppress(IMAPClientError):  # another copy of us may just have made it
                    self._imap.create_folder(path)
                    self._imap.subscribe_folder(path)
            self._folders[folder] = path
        return self._folders[folder]

    def _idle(self, seconds: float) -> None:
        self._imap.idle()
        self._imap.idle_check(timeout=seconds)
        self._imap.idle_done()

    def _nothing(self) -> None:
        self._imap.noop()

    def _has(self, capability: str) -> bool:
        return bool(self._imap.has_capability(capability))

    def _uid(self, key: str) -> int | None:
        """The UID of a mail, None when it was one of another UIDVALIDITY: those are gone."""
        validity, _, uid = key.partition(".")
        return int(uid) if validity == str(self._uid_validity) else None
