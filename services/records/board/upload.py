"""A file somebody sends with a page's form, read with a limit."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

from fastapi import HTTPException, Request
from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

MOST_BYTES: Final = 2_000_000


@dataclass(frozen=True)
class Sent:
    """The fields of a form, and the content of its file; None where none was chosen."""

    fields: dict[str, str]
    file: bytes | None


async def uploaded(request: Request, name: str) -> Sent:
    """The fields and the file called `name` of a form sent as `multipart/form-data`.

    Raises HTTPException: 413 when there is more than two megabytes, 400 when it is not such a form.
    """

    async def limited() -> AsyncGenerator[bytes, None]:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > MOST_BYTES:
                raise HTTPException(413)
            yield chunk

    try:
        form = await MultiPartParser(request.headers, limited(), max_files=1, max_fields=20).parse()
    except (MultiPartException, MultipartParseError, KeyError, ValueError) as error:
        raise HTTPException(400) from error
    try:
        fields = {key: value for key, value in form.multi_items() if isinstance(value, str)}
        found = form.get(name)
        chosen = isinstance(found, UploadFile) and bool(found.filename)
        return Sent(fields, await found.read() if isinstance(found, UploadFile) and chosen else None)
    finally:
        await form.close()


def as_text(content: bytes) -> str:
    """A text file as people's programs write it: UTF-8, or what Excel calls CSV on a machine in this country."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
