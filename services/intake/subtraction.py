"""Answers typed into the notice they answer: we sent it, so we take it away, and what is left is the person's own. Pure.

Outlook quotes without a mark, and people answer between its lines. No rule about quoting can tell those answers from ours; comparing
word by word with the notice as it was sent can, however its lines were broken, indented or marked on the way.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from services.intake.courtesies import is_disclaimer
from services.intake.forms.labels import at_start
from services.intake.hypertext import to_text
from services.intake.mailbox import content, content_type, every, parse
from services.intake.quotes import begins_quote, is_device, own_words, past_header, without_banner

_MOST_WORDS = 4000
_LONGEST_WORD = 80
_FEWEST_KNOWN = 20
_SHARE_KNOWN = 0.5
_LINKS = re.compile(r"[<\[(](?:mailto:|https?://|tel:|cid:)[^>\])\s]*[>\])]|https?://\S+")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_MARKS = re.compile(r"^[>|\s]+")
_DOTS = re.compile(r"(?<=[:?])\s*(?:…|\.{3})\s*")


class Typed(NamedTuple):
    """What stands above the quoted notice, and what was typed into it or below it, in order. Neither has our words in it."""

    above: str
    within: str


def typed(text: str, notice: bytes) -> Typed | None:
    """What a person wrote in an answer that quotes this notice.

    None where it does not quote it, or quotes somebody else's mail as well: then nobody can say by comparing who wrote what.
    """
    lines = text.split("\n")
    begins = next((at for at in range(len(lines)) if _quoted(lines, at)), 0)
    below = past_header(lines, begins)
    quoted = [_MARKS.sub("", line) for line in lines[below:]]
    if any(begins_quote(quoted, at) for at in range(len(quoted))):
        return None
    sent = max((_words(version) for version in _versions(notice)), key=lambda words: _known(quoted, words), default=[])
    ours = _ours(quoted, sent)
    known = sum(map(sum, ours))
    if known < _FEWEST_KNOWN or known < _SHARE_KNOWN * sum(map(len, ours)):
        return None
    return Typed(own_words("\n".join(lines[:begins])), _left(quoted, ours))


def _quoted(lines: Sequence[str], at: int) -> bool:
    return lines[at].lstrip().startswith(">") or begins_quote(lines, at)


def _versions(notice: bytes) -> Iterator[str]:
    """The notice's text, and its HTML as text, which mail programs quote."""
    for part in every(parse(notice)):
        if content_type(part) == "text/plain":
            yield content(part)
        elif content_type(part) == "text/html":
            yield to_text(content(part))


def _words(text: str) -> list[str]:
    found = (_EDGES.sub("", word[:_LONGEST_WORD]).casefold() for word in _LINKS.sub(" ", text).split())
    return [word for word in found if word][:_MOST_WORDS]


def _known(quoted: Sequence[str], sent: Sequence[str]) -> int:
    return sum(map(sum, _ours(quoted, sent)))


def _ours(quoted: Sequence[str], sent: Sequence[str]) -> list[list[bool]]:
    """For each word of each quoted line, whether it is the notice's."""
    by_line = [_words(line) for line in quoted]
    words = [word for line in by_line for word in line][:_MOST_WORDS]
    known = [False] * sum(map(len, by_line))
    for block in SequenceMatcher(None, sent, words, autojunk=False).get_matching_blocks():
        known[block.b : block.b + block.size] = [True] * block.size
    marked = iter(known)
    return [[next(marked) for _ in line] for line in by_line]


def _left(quoted: Sequence[str], ours: Sequence[Sequence[bool]]) -> str:
    """The lines that are not ours, and what was added to one that is: the whole line where it is one of the form's labels."""
    runs: list[list[str]] = [[]]
    for line, known in zip(quoted, ours, strict=True):
        kept = _kept(line, known)
        if kept:
            runs[-1].append(kept)
        elif runs[-1] and (known or not line.strip()):
            runs.append([])
    texts = (without_banner("\n".join(line for line in run if not is_device(line))) for run in runs)
    return "\n\n".join(text for text in texts if text and not is_disclaimer(text))


def _kept(line: str, known: Sequence[bool]) -> str:
    if not known or all(known):
        return ""
    if not any(known) or at_start(line):
        return _DOTS.sub(" ", line).strip()
    words = [word for word in _LINKS.sub(" ", line).split() if _EDGES.sub("", word[:_LONGEST_WORD])]
    return " ".join(word for word, is_ours in zip(words, known, strict=True) if not is_ours)
