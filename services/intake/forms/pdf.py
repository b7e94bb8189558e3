"""PDF forms: filled fields, answers typed on top of a page, and the words of a page that was printed or saved from Word.

Scripts, links, embedded files and pictures are left alone. A file that lets anybody read it, as forms that may only be filled in do,
is read; one that asks for a password is not.
"""

import io
import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from services.intake.domain import LABELS, Answers
from services.intake.forms import labels, layout, running, sheet
from services.intake.forms.refusals import CannotOpen, Refusal
from services.intake.forms.rows import Pair, labelled

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs a line for every irregularity of every file

MOST_PAGES: Final = 60
MOST_BYTES: Final = 20_000_000
_MOST_ON_PAGE: Final = 600_000
_MOST_DRAWN: Final = 2_500_000
"""Bytes that tell how one page, and all pages, are drawn: a page of nothing but words has 5,000 to 100,000."""

_MOST_FIELDS: Final = 1_000
_ENOUGH_LABELS: Final = 2
_SUFFIX: Final = re.compile(r"(?:[ _.-]*\(?\d{1,2}\)?|_es_:\w+|\[\d+\])$")
_OFF: Final = {"", "/Off", "/No", "/0", "Off"}
_RADIO_OFF: Final = {"", "/Off", "Off"}
_XFA_WAITS: Final = re.compile(r"please wait|adobe reader|acrobat", re.IGNORECASE)
_LINE_HEIGHT: Final = 11.0
_RADIO: Final = 1 << 15
_PUSH_BUTTON: Final = 1 << 16


class Typed(NamedTuple):
    """Something a person put on a page: in a field, or on top of it. `left` and `top` are in points from the page's lower left."""

    name: str
    hint: str
    value: str
    page: int
    left: float
    top: float
    bottom: float
    box: bool = False
    """Whether it is ticked rather than written."""


def read(data: bytes) -> tuple[Answers, ...]:
    """The forms in a PDF, in order. Raises CannotOpen."""
    if len(data) > MOST_BYTES:
        raise CannotOpen(Refusal.TOO_LARGE)
    try:
        return _read(data)
    except (CannotOpen, MemoryError):
        raise
    except Exception as error:  # the library raises whatever a damaged file makes it stumble on
        raise CannotOpen(Refusal.DAMAGED) from error


def _read(data: bytes) -> tuple[Answers, ...]:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise CannotOpen(Refusal.PROTECTED)
    if len(reader.pages) > MOST_PAGES:
        raise CannotOpen(Refusal.TOO_LARGE)
    typed = [one for number, page in enumerate(reader.pages) for one in _typed(page, number)][:_MOST_FIELDS]
    known = _by_name(typed)
    if known is not None:
        return (known,)
    found = sheet.from_pairs(_by_label(typed))
    if any(answers.given() for answers in found):
        return found
    pages = _light(reader.pages)
    words = running.words(pages)
    ruled, laid_out = _as_laid_out(data, words) if len(pages) == len(reader.pages) else ((), ())
    if ruled:
        return ruled
    found = max(sheet.from_text(words), laid_out, found, _by_place(pages, typed), key=_fields)
    if not found and len(pages) < len(reader.pages):
        raise CannotOpen(Refusal.TOO_LARGE)
    if not found and not words.strip():
        raise CannotOpen(Refusal.SCANNED)
    if not found and _needs_adobe(reader, words):
        raise CannotOpen(Refusal.NEEDS_ADOBE)
    return found


def _light(pages: Sequence[PageObject]) -> list[PageObject]:
    """The pages that are not made of more than words: a map or a plan takes seconds to go through."""
    room = _MOST_DRAWN
    light: list[PageObject] = []
    for page in pages:
        contents = page.get_contents()
        size = len(contents.get_data()) if contents is not None else 0
        if size <= min(room, _MOST_ON_PAGE):
            light.append(page)
            room -= size
    return light


def _as_laid_out(data: bytes, words: str) -> tuple[tuple[Answers, ...], tuple[Answers, ...]]:
    """The forms in tables with lines round them; and those by where all words stand. It takes a while: only where there are labels."""
    if sum(1 for line in words.split("\n") if labels.at_start(line.lstrip("0123456789.) "))) < _ENOUGH_LABELS:
        return (), ()
    try:
        laid = list(layout.read(data))
    except Exception:  # the library raises whatever a damaged file makes it stumble on; the words in their own order are left
        return (), ()
    everything = sheet.forms(one.block for one in laid)
    in_tables = sheet.forms(one.block for one in laid if one.ruled)
    return everything if in_tables and _fields(in_tables) == _fields(everything) else (), everything


def _by_name(typed: Sequence[Typed]) -> Answers | None:
    """Our own form: its fields have our names."""
    named = {one.name: sheet.tidy(one.name, one.value) for one in typed if one.name in LABELS}
    return Answers.of(named) if named.keys() >= {"child_name", "summary", "requested_action"} else None


def _by_label(typed: Sequence[Typed]) -> list[Pair]:
    """Somebody else's form: each field by its tooltip or its name, in the order they stand on the pages."""
    pairs = []
    for one in sorted(typed, key=lambda one: (one.page, -round(one.top / _LINE_HEIGHT), one.left)):
        for words in (one.hint, one.name, _SUFFIX.sub("", one.name)):
            spoken = re.sub(r"(?<=[a-z])(?=[A-Z])|_+", " ", words)
            pair = labelled(spoken)
            if pair and (not pair.answer or (one.box and one.value)):  # where each answer has a box, it follows the label
                pairs.append(Pair(pair.field, pair.answer or one.value))
                break
    return pairs


def _by_place(pages: Sequence[PageObject], typed: Sequence[Typed]) -> tuple[Answers, ...]:
    """Answers in fields without a telling name, or typed on top of the page: each goes on the printed line it stands on."""
    typed = [one for one in typed if one.value.strip()]
    if not typed:
        return ()
    lines: list[str] = []
    for number, page in enumerate(pages):
        pieces = _pieces(page)
        for one in typed:
            if one.page == number:
                pieces.append((_line_of(one, pieces), one.left, one.value))
        pieces.sort(key=lambda piece: (-piece[0], piece[1]))
        before = None
        for height, _, words in pieces:
            if before is not None and abs(before - height) < 3:
                lines[-1] += f" {words}"
            else:
                lines.append(words)
                before = height
    return sheet.from_text("\n".join(lines))


def _line_of(one: Typed, printed: Sequence[tuple[float, float, str]]) -> float:
    """The height of the printed line an answer belongs to: the highest to its left within its box, or its own top."""
    beside = [height for height, left, _ in printed if one.bottom - 3 <= height <= one.top + 2 and left < one.left]
    return max(beside, default=one.top - _LINE_HEIGHT)


def _pieces(page: PageObject) -> list[tuple[float, float, str]]:
    """The printed words of a page with the height and the left of each."""
    found: list[tuple[float, float, str]] = []

    def visit(words: str, of_page: list[float], of_text: list[float], _font: object, _size: float) -> None:
        if words.strip():
            left = of_text[4] * of_page[0] + of_text[5] * of_page[2] + of_page[4]
            height = of_text[4] * of_page[1] + of_text[5] * of_page[3] + of_page[5]
            found.append((round(height, 1), left, " ".join(words.split())))

    page.extract_text(visitor_text=visit)
    return found


def _typed(page: PageObject, number: int) -> Iterator[Typed]:
    """The fields and typed comments of a page."""
    for reference in _array(page.get("/Annots"))[:_MOST_FIELDS]:
        annotation = _object(reference)
        if not isinstance(annotation, DictionaryObject):
            continue
        rectangle = [float(_object(edge)) for edge in _array(annotation.get("/Rect"))]
        if len(rectangle) != 4:
            continue
        left, (bottom, top) = min(rectangle[0], rectangle[2]), sorted((rectangle[1], rectangle[3]))
        if annotation.get("/Subtype") == "/FreeText":
            yield Typed("", "", str(_object(annotation.get("/Contents")) or ""), number, left, top, bottom)
        elif annotation.get("/Subtype") == "/Widget":
            chain = list(_chain(annotation))
            kind = _first(chain, "/FT")
            flags = int(_first(chain, "/Ff") or 0)
            if kind == "/Sig" or (kind == "/Btn" and flags & _PUSH_BUTTON):
                continue
            name = ".".join(str(_object(field["/T"])) for field in reversed(chain) if "/T" in field)
            hint = str(_first(chain, "/TU") or "")
            value = _ticked(annotation, chain, radio=bool(flags & _RADIO)) if kind == "/Btn" else _value(chain)
            yield Typed(name, hint, value, number, left, top, bottom, box=kind == "/Btn")


def _chain(field: DictionaryObject) -> Iterator[DictionaryObject]:
    """A field and those it is a part of."""
    for _ in range(10):
        yield field
        above = _object(field.get("/Parent"))
        if not isinstance(above, DictionaryObject):
            return
        field = above


def _first(chain: Sequence[DictionaryObject], key: str) -> Any:
    return next((_object(field[key]) for field in chain if key in field), None)


def _value(chain: Sequence[DictionaryObject]) -> str:
    """What a text or a list holds; of a list the words that are shown, not the code behind them."""
    value = _first(chain, "/V")
    values = [str(_object(one)) for one in value] if isinstance(value, ArrayObject) else [str(value or "")]
    shown = {}
    for option in _array(_first(chain, "/Opt")):
        both = _object(option)
        if isinstance(both, ArrayObject) and len(both) == 2:
            shown[str(_object(both[0]))] = str(_object(both[1]))
    return "\n".join(shown.get(one, one) for one in values).replace("\r\n", "\n").replace("\r", "\n")


def _ticked(annotation: DictionaryObject, chain: Sequence[DictionaryObject], *, radio: bool) -> str:
    """What a ticked box stands for: the word for its state, or yes; nothing when it is not ticked."""
    state = str(_object(annotation.get("/AS")) or _first(chain, "/V") or "")
    if state in (_RADIO_OFF if radio else _OFF):
        return ""
    word, options = state.lstrip("/"), _array(_first(chain, "/Opt"))
    if word.isdigit() and int(word) < len(options):
        return str(_object(options[int(word)]))
    return "Yes" if word.lower() in ("on", "yes", "1", "true") or word.isdigit() else word.replace("_", " ")


def _needs_adobe(reader: PdfReader, words: str) -> bool:
    """Whether this is a form of the kind whose pages only Adobe's own programs build (XFA)."""
    form = _object(_object(reader.trailer.get("/Root", {})).get("/AcroForm"))
    return isinstance(form, DictionaryObject) and "/XFA" in form and bool(_XFA_WAITS.search(words))


def _array(value: object) -> Sequence[Any]:
    found = _object(value)
    return found if isinstance(found, ArrayObject) else ()


def _object(value: object) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _fields(found: Sequence[Answers]) -> int:
    return sheet.given(found)[0]
