"""Files that are only words: plain text, rich text (.rtf) and saved web pages. Nothing in them is shown, run or fetched."""

import codecs
import re

from striprtf.striprtf import rtf_to_text

from services.intake.domain import Answers
from services.intake.forms import markup, sheet
from services.intake.forms.refusals import CannotOpen, Refusal
from services.intake.hypertext import to_text
from services.intake.mailbox import MOST_CHARACTERS, clean

MOST_BYTES = 2_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_PICTURES = re.compile(rb"\{\\\*?\\?(?:pict|objdata|bin)\b[^{}]*\}")


def read_text(data: bytes) -> tuple[Answers, ...]:
    """The forms in a plain text. Raises CannotOpen."""
    return sheet.from_text(decoded(_limited(data)))


def read_hypertext(data: bytes) -> tuple[Answers, ...]:
    """The forms in a saved web page. Raises CannotOpen."""
    declared = _CHARSET.search(data[:2048])
    hypertext = decoded(_limited(data), declared[1].decode("ascii") if declared else "")
    return from_hypertext(hypertext, sheet.from_text(to_text(hypertext)))


def from_hypertext(hypertext: str, as_text: tuple[Answers, ...]) -> tuple[Answers, ...]:
    """The form in an HTML document's tables, where it is there; else what its words told, which are `as_text`."""
    in_tables = sheet.forms(markup.blocks(hypertext)) if "<td" in hypertext.lower() else ()
    if len(in_tables) != 1 or len(as_text) > 1:
        return as_text
    whole = in_tables[0].given().keys() >= {"child_name", "summary", "requested_action"}
    return in_tables if whole else max(as_text, in_tables, key=lambda found: sheet.given(found)[0])


def read_rich_text(data: bytes) -> tuple[Answers, ...]:
    """The forms in a rich text. Raises CannotOpen."""
    return sheet.from_text(rich_text(data))


def rich_text(data: bytes) -> str:
    """The words of a rich text, a tab between cells. Raises CannotOpen."""
    words = _limited(_PICTURES.sub(b"", data)).decode("latin-1")
    try:
        plain: str = rtf_to_text(words, encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call] # it has no annotations
        return clean(plain).replace("|", "\t")[:MOST_CHARACTERS]
    except Exception as error:  # the library raises whatever a damaged file makes it stumble on
        raise CannotOpen(Refusal.DAMAGED) from error


def decoded(data: bytes, charset: str = "") -> str:
    """A text by its byte order mark, by what it declares, as UTF-8, or as Windows writes it."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    for name in (charset, "utf-8"):
        try:
            return data.decode(name) if name else _utf_16(data)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", errors="replace")


def _utf_16(data: bytes) -> str:
    """UTF-16 without a mark, known by every other byte being nothing; ValueError when it is not."""
    head = data[:2000]
    if len(head) > 8 and head[1::2].count(0) > len(head) // 3:
        return data.decode("utf-16-le")
    raise ValueError("not UTF-16")


def _limited(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise CannotOpen(Refusal.TOO_LARGE)
    return data
