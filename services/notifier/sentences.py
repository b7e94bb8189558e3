"""Sentences that several notices share, for their text and their HTML alike (which escapes them).

Names and roles come from facts. What a person wrote in a case comes through here only to be labelled.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from services.contracts.content import OutcomeContent
from services.contracts.vocabulary import Side, Why, Writing
from services.notifier.facts import OutcomeProposed, Reminder, StepReached, Told, Who

_NUMBER = re.compile(r"(\d+)[.):]\s+(.+)", re.DOTALL)


class Alert(NamedTuple):
    """Why board staff must look at a case, what they must do, and when."""

    why: str
    do: str = "Open the case on the board’s page, find out who can be reached, and make sure both sides know what they must do."
    when: str = "Now: the time for the step runs on while this waits."


ALERTS = {
    "nobody_on_file": Alert("nobody on file can be asked"),
    "not_reached": Alert("a notice did not reach somebody"),
    "last_tier_passed": Alert(
        "the last step has passed",
        "Contact both sides, decide how this ends, and put it in writing on the board’s page.",
        "Now: nothing further happens by itself.",
    ),
    "fault": Alert("Concord could not act"),
    "still_at_risk": Alert(
        "a child may still be at risk",
        "Open the case on the board’s page, and make sure that those who can keep the child safe know of it now.",
        "Now: a child may be at risk of significant harm.",
    ),
    "redirected": Alert(
        "a form that speaks of danger began nothing",
        "Open the case on the board’s page, speak to whoever sent the form, and make sure that the child is safe.",
        "Now: no step has begun, and no time is running.",
    ),
    "told_by_protocol": Alert(
        "the protocol says that you are told",
        "Do what the protocol asks of the board at this step. The case is on the board’s page.",
        "The time for the step runs on.",
    ),
    "withdrawn": Alert(
        "the disagreement was withdrawn",
        "Read why on the board’s page. If the child may still be at risk, reopen the case there.",
        "As soon as you can: no time is running in this case.",
    ),
    "follow_up_open": Alert(
        "something is not done after the case closed",
        "Find out who has it in hand, and mark it as done on the board’s page when it is.",
        "As soon as you can: we have asked for it more than once.",
    ),
}


def numbered(items: Sequence[str]) -> list[tuple[str, str]]:
    """Items and their numbers: the one an item begins with, by which people answer it, or else its place."""
    found = [(_NUMBER.fullmatch(item), item) for item in items]
    return [(own[1], own[2]) if own else (str(place), item) for place, (own, item) in enumerate(found, start=1)]


def alert(what: str) -> Alert:
    """What board staff are alerted to, in words."""
    return ALERTS.get(what) or Alert(what.replace("_", " "))


def who(person: Who) -> str:
    """`Sam Lee (Team Manager, Bedford Borough Council)`."""
    place = ", ".join(part for part in (person.role, person.agency) if part)
    return f"{person.name} ({place})" if place else person.name


def has_a_day(date_of_birth: str) -> bool:
    """Whether this says a day, rather than that nobody knows it."""
    return any(character.isdigit() for character in date_of_birth)


def names(people: Sequence[Who]) -> str:
    """People in a sentence: `A, B and C`."""
    *first, last = [who(person) for person in people] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def how_it_came_here(why: Why) -> str:
    """Why a case left the step it was at."""
    reasons: dict[Why, str] = {
        "raised": "A professional disagreement about a child was raised.",
        "deadline_missed": "The time for the last step ran out before an outcome was agreed.",
        "not_resolved": "The last step ended without agreement: one side replied NOT RESOLVED.",
        "outcome_disputed": "One side replied that the written outcome is not what was agreed, so the disagreement is open again.",
        "bypassed": "The last step was passed over: everyone who had to agree to that did so in writing.",
        "challenged": "A decision was made, and one side challenges it.",
        "at_risk": "A child may be at immediate risk, so the step before is left out, as the protocol says.",
        "reopened": "The case had closed, and it has been opened again.",
        "advice_not_taken": "Advice was given and not taken, so the disagreement goes on here.",
    }
    return reasons[why]


def otherwise(facts: StepReached | Reminder) -> str:
    """What happens when both sides have not confirmed an outcome in the time of a step."""
    if facts.otherwise:
        return facts.otherwise
    when = "by then" if facts.deadline else "at this step"
    if facts.step < facts.steps:
        return f"If both sides have not confirmed an outcome {when}, the disagreement moves up to step {facts.step + 1}."
    return (
        f"This is the last step. If both sides have not confirmed an outcome {when}, the board’s staff are told and must act."
    )


def how_to_confirm(facts: OutcomeProposed, *, read: bool) -> str:
    """What each side does with the words of an outcome or a decision; `read`: they are in the mail."""
    if facts.imposed:
        name, answer = "decision", "Reply CONFIRM if you accept it, or DISSENT and give your reasons."
    else:
        name, answer = "outcome", "Reply CONFIRM if it is what was agreed, or DISPUTE and say what is wrong."
    if read:
        return f"Read the {name} line by line. {answer}"
    return (
        f"Ask for the words of the {name}, which are left out of this mail, and read them line by line. "
        f"Do not {'answer' if facts.imposed else 'confirm'} what you have not read. {answer}"
    )


def further_parts(outcome: OutcomeContent) -> list[tuple[str, str]]:
    """What an outcome says besides the parts that every outcome has (BIR-07, OXF-16, BIR-24), where it does."""
    parts = (
        ("How both sides work while it stays unresolved", outcome.working_arrangement),
        ("What follows for the child’s plan", outcome.planning),
        ("The next review conference", outcome.review),
    )
    return [(label, value) for label, value in parts if value]


def what_to_do(facts: Told, side: Side) -> str:
    """What somebody does who is asked for something."""
    if facts.answers:
        return "Do what this mail asks. To answer it, use one of the words under “How to answer”."
    if side is Side.BOARD:
        return "Open the case on the board’s page and do what is asked."
    return "Do what is asked. If you cannot, reply to this mail and say why: the board’s staff read it."


def what_may_be_done(facts: Told, side: Side, *, urgent: bool) -> str:
    """What somebody does, or may do, who is told something."""
    if side is Side.BOARD:
        first = "Read it and decide what follows from it."
    elif urgent:
        first = "Read this now, and act on it where it concerns you. You do not need to answer."
    else:
        first = "You do not need to answer this mail."
    return f"{first} If you want to, use one of the words under “How to answer”." if facts.answers else first


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


def code_first(address: str) -> str:
    """What it takes to answer on a page."""
    return f"The page opens with a code that we mail to {address}."
