"""Mails saved from Outlook (.msg), and those attached inside them."""

from collections.abc import Iterator
from typing import Final, cast

from olefile import OleFileIO
from oxmsg.attachment import Attachment
from oxmsg.domain.model import MSG_HDR_OFFSET, StorageT
from oxmsg.message import Message
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from services.intake.automatic import OUR_LOOP_HEADER
from services.intake.forms.enclosed import Enclosed, File, words
from services.intake.forms.plain_file import decoded
from services.intake.forms.refusals import CannotOpen, Refusal

DEEPEST: Final = 5
_MOST_FILES: Final = 100
_BODY, _HTML, _RICH_TEXT, _HEADERS = 0x1000, 0x1013, 0x1009, 0x007D
_LONG_NAME, _SHORT_NAME, _MEDIA_TYPE, _DATA = 0x3707, 0x3704, 0x370E, 0x3701
_BROKEN: Final = (LookupError, ValueError, AttributeError, TypeError)
_EMBEDDED: Final = "__substg1.0_3701000D"
_INNER_HEADER: Final = 24
"""Bytes before the properties of a mail inside a mail; one at the top has eight more."""


def read(data: bytes) -> Enclosed:
    """What a saved mail carries. Raises CannotOpen."""
    try:
        message = Message.load(data)
        return _enclosed(message._storage, MSG_HDR_OFFSET, 1)
    except CannotOpen:
        raise
    except Exception as error:  # the library raises whatever a damaged file makes it stumble on
        raise CannotOpen(Refusal.DAMAGED) from error


def streams(data: bytes) -> tuple[str, ...]:
    """The names at the top of a compound file, by which its kind is known. Raises CannotOpen."""
    try:
        with OleFileIO(data) as compound:
            return tuple(entry[0] for entry in cast("list[list[str]]", compound.listdir(streams=True, storages=True)))
    except Exception as error:  # as above
        raise CannotOpen(Refusal.DAMAGED) from error


def _enclosed(storage: StorageT, header: int, depth: int) -> Enclosed:
    if depth > DEEPEST:
        raise CannotOpen(Refusal.TOO_DEEP)
    properties = Properties(storage, properties_header_offset=header)
    files, mails = [], []
    for number, inside in enumerate(cast("Iterator[Storage]", storage.iter_attachment_storages())):
        if number >= _MOST_FILES:
            raise CannotOpen(Refusal.TOO_MANY)
        inner = next((inner for inner in inside.storages if inner.name.startswith(_EMBEDDED)), None)
        if inner is not None:
            mails.append(_enclosed(inner, _INNER_HEADER, depth + 1))
            continue
        held = Attachment(inside).properties
        name = _text(held, _LONG_NAME) or _text(held, _SHORT_NAME)
        if data := _bytes(held, _DATA):
            files.append(File(name, _text(held, _MEDIA_TYPE).lower(), data))
    hypertext = decoded(_bytes(properties, _HTML)) or _text(properties, _HTML)
    plain, rich, headers = _text(properties, _BODY), _bytes(properties, _RICH_TEXT), _text(properties, _HEADERS)
    return Enclosed(words(plain, hypertext, rich), tuple(files), tuple(mails), ours=OUR_LOOP_HEADER.lower() in headers.lower())


def _text(properties: Properties, identity: int) -> str:
    """A property as text; nothing where it is not there, or is damaged, which does not take the others with it."""
    try:
        return properties.str_prop_value(identity) or ""
    except _BROKEN:
        return ""


def _bytes(properties: Properties, identity: int) -> bytes:
    """The same of a property that is bytes."""
    try:
        return properties.binary_prop_value(identity) or b""
    except _BROKEN:
        return b""
