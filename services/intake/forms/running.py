"""The words of a PDF in the order the file has them, which is mostly that of reading."""

import re
from collections.abc import Sequence
from typing import Final

from pypdf import PageObject

from services.intake.forms import labels
from services.intake.mailbox import MOST_CHARACTERS

_PAGE_NUMBER: Final = re.compile(
    r"^[ \t]*(?:(?:page|tudalen)[ \t]+\d{1,2}(?:[ \t]*(?:of|o|/)[ \t]*\d{1,2})?)[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_NARROW: Final = 30
_TALLEST: Final = 4


def words(pages: Sequence[PageObject]) -> str:
    """The words of all pages, with what a page's width broke put together again."""
    found: list[str] = []
    room = MOST_CHARACTERS
    for page in pages:
        of_page = _PAGE_NUMBER.sub("", page.extract_text()[:room])
        room -= len(of_page)
        found.append(of_page)
    return _whole_labels(_whole_lines("\n".join(found)))


def _whole_lines(text: str) -> str:
    """The words with lines put together again that ended only because the page did: a space is left where they were broken."""
    whole: list[str] = []
    for line in text.split("\n"):
        before = whole[-1] if whole else ""
        broken = before.endswith(" ") and before.strip() and line.strip() and not labels.at_start(line)
        if broken and not ((label := labels.at_start(before)) and not label.rest):
            whole[-1] = before + line
        else:
            whole.append(line)
    return "\n".join(whole)


def _whole_labels(text: str) -> str:
    """The words with labels that a narrow column breaks over lines put together again."""
    lines = text.split("\n")
    whole: list[str] = []
    at = 0
    while at < len(lines):
        height = next((height for height in range(_TALLEST, 1, -1) if _is_one_label(lines[at : at + height], height)), 1)
        whole.append(" ".join(line.strip() for line in lines[at : at + height]))
        at += height
    return "\n".join(whole)


def _is_one_label(lines: Sequence[str], height: int) -> bool:
    """Whether these lines are a label, and no label without the last of them."""
    if len(lines) < height or any(not line.strip() or len(line) > _NARROW for line in lines[:-1]):
        return False
    joined = labels.at_start(" ".join(line.strip() for line in lines))
    before = labels.at_start(" ".join(line.strip() for line in lines[:-1]))
    alone = labels.at_start(lines[-1])
    fits = alone is None or not alone.marked or (joined is not None and alone.field == joined.field)
    return joined is not None and joined.marked and not (before is not None and before.marked) and fits
