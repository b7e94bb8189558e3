"""Sealed content: what people wrote, encrypted so that the broker and the workflow engine never carry it in clear.

Fernet (AES-128-CBC with HMAC-SHA256) from `cryptography`; `MultiFernet` opens with any key in the list and seals with the first,
so keys rotate by putting a new one in front. Content is compressed first, for a workflow's payload is limited to 2 MB. The context
(a case reference) is sealed in with the content and checked on opening: a token moved from one case to another does not open there.
"""

import json
import zlib
from collections.abc import Sequence
from typing import TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from services.contracts.message import Data

Content = TypeVar("Content", bound=Data)


class SealError(Exception):
    """The token is not ours, is damaged, or belongs to another case."""


class Sealed(Data):
    """Content nobody can read without a key. `token` is URL-safe text."""

    token: str


class Sealer:
    """Seals and opens content with a list of keys, newest first.

    Raises ValueError when there is no key or one is malformed.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, context: str, content: Data) -> Sealed:
        """Seal `content` for `context`, a case reference."""
        plain = json.dumps({"context": context, "content": content.model_dump(mode="json")})
        return Sealed(token=self._fernet.encrypt(zlib.compress(plain.encode())).decode())

    def open(self, context: str, sealed: Sealed, kind: type[Content]) -> Content:
        """Open a token sealed for `context`. Raises SealError."""
        try:
            plain = json.loads(zlib.decompress(self._fernet.decrypt(sealed.token.encode())))
        except InvalidToken as error:
            raise SealError("this token was not sealed with a key we hold") from error
        if plain["context"] != context:
            raise SealError("this token was sealed for another case")
        return kind.model_validate(plain["content"])

    def seal_bytes(self, content: bytes) -> bytes:
        """Seal a file for the document store."""
        return self._fernet.encrypt(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Open a file from the document store. Raises SealError."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise SealError("this file was not sealed with a key we hold") from error
