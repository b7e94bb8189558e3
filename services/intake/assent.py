"""Whether what was written after a word that agrees leaves the agreement as it stands. No I/O.

A list of conditions and changes can never be whole ("action 2 is Kit's", "once the nursery replies", "see my comments"). So it is what
changes nothing that is listed: thanks, a name, the same said again. Anything else needs a person.
"""

import re

from services.intake.courtesies import NAMED, closes, divided, is_disclaimer, is_marking

_WE = r"(?:(?:i|we|both sides|our side|my side)(?: (?:can|hereby|do|am happy to|are happy to|both|also))? )?"
_THIS = (
    r"(?:this|it|that|the above|(?:(?:the|this|that) )?(?:(?:agreed|written|proposed) )?"
    r"(?:outcome|decision|record|time|bypass|advice|wording|version \d+))"
)
_TRUE = (
    r"(?:what (?:was|we|has been) agreed|right|fine|agreed|(?:an? )?(?:true|fair|correct|accurate)(?: and (?:true|fair|correct|accurate))?"
    r"(?: (?:record|account|reflection|summary|version))?(?: of (?:what (?:was|we) agreed|(?:our|the) \w+))?)"
)
_SAME_AGAIN = re.compile(
    rf"(?:and )?{_WE}(?:confirm|confirmed|agree|agreed|accept|accepted|happy with)(?: (?:with|to))?(?: (?:that )?{_THIS})?"
    rf"(?:,? as (?:written|set out|agreed|drafted|stated|proposed|discussed|above|{_TRUE}))?(?: (?:is|are) {_TRUE})?"
    rf"|(?:and )?{_WE}(?:confirm|confirmed|agree|agreed) that {_THIS} is {_TRUE}"
    rf"|(?:{_THIS} is |as |all )?{_TRUE}|all (?:good|fine|correct|accurate|agreed)|looks (?:good|fine|right)(?: to (?:me|us))?"
    r"|(?:no|nothing)(?: further| more)? (?:changes?|amendments?|comments?|corrections?|issues|to add|to change|else)"
    r"(?: (?:needed|required|necessary))?(?: (?:from|on) (?:me|us|our side|my side|our part))?"
    r"|please (?:proceed|go ahead|close (?:this|it|the case)(?: now)?)|(?:very )?(?:happy|content) (?:with|to agree) (?:this|it|that)",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    rf"(?:that )?{_THIS}(?:,? as (?:written|set out|agreed|drafted|stated|proposed|above|{_TRUE}))?(?: (?:is|are) {_TRUE})?|as {_TRUE}",
    re.IGNORECASE,
)
"""What `I confirm` may be followed by. `Confirm the outcome` is what our own notices say."""

_POLITE = re.compile(
    r"(?:(?:many|kind) )?(?:thanks|thank you|thx|cheers|diolch(?: yn fawr)?)(?: (?:all|both|again|everyone|so much|very much|a lot))*"
    rf"(?: {NAMED}){{0,3}}(?: for (?:[\w'’-]+ ){{0,6}}[\w'’-]+)?"
    r"|sent (?:on the move|in haste|on the go)|(?:please )?(?:excuse|apologies for|sorry for)(?: the| my| any)? (?:brevity|typos?|delay)"
    r"|x+|best|regards|kr",
    re.IGNORECASE,
)
_NAME = re.compile(rf"{NAMED}(?:[ ,]+(?:{NAMED}|and|&|of|for|in|the|de|van|ap|ferch|y|yr))*(?: \([^()?]{{1,60}}\)?)?(?: x+)?")
_FOR = re.compile(rf"(?:signed(?: by)?|(?:for )?(?:and )?on behalf of)(?: the)? {_NAME.pattern}", re.IGNORECASE)
_BREAKS = re.compile(r"(?<=[.!…])\s+|\s*[,;]\s+|\s+[-–—/|]+\s*|\n")
_ROUND = " \t.,;:!…-–—~*_\"'“”‘’«»`/()<>[]|#"
_DOUBT = re.compile(
    r"\b(?:not?|nope|none|never|but|however|although|though|apart|except|unless|until|if|once|when|after|before|only|or|subject|provid\w+"
    r"|pending|awaiting|assuming|perhaps|maybe|might|later|soon|tomorrow|next|first|then|part(?:ly|ially)?|mostly|largely|nearly|almost"
    r"|provisional\w*|conditional\w*|reluctant\w*|verbal\w*|tbc|draft|wrong|incorrect|mistake\w*|disagree\w*|dispute\w*|dissent\w*"
    r"|reject\w*|refuse\w*|declin\w*|object\w*|withdr\w+|challenge\w*|unhappy|concern\w*|protest|prejudice|reserv\w+|instead"
    r"|should|change\w*|amend\w*|correct(?:ion|ed|ions)|add(?:ed|ing)?|receipt|received|attend\w*|attached|see|noted|read"
    r"|mon|tue|wed|thu|fri|sat|sun|\w+day)\b"
    r"|n['’]t\b|\d|\?",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(
    r"^\W*(?:p\.?\s?(?:p\.?\s?)?s\b|n\.?b\b|note:|edit(?:ed)?:|but\b|however\b|except\b|also\b|one (?:more )?thing|although\b|actually\b)"
    r"|\b(?:actions?|parts?|points?|items?) \d|\bshould (?:be|read|say|have)\b|\bneeds? to (?:be|read|say)\b"
    r"|\b(?:is|are|was|were) (?:wrong|incorrect|missing|not (?:right|correct|agreed))\b|\b(?:we|i) (?:disagree|dispute|object|meant)\b"
    r"|\bsubject to\b|\bchanges? (?:in|to)\b|\bcomments? (?:in|below|above|attached)\b",
    re.IGNORECASE | re.MULTILINE,
)
_TAKES_BACK = re.compile(r"\b(?:not|but|unless|until|if)\b|n['’]t\b", re.IGNORECASE)
_MATTER = re.compile(
    r"\b(?:actions?|dates?|missing|needs?|needed|wants?|wanted|visits?|teams|zoom|room|hall|mum|dad|mother|father|parents?|police"
    r"|nursery|school|court|hospital)\b",
    re.IGNORECASE,
)
"""What is no part of a name or a role."""

_OF_A_SIGNATURE = re.compile(
    r"^.*(?:\bwork(?:ing)? (?:flexibl|pattern|days|hours|part)|expect (?:a |an )?(?:immediate )?(?:reply|response)|\bclinic days?\b"
    r"|\bpronouns\b|the environment\b|(?:outside|out) (?:of )?(?:normal |office |working |your )*hours).*$",
    re.IGNORECASE | re.MULTILINE,
)
"""Sentences that stand in signatures."""

_CONTACT = re.compile(r"(?:t|m|e|w|tel|telephone|phone|mob|mobile|e-?mail|web|ext|direct|office)\b", re.IGNORECASE)
_LONGEST_LINE = 300
"""Characters of a line that may leave an agreement as it stands."""

_SHORTEST = 3
"""Letters of a short form: `Sam` of `Samira`."""

_MOST_WORDS_OF_A_NAME = 10
_A_SENTENCE = 5


def names_of(by: str) -> frozenset[str]:
    """The words and the initials by which a person may sign, from their name as their mail shows it and their address."""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", by.partition("@")[0])]
    initials = {
        "".join(word[0] for word in words[:3]),
        *(one[0] + other[0] for one in words for other in words if one != other),
    }
    return frozenset({*words, *initials, *(word[0] for word in words)})


def may_follow(beside: str, names: frozenset[str], *, marked: bool, stated: bool) -> bool:
    """Whether a word that agrees may go on so on its line, in the mail of somebody of these names.

    `marked`: after a comma or the like. `stated`: it was `I confirm` or `confirmed`, not `confirm`.
    """
    if len(beside) > _LONGEST_LINE or "?" in beside:
        return False
    if (stated and is_about_it(beside)) or (closes(beside) and not _DOUBT.search(beside)):
        return True
    pieces = [piece.strip(_ROUND) for piece in _BREAKS.split(beside)]
    first = pieces[0]
    if (
        not marked
        and first
        and not (_POLITE.fullmatch(first) or (stated and (_OBJECT.fullmatch(first) or _FOR.fullmatch(first))))
    ):
        return beside.startswith("(") and _is_name(first, names)
    signed = next((at for at, piece in enumerate(pieces) if _is_name(piece, names) or _FOR.fullmatch(piece)), len(pieces))
    return all(map(_changes_nothing, pieces[:signed])) and all(map(_looks_like_a_name, pieces[signed + 1 :]))


def is_about_it(beside: str) -> bool:
    """Whether this names no more than what was asked about: `this`, `the outcome`."""
    return bool(_OBJECT.fullmatch(beside.strip(_ROUND)))


def leaves_it(below: str, names: frozenset[str]) -> bool:
    """Whether the lines below a word that agrees leave it as it stands, in the mail of somebody of these names."""
    if any(len(line) > _LONGEST_LINE and not is_disclaimer(line) for line in below.split("\n")):
        return False
    said, closing = divided(_OF_A_SIGNATURE.sub("", below))
    if _POSTSCRIPT.search(closing) or _DOUBT.search(closing.partition("\n")[0]):
        return False
    lines = said.split("\n")
    for at, line in enumerate(lines):
        if _is_name(line.strip(_ROUND), names):
            return _is_signature(lines[at:])
        if "?" in line or not all(_changes_nothing(piece.strip(_ROUND)) for piece in _BREAKS.split(line)):
            return False
    return True


def is_nobodys_words(text: str, names: frozenset[str]) -> bool:
    """Whether nothing is said here: no more than the writer's name, with what stands below one."""
    lines = divided(text)[0].split("\n")
    if any(":" in line and not _CONTACT.match(line.strip()) for line in lines):
        return False
    return not "".join(lines).strip() or (_is_name(lines[0].strip(_ROUND), names) and _is_signature(lines))


def _changes_nothing(piece: str) -> bool:
    if not re.search(r"\w", piece) or is_marking(piece) or _SAME_AGAIN.fullmatch(piece):
        return True
    return not _DOUBT.search(piece) and bool(_POLITE.fullmatch(piece) or closes(piece) or _FOR.fullmatch(piece))


def _looks_like_a_name(text: str) -> bool:
    short = len(text.split()) <= _MOST_WORDS_OF_A_NAME
    return not text or (short and bool(_NAME.fullmatch(text)) and not (_DOUBT.search(text) or _MATTER.search(text)))


def _is_name(text: str, names: frozenset[str]) -> bool:
    """Whether somebody of these names signs so: with one of them, or with what one of them is short for or the other way round."""
    said = [word.casefold() for word in re.findall(r"[^\W\d_]+", text)]
    known = any(word in names or any(_is_short_for(word, name) or _is_short_for(name, word) for name in names) for word in said)
    return known and _looks_like_a_name(text)


def _is_short_for(short: str, name: str) -> bool:
    return len(short) >= _SHORTEST and name.startswith(short)


def _is_signature(lines: list[str]) -> bool:
    """Whether lines that begin with a name are a signature: no sentence in them, and nothing that takes anything back."""
    rest = "\n".join(lines[1:])
    sentences = (line for line in lines[1:] if line.rstrip().endswith((".", "!", "?")) and len(line.split()) >= _A_SENTENCE)
    return not _POSTSCRIPT.search(rest) and not _TAKES_BACK.search(rest) and not any(sentences)
