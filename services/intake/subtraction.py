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
from services.intake.forms.text import ONE_LINE
from services.intake.hypertext import to_text
from services.intake.mailbox import content, content_type, every, parse
from services.intake.quotes import begins_quote, is_device, own_words, past_header, without_banner
from services.intake.words import begin

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
    if sum(len(line.split()) for line in quoted) > _MOST_WORDS:
        return None
    compared = [
        _ours(quoted, [words for line in version.split("\n") if (words := _words(line))]) for version in _versions(notice)
    ]
    ours = max(compared, key=_known, default=[])
    known = _known(ours)
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


def _words(line: str) -> tuple[str, ...]:
    found = (_EDGES.sub("", word[:_LONGEST_WORD]).casefold() for word in _LINKS.sub(" ", line).split())
    return tuple(word for word in found if word)


def _ours(quoted: Sequence[str], sent: Sequence[tuple[str, ...]]) -> list[list[bool]]:
    """For each word of each quoted line, whether it is the notice's: by whole lines first, and by words where lines were broken."""
    by_line = [_words(line) for line in quoted]
    ours = [[False] * len(words) for words in by_line]
    written = [at for at, words in enumerate(by_line) if words]
    lines = SequenceMatcher(None, sent, [by_line[at] for at in written], autojunk=False)
    for kind, sent_from, sent_to, from_, to in lines.get_opcodes():
        if kind == "equal":
            for at in written[from_:to]:
                ours[at] = [True] * len(by_line[at])
        elif kind == "replace":
            theirs = [word for line in sent[sent_from:sent_to] for word in line]
            places = [(at, place) for at in written[from_:to] for place in range(len(by_line[at]))]
            words = SequenceMatcher(None, theirs, [by_line[at][place] for at, place in places], autojunk=False)
            for block in words.get_matching_blocks():
                for at, place in places[block.b : block.b + block.size]:
                    ours[at][place] = True
    return ours


def _left(quoted: Sequence[str], ours: Sequence[Sequence[bool]]) -> str:
    """The lines that are not ours, and what was added to one that is: the whole of it where that stands after a label.

    What is typed over what stands below a label of ours, or right below either of the two, is its answer.
    """
    runs: list[list[str]] = [[]]
    label, answered = "", False
    for line, known in zip(quoted, ours, strict=True):
        begins = at_start(line) is not None
        kept = line.strip() if label and not begins and not all(known) else _kept(line, known)
        if kept:
            runs[-1].append(f"{label} {kept}" if label and not begins and begin(kept) is None else kept)
        elif runs[-1] and (known or not line.strip()):
            runs.append([])
        if begins or kept or (line.strip() and answered):
            label, answered = _asking(line) if all(known) else "", False
        else:
            answered = bool(line.strip())
    texts = (without_banner("\n".join(line for line in run if not is_device(line))) for run in runs)
    return "\n\n".join(text for text in texts if text and not is_disclaimer(text))


def _asking(line: str) -> str:
    """The label on a line of ours, where its answer stands below: one of a single line, or any that we ask for."""
    bare = _DOTS.sub("", line).strip()
    label = at_start(bare)
    asks = label is not None and not label.rest and bare.endswith((":", "?"))
    return bare if label is not None and asks and (label.field in ONE_LINE or bare != line.strip()) else ""


def _known(ours: Sequence[Sequence[bool]]) -> int:
    return sum(map(sum, ours))


def _kept(line: str, known: Sequence[bool]) -> str:
    if not known or all(known):
        return ""
    words = [word for word in _LINKS.sub(" ", line).split() if _EDGES.sub("", word[:_LONGEST_WORD])]
    ours = next(at for at, is_ours in enumerate(known) if not is_ours)
    labelled = ours and words[ours - 1].rstrip("*_").endswith((":", "?"))
    if not any(known) or labelled or at_start(line):
        return _DOTS.sub(" ", line).strip()
    return " ".join(word for word, is_ours in zip(words, known, strict=True) if not is_ours)
