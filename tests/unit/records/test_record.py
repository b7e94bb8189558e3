"""The written confirmation on paper: valid as PDF/A-3a and PDF/UA-1, complete, and unmoved by whatever people typed."""

import io
import json
import logging
import socket
import threading
from collections.abc import Sequence

import page
import pytest
from cryptography.fernet import Fernet
from pypdf import PdfReader

from services.contracts.content import Action, FormContent, OutcomeContent
from services.contracts.escalator import CaseClosed
from services.contracts.message import Message
from services.contracts.sealed import Sealer, SealError
from services.contracts.vocabulary import Ending, Person, Side, StaffAct
from services.records import plain, record
from services.records.chain import Head
from services.records.confirmation import Confirmation
from services.records.errors import NotReady, PrintFailed
from services.records.gathering import Opener, gather
from services.records.printer import Printer
from services.records.wording import ENDINGS
from tests.unit.records.further import HEAD_OF_SERVICE, Further
from tests.unit.records.story import CASE, DEMONSTRATION, FORM, MANAGER, OUTCOME, PUBLISHED, RAISER, STAFF, START, Story

SEALER = Sealer([Fernet.generate_key().decode()])
HEAD = Head(57, "ab" * 32)
PROFILES = ("pdfa-3a", "pdfua-1")


def confirm(messages: Sequence[Message]) -> Confirmation:
    """The record of the last closing among these messages."""
    opened = Opener(SEALER, CASE)
    number = max((message.number for message in messages if isinstance(message, CaseClosed)), default=0)
    return gather(messages, number=number, board=PUBLISHED, opened=opened, head=HEAD, made_at=START)


def with_text(text: str) -> Confirmation:
    """A confirmation in which everybody wrote this, everywhere they could."""
    story = Story(SEALER)
    form = FormContent(**dict.fromkeys(FormContent.model_fields, text))
    action = Action(what=text, owner=text, by=text)
    outcome = OutcomeContent(agreed=text, risk=text, depends_on=text, actions=(action,), outstanding=(action,))
    person = Person(name=text, address="a@demo.example", role=text, agency=text)
    messages = [story.form(form), story.opened(), story.step(1), story.response(1, Side.OTHER, person, text)]
    return confirm([*messages, story.proposed(content=outcome), story.confirmed(Side.OTHER, person), story.closed()])


def assert_valid(pdf: bytes) -> None:
    for profile in PROFILES:
        report = page.validate_pdf_bytes(pdf, profile=profile)
        assert report.is_compliant, (profile, [(found.rule_id, found.message) for found in report.failures])


def read(pdf: bytes) -> str:
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.fixture(scope="module")
def whole() -> Confirmation:
    return confirm(Story(SEALER).whole())


@pytest.fixture(scope="module")
def pdf(whole: Confirmation) -> bytes:
    return record.pdf(whole)


def test_it_is_both_pdf_a_and_pdf_ua(pdf: bytes) -> None:
    assert_valid(pdf)


def test_it_names_itself_and_its_language(pdf: bytes) -> None:
    read_back = PdfReader(io.BytesIO(pdf))
    assert read_back.metadata is not None
    assert read_back.metadata.title == f"Written confirmation of the outcome: {CASE}"
    assert read_back.metadata.author == "Demonstration board"
    assert str(read_back.trailer["/Root"]["/Lang"]) == "en-GB"  # type: ignore[index] # a catalogue
    assert FORM.child_name not in str(read_back.metadata)


def test_its_data_is_inside_it_as_json_whole(pdf: bytes, whole: Confirmation) -> None:
    inside = PdfReader(io.BytesIO(pdf)).attachments
    assert list(inside) == ["case.json"]
    assert Confirmation.model_validate_json(inside["case.json"][0]) == whole
    assert json.loads(inside["case.json"][0])["form_of_record"] == "concord.confirmation.v2"


def test_everything_the_two_sides_need_is_printed(pdf: bytes, whole: Confirmation) -> None:
    text = read(pdf)
    wanted = [
        CASE,
        DEMONSTRATION,
        FORM.child_name,
        FORM.child_dob,
        FORM.requested_action,
        "Social care decided to take no further action",
        "Asha Rees (Head teacher, Demo Lower School)",
        "Tom Archer (Safeguarding lead, Demo Lower School)",
        "Sam Oduya (Duty social worker, Demo Social Care)",
        OUTCOME.agreed,
        OUTCOME.risk,
        OUTCOME.depends_on,
        "Visit the home and see Robin alone Sam Oduya 9 December 2026",
        "Whether the younger sibling is seen too Maria Kowalska at the core group",
        "Eleven days of hunger and cold are a pattern, not an incident.",
        "With all of them the threshold is met.",
        "Step 1 of 3: Discuss with the Duty Social Worker",
        "Step 2 of 3: Discuss with the Deputy Team Manager",
        "24 hours from the start of the step, elapsed hours: the board’s choice.",
        "Time for step 1 ran out",
        "stays in force and is binding on all agencies",
        "Entry 57",
        "ab" * 32,
    ]
    plain_text = " ".join(plain.text(whole).decode().split())
    for words in wanted:
        assert words in text, words
    for words in (FORM.child_name, OUTCOME.agreed, "Tom Archer", "Time for step 1 ran out", "ab" * 32, DEMONSTRATION):
        assert words in plain_text, words


def test_what_nobody_wrote_is_said_to_be_missing() -> None:
    story = Story(SEALER)
    bare = [
        story.form(),
        story.opened(),
        story.step(1, None),
        story.proposed(content=OutcomeContent(agreed="Yes.")),
        story.closed(),
    ]
    text = read(record.pdf(confirm(bare)))
    for words in (
        "No outstanding issues were written down",
        "No assessment of risk",
        "No time is stated",
        "Neither side sent reasons",
    ):
        assert words in text


HOSTILE = {
    "a megabyte": "word " * 200_000,
    "a megabyte without a space": "x" * 1_000_000,
    "a hundred thousand lines": "\n" * 100_000,
    "nine hundred nested tags": "<div>" * 900 + "deep" + "</div>" * 900,
    "markup": "<script>alert(1)</script>{{ 7 * 7 }}{% raw %}<img src=http://127.0.0.1/x><style>*{display:none}</style>&amp;",
    "controls": "".join(map(chr, range(0x300))) + "\u202e\u2066\ufeff\ufffe\U0010ffff",
    "every plane": "".join(chr(code) for code in range(0x900, 0x20000, 97) if not 0xD800 <= code < 0xE000),
    "stacked accents": "a" + "\u0301" * 1500,
    "an accent alone": "\u0301 alone",
    "many scripts": "Łukasz Nguyễn ŵŷ محمد שָׁלוֹם रहीम রহিম 王小明 น้ำ \U0001f600",
    "private use": "\ue000\uf8ff",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_was_typed_the_record_is_valid_and_its_data_whole(name: str) -> None:
    confirmation = with_text(HOSTILE[name])
    made = record.pdf(confirmation)
    assert_valid(made)
    inside = PdfReader(io.BytesIO(made)).attachments["case.json"][0]
    assert Confirmation.model_validate_json(inside) == confirmation


def test_a_cut_text_says_so_and_where_the_rest_is() -> None:
    text = read(record.pdf(with_text("word " * 5000)))
    assert "[Cut here: the whole text is in the attached file.]" in text
    assert "Some texts were too long to print here. The attached file case.json has all of them in full." in text


def test_what_names_the_case_is_printed_whatever_else_had_to_be_cut() -> None:
    confirmation = with_text("word " * 3000)
    source = record.html(confirmation.model_copy(update={"reasons": confirmation.reasons * 500}))
    for words in (CASE, "Entry 57", "ab" * 32, "Not asked for at this step", "Cut here"):
        assert words in source
    assert source.count("at step 1</h3>") == 100


def test_markup_is_printed_as_it_was_typed() -> None:
    page_source = record.html(with_text("<b>no</b> {{ 7 * 7 }}"))
    assert "&lt;b&gt;no&lt;/b&gt; {{ 7 * 7 }}" in page_source
    assert "<b>no</b>" not in page_source


def test_a_character_without_a_glyph_is_a_square_and_never_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        text = read(record.pdf(with_text("one \ua4d0\U0001e2c0\U00011d60 two")))
    assert "□" in text
    assert "Some characters could not be printed here and are shown as □." in text
    assert not [entry for entry in caplog.records if "notdef" in entry.getMessage()]


def test_nothing_is_fetched_from_anywhere(tmp_path: object) -> None:
    del tmp_path
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        text = f'<img src="http://127.0.0.1:{port}/a"> <link rel="attachment" href="file:///etc/passwd"> url(http://127.0.0.1:{port}/b)'
        made = record.pdf(with_text(text))
        try:
            server.accept()
            asked.set()
        except TimeoutError:
            pass
    assert not asked.is_set()
    assert b"root:" not in made
    assert list(PdfReader(io.BytesIO(made)).attachments) == ["case.json"]


def test_people_are_listed_once_in_the_order_they_came(whole: Confirmation) -> None:
    assert [person.name for person in record.people(whole, Side.RAISING)] == ["Asha Rees", "Tom Archer"]
    assert [person.name for person in record.people(whole, Side.OTHER)] == ["Sam Oduya", "Maria Kowalska"]


def test_a_dispute_and_a_refusal_are_printed_with_their_words_at_their_step() -> None:
    story = Story(SEALER)
    messages = [story.form(), story.opened(), story.step(1), story.not_resolved("The visit did not happen."), story.step(2)]
    messages += [
        story.proposed(),
        story.disputed("Nobody promised a date."),
        story.proposed(2),
        story.confirmed(Side.RAISING, RAISER, 2),
    ]
    steps = confirm([*messages, story.closed(2)]).steps
    assert [happening.words for happening in steps[0].happened] == ["The visit did not happen."]
    assert "Nobody promised a date." in [happening.words for happening in steps[1].happened]


@pytest.mark.parametrize("lacking", range(11))
def test_it_is_not_made_while_a_fact_is_missing(lacking: int) -> None:
    messages = Story(SEALER).whole()
    messages.pop(lacking)
    with pytest.raises(NotReady, match="waiting for"):
        confirm(messages)


def test_it_is_not_made_with_a_key_that_does_not_open() -> None:
    other = Story(Sealer([Fernet.generate_key().decode()]))
    with pytest.raises(SealError):
        confirm(other.whole())


async def test_the_child_process_prints_the_same(whole: Confirmation) -> None:
    printer = Printer(seconds=60)
    try:
        assert_valid(await printer.pdf(whole))
    finally:
        await printer.close()


async def test_a_child_that_takes_too_long_is_killed_and_the_next_record_is_printed(whole: Confirmation) -> None:
    printer = Printer(seconds=0.05)
    try:
        with pytest.raises(PrintFailed, match=r"longer than 0\.05 seconds"):
            await printer.pdf(whole)
        printer._seconds = 60
        assert_valid(await printer.pdf(whole))
    finally:
        await printer.close()


async def test_a_failure_says_its_kind_and_nothing_of_the_case(whole: Confirmation, monkeypatch: pytest.MonkeyPatch) -> None:
    printer = Printer(seconds=60)
    monkeypatch.setattr(Confirmation, "model_dump_json", lambda _self: '{"reference": "Robin Sample"}')
    try:
        with pytest.raises(PrintFailed) as failed:
            await printer.pdf(whole)
    finally:
        await printer.close()
    assert str(failed.value) == "ValidationError"
    assert failed.value.__cause__ is None


def test_the_plain_form_is_made_of_whatever_was_typed() -> None:
    for text in HOSTILE.values():
        assert MANAGER.name.encode() in plain.text(with_text(text)) or CASE.encode() in plain.text(with_text(text))


def test_a_decision_is_printed_with_every_dissent_and_its_reasons_and_what_was_not_done() -> None:
    """BIR-19, OXF-20, BAR-08, BED-20."""
    story = Further(SEALER)
    confirmation = confirm([*story.imposed(), story.learned(), story.reopened()])
    assert confirmation.outcome == 1
    made = record.pdf(confirmation)
    assert_valid(made)
    wanted = [
        "Written confirmation of the outcome",
        "A decision was made, as the protocol allows, and it stands.",
        "What was decided",
        "Outcome 1, decided and put in writing by Maria Kowalska (Team manager, Demo Social Care)",
        OUTCOME.agreed,
        "Dissent, with the reasons",
        "Tom Archer (Safeguarding lead, Demo Lower School), at",
        "The visit must come first.",
        "At step 1: The other side gave no reasons in writing. (3.7(b))",
        "Step 1 was passed over at",
        "Sam Oduya (Duty social worker, Demo Social Care), sam.oduya@care.demo.example",
        "1. Whether the younger sibling is seen too",
        "Maria Kowalska 18 December 2026",
        "2. Reconvene the planning meeting",
        "referred what was learned to Joint Steering Group",
        "Demonstration protocol",
        "version July 2010",
    ]
    text, plain_text = read(made), " ".join(plain.text(confirmation).decode().split())
    for words in wanted:
        assert words in text, words
    for words in (
        OUTCOME.agreed,
        "The visit must come first.",
        "3.7(b)",
        "Joint Steering Group",
        "18 December 2026",
        "WHAT WAS DECIDED",
    ):
        assert words in plain_text, words
    assert text.count("The other side gave no reasons in writing.") == 2  # in the sum, and where it happened


@pytest.mark.parametrize("how", [Ending.WITHDRAWN, Ending.ADVICE_TAKEN, Ending.ADVICE_NOT_TAKEN, Ending.DEFAULT_OUTCOME])
def test_a_case_without_an_outcome_has_a_record_that_says_how_it_ended(how: Ending) -> None:
    """A-13, BAR-22."""
    story = Further(SEALER)
    messages = [
        story.form(),
        story.opened(),
        story.step(1),
        story.staff(StaffAct.WITHDRAWN, "They have talked."),
        story.ended(how),
    ]
    confirmation = confirm(messages)
    assert (confirmation.outcome, confirmation.agreed, confirmation.title) == (None, None, "Record of the case")
    source = record.html(confirmation)
    for words in (
        f"{ENDINGS[how]}. There is no outcome in writing.",
        "They have talked.",
        "Nothing is recorded that was not done.",
    ):
        assert words in source
    assert "Confirmed in writing by" not in source
    assert f"{ENDINGS[how]}. There is no outcome in writing." in plain.text(confirmation).decode()


def test_a_record_of_a_later_closing_is_of_that_one() -> None:
    story = Further(SEALER)
    messages = [*story.imposed(), story.reopened(), story.step(2, why="reopened"), story.proposed(2)]
    messages += [story.confirmed(Side.OTHER, MANAGER, 2), story.confirmed(Side.RAISING, RAISER, 2)]
    confirmation = confirm([*messages, story.ended(Ending.CONFIRMED, 2)])
    assert (confirmation.outcome, confirmation.how, confirmation.to_pursue) == (2, Ending.CONFIRMED, ())
    assert [decision.outcome for decision in confirmation.other_decisions] == [1]
    assert [by.by.name for by in confirmation.confirmed] == ["Maria Kowalska", "Asha Rees"]
    source = record.html(confirmation)
    assert "Another decision: outcome 1" in source
    assert "Nothing has been done." in source
    assert "It is not how the case ended." in plain.text(confirmation).decode()


def test_whoever_stood_in_is_named_at_the_step_and_among_the_sides() -> None:
    """BED-17."""
    story = Further(SEALER)
    messages = [
        story.form(),
        story.opened(),
        story.step(1),
        story.stand_in(people=(HEAD_OF_SERVICE,)),
        story.stand_in("board", (STAFF,)),
    ]
    confirmation = confirm([*messages, story.ended(Ending.WITHDRAWN)])
    assert [person.name for person in confirmation.steps[0].other_side] == ["Sam Oduya", "Ruth Ellis"]
    assert [person.name for person in record.people(confirmation, Side.OTHER)] == ["Sam Oduya", "Ruth Ellis"]


def test_a_corrected_form_is_printed_as_it_was_and_what_changed() -> None:
    story = Further(SEALER)
    messages = [story.form(), story.opened(), story.step(1), story.corrected(2, summary="Twelve days.", to_achieve="A visit.")]
    messages += [story.corrected(3, summary="Twelve days.", to_achieve=""), story.ended(Ending.WITHDRAWN)]
    late = story.corrected(4, summary="Thirteen days.")
    confirmation = confirm([*messages, late.model_copy(update={"received_at": story.at.replace(year=2027)})])
    assert [correction.changed for correction in confirmation.corrections] == [
        {"summary": "Twelve days.", "to_achieve": "A visit."},
        {"to_achieve": ""},
    ]
    source = record.html(confirmation)
    for words in (FORM.summary.partition("\n")[0], "Twelve days.", "What needs to be achieved", "Left empty"):
        assert words in source
    assert "Thirteen days." not in source
    assert "  Summary of Concern(s): Twelve days." in plain.text(confirmation).decode()
