"""What a page's form sent, read with a limit: anybody may post, and nobody types a gigabyte."""

from urllib.parse import parse_qsl

from fastapi import HTTPException, Request

_MOST_FIELDS = 100


async def posted(request: Request, most_bytes: int = 10_000) -> dict[str, str]:
    """The fields of a form sent as `application/x-www-form-urlencoded`, the last of each name.

    Raises HTTPException: 413 when there is more than `most_bytes`, 400 when there are more fields than any form has.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise HTTPException(413)
    try:
        return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise HTTPException(400) from error
