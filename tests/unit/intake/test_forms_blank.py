"""A board's blank form: made the same each time, accessible, and read back whole by our own readers (BED-25)."""

import io
import zipfile
from collections.abc import Callable
from functools import cache

import page
import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter

from services.contracts.content import FURTHER_LABELS
from services.contracts.escalator import BoardPublished
from services.intake.blank_forms import fields, pdf, word
from services.intake.blank_forms.fields import Form, Kind
from services.intake.blank_forms.request import asks
from services.intake.domain import LABELS, Answers, choose
from services.intake.forms import attachments
from services.intake.forms.enclosed import File
from tests.unit.intake.boards import bedfordshire, redirecting

SEND_TO = "demonstration@concord.demo.example"
Maker = Callable[[Form], bytes]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def board() -> BoardPublished:
    """Bedfordshire's stages and areas, and every further field there is."""
    return bedfordshire().model_copy(update={"asks": tuple(key for key, _ in FURTHER_LABELS)})


@cache
def everything() -> Answers:
    """An answer to every question, of more than one line wherever there is room for it."""
    form = fields.form(board(), SEND_TO)
    answers = {}
    for number, field in enumerate(form.fields()):
        if field.kind is Kind.CHOICE:
            answers[field.key] = field.options[-1]
        else:
            answers[field.key] = f"Answer {number}: O’Neill & Siân <{field.key}>"
            if field.kind is Kind.LINES:
                answers[field.key] += "\nResponse: not a field.\n\nA third line (in brackets)"
    return Answers.of(answers)


def read(data: bytes) -> list[Answers]:
    opened = attachments.open_file(File("", "", data))
    assert not opened.refused
    return [found.answers for found in opened.forms]


def filled_docx(blank: bytes, answers: Answers) -> bytes:
    """The document as Word saves it when a person has written in every control: the prompt goes, and its mark with it."""
    document = Document(io.BytesIO(blank))
    for control in document.element.body.iter(f"{W}sdt"):
        key = control.find(f"{W}sdtPr/{W}tag").get(f"{W}val").removeprefix("concord.")
        prompt = control.find(f"{W}sdtPr/{W}showingPlcHdr")
        if prompt is not None:
            prompt.getparent().remove(prompt)
        content = control.find(f"{W}sdtContent")
        first = content.find(f"{W}p")
        lines = answers.fields()[key].split("\n")
        first.find(f"{W}r/{W}t").text = lines[0]
        for line in reversed(lines[1:]):
            more = first.makeelement(f"{W}p", {})
            more.append(first.makeelement(f"{W}r", {}))
            more[0].append(first.makeelement(f"{W}t", {}))
            more[0][0].text = line
            first.addnext(more)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def filled_pdf(blank: bytes, answers: Answers) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(blank)))
    for sheet in writer.pages:
        writer.update_page_form_field_values(sheet, dict(answers.fields()), auto_regenerate=True)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize("make", [word.make, pdf.make])
def test_what_is_filled_in_beforehand_is_read_back(make: Maker) -> None:
    assert read(make(fields.form(board(), SEND_TO, everything()))) == [everything()]


def test_what_a_person_writes_in_word_is_read_back() -> None:
    assert read(filled_docx(word.make(fields.form(board(), SEND_TO)), everything())) == [everything()]


def test_what_a_person_writes_in_the_pdf_is_read_back() -> None:
    assert read(filled_pdf(pdf.make(fields.form(board(), SEND_TO)), everything())) == [everything()]


@pytest.mark.parametrize("make", [word.make, pdf.make])
def test_an_empty_form_says_nothing(make: Maker) -> None:
    assert read(make(fields.form(board(), SEND_TO))) == [Answers()]


@pytest.mark.parametrize("make", [word.make, pdf.make])
def test_the_same_form_is_the_same_file(make: Maker) -> None:
    form = fields.form(board(), SEND_TO)
    assert make(form) == make(form)


def test_the_form_asks_what_is_printed_and_what_the_board_asks() -> None:
    form = fields.form(board().model_copy(update={"asks": ("rationale",)}), SEND_TO)
    asked = [field.key for field in form.fields()]
    assert set(asked) == LABELS.keys() - {key for key, _ in FURTHER_LABELS} | {"rationale"}
    assert len(asked) == len(set(asked))
    assert [key for key in asked if key.endswith("date") or key == "date_raised"] == [
        "date_raised",
        "response_date",
        "resolution_date",
    ]


def test_every_choice_on_the_form_is_known_to_the_board() -> None:
    there = redirecting()
    options = {field.key: field.options for field in fields.form(there, SEND_TO).fields()}
    for stage in options["case_stage"]:
        assert choose(there, Answers(case_stage=stage)).questions[0].label == LABELS["area"]
    for area in options["area"]:
        chosen = choose(there, Answers(area=area))
        assert chosen.area is not None or [question.label for question in chosen.questions] == [LABELS["case_stage"]]


def test_a_demonstration_says_that_it_is_one() -> None:
    form = fields.form(board().model_copy(update={"demonstration": "No real child."}), SEND_TO)
    said = " ".join(paragraph.text for paragraph in Document(io.BytesIO(word.make(form))).paragraphs)
    assert "No real child." in said
    assert "No real child." in PdfReader(io.BytesIO(pdf.make(form))).pages[0].extract_text()


def test_the_word_document_is_accessible() -> None:
    """Title, language, headings, header rows and columns, alternative text, and a title on each control."""
    made = word.make(fields.form(board(), SEND_TO))
    document = Document(io.BytesIO(made))
    assert (document.core_properties.title, document.core_properties.language) == ("Escalation Form", "en-GB")
    assert document.core_properties.author == board().name
    assert [
        paragraph.style.name for paragraph in document.paragraphs if paragraph.style and "Heading" in str(paragraph.style.name)
    ] == [
        "Heading 1",
        *["Heading 2"] * 3,
    ]
    for table in document.tables:
        assert table.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None
        properties = table._tbl.tblPr
        assert properties.xpath("w:tblLook/@w:firstColumn") == ["1"]
        assert properties.xpath("w:tblCaption/@w:val")
    titles = [control.find(f"{W}sdtPr/{W}alias").get(f"{W}val") for control in document.element.body.iter(f"{W}sdt")]
    assert len(titles) == len(set(titles)) == len(list(fields.form(board(), SEND_TO).fields()))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert 'w:lang w:val="en-GB"' in package.read("word/styles.xml").decode()
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_pdf_is_accessible_and_its_fields_say_what_they_are_for() -> None:
    form = fields.form(board(), SEND_TO)
    for made in (pdf.make(form), pdf.make(fields.form(board(), SEND_TO, everything()))):
        report = page.validate_pdf_bytes(made, profile="pdfua-1")
        assert report.is_compliant, [(found.rule_id, found.message) for found in report.failures]
    hints = {name: str(field["/TU"]) for name, field in (PdfReader(io.BytesIO(made)).get_fields() or {}).items()}
    assert hints.keys() == {field.key for field in form.fields()}
    assert len(set(hints.values())) == len(hints)


@pytest.mark.parametrize(
    "words", ["FORM", "form.", "Hello,\n\n**Blank form**\n\nThanks", "The blank Escalation Form", "Ffurflen"]
)
def test_the_word_form_asks_for_it(words: str) -> None:
    assert asks("Hello", words)


@pytest.mark.parametrize("words", ["This form is wrong.", "Form attached", "formal complaint", "I need a form", "Formular"])
def test_other_words_do_not(words: str) -> None:
    assert not asks("FORM", words)


def test_the_subject_asks_where_nothing_is_written_below() -> None:
    assert asks("FORM", " \n")
    assert not asks("Hello", "")
