"""HTML as rows and paragraphs, for forms in tables: a saved web page, or a mail that was written in Word."""

import re
from collections.abc import Iterator

from lxml import etree, html

from services.intake.forms.package import local
from services.intake.forms.rows import Block, Row, label_of

MOST_CHARACTERS = 500_000
_SILENT = {
    "script",
    "style",
    "head",
    "title",
    "template",
    "object",
    "svg",
    "noscript",
    "select",
    "textarea",
    "s",
    "strike",
    "del",
}
_PARAGRAPHS = {
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "blockquote",
    "section",
    "form",
    "center",
}


def blocks(hypertext: str) -> Iterator[Block]:
    """The rows and paragraphs of a document. Nothing is fetched, run or shown; words that are struck through are left out."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(hypertext[:MOST_CHARACTERS].encode("utf-8", errors="replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return
    yield from _blocks(root)


def _blocks(element: etree._Element) -> Iterator[Block]:
    """What is in an element: words up to the next paragraph or table together, a table by its rows."""
    words = _spaced(element.text)
    for inner in element:
        name = local(inner)
        if name == "br":
            words += "\n"
        elif name in ("table", "tbody", "thead", "tr") or name in _PARAGRAPHS or _holds_paragraphs(inner):
            yield from _paragraph(words)
            words = ""
            yield from _row(inner) if name == "tr" else _blocks(inner)
        elif name not in _SILENT:
            words += _inline(inner)
        words += _spaced(inner.tail)
    yield from _paragraph(words)


def _holds_paragraphs(element: etree._Element) -> bool:
    return next(element.iter("table", *_PARAGRAPHS), None) is not None and local(element) not in _SILENT


def _inline(element: etree._Element) -> str:
    """The words in an element that begins no paragraph."""
    words = _spaced(element.text)
    for inner in element:
        name = local(inner)
        words += "\n" if name == "br" or name in _PARAGRAPHS else ""
        words += "" if name in _SILENT else _inline(inner)
        words += _spaced(inner.tail)
    return words


def _paragraph(words: str) -> Iterator[Block]:
    lines = [" ".join(line.split()) for line in words.split("\n")]
    if any(lines):
        yield "\n".join(lines).strip("\n")


def _spaced(words: str | None) -> str:
    return re.sub(r"\s+", " ", words or "")


def _row(row: etree._Element) -> Iterator[Block]:
    """A row; what is in its cells, where it only frames another table."""
    cells = [list(_blocks(cell)) for cell in row if local(cell) in ("td", "th")]
    framed = [block for inside in cells for block in inside if isinstance(block, Row)]
    if sum(1 for block in framed if any(map(label_of, block.cells))) > 1:
        for inside in cells:
            yield from inside
        return
    yield Row(
        tuple("\n".join(one if isinstance(one, str) else "\t".join(one.cells) for one in inside).strip() for inside in cells)
    )
