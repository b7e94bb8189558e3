"""A notice as it was mailed, taken apart into what a page shows of it. Our own mail, so its shape is known. No I/O."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from typing import Final, NamedTuple

_LONGEST_HEADING: Final = 120
_NAMES_SOMEBODY = re.compile(r"WHAT .+ WROTE")
_TO_ANSWER: Final = "HOW TO ANSWER"
"""What a page says itself. What somebody must know to answer stands above it."""

_REMEMBER: Final = "REMEMBER"


class Section(NamedTuple):
    """A heading and the paragraphs under it, each a list of lines."""

    heading: str
    paragraphs: tuple[tuple[str, ...], ...]


class Shown(NamedTuple):
    """A notice on a page: its first line, what stands above the first heading, what is asked, the rest, and what never to forget."""

    headline: str
    about: tuple[tuple[str, ...], ...] = ()
    asked: tuple[Section, ...] = ()
    rest: tuple[Section, ...] = ()
    remember: tuple[tuple[str, ...], ...] = ()


def shown(raw: bytes) -> Shown:
    """What a page shows of a notice."""
    message = email.message_from_bytes(raw, policy=default)
    body = message.get_body(preferencelist=("plain",)) if isinstance(message, EmailMessage) else None
    headline, *paragraphs = _paragraphs(body.get_content() if body is not None else "") or [("Answer a notice",)]
    sections: list[tuple[str, list[tuple[str, ...]]]] = [("", [])]
    for paragraph in paragraphs:
        if _is_heading(paragraph):
            sections.append((paragraph[0], []))
        else:
            sections[-1][1].append(paragraph)
    headings = [heading for heading, _ in sections]
    answer = headings.index(_TO_ANSWER) if _TO_ANSWER in headings else len(headings)
    remember = next((lines[:-1] for heading, lines in sections if heading == _REMEMBER), [])  # the last says why it was mailed
    return Shown(
        " ".join(headline),
        tuple(sections[0][1]),
        tuple(_section(*section) for section in sections[1:answer]),
        tuple(_section(*section) for section in sections[answer + 1 :] if section[0] != _REMEMBER),
        tuple(remember),
    )


def _section(heading: str, paragraphs: list[tuple[str, ...]]) -> Section:
    return Section(_sentence(heading), tuple(paragraphs))


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
