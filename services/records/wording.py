"""The words people have for what services name by keys: sides, acts, notices, endings. And how a person is named."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

from services.contracts.vocabulary import Ending, Person, ReplyAct, Side, StaffAct

When = Callable[[datetime], str]
"""How times are written."""

SIDES: Final = {
    Side.RAISING: "the side that raised it",
    Side.OTHER: "the other side",
    Side.BOARD: "the board",
}
ACTS: Final = {
    ReplyAct.RESPONSE: "gave reasons",
    ReplyAct.OUTCOME_PROPOSED: "put an outcome in writing",
    ReplyAct.NOT_RESOLVED: "said it is not resolved",
    ReplyAct.CONFIRMED: "confirmed the outcome",
    ReplyAct.DISPUTED: "said the written outcome is not what was agreed",
    ReplyAct.DECISION: "decided",
    ReplyAct.DISSENT: "dissented from the decision",
    ReplyAct.CHALLENGE: "challenged the decision",
    ReplyAct.NO_CHALLENGE: "said that they do not challenge the decision",
    ReplyAct.BYPASS_ASKED: "asked to pass over the step",
    ReplyAct.BYPASS_AGREED: "agreed to pass over the step",
    ReplyAct.BYPASS_REFUSED: "did not agree to pass over the step",
    ReplyAct.TIME_PROPOSED: "proposed a time for the step",
    ReplyAct.TIME_AGREED: "agreed the time for the step",
    ReplyAct.MEETING: "arranged a meeting",
    ReplyAct.CONSULTED: "said who was consulted",
    ReplyAct.ADVICE_WANTED: "asked for advice",
    ReplyAct.ADVICE_GIVEN: "gave advice",
    ReplyAct.ADVICE_TAKEN: "said that the advice was taken",
    ReplyAct.ADVICE_NOT_TAKEN: "said that the advice was not taken",
    ReplyAct.STILL_AT_RISK: "said that the child is still at risk",
    ReplyAct.DONE: "said that a follow-up is done",
    ReplyAct.LEARNING: "said what can be learned",
    ReplyAct.WITHDRAWN: "withdrew the case",
    ReplyAct.REOPENED: "asked for the case to be reopened",
    ReplyAct.WRONG_PERSON: "said that somebody else should have been asked",
}
"""What somebody did in a reply."""
STAFF_ACTS: Final = {
    StaffAct.ASKED: "asked for somebody else to be asked",
    StaffAct.DECIDED: "decided the outcome after the last step",
    StaffAct.REOPENED: "asked for the case to be reopened",
    StaffAct.WITHDRAWN: "asked for the case to be withdrawn",
    StaffAct.LINKED: "asked for the case to be linked with another",
    StaffAct.LEARNING: "referred what was learned",
    StaffAct.DONE: "marked a follow-up as done",
}
"""What board staff did on a case's page."""
ENDINGS: Final = {
    Ending.CONFIRMED: "Both sides confirmed the outcome in writing",
    Ending.WORKING_ARRANGEMENT: "Both sides confirmed in writing how they work while it stays unresolved",
    Ending.IMPOSED: "A decision was made, as the protocol allows, and it stands",
    Ending.DEFAULT_OUTCOME: "Nobody agreed, and what the protocol says happens then is the outcome",
    Ending.ADVICE_TAKEN: "Advice was asked for, and it was taken",
    Ending.ADVICE_NOT_TAKEN: "Advice was asked for, and it was not taken",
    Ending.WITHDRAWN: "The disagreement was withdrawn",
    Ending.BOARD_DECIDED: "Board staff decided the outcome after the last step",
}
"""How a case closed."""
NOTICES: Final = {
    "form_received": "the form arrived",
    "form_incomplete": "the form has parts missing",
    "item_held": "what you sent waits for board staff",
    "step_reached": "a step began",
    "reminder": "a reminder",
    "response_recorded": "reasons were given",
    "outcome_proposed": "an outcome to confirm",
    "outcome_confirmed": "one side confirmed",
    "outcome_disputed": "the outcome was disputed",
    "last_tier_passed": "the last step has passed",
    "act_not_taken": "a reply could not be acted on",
    "board_alert": "board staff must look",
    "record_issued": "the written confirmation",
    "asked": "something to do",
    "told": "for information",
    "sign_in_code": "a sign-in code",
}
FAILURES: Final = {
    "refused": "the mail server refused it",
    "gave_up": "it could not be handed over in time",
    "uncertain": "the connection ended while it was handed over, so it was sent once more and may arrive twice",
    "unprintable": "it could not be written, which is a fault of Concord",
}
WHY: Final = {
    "raised": "",
    "deadline_missed": " because time ran out at the step before",
    "not_resolved": " because the step before ended without agreement",
    "outcome_disputed": " because the written outcome was disputed",
    "bypassed": " because the step before was passed over",
    "challenged": " because the decision was challenged",
    "at_risk": " because a child is at immediate risk, so the step before was left out",
    "reopened": " because the case was reopened",
    "advice_not_taken": " because the advice was not taken",
}
"""Why a step began."""


def who(person: Person) -> str:
    """`Sam Oduya (Team Manager, Demo Social Care)`."""
    place = ", ".join(part for part in (person.role, person.agency) if part)
    name = person.name or person.address
    return f"{name} ({place})" if place else name


def notice(kind: str) -> str:
    """What a kind of notice is about."""
    return NOTICES.get(kind, kind.replace("_", " "))


def listed(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def on_day(day: date) -> str:
    """`9 December 2026`."""
    return f"{day.day} {day:%B %Y}"


def document(protocol: str, version: str) -> str:
    """A protocol's document by name and version, the version once: `Name, version July 2010`."""
    if not version or version in protocol:
        return protocol
    return f"{protocol}, version {version}" if protocol else f"version {version}"


def in_brackets(paragraph: str) -> str:
    """` (3.7(b))`, to follow a word; empty where there is no paragraph."""
    return f" ({paragraph})" if paragraph else ""


def as_sentence(text: str) -> str:
    """The text with an end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
