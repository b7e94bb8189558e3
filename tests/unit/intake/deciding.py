"""The decision words, and what a reply that is made of them does."""

from datetime import UTC, datetime

from services.contracts.vocabulary import ReplyAct
from services.intake.replies import Decision, decide

NOW = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
WORDS = {
    "NOT RESOLVED": ReplyAct.NOT_RESOLVED,
    "UNRESOLVED": ReplyAct.NOT_RESOLVED,
    "NOT AGREED": ReplyAct.NOT_RESOLVED,
    "NOT CONFIRMED": ReplyAct.DISPUTED,
    "I DON'T CONFIRM": ReplyAct.DISPUTED,
    "WE DO NOT CONFIRM": ReplyAct.DISPUTED,
    "WE DISPUTE": ReplyAct.DISPUTED,
    "I DO NOT CONFIRM": ReplyAct.DISPUTED,
    "I DISPUTE": ReplyAct.DISPUTED,
    "DISPUTE": ReplyAct.DISPUTED,
    "DISPUTED": ReplyAct.DISPUTED,
    "CONFIRM": ReplyAct.CONFIRMED,
    "CONFIRMED": ReplyAct.CONFIRMED,
    "I CONFIRM": ReplyAct.CONFIRMED,
    "WE CONFIRM": ReplyAct.CONFIRMED,
    "I CAN CONFIRM": ReplyAct.CONFIRMED,
    "OUTCOME": ReplyAct.OUTCOME_PROPOSED,
    "OUTCOME PROPOSED": ReplyAct.OUTCOME_PROPOSED,
    "PROPOSED OUTCOME": ReplyAct.OUTCOME_PROPOSED,
    "OUTCOME AGREED": ReplyAct.OUTCOME_PROPOSED,
    "AGREED OUTCOME": ReplyAct.OUTCOME_PROPOSED,
    "RESPONSE": ReplyAct.RESPONSE,
    "DECISION": ReplyAct.DECISION,
    "DISSENT": ReplyAct.DISSENT,
    "I DISSENT": ReplyAct.DISSENT,
    "CHALLENGE": ReplyAct.CHALLENGE,
    "I CHALLENGE": ReplyAct.CHALLENGE,
    "NO CHALLENGE": ReplyAct.NO_CHALLENGE,
    "NO FURTHER CHALLENGE": ReplyAct.NO_CHALLENGE,
    "I DO NOT CHALLENGE": ReplyAct.NO_CHALLENGE,
    "WE DON’T CHALLENGE": ReplyAct.NO_CHALLENGE,
    "BYPASS": ReplyAct.BYPASS_ASKED,
    "ASK BYPASS": ReplyAct.BYPASS_ASKED,
    "BY-PASS": ReplyAct.BYPASS_ASKED,
    "AGREE BYPASS": ReplyAct.BYPASS_AGREED,
    "I AGREE BYPASS": ReplyAct.BYPASS_AGREED,
    "AGREE THE BYPASS": ReplyAct.BYPASS_AGREED,
    "BYPASS AGREED": ReplyAct.BYPASS_AGREED,
    "REFUSE BYPASS": ReplyAct.BYPASS_REFUSED,
    "I REFUSE BYPASS": ReplyAct.BYPASS_REFUSED,
    "REFUSE THE BYPASS": ReplyAct.BYPASS_REFUSED,
    "BYPASS REFUSED": ReplyAct.BYPASS_REFUSED,
    "TIME": ReplyAct.TIME_PROPOSED,
    "TIME PROPOSED": ReplyAct.TIME_PROPOSED,
    "PROPOSE TIME": ReplyAct.TIME_PROPOSED,
    "PROPOSED TIME": ReplyAct.TIME_PROPOSED,
    "AGREE TIME": ReplyAct.TIME_AGREED,
    "I AGREE TIME": ReplyAct.TIME_AGREED,
    "AGREE THE TIME": ReplyAct.TIME_AGREED,
    "TIME AGREED": ReplyAct.TIME_AGREED,
    "MEETING": ReplyAct.MEETING,
    "CONSULTED": ReplyAct.CONSULTED,
    "ADVICE": ReplyAct.ADVICE_WANTED,
    "ADVICE WANTED": ReplyAct.ADVICE_WANTED,
    "ADVISE": ReplyAct.ADVICE_GIVEN,
    "I ADVISE": ReplyAct.ADVICE_GIVEN,
    "MY ADVICE": ReplyAct.ADVICE_GIVEN,
    "ADVICE GIVEN": ReplyAct.ADVICE_GIVEN,
    "ADVICE TAKEN": ReplyAct.ADVICE_TAKEN,
    "ADVICE NOT TAKEN": ReplyAct.ADVICE_NOT_TAKEN,
    "STILL AT RISK": ReplyAct.STILL_AT_RISK,
    "CHILD STILL AT RISK": ReplyAct.STILL_AT_RISK,
    "CHILD IS STILL AT RISK": ReplyAct.STILL_AT_RISK,
    "DONE": ReplyAct.DONE,
    "LEARNING": ReplyAct.LEARNING,
    "WITHDRAW": ReplyAct.WITHDRAWN,
    "WITHDRAWN": ReplyAct.WITHDRAWN,
    "I WITHDRAW": ReplyAct.WITHDRAWN,
    "WE WITHDRAW": ReplyAct.WITHDRAWN,
    "REOPEN": ReplyAct.REOPENED,
    "RE-OPEN": ReplyAct.REOPENED,
    "WRONG PERSON": ReplyAct.WRONG_PERSON,
    "I AM THE WRONG PERSON": ReplyAct.WRONG_PERSON,
    "I’M THE WRONG PERSON": ReplyAct.WRONG_PERSON,
    "YOU HAVE THE WRONG PERSON": ReplyAct.WRONG_PERSON,
    "NOT THE RIGHT PERSON": ReplyAct.WRONG_PERSON,
    "I AM NOT THE RIGHT PERSON": ReplyAct.WRONG_PERSON,
    "I'M NOT THE RIGHT PERSON": ReplyAct.WRONG_PERSON,
}
"""Every word there is. The board's people are told these; no other may decide anything."""

AGREEING = ("CONFIRM", "NO CHALLENGE", "AGREE BYPASS", "AGREE TIME", "ADVICE TAKEN")
AGREEMENTS = {WORDS[word] for word in AGREEING}
NEEDING_WORDS = (
    *("RESPONSE", "OUTCOME", "DECISION", "DISSENT", "CHALLENGE", "BYPASS", "CONSULTED", "ADVICE", "ADVISE", "STILL AT RISK"),
    *("LEARNING", "WITHDRAW", "REOPEN"),
)
AFTER = {ReplyAct.TIME_PROPOSED: "12 December 2026 at 4pm", ReplyAct.MEETING: "12 December 2026 at 4pm", ReplyAct.DONE: "2"}


def act(words: str) -> ReplyAct | None:
    decision = decide(words, NOW, "Sam Oduya-Lee sam.oduya@x.example")
    return decision.act if isinstance(decision, Decision) else None
