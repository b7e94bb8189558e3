"""Boxes to tick: which of the words beside them were chosen. What cannot be told stays as it was written, for a person to see."""

import re
from collections.abc import Sequence

EMPTY, TICKED = "☐", "☒"
_EMPTY, _TICKED = "☐□▢❏❑◯○", "☑☒✓✔✗✘■▣⊠⊗◉●\uf0fe\uf0fd\uf0fc\uf052"
_BOX = re.compile(rf"([{_EMPTY}{_TICKED}]|\[[ \t]?\]|\( \)|\[[xX✓✔]\]|\([xX✓✔]\))")
_ADVICE = re.compile(
    r"\([^()]*\b(?:tick|cross|mark|delete|circle|choose|select|as appropriate|as applicable)\b[^()]*\)", re.IGNORECASE
)
_BOTH = re.compile(
    r"\W*(?:yes|ie|ydy|oes)\s*/\s*(?:no|na|nac ydy|nac oes)\b\s*(?:\([^()]*\))?\s*[:–—-]?\s*(?=\w)", re.IGNORECASE
)
_TRIM = " \t,;/"


def ticked(answer: str) -> str:
    """The words beside ticked boxes, where there are boxes, and the lines without any; and `No` of `Yes/No: No`."""
    if not _BOX.search(answer):
        return _BOTH.sub("", answer, count=1) if len(answer) < 100 and _BOTH.match(answer) else answer
    alone = len(_BOX.findall(answer)) == 1
    lines = (_chosen(line, alone=alone) if _BOX.search(line) else line for line in answer.split("\n"))
    return "\n".join(line for line in lines if line is not None)


def in_cells(cells: Sequence[str]) -> str:
    """Cells beside a label as one answer; where one of them has no more than a mark in it, they are boxes."""
    if len(cells) > 1 and any(cell.strip() in {*"xX", *_TICKED} for cell in cells):
        cells = [TICKED if cell.strip() in {"x", "X"} else cell.strip() or EMPTY for cell in cells]
    return "\t".join(cell.strip() for cell in cells if cell.strip())


def _chosen(line: str, *, alone: bool) -> str | None:
    """What is ticked on a line: None for nothing. Boxes stand before their words, or all of them after; one empty box
    `alone` after words is no choice."""
    plain = _ADVICE.sub(" ", line)
    parts = _BOX.split(plain)
    words, boxes = [part.strip(_TRIM) for part in parts[0::2]], parts[1::2]
    if words[0].endswith((":", "?")):
        words[0] = ""
    if not any(words):
        return line if any(map(_is_ticked, boxes)) else None
    if not words[0]:
        beside = words[1:]
    elif not words[-1] and (not alone or _is_ticked(boxes[0])):
        beside = words[:-1]
    else:
        return line
    chosen = [word for box, word in zip(boxes, beside, strict=True) if _is_ticked(box)]
    return line if "" in chosen else "\n".join(chosen) or None


def _is_ticked(box: str) -> bool:
    return box in _TICKED or box[1:2] in {*"xX✓✔"}
