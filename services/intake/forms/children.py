"""How many children a form names: one case names them all, and its sender is told so."""

import re

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_FAMILY = re.compile(r"\b(?:unborn|baby|babies|child|children|siblings?|twins?|sons?|daughters?) of\b", re.IGNORECASE)
_AND = re.compile(r"\s*(?:[;\n|]|\s&\s|\s\+\s|\band\b|\ba(?:c)?\b(?=\s+[A-Z]))\s*")
_BULLET = re.compile(r"^(?:[-*•·–]|\(?\d{1,2}[.)])\s*")


def names(said: str) -> tuple[str, ...]:
    """The children named in a form's `Name of Child`, as far as that can be told.

    Names stand on lines of their own, or are parted by semicolons, by "and", or by commas where each part is a whole name: in
    "Example, Robin" the comma parts the two names of one child.
    """
    plain = _BRACKETS.sub(" ", said)
    if _FAMILY.search(plain):
        return (" ".join(plain.split()),)
    parts = [part for chunk in _AND.split(plain) for part in _by_comma(chunk)]
    named = (" ".join(_BULLET.sub("", part.strip()).split()).strip(" ,.") for part in parts)
    return tuple(dict.fromkeys(name for name in named if any(map(str.isalpha, name))))


def one_in_both(said: str, also_said: str) -> bool:
    """Whether a child is named in both, in whatever order and letters the parts of the name are written."""
    first, second = ({frozenset(re.findall(r"\w+", name.casefold())) for name in names(text)} for text in (said, also_said))
    return bool(first & second)


def _by_comma(chunk: str) -> list[str]:
    parts = [part for part in chunk.split(",") if part.strip()]
    return parts if all(len(part.split()) > 1 for part in parts) else [chunk]
