"""What people write round what they have to say: greetings, closing phrases, disclaimers."""

import re

SIGN_OFF = re.compile(
    r"^(?:(?:kind(?:est)?|best|warm(?:est)?|with (?:kind|best)|many)\s+(?:regards|wishes|thanks)|regards|rgds|kr"
    r"|(?:thanks|thank you)(?: (?:again|very much|so much))?|yours (?:sincerely|faithfully)|sincerely|cheers|best"
    r"|diolch(?: yn fawr)?|cofion(?: cynnes| gorau)?|yn gywir)\b[\s,.!]*(?:[A-Z][\w'’-]*\s*){0,3}$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:hi|hello|dear|hey|hiya|good (?:morning|afternoon|evening|day)|morning|afternoon|helo|annwyl|bore da|prynhawn da|all|team)"
    r"\b[^.:;!?]{0,60}[,.!:;–-]?$",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"intended recipient|confidential(?:ity)?\b.{0,80}\b(?:e-?mail|message|information)|(?:e-?mail|message)\b.{0,80}\bconfidential"
    r"|virus|disclaimer|^(?:this (?:e-?mail|message)|the information (?:contained )?in this)",
    re.IGNORECASE | re.DOTALL,
)


def without_greeting(words: str) -> str:
    """The text without a greeting on its first lines."""
    lines = words.strip().split("\n")
    while lines and (not lines[0].strip() or _GREETING.match(lines[0].strip())):
        lines.pop(0)
    return "\n".join(lines).strip()


def is_disclaimer(paragraph: str) -> bool:
    """Whether a mail system added this paragraph."""
    return bool(_DISCLAIMER.search(paragraph))


def before_signature(text: str) -> str:
    """The text up to a closing phrase (`Kind regards`) or a mail system's disclaimer."""
    kept: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        if _DISCLAIMER.search(paragraph) and kept:
            break
        lines = paragraph.split("\n")
        end = next((at for at, line in enumerate(lines) if SIGN_OFF.match(line.strip())), None)
        kept.append("\n".join(lines[:end]))
        if end is not None:
            break
    return "\n\n".join(kept).strip()
