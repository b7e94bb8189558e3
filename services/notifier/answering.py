"""The answers that notices offer: words for the first line of a reply, what each does, and how a prepared answer begins."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import ReplyAct, Side
from services.notifier.facts import KINDS, Answer, Facts, OutcomeConfirmed, OutcomeProposed, StepReached


class Choice(NamedTuple):
    """An answer a notice offers: the decision word, what it means, the lines a prepared answer begins with, and, where a person adds
    something to the word, an example of both.
    """

    word: str
    meaning: str
    lines: tuple[str, ...] = ()
    example: str = ""


class Offer(NamedTuple):
    """The answers one notice offers: those it explains first, and those that are possible besides."""

    first: tuple[Choice, ...] = ()
    further: tuple[Choice, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The decision words of all of them, in order."""
        return tuple(choice.word for choice in (*self.first, *self.further))


OUTCOME_LINES = ("Agreed: ", "Risk: ", "Depends on: ", "Actions: ", "Outstanding: ")
"""What an outcome says (BIR-10, BED-19): the labels a reply that proposes one is read by."""

_HOW_TO_WRITE_IT = (
    "Under Actions and Outstanding, one line each: what - who - by when. Add “Working arrangement:”, “Planning:” or “Review:” where "
    "they matter."
)
_OUTCOME = Choice(
    "OUTCOME",
    f"You agree. Write what was agreed under these labels; both sides then confirm it in writing. {_HOW_TO_WRITE_IT}",
    OUTCOME_LINES,
)
_RESPONSE = Choice("RESPONSE", "Give your side’s reasons in writing. The time for this step runs on.")
_NOT_RESOLVED = Choice("NOT RESOLVED", "You have tried and cannot agree. Say why; the disagreement moves up at once.")
_CONFIRM = Choice("CONFIRM", "The outcome we asked you to confirm is what was agreed.")
_DISPUTE = Choice("DISPUTE", "It is not what was agreed. Say what is wrong, or what is missing.")

STEP_CHOICES = (_OUTCOME, _RESPONSE, _NOT_RESOLVED)
TOLD_CHOICES = (_RESPONSE,)
CONFIRM_CHOICES = (_CONFIRM, _DISPUTE)
REMINDER_CHOICES = (_OUTCOME, _RESPONSE, _NOT_RESOLVED, _CONFIRM, _DISPUTE)
LAST_CHOICES = (_OUTCOME, _RESPONSE)
DECISION_CHOICES = (
    Choice("CONFIRM", "You accept the decision."),
    Choice("DISSENT", "You do not accept it. Give your reasons: they are recorded with the decision."),
)
AGAIN_CHOICES = (
    Choice(
        "OUTCOME",
        f"Send the corrected outcome under these labels; both sides are asked to confirm it again. {_HOW_TO_WRITE_IT}",
        OUTCOME_LINES,
    ),
    _RESPONSE,
    _NOT_RESOLVED,
)
MISTAKE_CHOICES = (_DISPUTE,)

_FIRST = {
    "reminder": REMINDER_CHOICES,
    "last_tier_passed": LAST_CHOICES,
    "outcome_disputed": AGAIN_CHOICES,
    "response_recorded": STEP_CHOICES,
}

_WORDS = {
    ReplyAct.RESPONSE: "RESPONSE",
    ReplyAct.OUTCOME_PROPOSED: "OUTCOME",
    ReplyAct.NOT_RESOLVED: "NOT RESOLVED",
    ReplyAct.CONFIRMED: "CONFIRM",
    ReplyAct.DISPUTED: "DISPUTE",
    ReplyAct.DECISION: "DECISION",
    ReplyAct.DISSENT: "DISSENT",
    ReplyAct.CHALLENGE: "CHALLENGE",
    ReplyAct.NO_CHALLENGE: "NO CHALLENGE",
    ReplyAct.BYPASS_ASKED: "BYPASS",
    ReplyAct.BYPASS_AGREED: "AGREE BYPASS",
    ReplyAct.BYPASS_REFUSED: "REFUSE BYPASS",
    ReplyAct.TIME_PROPOSED: "TIME",
    ReplyAct.TIME_AGREED: "AGREE TIME",
    ReplyAct.MEETING: "MEETING",
    ReplyAct.CONSULTED: "CONSULTED",
    ReplyAct.ADVICE_WANTED: "ADVICE",
    ReplyAct.ADVICE_GIVEN: "ADVISE",
    ReplyAct.ADVICE_TAKEN: "ADVICE TAKEN",
    ReplyAct.ADVICE_NOT_TAKEN: "ADVICE NOT TAKEN",
    ReplyAct.STILL_AT_RISK: "STILL AT RISK",
    ReplyAct.DONE: "DONE",
    ReplyAct.LEARNING: "LEARNING",
    ReplyAct.WITHDRAWN: "WITHDRAW",
    ReplyAct.REOPENED: "REOPEN",
    ReplyAct.WRONG_PERSON: "WRONG PERSON",
}
_LINES = {"OUTCOME": OUTCOME_LINES, "DECISION": ("Decided: ", *OUTCOME_LINES[1:])}
_CAPITALS = re.compile(r"[A-Z]+(?: [A-Z]+)*\b")


def offer(kind: str, facts: Facts) -> Offer:
    """The answers that a notice of this kind offers."""
    first = _FIRST.get(kind, ())
    match facts:
        case StepReached():
            first = STEP_CHOICES if facts.must_act else TOLD_CHOICES
        case OutcomeProposed():
            first = DECISION_CHOICES if facts.imposed else CONFIRM_CHOICES
        case OutcomeConfirmed():
            first = CONFIRM_CHOICES if facts.waiting_for == "your side" else MISTAKE_CHOICES
    told: Sequence[Answer] = getattr(facts, "answers", ())
    offered = {choice.word for choice in first}
    further = tuple(choice for choice in map(_choice, told) if choice.word not in offered)
    return Offer(first, further) if first else Offer(further)


def on_a_page(notice: SendNotice) -> tuple[str, ...]:
    """The words this notice may also be answered by on a page; none for board staff, who act on the board's page.

    Raises ValidationError where a notice of this kind was told something else.
    """
    if notice.kind not in KINDS or notice.to.side is Side.BOARD:
        return ()
    return offer(notice.kind, KINDS[notice.kind].model_validate(notice.facts)).words


def _choice(answer: Answer) -> Choice:
    """Only the capitals go into a prepared answer: an example sent by mistake would count."""
    found = _CAPITALS.match(answer.words)
    word = found[0] if found else answer.words
    return Choice(word, answer.means, _LINES.get(word, ()), "" if word == answer.words else answer.words)


def decision(act: str) -> str:
    """A reply act as the word people write for it."""
    return _WORDS[ReplyAct(act)] if act in list(ReplyAct) else act
