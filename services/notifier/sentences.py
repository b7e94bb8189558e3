"""Sentences that several notices share, for their text and their HTML alike (which escapes them).

Names and roles come from facts; nothing a person wrote in a case comes through here.
"""

from collections.abc import Sequence
from typing import NamedTuple

from services.contracts.vocabulary import ReplyAct, Side, Writing
from services.notifier.facts import Reminder, StepReached, Who


class Choice(NamedTuple):
    """An answer a notice offers: the decision word, what it means, and the lines a prepared answer begins with."""

    word: str
    meaning: str
    lines: tuple[str, ...] = ()


OUTCOME_LINES = ("Agreed: ", "Risk: ", "Depends on: ", "Actions: ", "Outstanding: ")
"""What an outcome says (BIR-10, BED-19): the labels a reply that proposes one is read by."""

_HOW_TO_WRITE_IT = "Under Actions and Outstanding, one line each: what - who - by when."
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
CONFIRM_CHOICES = (_CONFIRM, _DISPUTE)
REMINDER_CHOICES = (_OUTCOME, _RESPONSE, _NOT_RESOLVED, _CONFIRM, _DISPUTE)
LAST_CHOICES = (_OUTCOME, _RESPONSE)
AGAIN_CHOICES = (
    Choice(
        "OUTCOME",
        f"Send the corrected outcome under these labels; both sides are asked to confirm it again. {_HOW_TO_WRITE_IT}",
        OUTCOME_LINES,
    ),
    _RESPONSE,
    _NOT_RESOLVED,
)

_WORDS = {
    ReplyAct.RESPONSE: "RESPONSE",
    ReplyAct.OUTCOME_PROPOSED: "OUTCOME",
    ReplyAct.NOT_RESOLVED: "NOT RESOLVED",
    ReplyAct.CONFIRMED: "CONFIRM",
    ReplyAct.DISPUTED: "DISPUTE",
}
_ALERTS = {
    "nobody_on_file": "nobody on file can be asked",
    "not_reached": "a notice did not reach somebody",
    "last_tier_passed": "the last step has passed",
    "fault": "Concord could not act",
}


def decision(act: str) -> str:
    """A reply act as the word people write for it."""
    return _WORDS[ReplyAct(act)] if act in list(ReplyAct) else act


def alert(what: str) -> str:
    """What board staff are alerted to, in words."""
    return _ALERTS.get(what, what.replace("_", " "))


def who(person: Who) -> str:
    """`Sam Lee (Team Manager, Bedford Borough Council)`."""
    place = ", ".join(part for part in (person.role, person.agency) if part)
    return f"{person.name} ({place})" if place else person.name


def names(people: Sequence[Who]) -> str:
    """People in a sentence: `A, B and C`."""
    *first, last = [who(person) for person in people] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def how_it_came_here(why: str) -> str:
    """Why a case left the step it was at."""
    return {
        "deadline_missed": "The time for the last step ran out before an outcome was agreed.",
        "not_resolved": "The last step ended without agreement: one side replied NOT RESOLVED.",
        "outcome_disputed": "One side replied that the written outcome is not what was agreed, so the disagreement is open again.",
    }[why]


def otherwise(facts: StepReached | Reminder) -> str:
    """What happens when both sides have not confirmed an outcome in the time of a step."""
    when = "by then" if facts.deadline else "at this step"
    if facts.step < facts.steps:
        return f"If both sides have not confirmed an outcome {when}, the disagreement moves up to step {facts.step + 1}."
    return (
        f"This is the last step. If both sides have not confirmed an outcome {when}, the board’s staff are told and must act."
    )


def in_writing(writing: Writing) -> str:
    """What a step asks to have in writing; a record is kept at every step all the same (A-14)."""
    return {
        Writing.NONE: "Keep a clear record of what you discuss and why.",
        Writing.CONFIRM: "Confirm what you discussed in writing: reply to this mail.",
        Writing.WRITTEN: "Give your reasons in writing: reply to this mail.",
    }[writing]


def opposite(facts: StepReached, side: Side) -> str:
    """Whom this side must speak to."""
    people = facts.other if side is Side.RAISING else facts.raising
    return (
        f"Speak to your opposite number: {names(people)}." if people else "Speak to your opposite number in the other agency."
    )


def plan(*, closed: bool = False) -> str:
    """The plan stays in force (BIR-08)."""
    until = "" if closed else " while this disagreement is open"
    return f"Any child protection plan, or plan for section 47 enquiries, stays in force and is binding on all agencies{until}."


def danger() -> str:
    """Immediate danger leaves this system (BED-10)."""
    return "If a child is in immediate danger, call 999 now. Do not wait for an answer here."


def danger_now() -> str:
    """What somebody is told first who said that a child is in immediate danger (BED-10)."""
    return (
        "You told us that a child is in immediate danger. Call the police on 999 now, if you have not. "
        "They act at once; nothing here does."
    )


def left_out(board_name: str, board_url: str) -> str:
    """Why this copy says less, and where the rest is."""
    return (
        f"The secure addresses of {board_name} do not include this one, so this mail gives the child’s initials and nothing that "
        f"anybody wrote. To read the rest, contact the board’s staff: {board_url}"
    )


def because(side: Side, board_name: str) -> str:
    """Why this person gets the mail."""
    return {
        Side.RAISING: "You get this mail because you speak for the side that raised the disagreement.",
        Side.OTHER: "You get this mail because you speak for the other side of the disagreement.",
        Side.BOARD: f"You get this mail because you are on the staff of {board_name}.",
    }[side]


def only_from(address: str) -> str:
    """A reply counts only from the address the notice went to."""
    return f"Reply from {address}. An answer from any other address is not acted on until the board’s staff have read it."
