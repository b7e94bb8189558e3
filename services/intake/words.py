"""The words that decide: which act each stands for, and how a line that begins with one must go on.

Only exact words count. The negations stand first, and longer words before those they begin with.
"""

import re
from typing import NamedTuple

from services.contracts.vocabulary import ReplyAct
from services.intake.courtesies import SIGN_OFF, without_greeting

WORDS: tuple[tuple[ReplyAct, tuple[str, ...]], ...] = (
    (ReplyAct.NOT_RESOLVED, ("NOT RESOLVED", "UNRESOLVED", "NOT AGREED")),
    (ReplyAct.DISPUTED, ("NOT CONFIRMED", "I DO NOT CONFIRM", "I DISPUTE", "DISPUTED", "DISPUTE")),
    (ReplyAct.NO_CHALLENGE, ("NO CHALLENGE", "NO FURTHER CHALLENGE", "I DO NOT CHALLENGE")),
    (ReplyAct.BYPASS_REFUSED, ("REFUSE BYPASS", "I REFUSE BYPASS", "BYPASS REFUSED", "REFUSE THE BYPASS")),
    (ReplyAct.ADVICE_NOT_TAKEN, ("ADVICE NOT TAKEN",)),
    (ReplyAct.CONFIRMED, ("I CONFIRM", "CONFIRMED", "CONFIRM")),
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
    (ReplyAct.WRONG_PERSON, ("WRONG PERSON",)),
    (ReplyAct.RESPONSE, ("RESPONSE",)),
)
AGREES = frozenset(
    {ReplyAct.CONFIRMED, ReplyAct.BYPASS_AGREED, ReplyAct.TIME_AGREED, ReplyAct.NO_CHALLENGE, ReplyAct.ADVICE_TAKEN}
)
"""Words that agree to something as it stands: nothing but a closing phrase may follow them on their line."""

_READ_AFTER = frozenset({ReplyAct.TIME_PROPOSED, ReplyAct.MEETING, ReplyAct.DONE, ReplyAct.WRONG_PERSON})
"""Words that a date, a number or a name follows, also after no more than a space: whoever reads that says whether it is one."""

_MARKS = " \t*_\"'“”‘’«»`#"
_PUNCTUATION = ".!,;:–—- "


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


def begin(words: str) -> Begun | None:
    """The decision word that the first line after a greeting begins with, or None."""
    line, _, below = without_greeting(words).partition("\n")
    stripped = plain(line)
    found = _BEGINS.match(stripped)
    if found is None or found.lastgroup is None:
        return None
    act, word = _LISTED[int(found.lastgroup[1:])]
    after = stripped[found.end() :].lstrip(_MARKS)
    mark, beside = after[:1] if after[:1] in _PUNCTUATION else "", after.lstrip(_PUNCTUATION + _MARKS)
    if not beside:
        return Begun(act, word, mark, "", below)
    if act in AGREES:
        return Begun(act, word, mark, "", below) if mark and SIGN_OFF.match(beside) else None
    return Begun(act, word, mark, beside, below) if mark or act in _READ_AFTER else None


def plain(line: str) -> str:
    """A line without the marks of bold text and quotation."""
    return line.strip(_MARKS)


_LISTED = tuple((act, word) for act, words in WORDS for word in words)
_BEGINS = re.compile(
    "|".join(
        rf"(?P<w{number}>{word.replace(' ', '[ ]+').replace('BYPASS', 'BY[ -]?PASS')}(?=$|[\s.!,;:–—*_\"'”’(<\[]|-(?!\w)))"
        for number, (_, word) in enumerate(_LISTED)
    ),
    re.IGNORECASE,
)
