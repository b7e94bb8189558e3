"""Documents that are zip files of XML, opened with care: nothing is unpacked but the parts that are asked for, each within a limit.

XML may name no entities and no outside files: a document that declares any is not read at all.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from types import TracebackType

from lxml import etree

from services.intake.forms.refusals import CannotOpen, Refusal

MOST_MEMBERS = 3_000
MOST_UNPACKED = 300_000_000
"""Bytes that all members together may say they unpack to: a document full of photographs is below that."""
MOST_PART = 12_000_000
"""Bytes one part we read may really unpack to."""
MOST_RATIO = 250
"""How many times its packed size a package of some size may unpack to: real documents stay well below 50."""

_FROM_SIZE = 20_000_000
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DOCTYPE = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E", re.IGNORECASE)


class Package:
    """A zip file in memory. Raises CannotOpen where it is not one, or not one that is safe to open."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, IndexError) as error:
            raise CannotOpen(Refusal.DAMAGED) from error
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise CannotOpen(Refusal.BOMB)
        unpacked = sum(member.file_size for member in members)
        if unpacked > MOST_UNPACKED or (unpacked > _FROM_SIZE and unpacked > MOST_RATIO * len(data)):
            raise CannotOpen(Refusal.BOMB)
        if any(member.flag_bits & 0x1 for member in members):
            raise CannotOpen(Refusal.PROTECTED)

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._zip.close()

    def names(self) -> tuple[str, ...]:
        """What is in it. Names are only compared, never used as paths."""
        return tuple(self._zip.namelist())

    def part(self, name: str) -> bytes | None:
        """A part's bytes; None when there is none of that name."""
        try:
            member = self._zip.getinfo(name)
        except KeyError:
            return None
        if member.compress_type not in _METHODS:
            raise CannotOpen(Refusal.OTHER_KIND)
        try:
            with self._zip.open(member) as stream:
                data = stream.read(MOST_PART + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
            raise CannotOpen(Refusal.DAMAGED) from error
        if len(data) > MOST_PART:
            raise CannotOpen(Refusal.BOMB)
        return data

    def tree(self, name: str) -> etree._Element | None:
        """A part as XML; None when there is none of that name."""
        data = self.part(name)
        return None if data is None else xml(data)


def xml(data: bytes) -> etree._Element:
    """The root of an XML document without a document type. Raises CannotOpen."""
    if _DOCTYPE.search(data):
        raise CannotOpen(Refusal.ENTITIES)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CannotOpen(Refusal.DAMAGED) from error
    if root.getroottree().docinfo.doctype:
        raise CannotOpen(Refusal.ENTITIES)
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace: both editions of Word's format have the same local names."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its local name."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element, *path: str) -> etree._Element | None:
    """The first descendant down a path of local names."""
    found: etree._Element | None = element
    for name in path:
        found = next(children(found, name), None) if found is not None else None
    return found


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The direct children of a local name."""
    return (inner for inner in element if local(inner) == name)
