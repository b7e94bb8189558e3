"""OpenDocument texts (.odt), as LibreOffice saves them: the text of paragraphs, tables and boxes (see `sheet`)."""

from collections.abc import Iterator

from lxml import etree

from services.intake.domain import Answers
from services.intake.forms import sheet
from services.intake.forms.package import Package, attribute, local
from services.intake.forms.refusals import CannotOpen, Refusal
from services.intake.forms.rows import Block, Row, label_of

_SILENT = {"tracked-changes", "annotation", "placeholder", "scripts", "forms", "automatic-styles", "font-face-decls", "note"}
_BOXES = ("text-box", "custom-shape")
_MOST_SPACES = 100


def read(data: bytes) -> tuple[Answers, ...]:
    """The forms in a document, in order. Raises CannotOpen."""
    with Package(data) as package:
        manifest = package.part("META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest:
            raise CannotOpen(Refusal.PROTECTED)
        content = package.tree("content.xml")
    if content is None:
        raise CannotOpen(Refusal.DAMAGED)
    return sheet.forms(_blocks(content))


def _blocks(element: etree._Element) -> Iterator[Block]:
    for inner in element:
        name = local(inner)
        if name in ("p", "h"):
            yield from _paragraph(inner)
        elif name == "table-row":
            yield from _row(inner)
        elif name == "list-item":
            for block in _blocks(inner):
                yield f"- {block}" if isinstance(block, str) and block.strip() else block
        elif name not in _SILENT:
            yield from _blocks(inner)


def _paragraph(paragraph: etree._Element) -> Iterator[Block]:
    yield "".join(_words(paragraph))
    for box in paragraph.iter(*(f"{{*}}{name}" for name in _BOXES)):
        yield from _blocks(box)


def _row(row: etree._Element) -> Iterator[Block]:
    cells = [list(_blocks(cell)) for cell in row if local(cell) == "table-cell"]
    framed = [block for blocks in cells for block in blocks if isinstance(block, Row)]
    if sum(1 for block in framed if any(map(label_of, block.cells))) > 1:
        for blocks in cells:  # a table that only frames another
            yield from blocks
        return
    flat = ("\n".join(block if isinstance(block, str) else "\t".join(block.cells) for block in blocks) for blocks in cells)
    yield Row(tuple(words.strip() for words in flat))


def _words(element: etree._Element) -> Iterator[str]:
    """The words in a paragraph. A content control that shows its prompt is empty."""
    yield element.text or ""
    for inner in element:
        name = local(inner)
        if name == "line-break":
            yield "\n"
        elif name == "tab":
            yield "\t"
        elif name == "s":
            count = attribute(inner, "c") or "1"
            yield " " * min(int(count) if count.isdigit() else 1, _MOST_SPACES)
        elif not (name in _SILENT or name in _BOXES or name == "frame" or attribute(inner, "showing-place-holder") == "true"):
            yield from _words(inner)
        yield inner.tail or ""
