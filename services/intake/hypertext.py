"""The words of an HTML mail as plain text. Nothing is fetched, run or shown: tags go, text stays."""

import re
from html.parser import HTMLParser

_SILENT = {"script", "style", "head", "title", "template", "object", "svg", "noscript", "select", "textarea"}
_BREAKS = {"p", "div", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "form", "section"}
_CELLS = {"td", "th"}
_QUOTE_MARKS = re.compile(r"divrplyfwdmsg|appendonsend|yahoo_quoted|mail-editor-reference")
_OUTLOOK_RULE = re.compile(r"border-top\s*:\s*solid\s+#(?:e1e1e1|b5c4df)", re.IGNORECASE)
DIVIDER = "-----Original Message-----"
"""What stands where an HTML mail begins to quote, so that one set of rules finds it."""


def to_text(hypertext: str) -> str:
    """The text of an HTML document: a line per block, a tab between cells, quoted blocks behind `>` or below DIVIDER."""
    reader = _Reader()
    try:
        reader.feed(hypertext)
        reader.close()
    except AssertionError:  # the standard parser gives up on some broken declarations: keep what came before
        pass
    lines = (re.sub(r"[ \u00a0]+", " ", line).strip(" ") for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
            return
        if tag == "body":  # whatever was left open before it
            self._silent = 0
        marks = " ".join(value or "" for name, value in attrs if name in ("id", "class")).lower()
        style = next((value or "" for name, value in attrs if name == "style"), "")
        if tag == "blockquote":
            self._quoted += 1
        if (tag == "div" and _OUTLOOK_RULE.search(style)) or (tag != "blockquote" and _QUOTE_MARKS.search(marks)):
            self._line()
            self.words.append(DIVIDER)
        if tag in _BREAKS or tag == "blockquote":
            self._line()
        elif tag == "br":
            self.words.append(self._new_line())

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
            self._line()
        elif tag in _CELLS:
            self.words.append("\t")
        elif tag == "p":
            self._line()
            self.words.append(self._new_line())
        elif tag in _BREAKS:
            self._line()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(re.sub(r"\s+", " ", data))

    def _line(self) -> None:
        if not self.words:
            self.words.append("> " * self._quoted)
        elif self.words[-1] != self._new_line():
            self.words.append(self._new_line())

    def _new_line(self) -> str:
        return "\n" + "> " * self._quoted
