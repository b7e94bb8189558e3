"""What people write round what they have to say: greetings, thanks, markings, closing phrases, disclaimers."""

import re

NAMED = r"(?-i:(?:Dr|Mr|Mrs|Ms|Prof|Rev|[A-Z])\.|[A-Z][\w'’&/|-]*)"
"""A word of a name: it has a capital, as the words of a sentence have not."""

_LONGEST_LINE = 300
"""Characters of a line that may be a courtesy."""

_NAMES = rf"{NAMED}(?:,? (?:{NAMED}|and|&|of|for|in|the)){{0,7}}"
_SOMEBODY = r"(?:all|both|everyone|everybody|colleagues|team|folks|there|again|pawb|bawb)"
_CALLED = rf"(?:\s+(?:{NAMED}|{_SOMEBODY}|and|&|/|a|to you)[,]?){{0,5}}"
_THANKS = r"(?:(?:many|kind|best) )?(?:thanks|thank you|thank u|thx|ta|diolch(?: yn fawr)?)"
_FOR = (
    r"(?: (?:so much|very much|again|a lot|indeed))?(?: for (?:this|that|it|all of this|your (?:[\w-]+ )?[\w-]+"
    r"|the (?:[\w-]+ )?(?:e-?mail|message|note|update|outcome|notice|reminder|call|meeting|record|chat)(?: (?:earlier|today|yesterday))?"
    r"|letting (?:me|us) know|getting back(?: to (?:me|us))?|(?:sending|sorting) (?:this|it)))?"
)
_CLOSING = (
    r"(?:(?:kind(?:est)?|best|warm(?:est)?|with (?:kind|best)|many)\s+(?:regards|wishes|thanks)|regards|rgds|kr"
    r"|(?:thanks|thank you)(?: (?:again|very much|so much))?|yours (?:sincerely|faithfully)|sincerely|cheers|best"
    r"|diolch(?: yn fawr)?|cofion(?: cynnes| gorau)?|yn gywir|v?bw|ta|thx)"
)
_DOUBT = r"(?:but|not?|never|and|if|or|for|to|we|i|you|however|though)"
_SIGN_OFF = re.compile(
    rf"^{_CLOSING}(?: ?/ ?{_CLOSING})?(?:[\s,.!–-]+(?:{_NAMES}|{_SOMEBODY}|(?!{_DOUBT}\b)[a-zà-ÿ'’-]{{2,12}}(?=[\s.!]*$)))?[\s,.!]*$",
    re.IGNORECASE,
)
"""A closing phrase, alone or with a name: `Thanks Sam`, and not `Thanks but no`."""

_OPENING = (
    rf"(?:(?:hi|hello|dear|hey|hiya|helo|annwyl)(?: (?!{_DOUBT}\b)[\w'’-]+(?=[\s,.!:;–—-]*$|\s*[,.!:;–—]|\s+-))?{_CALLED}"
    rf"|(?:good (?:morning|afternoon|evening|day)|morning|afternoon|evening|bore da|p(?:rynha|na)wn da|noswaith dda){_CALLED}"
    rf"|{_SOMEBODY}|to whom it may concern|fao {_NAMES}|fyi"
    rf"|{_THANKS}{_CALLED}{_FOR}{_CALLED}"
    r"|(?:apologies|sorry|my apologies)(?: (?:for|about)(?: the| my| this| a)? (?:slow |late |delayed )?(?:delay|reply|response))?"
    r"(?: in (?:replying|responding|getting back)(?: to (?:you|this))?)?"
    r"|yes|yep|ok|okay)"
)
_GREETS = re.compile(rf"{_OPENING}[\s,.!:;–—-]*$", re.IGNORECASE)
_GREETS_AND_GOES_ON = re.compile(rf"{_OPENING}\s*(?:[,.!:;–—]+|\s-)\s*(?=\w)|(?:yes|ok|okay)\s+(?=\w)", re.IGNORECASE)
_MARKING = re.compile(
    r"[\W_]*(?:(?:(?:this|the) (?:e-?mail|message) (?:is|has been)|marked|classified|(?:security )?classification|sensitivity"
    r"|(?:protective )?marking|security)[\s:]*(?:as\s+)?)*"
    r"(?:official(?:[\W_]*sensitive)?(?:[\W_]+(?:personal(?: data)?|commercial|locsen|operational|legal|hr|staff|sensitive))?"
    r"|not protectively marked|unclassified|restricted|protect(?:ed)?|(?:strictly |highly )?(?:private|confidential)"
    r"(?: (?:and|&) (?:private|confidential))?|swyddogol(?:[\W_]*sensitif)?)[\W_]*",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"intended (?:recipient|solely)|addressee"
    r"|confidential(?:ity)?\b.{0,80}\b(?:e-?mail|message|information)|(?:e-?mail|message)\b.{0,80}\bconfidential"
    r"|\bvirus(?:es)?\b.{0,80}\b(?:e-?mail|message|scan|check|swept|free)|(?:e-?mail|message|scan|check|swept|free).{0,80}\bvirus"
    r"|^\W*disclaimer|^(?:this (?:e-?mail|message)|the information (?:contained )?in this)"
    r"|c?gyfrinachol\b|(?:correspondence|calls?) (?:is |are )?(?:welcomed?|in) .{0,20}\bwelsh|croesew?ir gohebiaeth",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)

_SURE_DISCLAIMER = re.compile(
    r"intended recipient|intended solely|(?:only|solely) for .{0,40}\baddressee|^\W*disclaimer\b"
    r"|^this e-?mail (?:and any|is|was|has|may|contains)"
    r"|gyfrinachol\b|croesew?ir gohebiaeth|correspondence is welcome",
    re.IGNORECASE,
)


def without_greeting(words: str) -> str:
    """The text without the greetings, thanks and markings on its first lines."""
    lines = words.strip().split("\n")
    while lines and (not lines[0].strip() or _is_courtesy(lines[0].strip())):
        lines.pop(0)
    return "\n".join(lines).strip()


def past_greeting(line: str) -> str:
    """A line without the greetings that it begins with: `confirm` of `Hi Sam, confirm`."""
    while len(line) <= _LONGEST_LINE and (found := _GREETS_AND_GOES_ON.match(line)):
        line = line[found.end() :]
    return line


def is_disclaimer(paragraph: str) -> bool:
    """Whether a mail system added this paragraph."""
    return bool(_DISCLAIMER.search(paragraph))


def closes(line: str) -> bool:
    """Whether a line is a closing phrase, alone or with a name."""
    return len(line) <= _LONGEST_LINE and bool(_SIGN_OFF.match(line))


def is_marking(line: str) -> bool:
    """Whether a line is a protective marking, such as OFFICIAL-SENSITIVE."""
    return len(line) <= _LONGEST_LINE and bool(_MARKING.fullmatch(line))


def before_signature(text: str) -> str:
    """The text up to a closing phrase (`Kind regards`) or a mail system's disclaimer."""
    return divided(text)[0]


def divided(text: str) -> tuple[str, str]:
    """The text up to a closing phrase or a disclaimer, and from the closing phrase to the disclaimer."""
    kept: list[str] = []
    closing: list[str] = []
    into = kept
    for paragraph in re.split(r"\n\s*\n", text):
        lines = paragraph.split("\n")
        ends = _where_disclaimed(lines)
        if ends == 0 and not kept:
            ends = None  # what stands first is the person's own
        lines = lines[:ends]
        if into is kept and (end := next((at for at, line in enumerate(lines) if closes(line.strip())), None)) is not None:
            kept.append("\n".join(lines[:end]))
            into, lines = closing, lines[end:]
        into.append("\n".join(lines))
        if ends is not None:
            break
    return "\n\n".join(kept).strip(), "\n\n".join(closing).strip()


def _where_disclaimed(lines: list[str]) -> int | None:
    """The line of a paragraph where a mail system's disclaimer begins: what surely is one may stand right below a name."""
    sure = next((at for at, line in enumerate(lines) if _SURE_DISCLAIMER.search(line)), None)
    return 0 if sure is None and is_disclaimer("\n".join(lines)) else sure


def _is_courtesy(line: str) -> bool:
    return len(line) <= _LONGEST_LINE and bool(_GREETS.match(line) or is_marking(line))
