"""winmail.dat (TNEF, MS-OXTNEF): the wrapper Outlook sometimes puts round a mail's body and files.

Written here because the one library for it is under a licence we cannot use and is no longer kept.
"""

import struct
from collections.abc import Iterator
from typing import Final

from services.intake.forms.enclosed import Enclosed, File, words
from services.intake.forms.plain_file import decoded
from services.intake.forms.refusals import CannotOpen, Refusal

SIGNATURE: Final = b"\x78\x9f\x3e\x22"
_MOST_FILES: Final = 100
_MOST_PROPERTIES: Final = 5_000

_BODY, _MESSAGE = 0x0002800C, 0x00069003
_NEW_FILE, _FILE_NAME, _FILE_DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_PLAIN, _RICH_TEXT, _HTML = 0x1000, 0x1009, 0x1013
_OBJECT, _LONG_NAME, _MEDIA_TYPE = 0x3701, 0x3707, 0x370E
_SIZES: Final = {0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_TEXT, _WIDE_TEXT, _BINARY, _EMBEDDED = 0x1E, 0x1F, 0x102, 0xD
_SEVERAL: Final = 0x1000
_INTERFACE: Final = 16
"""Bytes before an embedded object that say of which kind it is."""


def read(data: bytes) -> Enclosed:
    """What the wrapper carries; mails inside it are files of the same kind. Raises CannotOpen."""
    try:
        return _read(data)
    except (struct.error, IndexError, ValueError) as error:
        raise CannotOpen(Refusal.DAMAGED) from error


def _read(data: bytes) -> Enclosed:
    if not data.startswith(SIGNATURE):
        raise CannotOpen(Refusal.DAMAGED)
    plain, message = "", dict[int, bytes]()
    files: list[dict[str, bytes]] = []
    for attribute, value in _attributes(data):
        if attribute == _BODY:
            plain = decoded(value.rstrip(b"\0"))
        elif attribute == _MESSAGE:
            message = dict(_properties(value))
        elif attribute == _NEW_FILE:
            files.append({})
            if len(files) > _MOST_FILES:
                raise CannotOpen(Refusal.TOO_MANY)
        elif files and attribute == _FILE_NAME:
            files[-1]["name"] = value.rstrip(b"\0")
        elif files and attribute == _FILE_DATA:
            files[-1]["data"] = value
        elif files and attribute == _FILE_PROPERTIES:
            _of_file(files[-1], dict(_properties(value)))
    text = words(plain or decoded(message.get(_PLAIN, b"")), decoded(message.get(_HTML, b"")), message.get(_RICH_TEXT, b""))
    made = (
        File(decoded(file.get("name", b"")), decoded(file.get("type", b"")).lower(), file["data"])
        for file in files
        if file.get("data")
    )
    return Enclosed(text, tuple(made))


def _of_file(file: dict[str, bytes], properties: dict[int, bytes]) -> None:
    """What a file's own properties add to it: its whole name, its kind, and the mail it is."""
    if _LONG_NAME in properties:
        file["name"] = properties[_LONG_NAME]
    if _MEDIA_TYPE in properties:
        file["type"] = properties[_MEDIA_TYPE]
    embedded = properties.get(_OBJECT, b"")[_INTERFACE:]
    if embedded.startswith(SIGNATURE):
        file["data"] = embedded


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute and its value. The file may end in the middle of one: what came before it counts."""
    at = 6
    while at + 9 <= len(data):
        attribute, length = struct.unpack_from("<II", data, at + 1)
        yield attribute, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each property's first value, texts as UTF-8."""
    at = 4
    for _ in range(min(_number(data, 0), _MOST_PROPERTIES)):
        kind, identity = struct.unpack_from("<HH", data, at)
        at += 4
        if identity >= 0x8000:
            at = _after_name(data, at)
        base, values = kind & ~_SEVERAL, 1
        if kind & _SEVERAL or base not in _SIZES:
            values = _number(data, at)
            at += 4
        first = None
        for _ in range(min(values, _MOST_PROPERTIES)):
            length = _SIZES.get(base)
            if length is None:
                length = _number(data, at)
                at += 4
            value = data[at : at + length]
            first = value if first is None else first
            at += length + -length % 4
        if first is not None and base in (_TEXT, _WIDE_TEXT, _BINARY, _EMBEDDED):
            text = first.decode("utf-16-le", errors="replace").rstrip("\0").encode() if base == _WIDE_TEXT else first
            yield identity, text.rstrip(b"\0") if base == _TEXT else text


def _after_name(data: bytes, at: int) -> int:
    """Where the name of a property ends: a number, or text that is filled up to four bytes."""
    named = _number(data, at + 16)
    length = _number(data, at + 20) if named else 0
    return at + 24 + length + -length % 4


def _number(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])
