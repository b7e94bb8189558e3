"""The words that decide: which act each stands for, and how a line that begins with one must go on.

Only exact words count. The negations stand first, and longer words before those they begin with.
"""

import re
from typing import NamedTuple

from services.contracts.vocabulary import ReplyAct
from services.intake.assent import is_about_it, may_follow
from services.intake.courtesies import NAMED, past_greeting, without_greeting

WORDS: tuple[tuple[ReplyAct, tuple[str, ...]], ...] = (
    (ReplyAct.NOT_RESOLVED, ("NOT RESOLVED", "UNRESOLVED", "NOT AGREED")),
    (ReplyAct.DISPUTED, ("NOT CONFIRMED", "I DO NOT CONFIRM", "I DON'T CONFIRM", "I DISPUTE", "DISPUTED", "DISPUTE")),
    (ReplyAct.NO_CHALLENGE, ("NO CHALLENGE", "NO FURTHER CHALLENGE", "I DO NOT CHALLENGE", "I DON'T CHALLENGE")),
    (ReplyAct.BYPASS_REFUSED, ("REFUSE BYPASS", "I REFUSE BYPASS", "BYPASS REFUSED", "REFUSE THE BYPASS")),
    (ReplyAct.ADVICE_NOT_TAKEN, ("ADVICE NOT TAKEN",)),
    (ReplyAct.CONFIRMED, ("I CONFIRM", "I CAN CONFIRM", "CONFIRMED", "CONFIRM")),
    (ReplyAct.BYPASS_AGREED, ("AGREE BYPASS", "I AGREE BYPASS", "BYPASS AGREED", "AGREE THE BYPASS")),
    (ReplyAct.TIME_AGREED, ("AGREE TIME", "I AGREE TIME", "TIME AGREED", "AGREE THE TIME")),
    (ReplyAct.ADVICE_TAKEN, ("ADVICE TAKEN",)),
    (ReplyAct.OUTCOME_PROPOSED, ("OUTCOME PROPOSED", "OUTCOME AGREED", "AGREED OUTCOME", "PROPOSED OUTCOME", "OUTCOME")),
    (ReplyAct.DECISION, ("DECISION",)),
    (ReplyAct.DISSENT, ("I DISSENT", "DISSENT")),
    (ReplyAct.CHALLENGE, ("I CHALLENGE", "CHALLENGE")),
    (ReplyAct.BYPASS_ASKED, ("ASK BYPASS", "BYPASS")),
    (ReplyAct.TIME_PROPOSED, ("TIME PROPOSED", "PROPOSE TIME", "PROPOSED TIME", "TIME")),
    (ReplyAct.MEETING, ("MEETING",)),
    (ReplyAct.CONSULTED, ("CONSULTED",)),
    (ReplyAct.ADVICE_GIVEN, ("I ADVISE", "ADVISE", "ADVICE GIVEN", "MY ADVICE")),
    (ReplyAct.ADVICE_WANTED, ("ADVICE WANTED", "ADVICE")),
    (ReplyAct.STILL_AT_RISK, ("STILL AT RISK", "CHILD STILL AT RISK", "CHILD IS STILL AT RISK")),
    (ReplyAct.DONE, ("DONE",)),
    (ReplyAct.LEARNING, ("LEARNING",)),
    (ReplyAct.WITHDRAWN, ("I WITHDRAW", "WITHDRAW", "WITHDRAWN")),
    (ReplyAct.REOPENED, ("REOPEN", "RE-OPEN")),
    (
        ReplyAct.WRONG_PERSON,
        (
            *("WRONG PERSON", "I AM THE WRONG PERSON", "I'M THE WRONG PERSON", "YOU HAVE THE WRONG PERSON"),
            *("NOT THE RIGHT PERSON", "I AM NOT THE RIGHT PERSON", "I'M NOT THE RIGHT PERSON"),
        ),
    ),
    (ReplyAct.RESPONSE, ("RESPONSE",)),
)
"""`I` stands for `we` too: people answer for their side."""

AGREES = frozenset(
    {ReplyAct.CONFIRMED, ReplyAct.BYPASS_AGREED, ReplyAct.TIME_AGREED, ReplyAct.NO_CHALLENGE, ReplyAct.ADVICE_TAKEN}
)
"""Words that agree to something as it stands: nothing that may change it may follow them (see `assent`)."""

_IMPERATIVE = "CONFIRM"
"""Our own notices say `Confirm the outcome`; a person says that they confirm it."""

_READ_AFTER = frozenset({ReplyAct.TIME_PROPOSED, ReplyAct.MEETING, ReplyAct.DONE, ReplyAct.WRONG_PERSON})
"""Words that a date, a number or a name follows, also after no more than a space: whoever reads that says whether it is one."""

_MARKS = " \t*_\"'“”‘’«»`#<>[]"
_PUNCTUATION = ".!,;:–—- "
_BY = re.compile(rf"\[(?!(?:not?|do|if|draft)\b){NAMED}(?:\s+{NAMED}){{0,3}}\]:?\s+(?=\w)", re.IGNORECASE)
"""Whose comment it is, as Outlook writes it in front of an answer that is typed into a quoted mail: `[Sam Lee]`."""


class Begun(NamedTuple):
    """What a reply begins with: the act, the word it was known by, what stands beside the word and below it.

    `mark` is the first character that stands between the word and what is beside it, other than a space.
    """

    act: ReplyAct
    word: str
    mark: str
    beside: str
    below: str

    @property
    def text(self) -> str:
        """All that was written after the word."""
        return f"{self.beside}\n{self.below}".strip()


def begin(words: str, names: frozenset[str] = frozenset()) -> Begun | None:
    """The decision word that the first line begins with, after a greeting, or None. `names` are those its writer signs with."""
    line, _, below = without_greeting(words).partition("\n")
    stripped = plain(_BY.sub("", past_greeting(line.strip()), count=1))
    found = _BEGINS.match(stripped)
    if found is None or found.lastgroup is None:
        return None
    act, word = _LISTED[int(found.lastgroup[1:])]
    after = stripped[found.end() :].lstrip(_MARKS)
    mark, beside = after[:1] if after[:1] in _PUNCTUATION else "", after.lstrip(_PUNCTUATION + _MARKS)
    if not beside:
        return Begun(act, word, mark, "", below)
    if act in AGREES:
        as_it_stands = may_follow(beside, names, marked=bool(mark), stated=word != _IMPERATIVE) and not _says_another(
            act, beside
        )
        return Begun(act, word, mark, "", below) if as_it_stands else None
    goes_on = mark or act in _READ_AFTER or (act is ReplyAct.DISPUTED and is_about_it(beside))
    return Begun(act, word, mark, beside, below) if goes_on else None


def _says_another(act: ReplyAct, text: str) -> bool:
    found = (_BEGINS.match(piece) for piece in re.split(r"[^\w' ]+ *", text))
    return any(_LISTED[int(other.lastgroup[1:])][0] is not act for other in found if other and other.lastgroup)


def plain(line: str) -> str:
    """A line without the marks of bold text and quotation."""
    return line.strip(_MARKS)


_LISTED = tuple((act, word) for act, words in WORDS for word in words)
_SPELT = {
    "BYPASS": "BY[ -]?PASS",
    "I": "(?:I|WE)",
    "I'M": "(?:I['’]M|WE['’]RE)",
    "AM": "(?:AM|ARE)",
    "DON'T": "DON['’]T",
}
"""The ways in which a part of a word may be written."""


def _spelt(word: str) -> str:
    return "[ ]+".join(_SPELT.get(part, part) for part in word.split())


_BEGINS = re.compile(
    "|".join(
        rf"(?P<w{number}>{_spelt(word)}(?=$|[\s.!,;:–—*_\"'”’()<>\[\]]|-(?!\w)))" for number, (_, word) in enumerate(_LISTED)
    ),
    re.IGNORECASE,
)
