"""What a person decided in a reply: an exact word on its first line, and what they wrote after it.

Only exact words count, the negations are looked at first, and anything else is a reply that needs a person: nothing is ever
closed, refused or agreed on a guess.
"""

import re

from services.contracts.content import Action, OutcomeContent, ReplyContent
from services.contracts.message import Data
from services.contracts.vocabulary import ReplyAct

LONGEST = 50_000

_WORDS: tuple[tuple[ReplyAct, tuple[str, ...]], ...] = (
    (ReplyAct.NOT_RESOLVED, ("NOT RESOLVED", "UNRESOLVED", "NOT AGREED")),
    (ReplyAct.DISPUTED, ("NOT CONFIRMED", "I DO NOT CONFIRM", "I DISPUTE", "DISPUTED", "DISPUTE")),
    (ReplyAct.CONFIRMED, ("I CONFIRM", "CONFIRMED", "CONFIRM")),
    (ReplyAct.OUTCOME_PROPOSED, ("OUTCOME PROPOSED", "OUTCOME AGREED", "AGREED OUTCOME", "PROPOSED OUTCOME", "OUTCOME")),
    (ReplyAct.RESPONSE, ("RESPONSE",)),
)
_GREETING = re.compile(
    r"^(?:hi|hello|dear|hey|hiya|good (?:morning|afternoon|evening|day)|morning|afternoon|helo|annwyl|bore da|prynhawn da|all|team)"
    r"\b[^.:;!?]{0,60}[,.!:;–-]?$",
    re.IGNORECASE,
)
_MARKS = " \t*_\"'“”‘’«»`#"
_ENDS = ".!,;:–—- "
_SIGN_OFF = re.compile(
    r"^(?:(?:kind(?:est)?|best|warm(?:est)?|with (?:kind|best)|many)\s+(?:regards|wishes|thanks)|regards|rgds|kr"
    r"|(?:thanks|thank you)(?: (?:again|very much|so much))?|yours (?:sincerely|faithfully)|sincerely|cheers|best"
    r"|diolch(?: yn fawr)?|cofion(?: cynnes| gorau)?|yn gywir)\b[\s,.!]*(?:[A-Z][\w'’-]*\s*){0,3}$",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"intended recipient|confidential(?:ity)?\b.{0,80}\b(?:e-?mail|message|information)|(?:e-?mail|message)\b.{0,80}\bconfidential"
    r"|virus|disclaimer|^(?:this (?:e-?mail|message)|the information (?:contained )?in this)",
    re.IGNORECASE | re.DOTALL,
)
_HEDGE = re.compile(
    r"\b(?:but|however|except|unless|although|apart from|not|n['’]t|wrong|incorrect|subject to|provid(?:ed|ing)|as long as|on condition"
    r"|only if|disagree|dispute|unhappy|instead|should (?:be|read|say)|needs? to (?:be|read|say)|change|amend|add)\b|n['’]t\b",
    re.IGNORECASE,
)
_SECTIONS = (
    ("agreed", re.compile(r"(?:what (?:was|is|has been) )?agreed(?: outcome)?|agreement", re.IGNORECASE)),
    ("risk", re.compile(r"risk(?:s)?(?: assess(?:ed|ment))?", re.IGNORECASE)),
    ("depends_on", re.compile(r"depend(?:s|ent) (?:up)?on", re.IGNORECASE)),
    ("actions", re.compile(r"(?:agreed )?actions?(?: agreed)?", re.IGNORECASE)),
    ("outstanding", re.compile(r"(?:still )?outstanding(?: issues?)?", re.IGNORECASE)),
)
_BULLET = re.compile(r"^\s*(?:[-*•·–]|\(?\d{1,2}[.)])\s+")
_SEPARATOR = re.compile(r"\s+[-–—|]\s+|\t+")
_NOTHING = {"none", "nothing", "n/a", "na", "nil", "no", "dim", "-", "nothing outstanding", "none outstanding"}


class Decision(Data):
    """What a person decided, and their words after the decision word."""

    act: ReplyAct
    content: ReplyContent | OutcomeContent


class Unclear(Data):
    """Why a reply needs a person, as one sentence that can be told to its sender."""

    why: str


def decide(words: str) -> Decision | Unclear:
    """The decision in a person's own words (quotes already removed)."""
    first, rest = _first_line(words)
    found = _word(first)
    if found is None:
        return Unclear(
            why="The first line was not one of the words we act on." if first else "There was nothing above the quoted mail."
        )
    act, beside = found
    text = f"{beside}\n{rest}".strip()
    outcome = read_outcome(text) if act is ReplyAct.OUTCOME_PROPOSED else None
    why = _why_unclear(act, text, outcome)
    return Unclear(why=why) if why else Decision(act=act, content=outcome or ReplyContent(text=text))


def _why_unclear(act: ReplyAct, text: str, outcome: OutcomeContent | None) -> str:
    said = before_signature(text)
    if len(text) > LONGEST:
        return "The reply is too long to be read by a machine."
    if act is ReplyAct.CONFIRMED and _HEDGE.search(said):
        return "It says CONFIRM and then something that may be a condition or a change."
    if act is ReplyAct.RESPONSE and not said:
        return "It says RESPONSE, with no reasons below it."
    if act is ReplyAct.OUTCOME_PROPOSED and outcome is None:
        return "It says OUTCOME, but not what was agreed."
    return ""


def read_outcome(text: str) -> OutcomeContent | None:
    """A proposed outcome: its labelled parts, or the whole text as what was agreed. None when it does not say what was agreed."""
    sections: dict[str, list[str]] = {}
    unlabelled: list[str] = []
    into = unlabelled
    for line in text.split("\n"):
        name, beside = _section(line)
        if name:
            into = sections.setdefault(name, [])
            into.append(beside)
        else:
            into.append(line)
    if not sections:
        agreed = before_signature(text)
        return OutcomeContent(agreed=agreed) if agreed else None
    if into is not unlabelled:
        into[:] = before_signature("\n".join(into)).split("\n")
    written = {name: "\n".join(lines).strip() for name, lines in sections.items()}
    agreed = "\n".join(part for part in ("\n".join(unlabelled).strip(), written.get("agreed", "")) if part)
    if not agreed:
        return None
    return OutcomeContent(
        agreed=agreed,
        risk=_unless_nothing(written.get("risk", "")),
        depends_on=_unless_nothing(written.get("depends_on", "")),
        actions=_actions(written.get("actions", "")),
        outstanding=_actions(written.get("outstanding", "")),
    )


def before_signature(text: str) -> str:
    """The text up to a closing phrase (`Kind regards`) or a mail system's disclaimer."""
    kept: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        if _DISCLAIMER.search(paragraph) and kept:
            break
        lines = paragraph.split("\n")
        end = next((at for at, line in enumerate(lines) if _SIGN_OFF.match(line.strip())), None)
        kept.append("\n".join(lines[:end]))
        if end is not None:
            break
    return "\n\n".join(kept).strip()


def without_greeting(words: str) -> str:
    """The text without a greeting on its first line."""
    lines = words.strip().split("\n")
    while lines and (not lines[0].strip() or (_GREETING.match(lines[0].strip()) and _word(lines[0]) is None)):
        lines.pop(0)
    return "\n".join(lines).strip()


def _first_line(words: str) -> tuple[str, str]:
    first, _, rest = without_greeting(words).partition("\n")
    return first.strip(), rest


def _word(line: str) -> tuple[ReplyAct, str] | None:
    """The act a line begins with, and what follows the word on that line."""
    stripped = line.strip(_MARKS)
    for act, words in _WORDS:
        for word in words:
            found = re.match(rf"{word.replace(' ', r'[ ]+')}(?=$|[\s.!,;:–—*_\"'”’-])", stripped, re.IGNORECASE)
            if not found:
                continue
            after = stripped[found.end() :].lstrip(_MARKS)
            beside = after.lstrip(_ENDS + _MARKS)
            if not beside or (after[0] in ":.;,–—-!" and (act is not ReplyAct.CONFIRMED or _SIGN_OFF.match(beside))):
                return act, "" if act is ReplyAct.CONFIRMED else beside
            return None
    return None


def _section(line: str) -> tuple[str, str]:
    stripped = line.strip(_MARKS)
    label, colon, beside = stripped.partition(":")
    if not colon:
        return "", ""
    for name, pattern in _SECTIONS:
        if pattern.fullmatch(label.strip(_MARKS)):
            return name, beside.strip(_MARKS)
    return "", ""


def _actions(text: str) -> tuple[Action, ...]:
    """One action a line: `what - owner - by`."""
    found = []
    for line in text.split("\n"):
        words = _BULLET.sub("", line).strip()
        if not words or _unless_nothing(words) == "":
            continue
        pieces = [piece.strip() for piece in _SEPARATOR.split(words) if piece.strip()]
        if len(pieces) > 2:
            found.append(Action(what=" - ".join(pieces[:-2]), owner=pieces[-2], by=pieces[-1]))
        elif pieces:
            found.append(Action(what=pieces[0], owner=pieces[1] if len(pieces) > 1 else ""))
    return tuple(found)


def _unless_nothing(text: str) -> str:
    return "" if text.strip().rstrip(".").lower() in _NOTHING else text
