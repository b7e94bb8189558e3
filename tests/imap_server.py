"""An IMAP server of one inbox that misbehaves as told, for what no real server can be made to do. It knows the commands we use."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator


class ImapServer:
    """One inbox with `mails` by UID. `said` is every line it was told, without tags.

    `answers` are what to answer a command instead of doing it, for ever: lines that begin with `*` or `+`, and a last one for the tag.
    At a command in `silent` it says nothing any more, and nothing at all with "greeting" in it.
    """

    def __init__(self) -> None:
        self.greeting = "* OK ready"
        self.capabilities = "IMAP4rev1 IDLE MOVE"
        self.permanent_flags = r"\Seen \*"
        self.selected = "OK [READ-WRITE] selected"
        self.mails: dict[int, bytes] = {}
        self.answers: dict[str, list[str]] = {}
        self.silent: set[str] = set()
        self.said: list[str] = []
        self.port = 0

    @contextlib.asynccontextmanager
    async def served(self, context: ssl.SSLContext | None = None) -> AsyncIterator["ImapServer"]:
        """Listen while this lasts; over TLS with a context."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            if "greeting" not in self.silent:
                writer.write(f"{self.greeting}\r\n".encode())
            while line := (await reader.readline()).decode().rstrip("\r\n"):
                tag, _, said = line.partition(" ")
                await self._command(tag, said, reader, writer)
        writer.close()

    async def _command(self, tag: str, said: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.said.append(said)
        name = said.removeprefix("UID ").split(" ")[0].upper()
        if name in self.silent:
            return
        answer = self.answers.get(name) or self._answer(name, said)
        for line in answer[:-1]:
            writer.write(f"{line}\r\n".encode())
            if line.startswith("+"):
                await writer.drain()
                self.said.append((await reader.readline()).decode().rstrip("\r\n"))
        writer.write(f"{tag} {answer[-1]}\r\n".encode())

    def _answer(self, name: str, said: str) -> list[str]:
        done = f"OK {name} done"
        match name:
            case "CAPABILITY":
                return [f"* CAPABILITY {self.capabilities}", done]
            case "SELECT" | "EXAMINE":
                flags = f"* OK [PERMANENTFLAGS ({self.permanent_flags})] permanent"
                numbers = f"* OK [UIDNEXT {max(self.mails, default=0) + 1}] next"
                state = "OK [READ-ONLY] examined" if name == "EXAMINE" else self.selected
                return [f"* {len(self.mails)} EXISTS", "* 0 RECENT", flags, "* OK [UIDVALIDITY 7] valid", numbers, state]
            case "SEARCH":
                return [f"* SEARCH {' '.join(map(str, self.mails))}", done]
            case "FETCH":
                return [*self._fetched(said), done]
            case "IDLE":
                return ["+ idling", done]
            case _:
                return [done]

    def _fetched(self, said: str) -> list[str]:
        uid = int(said.split(" ")[2])
        raw = self.mails.get(uid)
        if raw is None:
            return []
        if "RFC822.SIZE" in said:
            return [f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)})"]
        return [f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n{raw.decode()})"]
