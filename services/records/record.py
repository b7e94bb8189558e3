"""The record of a closed case on paper: data -> HTML -> one PDF that is both PDF/A-3a and PDF/UA-1, with the data inside it as JSON.

Runs in a child process (`printer`), because what people typed decides how long typesetting takes. So that it stays within limits
the template is fixed, every text is escaped, cleaned and cut to the room there is, and nothing is fetched from anywhere; the JSON
always has everything.
"""

import hashlib
import logging
import re
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from pydyf import Stream  # type: ignore[import-untyped] # ships no types
from weasyprint import HTML, Attachment
from weasyprint.urls import URLFetcher

from services.contracts.content import FORM_LABELS, FURTHER_LABELS
from services.contracts.vocabulary import Person, Side
from services.kit.web import words
from services.records.case import once_each
from services.records.confirmation import DECIDED, Confirmation
from services.records.wording import ENDINGS, document, on_day

JSON_NAME: Final = "case.json"
_FOLDER: Final = Path(__file__).parent / "templates"
_TEXT, _LINE, _ALL, _SHORT = 12_000, 80, 100_000, 120
"""Room in characters: for one text, what a line break costs, for all texts together; what is shorter is never cut."""
_ITEMS, _ALL_ITEMS = 100, 600
"""Room for the items of one list, and of all lists together."""
_CUT: Final = " [Cut here: the whole text is in the attached file.]"
_NO_GLYPH: Final = "□"
_LONG_WORD: Final = re.compile(r"\S{40}(?=\S{40})")
"""Where a word too long for a line may be broken; finding that out for itself takes the typesetter very long."""
_PASSES: Final = 4
"""How often to typeset again: a mark that stood on a character no font has may turn out to be one more."""
_NO_TEXT: Final = re.compile(rb"^(<[0-9a-f]{4}> )<>$")
"""A line of a font's glyph map that says a glyph stands for nothing."""
_DATES: Final = {"response_date": "Date of response", "resolution_date": "Date of resolution"}
_UA_SCHEMA: Final = (_FOLDER / "pdfua.xmp").read_bytes().strip()
"""Says that the file is PDF/UA-1, and describes that statement as PDF/A wants every addition described."""


def pdf(confirmation: Confirmation) -> bytes:
    """The PDF. Characters no font here can print are shown as a square, so that the file stays valid."""
    unprintable: frozenset[int] = frozenset()
    for _ in range(_PASSES):
        made, missing = _typeset(confirmation, unprintable)
        if not missing:
            break
        unprintable |= missing
    return made


def data(confirmation: Confirmation) -> bytes:
    """The JSON that goes with it, whole."""
    return confirmation.model_dump_json(indent=2).encode()


def html(confirmation: Confirmation, unprintable: frozenset[int] = frozenset()) -> str:
    """The page that is typeset."""
    room = _Room(unprintable)
    case = room.fit(confirmation.model_dump())
    properties = {"title": confirmation.title, "ending": ENDINGS[confirmation.how], "decided": confirmation.how in DECIDED}
    other_decisions = room.fit([decision.model_dump() for decision in confirmation.other_decisions])
    labels = [(key, _DATES.get(key, label)) for key, label in FORM_LABELS]
    every_label = [*labels, *FURTHER_LABELS]
    labels += [(key, label) for key, label in FURTHER_LABELS if getattr(confirmation.form, key)]
    return _template(demonstration=bool(confirmation.demonstration)).render(
        case=case,
        **properties,
        document=document,
        other_decisions=other_decisions,
        other_lapses=room.fit(confirmation.other_lapses),
        labels=labels,
        every_label=every_label,
        people={
            side: room.fit([who.model_dump() for who in people(confirmation, side)]) for side in (Side.RAISING, Side.OTHER)
        },
        json_name=JSON_NAME,
        json_sha256=hashlib.sha256(data(confirmation)).hexdigest(),
        shortened=room.shortened,
        squares=bool(unprintable),
        style=(_FOLDER / "record.css").read_text(),
    )


@cache
def _template(*, demonstration: bool) -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["on_day"] = on_day
    environment.filters["moment"] = words.instant if demonstration else words.moment
    return environment.get_template("record.html")


def people(confirmation: Confirmation, side: Side) -> list[Person]:
    """Everyone who took part for one side, once each, in the order they came in."""
    found = [confirmation.raised_by] if side == Side.RAISING else []
    for step in confirmation.steps:
        found += step.raising_side if side == Side.RAISING else step.other_side
    for part in (confirmation.reasons, confirmation.confirmed, confirmation.dissents):
        found += [said.by for said in part if said.side == side]
    return list(once_each(found))


class _Room:
    """Fits values to the page: texts cleaned and cut, lists cut. `shortened` says whether anything was."""

    def __init__(self, unprintable: frozenset[int]) -> None:
        self._unprintable = unprintable
        self._left = _ALL
        self._items = _ALL_ITEMS
        self.shortened = False

    def fit(self, value: Any) -> Any:
        """The value with every text in it fitted."""
        if isinstance(value, Enum):
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {key: self.fit(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            room = min(_ITEMS, self._items)
            self._items -= min(len(value), room)
            self.shortened = self.shortened or len(value) > room
            return [self.fit(part) for part in value[:room]]
        return value

    def _text(self, text: str) -> str:
        room = min(_TEXT, self._left)
        whole = len(text) + _LINE * text.count("\n")
        kept = text if whole <= max(room, _SHORT) else _cut(text, room)
        self._left -= min(whole, room)
        if len(kept) < len(text):
            self.shortened = True
            kept += _CUT
        clean = "".join(filter(_is_text, unicodedata.normalize("NFC", kept)))
        if self._unprintable:
            clean = "".join(character if self._has_glyph(character) else _NO_GLYPH for character in clean)
        return _LONG_WORD.sub("\\g<0>\u200b", clean)

    def _has_glyph(self, character: str) -> bool:
        """Whether a font has it: the typesetter may have asked for the parts it can be taken apart into."""
        return self._unprintable.isdisjoint(map(ord, {character, *unicodedata.normalize("NFKD", character)}))


def _cut(text: str, room: int) -> str:
    for index, character in enumerate(text):
        room -= 1 + (_LINE if character == "\n" else 0)
        if room < 0:
            return text[:index]
    return text


def _is_text(character: str) -> bool:
    """Not a control, a direction override, half a character or a code point nobody has given a meaning."""
    return character in "\n\t\u200c\u200d" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _typeset(confirmation: Confirmation, unprintable: frozenset[int]) -> tuple[bytes, frozenset[int]]:
    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    page = HTML(string=html(confirmation, unprintable), url_fetcher=fetcher)
    content = Attachment(string=data(confirmation), name=JSON_NAME, description="This record as data", relationship="Data")
    with _missing_glyphs() as missing, warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the typesetter leaves its colour profile for the collector to close
        made = page.write_pdf(
            finisher=_finish, pdf_variant="pdf/a-3a", pdf_tags=True, uncompressed_pdf=True, attachments=[content]
        )
    return made, frozenset(missing)


def _finish(_document: Any, made: Any) -> None:
    """Add the PDF/UA statement to the metadata, and put right what strict readers of PDF/A stumble over.

    Metadata stays uncompressed. So does a stream whose compressed form would end in a carriage return: with the line feed
    that follows it reads as the end of a line, and the stream as one byte short. A glyph drawn for part of a character (an
    accent on its own) is said to mean nothing visible, rather than nothing at all.
    """
    for part in made.objects:
        if not isinstance(part, Stream):
            continue
        if part.extra.get("Type") == "/Metadata":
            part.stream = [piece.replace(b"</rdf:RDF>", _UA_SCHEMA + b"</rdf:RDF>") for piece in part.stream]
            continue
        part.stream = [_NO_TEXT.sub(rb"\1<200b>", piece) if isinstance(piece, bytes) else piece for piece in part.stream]
        part.compress = "Filter" not in part.extra
        part.compress = part.compress and not part.data.endswith(b"\r\nendstream")


@contextmanager
def _missing_glyphs() -> Iterator[set[int]]:
    """The characters no font could print meanwhile. The typesetter only logs them, and they must not reach a log of ours."""
    missing: set[int] = set()

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.msg.startswith(".notdef") and isinstance(record.args, tuple) and isinstance(record.args[-1], int):
                missing.add(record.args[-1])

    log = logging.getLogger("weasyprint")
    handlers, propagate, level = log.handlers, log.propagate, log.level
    log.handlers, log.propagate = [Collect()], False
    log.setLevel(logging.WARNING)
    try:
        yield missing
    finally:
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(level)
