"""A ladder drawn as a flowchart: the pictures that the documents point to and have lost (A-17, BAR-07), rebuilt and labelled as ours.

One column, so that it reads on a phone; text and line style say everything that colour says; presentation attributes only, because
the pages' content security policy allows no styles inside them. The same ladder gives the same bytes.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Final, Literal, NamedTuple

from markupsafe import Markup

from services.contracts.outline import LadderOutline, StepOutline
from services.contracts.vocabulary import Writing
from services.kit.web.pages import templates

CAPTION: Final = "Drawn by Concord from the protocol; the document’s own flowchart is not available."

WRITING: Final = {
    Writing.NONE: "not asked for at this step",
    Writing.CONFIRM: "confirm in writing what you discussed",
    Writing.WRITTEN: "put it in writing",
}
"""What a step asks to have in writing, after the words "In writing"."""

_WAYS_OUT: Final = (
    "At every step, when it is agreed, both sides confirm the outcome in writing, and the case closes. When it is not resolved, or "
    "the time is out, the next step begins."
)

_AGREED: Final = "Agreed: both sides confirm the outcome in writing, and the case closes"
_ADVICE_OUT: Final = "This is a call for advice: it ends when the advice is taken or not."

_WIDTH, _BOX, _RAIL, _PAD = 360, 314, 344, 14
_GAP = 62
_NARROW, _SLIM, _WIDE = frozenset("ijl.,:;'’|! ()[]/I"), frozenset('frt-“”"'), frozenset("mwMW%@")

_environment = templates().env
_page = _environment.get_template("flowchart.html")
_picture = _environment.get_template("flowchart.svg")


class _Line(NamedTuple):
    """A line of text: `label` is set in bold before `text`. `y` is its baseline."""

    y: int
    text: str
    label: str = ""
    size: int = 16
    bold: bool = False
    quiet: bool = False


class _Block(NamedTuple):
    """A box of the chart, and the way into it. `tag` is a word in its corner; `thick` marks the step where the case is now.

    On a page a block is a picture of its own from `slice_top` down, so that no box is cut in two where paper ends.
    """

    kind: Literal["start", "step", "ending", "agreed"]
    top: int
    height: int
    lines: tuple[_Line, ...]
    tag: str = ""
    thick: bool = False
    slice_top: int = 0

    @property
    def bottom(self) -> int:
        """Where its lower edge is."""
        return self.top + self.height


def flowchart(outline: LadderOutline, *, current: int | None = None, done: Collection[int] = ()) -> Markup:
    """The ladder as a figure for a page: the picture, and the same in words for those who do not see it. Once on a page.

    `current` is the step where the case is now and `done` are those it has left; a number the ladder does not have marks nothing.
    """
    return Markup(_page.render(**_drawn(outline, current, done)))  # noqa: S704 - the template escapes


def picture(outline: LadderOutline) -> str:
    """The ladder as an SVG file that stands alone, its text alternative inside it."""
    return _picture.render(**_drawn(outline, None, ())) + "\n"


def in_words(step: StepOutline) -> Iterator[tuple[str, str]]:
    """What a step's box says below its action, as label and text."""
    yield "Side that raised it", _either(step.raising)
    yield "Other side", _either(step.other)
    yield "Time", step.within
    yield "In writing", WRITING[step.writing]


def _either(roles: tuple[str, ...]) -> str:
    """Any of these may act; the document may name nobody (BED-S1, step 2)."""
    if not roles:
        return "nobody is named"
    return " or ".join(filter(None, (", ".join(roles[:-1]), roles[-1])))


def _drawn(outline: LadderOutline, current: int | None, done: Collection[int]) -> dict[str, object]:
    marks = {step.number: "Now" if step.number == current else "Done" if step.number in done else "" for step in outline.steps}
    title = _Lines(24)
    title.add(outline.name, size=18, bold=True, width=_WIDTH - 4)
    title.add(outline.case_stage, size=14, quiet=True, width=_WIDTH - 4)
    blocks = [_terminal("start", title.next + 2, "The form is received")]
    top = blocks[0].bottom + 34
    for step in outline.steps:
        blocks.append(_step(step, top, marks[step.number])._replace(slice_top=blocks[-1].bottom + 4))
        top = blocks[-1].bottom + _GAP
    ending = outline.ending or "The protocol has no further step"
    blocks.append(_terminal("ending", top, ending)._replace(slice_top=blocks[-1].bottom + 4))
    # A call for advice has no way to agreement: there is nothing to agree.
    agreed = None if outline.advice else _terminal("agreed", blocks[-1].bottom + 24, _AGREED)
    caption = _Lines((agreed or blocks[-1]).bottom + 26)
    caption.add(CAPTION, size=14, quiet=True, width=_WIDTH - 4)
    caption.add(outline.paragraph, label="Source", size=14, quiet=True, width=_WIDTH - 4)
    return {
        "outline": outline,
        "title": title.lines,
        "caption": caption.lines,
        "agreed": agreed,
        "ways_out": f"{_ADVICE_OUT if outline.advice else _WAYS_OUT} After the last step: {ending}.",
        "marks": marks,
        "in_words": in_words,
        "caption_words": CAPTION,
        "width": _WIDTH,
        "box": _BOX,
        "rail": _RAIL if agreed else 0,
        "pad": _PAD,
        "height": caption.next,
        "slices": tuple(zip(blocks, (*(block.slice_top for block in blocks[1:]), caption.next), strict=True)),
    }


def _step(step: StepOutline, top: int, tag: str) -> _Block:
    lines = _Lines(top + 26)
    lines.add(f"Step {step.number}", bold=True, after=3)
    if step.name:
        lines.add(step.name, bold=True, after=3)
    lines.add(step.action, after=6)
    for label, text in in_words(step):
        lines.add(text, label=label, size=15, after=2)
    lines.add(step.paragraph, size=14, quiet=True)
    return _Block("step", top, lines.next - top - 4, tuple(lines.lines), tag, thick=tag == "Now")


def _terminal(kind: Literal["start", "ending", "agreed"], top: int, text: str) -> _Block:
    lines = _Lines(top + 25)
    lines.add(text, bold=kind != "start")
    return _Block(kind, top, lines.next - top - 6, tuple(lines.lines))


class _Lines:
    """Lines of text, one below the other; `next` is the baseline of the one to come."""

    def __init__(self, first: int) -> None:
        self.next = first
        self.lines: list[_Line] = []

    def add(
        self,
        text: str,
        *,
        label: str = "",
        size: int = 16,
        bold: bool = False,
        quiet: bool = False,
        after: int = 0,
        width: int = _BOX - 2 * _PAD,
    ) -> None:
        """Wrap `text`, whose first line begins with the label, and leave `after` below it."""
        label = f"{label}:" if label else ""
        first = width - _length(f"{label} ", size, bold=True) if label else width
        for number, part in enumerate(_wrapped(text, first, width, lambda part: _length(part, size, bold=bold))):
            self.lines.append(_Line(self.next, part, "" if number else label, size, bold, quiet))
            self.next += round(size * 1.3)
        self.next += after


def _wrapped(text: str, first: float, width: float, length: Callable[[str], float]) -> Iterator[str]:
    line, room = "", first
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and length(longer) > room:
            yield line
            line, room = word, width
        else:
            line = longer
    yield line


def _length(text: str, size: int, *, bold: bool) -> float:
    """How long a line of Arial is, a little more rather than less: the picture is drawn where no font can be measured."""
    ems = sum(
        0.3 if one in _NARROW else 0.36 if one in _SLIM else 0.9 if one in _WIDE else 0.7 if one.isupper() else 0.54
        for one in text
    )
    return ems * size * (1.07 if bold else 1)
