"""What kind of file something is: by what is in it first, by what its sender calls it last."""

import re
from typing import Final, NamedTuple

from services.intake.forms import outlook, tnef
from services.intake.forms.enclosed import File
from services.intake.forms.package import Package
from services.intake.forms.refusals import CannotOpen, Refusal

_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"\x01\0\0\0")
_ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_MAIL_HEADER: Final = re.compile(
    rb"^(?:message-id|mime-version|received|return-path|subject|delivered-to)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_PAGE: Final = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body|<\?xml[^>]{0,200}\?>\s*<html)", re.IGNORECASE)


class Kind(NamedTuple):
    """What a file is: how to name it to its sender, and how it is read."""

    what: str
    name: str


MAIL: Final = Kind("The attached mail", "mail")
_PAGE_KIND: Final = Kind("The attached web page", "page")
_TEXT: Final = Kind("The attached text file", "text")
_BY_CLAIM: Final = (
    (MAIL, "message/rfc822", (".eml",)),
    (_PAGE_KIND, "text/html", (".htm", ".html")),
    (_TEXT, "text/plain", (".txt", ".text", ".md")),
)
"""What only its sender's words tell, for data that could be anything."""


def kind_of(file: File) -> Kind:
    """What a file is. Raises CannotOpen where that already says that it is not read."""
    data = file.data
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(data)
    if data.startswith(_COMPOUND):
        return _compound(data)
    if data.startswith(_ARCHIVES):
        raise CannotOpen(Refusal.ARCHIVE)
    if is_picture(file):
        raise CannotOpen(Refusal.PICTURE)
    kind = _by_beginning(data) or _by_claim(file)
    if kind is None:
        raise CannotOpen(Refusal.OTHER_KIND)
    return kind


def is_picture(file: File) -> bool:
    """Whether it is an image."""
    return file.media_type.startswith("image/") or file.data.startswith(_PICTURES)


def _by_beginning(data: bytes) -> Kind | None:
    if b"%PDF-" in data[:1024]:
        return Kind("The attached PDF", "pdf")
    if data.startswith(tnef.SIGNATURE):
        return Kind("The attached winmail.dat file", "tnef")
    if data[:64].lstrip().startswith(b"{\\rtf"):
        return Kind("The attached rich text file", "rtf")
    return _PAGE_KIND if _PAGE.match(data[:512]) else None


def _by_claim(file: File) -> Kind | None:
    name = file.name.lower()
    for kind, _, endings in _BY_CLAIM:
        if name.endswith(endings):
            return kind
    for kind, media_type, _ in _BY_CLAIM:
        if file.media_type == media_type:
            return kind
    head = re.split(rb"\r?\n\r?\n", file.data[:65536], maxsplit=1)[0]
    return MAIL if len(_MAIL_HEADER.findall(head)) > 1 else None


def _packed(data: bytes) -> Kind:
    """A zip file is Word's, OpenDocument's, or of no use to us."""
    with Package(data) as package:
        names = set(package.names())
        if any(name.startswith("word/") for name in names):
            return Kind("The attached Word document", "word")
        if "content.xml" in names and b"opendocument.text" in (package.part("mimetype") or b""):
            return Kind("The attached OpenDocument text", "odt")
    other_document = {"[Content_Types].xml", "content.xml"} & names
    raise CannotOpen(Refusal.OTHER_KIND if other_document else Refusal.ARCHIVE)


def _compound(data: bytes) -> Kind:
    names = set(outlook.streams(data))
    if "EncryptedPackage" in names:
        raise CannotOpen(Refusal.PROTECTED)
    if "__properties_version1.0" in names:
        return Kind("The attached Outlook mail", "msg")
    raise CannotOpen(Refusal.OLD_WORD if "WordDocument" in names else Refusal.OTHER_KIND)
