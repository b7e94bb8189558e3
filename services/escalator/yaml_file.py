"""A YAML file as plain data, and the line on which each value stands. Takes no aliases, tags or duplicate keys."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from services.escalator.errors import Problem, ProtocolError

Place = Sequence[str | int]
"""Where a value stands: the keys and positions that lead to it."""

_MOST_BYTES = 1_000_000
_DEEPEST = 30


class YamlFile:
    """One file, read. `data` is plain; `line` finds where a value stands."""

    def __init__(self, path: Path, shown: str | None = None) -> None:
        """Read the file; `shown` is how people know it. Raises ProtocolError when it is not a YAML mapping."""
        self.path = path
        self.shown = shown or str(path)
        self._root = self._parse()
        self.data: dict[str, Any] = self._plain(self._root, set(), 0)

    def line(self, place: Place) -> int:
        """The line of the value at this place, or of the nearest thing above it that is there. The first line is 1."""
        node: Any = self._root
        line = 0
        for key in place:
            if isinstance(node, CommentedMap) and key in node:
                line = node.lc.key(key)[0]
            elif isinstance(node, CommentedSeq) and isinstance(key, int) and key < len(node):
                line = node.lc.item(key)[0]
            else:
                break
            node = node[key]
        return line + 1

    def found(self, place: Place) -> str:
        """What stands at this place, in few words."""
        node: Any = self._root
        for key in place:
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError):
                return ""
        if node is None:
            return "nothing"
        if isinstance(node, CommentedMap):
            return "a mapping" if node else "an empty mapping"
        if isinstance(node, CommentedSeq):
            return "a list" if node else "an empty list"
        text = repr(self._plain(node, set(), 0))
        return text if len(text) <= 60 else f"{text[:57]}...'"

    def problem(self, place: Place, expected: str, found: str | None = None) -> Problem:
        """Something wrong at this place."""
        return self.problem_at(self.line(place), expected, self.found(place) if found is None else found)

    def problem_at(self, line: int, expected: str, found: str = "") -> Problem:
        """Something wrong on this line."""
        return Problem(file=self.shown, line=line, expected=expected, found=found)

    def _parse(self) -> CommentedMap:
        try:
            if self.path.stat().st_size > _MOST_BYTES:
                raise ProtocolError([self.problem_at(1, "a file of at most one megabyte")])
            text = self.path.read_text(encoding="utf-8")
        except OSError as error:
            raise ProtocolError([self.problem_at(1, "a file that can be read", error.strerror or "none")]) from error
        except UnicodeDecodeError as error:
            raise ProtocolError([self.problem_at(1, "text in UTF-8", f"a byte that is not, at {error.start}")]) from error
        try:
            root = YAML(typ="rt", pure=True).load(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            found = (error.problem or error.context or "something else").splitlines()[0].removeprefix("found ")
            raise ProtocolError([self.problem_at(mark.line + 1 if mark else 1, "well-formed YAML", found)]) from error
        except (YAMLError, RecursionError, ValueError) as error:
            found = str(error).splitlines()[0] if str(error) else "something else"
            raise ProtocolError([self.problem_at(1, "well-formed YAML", found)]) from error
        if not isinstance(root, CommentedMap):
            raise ProtocolError([self.problem_at(1, "a mapping of fields", "something else" if root else "an empty file")])
        return root

    def _plain(self, node: Any, seen: set[int], depth: int) -> Any:
        """The node without what ruamel adds."""
        if isinstance(node, CommentedMap | CommentedSeq):
            if id(node) in seen or depth > _DEEPEST:
                expected = "every value written out" if id(node) in seen else "fewer values inside each other"
                raise ProtocolError([self.problem_at(node.lc.line + 1, expected, "an alias" if id(node) in seen else "")])
            seen.add(id(node))
            if isinstance(node, CommentedMap):
                return {self._plain(key, seen, depth): self._plain(value, seen, depth + 1) for key, value in node.items()}
            return [self._plain(value, seen, depth + 1) for value in node]
        if isinstance(node, bool) or node is None:
            return node
        for kind in (str, int, float):
            if isinstance(node, kind):
                return kind(node)
        return node if isinstance(node, date) else str(node)
