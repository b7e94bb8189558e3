"""Word documents (.docx, .docm, .dotx): the text of paragraphs, tables, content controls and text boxes, and no more.

Pictures, macros, fields' instructions, comments, and words that are deleted, hidden or struck through (as in "delete as
applicable") are left alone; nothing a document refers to is fetched.
A content control that still shows its prompt is empty. Word's own templates, the boards' tables, and what LibreOffice makes of
either all come out as rows (see `sheet`).
"""

import re
from collections.abc import Iterator

from lxml import etree

from services.intake.domain import LABELS, Answers
from services.intake.forms import sheet
from services.intake.forms.package import Package, attribute, child, children, local
from services.intake.forms.refusals import CannotOpen, Refusal
from services.intake.forms.rows import Block, Row, label_of, pairs

TAG = "concord."
"""What the tags of content controls on our own forms begin with; the field's key follows."""

_SILENT = {
    "rPr",
    "pPr",
    "sdtPr",
    "tblPr",
    "trPr",
    "tcPr",
    "Fallback",
    "del",
    "moveFrom",
    "instrText",
    "object",
    "altChunk",
}
_BOXES = {"drawing", "pict"}
_FURNITURE = re.compile(r"word/(?:header|footer)\d*\.xml")
_MOST_FURNITURE = 12


def read(data: bytes) -> tuple[Answers, ...]:
    """The forms in a document, in order. Raises CannotOpen."""
    with Package(data) as package:
        body = package.tree(_main_part(package))
        if body is None:
            raise CannotOpen(Refusal.DAMAGED)
        found = sheet.forms(_blocks(body))
        if len(found) > 1:
            return found
        furniture = _furniture(package)
        if not found:
            return sheet.forms([*furniture, *_blocks(body)]) if furniture else ()
        return (_with_tags(_with_furniture(found[0], furniture), body),)


def has_macros(data: bytes) -> bool:
    """Whether a document brings macros along. They are never run."""
    with Package(data) as package:
        return any(name.lower().endswith("vbaproject.bin") for name in package.names())


def _main_part(package: Package) -> str:
    """The name of the document's main part, which its relationships tell."""
    relations = package.tree("_rels/.rels")
    for relation in relations if relations is not None else ():
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            return (attribute(relation, "Target") or "").lstrip("/")
    return "word/document.xml"


def _furniture(package: Package) -> list[Block]:
    """What stands in headers and footers, each thing once."""
    found: dict[Block, None] = {}
    for name in sorted(name for name in package.names() if _FURNITURE.fullmatch(name))[:_MOST_FURNITURE]:
        root = package.tree(name)
        if root is not None:
            found |= dict.fromkeys(_blocks(root))
    return list(found)


def _with_furniture(answers: Answers, furniture: list[Block]) -> Answers:
    """A form completed by what its page header says: never a date, which there is the day the template was made."""
    known = answers.given()
    more = {pair.field: sheet.tidy(pair.field, pair.answer) for pair in pairs(furniture) if pair.field != "date"}
    return Answers.of({**more, **known}) if more else answers


def _with_tags(answers: Answers, body: etree._Element) -> Answers:
    """A form completed by content controls of ours that lost their label."""
    known = answers.given()
    more = {}
    for control in body.iter("{*}sdt"):
        tag = attribute(found, "val") if (found := child(control, "sdtPr", "tag")) is not None else None
        field = (tag or "").removeprefix(TAG)
        if tag and tag.startswith(TAG) and field in LABELS and field not in known and not _shows_prompt(control):
            content = child(control, "sdtContent")
            more[field] = sheet.tidy(field, _text(content)) if content is not None else ""
    return Answers.of({**more, **known}) if more else answers


def _blocks(element: etree._Element) -> Iterator[Block]:
    """The paragraphs and rows in an element, in reading order."""
    for inner in element:
        name = local(inner)
        if name == "p":
            yield from _paragraph(inner)
        elif name == "tbl":
            yield from _table(inner)
        elif name == "sdt":
            if not _shows_prompt(inner):
                yield from _blocks(inner)
        elif name not in _SILENT:
            yield from _blocks(inner)


def _paragraph(paragraph: etree._Element) -> Iterator[Block]:
    words = _text(paragraph)
    style = child(paragraph, "pPr", "pStyle")
    by_style = style is not None and (attribute(style, "val") or "").startswith(("ListBullet", "ListNumber"))
    listed = (by_style or child(paragraph, "pPr", "numPr") is not None) and words.strip()
    yield f"- {words}" if listed else words
    for box in paragraph.iter("{*}txbxContent"):
        if next(box.iterancestors("{*}Fallback"), None) is None:
            yield from _blocks(box)


def _table(table: etree._Element) -> Iterator[Block]:
    for row in _inside(table, "tr"):
        cells = [_cell(cell) for cell in _inside(row, "tc")]
        framed = [block for blocks in cells for block in blocks if isinstance(block, Row)]
        if sum(1 for block in framed if any(map(label_of, block.cells))) > 1:
            for blocks in cells:  # a table that only frames another
                yield from blocks
        else:
            yield Row(tuple("\n".join(map(_flat, blocks)).strip() for blocks in cells))


def _cell(cell: etree._Element) -> list[Block]:
    """What is in a cell: nothing where a content control round it shows its prompt, or where it goes on with the cell above."""
    merged = child(cell, "tcPr", "vMerge")
    if merged is not None and attribute(merged, "val") in (None, "continue"):
        return []
    wrapped = next(cell.iterancestors("{*}sdt", "{*}tr"), None)
    if wrapped is not None and local(wrapped) == "sdt" and _shows_prompt(wrapped):
        return []
    return list(_blocks(cell))


def _inside(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also where a content control or a change mark is put round them."""
    for inner in element:
        if local(inner) == wanted:
            yield inner
        elif local(inner) in ("sdt", "sdtContent", "ins", "customXml", "moveTo"):
            yield from _inside(inner, wanted)


def _flat(block: Block) -> str:
    return block if isinstance(block, str) else "\t".join(block.cells)


def _shows_prompt(control: etree._Element) -> bool:
    shown = child(control, "sdtPr", "showingPlcHdr")
    return shown is not None and attribute(shown, "val") not in ("0", "false", "off")


def _text(element: etree._Element) -> str:
    return "".join(_words(element))


def _words(element: etree._Element) -> Iterator[str]:
    """The words a reader of the document sees in a paragraph, apart from those in boxes beside it."""
    for inner in element:
        name = local(inner)
        if name == "t":
            yield inner.text or ""
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "tab":
            yield "\t"
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "sym":
            yield _symbol(inner)
        elif name == "fldChar":
            yield _legacy_field(inner)
        elif name == "p":
            yield from _words(inner)
            yield "\n"
        elif not (name in _SILENT | _BOXES or (name == "sdt" and _shows_prompt(inner)) or (name == "r" and _hidden(inner))):
            yield from _words(inner)


def _hidden(run: etree._Element) -> bool:
    marks = (child(run, "rPr", name) for name in ("vanish", "strike", "dstrike"))
    return any(mark is not None and attribute(mark, "val") not in ("0", "false", "off") for mark in marks)


def _symbol(symbol: etree._Element) -> str:
    """A character of a symbol font, of which only ticks matter: Wingdings has them in the private area."""
    try:
        return chr(int(attribute(symbol, "char") or "20", 16))
    except (ValueError, OverflowError):
        return ""


def _legacy_field(mark: etree._Element) -> str:
    """What was chosen in a list or a tick box of an old kind of form: such a choice is no text."""
    data = child(mark, "ffData")
    if data is None:
        return ""
    box = child(data, "checkBox")
    if box is not None:
        set_to = next((found for name in ("checked", "default") if (found := child(box, name)) is not None), None)
        return "☒ " if set_to is not None and attribute(set_to, "val") not in ("0", "false", "off") else "☐ "
    choices = child(data, "ddList")
    if choices is None:
        return ""
    entries = [attribute(entry, "val") or "" for entry in children(choices, "listEntry")]
    result = child(choices, "result")
    chosen = (attribute(result, "val") or "0") if result is not None else "0"
    return entries[int(chosen)] if chosen.isdigit() and int(chosen) < len(entries) else ""
