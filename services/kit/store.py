"""The document store: raw mail, sent mail and PDFs, sealed at rest, named by what they contain.

A folder that every service sees. A document's reference is the SHA-256 of its content, so putting the same one twice keeps one.
"""

import asyncio
import hashlib
import os
import secrets
from pathlib import Path

from services.contracts.sealed import Sealer
from services.kit.errors import DocumentMissing


class Store:
    """Keeps documents in `directory`, encrypted with the sealer's newest key."""

    def __init__(self, directory: Path, sealer: Sealer) -> None:
        self._directory = directory
        self._sealer = sealer

    async def put(self, content: bytes) -> str:
        """Keep a document; when this returns it is on disk. Its reference is 64 hexadecimal digits."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, document: str) -> bytes:
        """The document as it was put. Raises DocumentMissing."""
        return await asyncio.to_thread(self._get, document)

    def _path(self, document: str) -> Path:
        if len(document) != 64 or not set(document) <= set("0123456789abcdef"):
            raise DocumentMissing("this is not a document reference")
        return self._directory / document[:2] / document

    def _put(self, content: bytes) -> str:
        document = hashlib.sha256(content).hexdigest()
        path = self._path(document)
        if path.exists():
            return document
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{document}.{secrets.token_hex(4)}")
        with partial.open("xb") as file:
            file.write(self._sealer.seal_bytes(content))
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        for folder in (path.parent, self._directory):  # the name must survive a power cut as well as the bytes
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return document

    def _get(self, document: str) -> bytes:
        try:
            return self._sealer.open_bytes(self._path(document).read_bytes())
        except FileNotFoundError as error:
            raise DocumentMissing(f"no document {document[:12]}") from error
