"""Answers typed into the notice they answer: we sent it, so we take it away, and what is left is the person's own. Pure.

Outlook quotes without a mark, and people answer between its lines. No rule about quoting can tell those answers from ours; comparing
word by word with the notice as it was sent can, however its lines were broken, indented or marked on the way.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from email.message import Message
from itertools import accumulate
from typing import NamedTuple

from services.intake.courtesies import is_disclaimer
from services.intake.forms.labels import at_start
from services.intake.forms.text import ONE_LINE
from services.intake.hypertext import to_text
from services.intake.mailbox import addresses_in, content, content_type, every, header, parse
from services.intake.quotes import author, begins_quote, is_device, own_words, past_header, without_banner
from services.intake.words import begin

_MOST_WORDS = 4000
_LONGEST_WORD = 80
_FEWEST_KNOWN = 20
_SHARE_KNOWN = 0.5
_LINKS = re.compile(r"[<\[(](?:mailto:|https?://|tel:|cid:)[^>\])\s]*[>\])]|https?://\S+")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_MARKS = re.compile(r"^[>|\s]+")
_A_RUN = 3
"""So many words in a row are not ours by chance."""

_GOES_ON = "…"
"""Stands where our words were taken out of a sentence: `not` or `if` may be among them."""

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
    below = past_header(lines, begins) if _quoted(lines, begins) else begins
    quoted = [_MARKS.sub("", line) for line in lines[below:]]
    if any(begins_quote(quoted, at) for at in range(len(quoted))):
        return None
    if sum(len(line.split()) for line in quoted) > _MOST_WORDS:
        return None
    sent = parse(notice)
    if (by := author(lines, begins, below)) and not _wrote(by, sent):
        return None
    compared = [
        _ours(quoted, [words for line in version.split("\n") if (words := _words(line))]) for version in _versions(sent)
    ]
    ours = max(compared, key=_known, default=[])
    known = _known(ours)
    if known < _FEWEST_KNOWN or known < _SHARE_KNOWN * sum(map(len, ours)) or _in_between(lines[below:], ours):
        return None
    return Typed(own_words("\n".join(lines[:begins])), _left(quoted, ours))


def _wrote(by: str, sent: Message) -> bool:
    """Whether that is the notice's sender, by name or by an address of ours."""
    named = " ".join(by.casefold().split())
    written = [value.casefold() for name in ("From", "Reply-To") for value in header(sent, name)]
    ours = {part for value in written for part in (value.partition("<")[0].strip(' "'), *addresses_in(value)) if part}
    return any(part in named for part in ours)


def _in_between(lines: Sequence[str], ours: Sequence[Sequence[bool]]) -> bool:
    """Whether words that are not ours are quoted less deep than ours, and yet quoted: somebody between us and the sender wrote them."""
    depths = [line[: len(line) - len(_MARKS.sub("", line))].count(">") for line in lines]
    deepest = max((depth for depth, known in zip(depths, ours, strict=True) if known and all(known)), default=0)
    return any(0 < depth < deepest for depth, known in zip(depths, ours, strict=True) if known and not any(known))


def _quoted(lines: Sequence[str], at: int) -> bool:
    return lines[at].lstrip().startswith(">") or begins_quote(lines, at)


def _versions(sent: Message) -> Iterator[str]:
    """The notice's text, and its HTML as text, which mail programs quote."""
    for part in every(sent):
        if content_type(part) == "text/plain":
            yield content(part)
        elif content_type(part) == "text/html":
            yield to_text(content(part))


def _words(line: str) -> tuple[str, ...]:
    found = (_EDGES.sub("", word[:_LONGEST_WORD]).casefold() for word in _LINKS.sub(" ", line).split())
    return tuple(word for word in found if word)


def _ours(quoted: Sequence[str], sent: Sequence[tuple[str, ...]]) -> list[list[bool]]:
    """For each word of each quoted line, whether it is the notice's: by whole lines first, and by words where lines were broken.

    A word or two that people have in common with us are theirs, unless they are the whole of a line of ours.
    """
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
            edges = {0, *accumulate(map(len, sent[sent_from:sent_to]))}
            places = [(at, place) for at in written[from_:to] for place in range(len(by_line[at]))]
            words = SequenceMatcher(None, theirs, [by_line[at][place] for at, place in places], autojunk=False)
            for block in words.get_matching_blocks():
                if block.size >= _A_RUN or {block.a, block.a + block.size} <= edges:
                    for at, place in places[block.b : block.b + block.size]:
                        ours[at][place] = True
    return ours


def _left(quoted: Sequence[str], ours: Sequence[list[bool]]) -> str:
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


def _kept(line: str, known: list[bool]) -> str:
    if not known or all(known):
        return ""
    words = [word for word in _LINKS.sub(" ", line).split() if _EDGES.sub("", word[:_LONGEST_WORD])]
    first = known.index(False)
    before = words[first - 1].rstrip('*_"”’)') if first else ""
    if not any(known) or before.endswith((":", "?")) or at_start(line):
        return _DOTS.sub(" ", line).strip()
    kept = [word for word, is_ours in zip(words, known, strict=True) if not is_ours]
    if before and not before.endswith((".", "!")):
        kept.insert(0, _GOES_ON)
    last = len(known) - 1 - known[::-1].index(False)
    if words[last + 1 :] and words[last + 1][0].islower():
        kept.append(_GOES_ON)
    return " ".join(kept)
