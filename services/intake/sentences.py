"""What people say of their form in a sentence: "the date of birth should be 4 March, not 5". Pure.

All or nothing: where one sentence is not understood, none counts, and a person reads the mail. What the form says already tells which
of several dates is meant, and what is left as it was. Who wrote it gets every change read back.
"""

import re
from collections.abc import Iterator, Sequence

from services.intake.courtesies import before_signature, without_greeting
from services.intake.domain import Answers
from services.intake.forms.labels import at_start

LONGEST = 1000
_THEIRS = {"response", "response_date", "resolution", "resolution_date"}
_DATES = ("date_raised", "child_dob")
"""Which `the date` may mean."""

_BY_ONE_WORD = {"date", "child_dob", "agency_team", "case_stage", "area", "summary"}
"""What one word is enough for: "the child is in danger" says nothing of a name."""

_IS = r"(?:should (?:be|read|say|have (?:been|said|read))|ought to be|needs to (?:be|read|say)|must be|is(?: actually| really| now)?)"
_NOT = r"(?:\s*[,;–-]?\s+(?:and |so )?(?:not|instead of|rather than)\s+(?:the )?(?P<was>.{1,100}?))?"
_SAYS = tuple(
    re.compile(pattern + _NOT + r"[\s.!?]*", re.IGNORECASE)
    for pattern in (
        rf"(?:i (?:got|put|wrote|gave|have) )?(?P<label>.{{2,60}}?)(?: (?:is|was))? (?:wrong|incorrect|not right)\s*[.,;:–-]*\s*"
        rf"(?:it |this |that )?{_IS} (?:the )?(?P<now>.{{1,600}}?)",
        r"(?:please |can you |could you )*(?:change|correct|amend|update) (?P<label>.{2,60}?)(?: from (?P<old>.{1,100}?))?"
        r" to (?:be |read |say )?(?P<now>.{1,600}?)",
        rf"(?P<label>.{{2,60}}?) {_IS} (?:the )?(?P<now>.{{1,600}}?)",
    )
)
_OPENING = re.compile(r"(?:(?:sorry|apologies|my apologies|my mistake|oops|actually|also|and)\b\s*[,.:–-]*\s*)+", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|my|our|his|her|their)\s+", re.IGNORECASE)
_THANKS = (
    r"(?:many )?thanks?(?: you)?"
    r"(?: (?:again|very much|so much|for (?:this|that|letting me know|confirming|your (?:e-?mail|mail|help))))?"
)
_COURTESY = re.compile(
    rf"(?:{_THANKS}|(?:i am |i['’]m )?(?:very |so )?sorry(?: (?:about|for) (?:this|that|the (?:mistake|confusion)))?|apologies|my mistake"
    r"|(?:a|one) correction|please (?:can|could) you (?:correct|change|amend|update) (?:this|it|that|my form|the form))[\s.,!:]*",
    re.IGNORECASE,
)
_RIGHT = r"(?:all )?(?:correct|right|fine|good|ok(?:ay)?)"
_FINE = re.compile(
    rf"(?:(?:{_THANKS}|yes|received|noted|i (?:can )?confirm(?: that)?|(?:that|this|it|all|everything)(?:['’]s| is| looks) {_RIGHT}"
    rf"|(?:looks )?{_RIGHT})[\s,.!–-]*(?:and )?)+",
    re.IGNORECASE,
)
_ASKING = re.compile(r"(?:please|can|could) ", re.IGNORECASE)
_BREAKS = re.compile(r"\n+|(?<=[.!?])\s+(?=[A-Z])|\s*;\s+")
_SIGNED = re.compile(r"\n+[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3}\s*\Z")
"""A name alone below whole sentences."""

_WRONG_THEN = re.compile(
    r"\b(wrong|incorrect|not right)[.,]?\s+(?=(?:it|this|that) (?:should|ought|needs|must|is)\b)", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TOKEN = re.compile(r"\w+(?:['’-]\w+)*")


def read(words: str, known: Answers) -> Answers:
    """What a reply of nothing but such sentences says of a form that says `known`; empty where anything else is in it."""
    text = before_signature(without_greeting(words))
    if not text or len(text) > LONGEST:
        return Answers()
    told = known.fields()
    found: dict[str, str] = {}
    for sentence in _sentences(text):
        said = _read(sentence, told)
        if said is None or said[0] in found:
            return Answers()
        found[said[0]] = said[1]
    return Answers.of(found)


def is_thanks(words: str) -> bool:
    """Whether a reply only says thank you, or that what we read is right."""
    said = before_signature(without_greeting(words)) or words
    return len(said) <= LONGEST and bool(_FINE.fullmatch(" ".join(said.split())))


def is_right(words: str) -> bool:
    """Whether a reply only says that what we read is right, and not just a word that may confirm something else."""
    return is_thanks(words) and re.search(rf"\b(?:is|looks|['’]s) {_RIGHT}\b", words, re.IGNORECASE) is not None


def _sentences(text: str) -> Iterator[str]:
    every = _BREAKS.split(_WRONG_THEN.sub(r"\1, ", _SIGNED.sub("", text)))
    for sentence in every:
        stripped = _OPENING.sub("", sentence.strip(" \t-•*"), count=1).strip()
        if stripped and not _COURTESY.fullmatch(stripped):
            yield stripped


def _read(sentence: str, told: dict[str, str]) -> tuple[str, str] | None:
    """A field and what it says now."""
    if sentence.endswith("?") and not _ASKING.match(sentence):
        return None
    for pattern in _SAYS:
        match = pattern.fullmatch(sentence)
        if match is None:
            continue
        named = _ARTICLE.sub("", match["label"].strip(), count=1)
        label = at_start(f"{named}:")
        if label is None or label.rest or label.field in _THEIRS:
            continue
        if not _may_be(label.field, match["now"]) or (" " not in named and label.field not in _BY_ONE_WORD):
            continue
        was = match["was"] or match.groupdict().get("old") or ""
        fields = _DATES if label.field == "date" else (label.field,)
        meant = [field for field in fields if _says(told[field], was)] if was else list(fields)
        return (meant[0], _now(meant[0], told[meant[0]], match["now"].strip(), was)) if len(meant) == 1 else None
    return None


def _may_be(field: str, text: str) -> bool:
    """Whether this may be an answer: "the social worker should be told" and "the DOB needs to be checked" are none."""
    if field in {"case_stage", "area", "immediate_danger", "injury_to_infant"}:
        return True
    if field in {*_DATES, "date", "decided_at", "needed_by"}:
        return any(character.isdigit() for character in text)
    return bool(re.match(r"[^\w\s]*[A-Z0-9]|to ", text))


def _now(field: str, before: str, now: str, was: str) -> str:
    """What stands there from now on: the whole of it, also where only a part of it was said."""
    parts, old = _TOKEN.findall(now), _TOKEN.findall(was)
    if len(old) == 1 and len(parts) == 1:
        pattern = r"\b0*" + re.escape(_plain(old[0])) + r"(?:st|nd|rd|th)?\b"
        if len(_TOKEN.findall(before)) > 1 and len(re.findall(pattern, before, re.IGNORECASE)) == 1:
            return re.sub(pattern, lambda _: _plain_day(parts[0]), before, flags=re.IGNORECASE)
    year = _YEAR.findall(before)
    if (
        field in _DATES
        and len(year) == 1
        and not _YEAR.search(now)
        and re.search(r"\d\s*(?:st|nd|rd|th)?\s+(?:of )?[a-z]{3}", now, re.I)
    ):
        return f"{now} {year[0]}"
    return now


def _says(text: str, part: str) -> bool:
    """Whether a text has these words one after the other."""
    have, wanted = _tokens(text), _tokens(part)
    return any(have[at : at + len(wanted)] == wanted for at in range(len(have))) if wanted else False


def _tokens(text: str) -> Sequence[str]:
    return [_plain(token) for token in re.findall(r"\d+|[^\W\d_]+", text.casefold()) if token not in {"st", "nd", "rd", "th"}]


def _plain(token: str) -> str:
    """A number without its ending or a nought in front, and a word in small letters."""
    number = re.fullmatch(r"0*(\d+)(?:st|nd|rd|th)?", token, re.IGNORECASE)
    return number[1] if number else token.casefold()


def _plain_day(token: str) -> str:
    number = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", token, re.IGNORECASE)
    return number[1] if number else token
