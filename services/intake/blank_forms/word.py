"""The blank form as a Word document: tables with a label beside each answer, and a content control to write or choose in.

The controls take rich text, because plain ones lose line breaks. Each has the label as its title, for those who hear the document,
and our key in its tag. The language is British English; headings, header rows and first columns are marked as such.
"""

import io
import zipfile
from datetime import UTC, datetime
from itertools import count
from typing import Final

from docx import Document
from docx.document import Document as Made
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from lxml import etree

from services.intake.blank_forms.fields import CHOOSE, COLUMNS, PROMPT, TITLE, Field, Form, Kind, Section
from services.intake.forms.word import TAG

_MADE: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""What the document says of when it was made: the same form is the same file."""

_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_GREY: Final = "595959"
_PALE: Final = "F2F2F2"
_PADDING: Final = 90
_ROOM: Final = 1_700
"""How high the row of a long answer is at least. Heights and distances are in twentieths of a point."""

_LONGEST_ITEM: Final = 255
_LONGEST_TITLE: Final = 64


def make(form: Form) -> bytes:
    """The document."""
    document = Document()
    _set_up(document, form)
    document.add_heading(TITLE, 1)
    document.add_paragraph(form.board)
    if form.warning:
        document.add_paragraph(form.warning)
    urgent = document.add_paragraph()
    urgent.add_run("If a child is in immediate danger, call 999 first.").bold = True
    for paragraph in document.paragraphs[1:]:
        paragraph.paragraph_format.space_after = Pt(6)
    document.add_paragraph(f"Fill in this form and send it to {form.send_to}. You can leave a question empty: we will ask.")
    numbers = count(1001)
    for section in form.sections:
        document.add_heading(section.heading, 2)
        _table(document, section, numbers)
    stream = io.BytesIO()
    document.save(stream)
    return _the_same_each_time(stream.getvalue())


def _set_up(document: Made, form: Form) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.language = TITLE, form.board, "en-GB"
    properties.last_modified_by, properties.comments, properties.revision = form.board, "", 1
    properties.created = properties.modified = _MADE.replace(tzinfo=None)
    language = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "en-GB")
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    normal.paragraph_format.space_after = Pt(0)
    for name, size in (("Heading 1", 20), ("Heading 2", 14)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), RGBColor(0, 0, 0)
        style.paragraph_format.space_after = Pt(6)
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    for page in document.sections:
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(2)


def _table(document: Made, section: Section, numbers: "count[int]") -> None:
    table = document.add_table(rows=1, cols=2, style="Table Grid")
    table.autofit = False
    _describe(table, section.heading)
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))
    for cell, words in zip(head.cells, COLUMNS, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
        _shade(cell)
    for field in section.fields:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))
        if field.kind is Kind.LINES:
            row._tr.get_or_add_trPr().append(_element("w:trHeight", val=str(_ROOM), hRule="atLeast"))
        _shade(row.cells[0])
        label = row.cells[0].paragraphs[0]
        label.add_run(_with_colon(field.label)).bold = True
        if field.hint:
            label.add_run().add_break()
            label.add_run(f"({field.hint})").font.size = Pt(10)
        _answer(row.cells[1], field, next(numbers))
    for column, width in enumerate((Cm(6), Cm(11))):
        table.columns[column].width = width
        for row in table.rows:
            row.cells[column].width = width


def _shade(cell: _Cell) -> None:
    """Pale, as what is printed is told from what is written; black on it is read as well as on white."""
    properties: etree._Element = cell._tc.get_or_add_tcPr()
    properties.append(_element("w:shd", val="clear", color="auto", fill=_PALE))


def _describe(table: Table, heading: str) -> None:
    """Alternative text, and that the first row and the first column are headers."""
    properties: etree._Element = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        properties.remove(look)
    margins = _element("w:tblCellMar")
    margins.extend(_element(f"w:{side}", w=str(_PADDING), type="dxa") for side in ("top", "left", "bottom", "right"))
    properties.append(margins)
    properties.append(_element("w:tblLook", val="00A0", firstRow="1", firstColumn="1", lastRow="0", noHBand="1", noVBand="1"))
    properties.append(_element("w:tblCaption", val=heading))
    properties.append(
        _element("w:tblDescription", val="Each row has a question on the left and room for the answer on the right.")
    )


def _answer(cell: _Cell, field: Field, number: int) -> None:
    """A content control that fills the cell."""
    control = _element("w:sdt")
    properties = _element("w:sdtPr")
    properties.append(_element("w:alias", val=field.label[:_LONGEST_TITLE]))
    properties.append(_element("w:tag", val=TAG + field.key))
    properties.append(_element("w:id", val=str(number)))
    properties.append(_element("w:lock", val="sdtLocked"))
    if not field.value:
        properties.append(_element("w:showingPlcHdr"))
    if field.kind is Kind.CHOICE:
        choices = _element("w:dropDownList")
        for option in field.options:
            choices.append(_element("w:listItem", displayText=option[:_LONGEST_ITEM], value=option[:_LONGEST_ITEM]))
        properties.append(choices)
    else:
        properties.append(_element("w:richText"))
    control.append(properties)
    content = _element("w:sdtContent")
    for line in (field.value or (CHOOSE if field.kind is Kind.CHOICE else PROMPT)).split("\n"):
        content.append(_paragraph(line, grey=not field.value))
    control.append(content)
    empty = cell.paragraphs[0]._p
    empty.addprevious(control)
    cell._tc.remove(empty)


def _paragraph(words: str, *, grey: bool) -> etree._Element:
    paragraph, run, text = _element("w:p"), _element("w:r"), _element("w:t")
    if grey:
        properties = _element("w:rPr")
        properties.append(_element("w:color", val=_GREY))
        run.append(properties)
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(text)
    paragraph.append(run)
    return paragraph


def _element(name: str, **attributes: str) -> etree._Element:
    element: etree._Element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _with_colon(label: str) -> str:
    return label if label.endswith("?") else f"{label}:"


def _the_same_each_time(data: bytes) -> bytes:
    """The package with one date for everything in it."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as after,
    ):
        for member in before.infolist():
            named = zipfile.ZipInfo(member.filename, _ZIP_DATE)
            named.compress_type, named.create_system = zipfile.ZIP_DEFLATED, 0
            after.writestr(named, before.read(member))
    return made.getvalue()
