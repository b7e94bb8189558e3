"""A notice as it was mailed, taken apart into what a page shows of it. Our own mail, so its shape is known. No I/O."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from typing import Final, NamedTuple

_LONGEST_HEADING: Final = 120
_NAMES_SOMEBODY = re.compile(r"WHAT .+ WROTE")
_ONLY_IN_MAIL: Final = {"HOW TO ANSWER"}
"""What a page says itself."""


class Section(NamedTuple):
    """A heading and the paragraphs under it, each a list of lines."""

    heading: str
    paragraphs: tuple[tuple[str, ...], ...]


class Shown(NamedTuple):
    """A notice on a page: its first line, what stands above the first heading, and its sections."""

    headline: str
    about: tuple[tuple[str, ...], ...]
    sections: tuple[Section, ...]


def shown(raw: bytes) -> Shown:
    """What a page shows of a notice."""
    message = email.message_from_bytes(raw, policy=default)
    body = message.get_body(preferencelist=("plain",)) if isinstance(message, EmailMessage) else None
    text = body.get_content() if body is not None else ""
    headline, *rest = _paragraphs(text) or [("Answer a notice",)]
    about: list[tuple[str, ...]] = []
    sections: list[tuple[str, list[tuple[str, ...]]]] = []
    for paragraph in rest:
        if _is_heading(paragraph):
            sections.append((paragraph[0], []))
        elif sections:
            sections[-1][1].append(paragraph)
        else:
            about.append(paragraph)
    kept = (Section(_sentence(heading), tuple(paragraphs)) for heading, paragraphs in sections if heading not in _ONLY_IN_MAIL)
    return Shown(" ".join(headline), tuple(about), tuple(kept))


def _paragraphs(text: str) -> list[tuple[str, ...]]:
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [tuple(line.strip() for line in block.strip().split("\n")) for block in blocks if block.strip()]


def _is_heading(paragraph: tuple[str, ...]) -> bool:
    """A line of capitals alone between two blank ones."""
    (line, *more) = paragraph
    return not more and line.isupper() and len(line) <= _LONGEST_HEADING


def _sentence(heading: str) -> str:
    """A heading in ordinary letters. One that has a name in it is said without: nobody can tell how the name is written."""
    if _NAMES_SOMEBODY.fullmatch(heading):
        return "What they wrote"
    return heading[:1] + heading[1:].lower()
