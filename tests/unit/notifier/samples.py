"""A notice of every kind, about a child who does not exist."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet
from pydantic import JsonValue

from services.contracts.content import Action, CodeContent, FormContent, OutcomeContent, ReplyContent
from services.contracts.message import Data
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Recipient, Side
from services.notifier.mail import Mailer
from services.notifier.wording import Wording

CASE = "DEMO-7K3QX9FA"
RAISED = datetime(2026, 12, 3, 14, 5, 30, tzinfo=UTC)
DEADLINE = "2026-12-04T14:05:30Z"
BOARD = "Bedford Borough and Central Bedfordshire Safeguarding Children Boards"
DEMONSTRATION = "This is a demonstration board: an hour of the protocol lasts one second here. No child in it exists."
BOARD_URL = "https://concord.example.org.uk/"
PAGES_URL = "https://forms.example.org.uk"
DOMAIN = "replies.example.org.uk"
SEALER = Sealer([Fernet.generate_key().decode()])
KEY = b"a key for reply addresses in tests"

FORM = FormContent(
    date_raised="3 December 2026",
    from_practitioner="Jo Adeyemi, Health Visitor",
    to_manager="Sam Lee, Team Manager",
    child_name="Ana Brook",
    child_dob="14/02/2021",
    social_worker="Priya Shah",
    agency_team="Bedford Borough Children’s Social Care",
    summary="Ana has lost weight at three visits and was found alone twice.\nThe assessment ended with no further action.",
    requested_action="Hold a strategy meeting this week.",
)
REPLY = ReplyContent(text="We spoke on Tuesday.\n\nThe nursery has not seen what the visits saw, so the threshold is not met.")
OUTCOME = OutcomeContent(
    agreed="A strategy meeting is held on Monday 7 December with health, police and the nursery.",
    risk="Medium to high until the nursery’s records are seen.",
    depends_on="The nursery’s attendance records.",
    actions=(
        Action(what="Convene the strategy meeting", owner="Sam Lee", by="7 December 2026"),
        Action(what="Visit at home and weigh Ana", owner="Jo Adeyemi", by="4 December 2026"),
    ),
    outstanding=(Action(what="Whether a conference is requested", owner="Sam Lee and Dr Osei"),),
)
WHOLE_FORM = FORM.model_copy(
    update={
        "areas_agreed": "That Ana is losing weight.",
        "areas_disagreed": "Whether the threshold is met.",
        "relevance_to_risk": "High: she was found alone.",
        "possible_cause": "Visits at different times of day.",
        "to_achieve": "A shared view of the visits.",
        "rationale": "No further action, as told by phone.",
        "advice_sought": "The named nurse, on 2 December.",
        "supporter": "Dr Osei",
        "discussed_with_manager": "Yes, on 2 December.",
    }
)
"""A form with everything filled in that some protocols ask for beyond the printed form."""
WHOLE_OUTCOME = OUTCOME.model_copy(
    update={
        "working_arrangement": "Visits go on twice a week and are told to each other the same day.",
        "planning": "The planning meeting is held again with both parents.",
        "review": "Brought forward to 11 January 2027.",
    }
)
SECRETS = (
    "Ana",
    "Brook",
    "14/02/2021",
    "lost weight",
    "no further action",
    "strategy meeting",
    "nursery",
    "Medium to high",
    "attendance records",
    "Priya Shah",
    "losing weight",
    "threshold",
    "found alone",
    "time of day",
    "shared view",
    "named nurse",
    "Dr Osei",
    "twice a week",
    "both parents",
    "11 January",
)
"""Words that only sealed content has: a brief notice, a subject or a log must not have one of them."""

_RAISING: JsonValue = [{"name": "Jo Adeyemi", "role": "Health Visitor", "agency": "Bedfordshire Community Health Services"}]
_OTHER: JsonValue = [
    {"name": "Sam Lee", "role": "Team Manager", "agency": "Bedford Borough Children’s Social Care"},
    {"name": "Kit Novak", "role": "Deputy Team Manager", "agency": "Bedford Borough Children’s Social Care"},
]
_BY: JsonValue = {"name": "Sam Lee", "role": "Team Manager"}
_STEP: dict[str, JsonValue] = {
    "step": 2,
    "steps": 3,
    "action": "Discuss with the Deputy Team Manager and/or Team Manager if the matter remains unresolved, and confirm in writing",
    "deadline": DEADLINE,
    "explanation": "36 hours from 2:05am on Thursday 3 December 2026, elapsed hours, cumulative: the board’s choice of 1 November 2026.",
    "paragraph": "Section 5, Section 17, Initial Assessment stage, row 2",
}
RULES: JsonValue = [
    {
        "title": "Reasons in writing",
        "text": "Your side gives its reasons in writing at this step, and so does the other side.",
        "source": "Section 3.7b",
    },
    {"title": "Who may decide", "text": "The Independent Chair decides if you do not agree.", "source": "Section 4.1"},
]
ANSWERS: JsonValue = [
    {"words": "BYPASS", "means": "You ask everybody involved to agree to pass over this step; write why."},
    {"words": "TIME 12 December 2026 at 4pm", "means": "You propose the time by which the two of you resolve it."},
    {"words": "DECISION", "means": "You decide, where the protocol lets you; say what, in the parts of an outcome."},
    {"words": "OUTCOME", "means": "This is offered at every step, and stands in a notice once."},
]

FACTS: dict[str, dict[str, JsonValue]] = {
    "form_received": {
        "received_at": "2026-12-03T14:05:30Z",
        "case_stage": "Section 17: Initial Assessment",
        "area": "Initial Assessment completed but then closed with no action: the referrer disagrees",
        "understood": [{"label": "Is a child in immediate danger?", "answer": "No"}],
        "read": ["Date", "From (Practitioner)", "DOB", "Summary of Concern(s)", "Requested Action"],
        "blank": ["Possible cause", "The child needs to be safe by"],
        "route": {
            "name": "Section 17, Initial Assessment stage",
            "paragraph": "Section 5, Section 17, Initial Assessment stage",
            "steps": 3,
            "step_name": "",
            "action": "Discuss with the social worker",
            "within": "within 24 hours",
            "step_paragraph": "Section 5, Section 17, Initial Assessment stage, row 1",
        },
        "instead": None,
        "sooner": False,
        "danger": "",
    },
    "form_incomplete": {
        "missing": ["DOB", "Requested Action"],
        "choices": [
            {"label": "Stage of the case", "options": ["Contact or referral", "Section 17: Initial Assessment", "Section 47"]}
        ],
    },
    "item_held": {"detail": "The mail has no Escalation Form in it, and no answer to a notice."},
    "step_reached": {
        **_STEP,
        "why": "deadline_missed",
        "writing": "confirm",
        "ladder_name": "Section 17, Initial Assessment stage",
        "raising": _RAISING,
        "other": _OTHER,
        "must_act": True,
    },
    "reminder": {**_STEP},
    "response_recorded": {"step": 2, "by": _BY},
    "outcome_proposed": {
        "outcome": 1,
        "by": _BY,
        "step": 2,
        "deadline": DEADLINE,
        "explanation": "Both sides confirm within the time of the step.",
    },
    "outcome_confirmed": {"outcome": 1, "by": _BY, "waiting_for": "your side"},
    "outcome_disputed": {"outcome": 1, "by": _BY},
    "last_tier_passed": {"step": 3, "why": "deadline_missed"},
    "asked": {
        "headline": "Do you agree that step 2 is passed over?",
        "lines": [
            "Sam Lee (Team Manager, Bedford Borough Children’s Social Care) asks that step 2 is passed over.",
            "It is passed over when everybody named at it agrees in writing. Until then the time for the step runs on.",
        ],
        "answers": [
            {"words": "AGREE BYPASS", "means": "You agree. When all have agreed, the disagreement moves up to step 3."},
            {"words": "REFUSE BYPASS", "means": "You do not agree. The step goes on as it is."},
        ],
        "step": 2,
        "deadline": DEADLINE,
        "explanation": "The time for step 2 runs on while you are asked.",
        "paragraph": "Section 3.3",
        "items": [],
    },
    "told": {
        "headline": "How this ends",
        "lines": ["The board has put in writing how this ends.", "These remain:"],
        "answers": [{"words": "DONE 1", "means": "The follow-up with this number is done; say what was done."}],
        "step": None,
        "deadline": None,
        "explanation": "",
        "paragraph": "Section 6.12",
        "items": ["2. Outstanding issue 1 of the written outcome, by 4 December 2026", "3. The planning meeting"],
    },
    "act_not_taken": {"act": "confirmed", "reason": "There is no outcome waiting for your confirmation."},
    "board_alert": {
        "what": "not_reached",
        "detail": "A notice did not reach one person at step 3: the mail server refused it.",
        "step": 3,
    },
    "record_issued": {"filename": "DEMO-7K3QX9FA-outcome-1.pdf", "issued_at": "2026-12-04T09:00:00Z"},
    "sign_in_code": {"minutes": 10},
}
CONTENT: dict[str, dict[str, Data]] = {
    "form_received": {"form": FORM},
    "form_incomplete": {"form": FORM.model_copy(update={"child_dob": "", "requested_action": ""})},
    "step_reached": {"form": FORM},
    "reminder": {"form": FORM},
    "response_recorded": {"form": FORM, "reply": REPLY},
    "outcome_proposed": {"form": FORM, "outcome": OUTCOME},
    "outcome_confirmed": {"form": FORM, "outcome": OUTCOME},
    "outcome_disputed": {"form": FORM, "reply": REPLY},
    "last_tier_passed": {"form": FORM},
    "asked": {"form": WHOLE_FORM, "reply": REPLY},
    "told": {"form": WHOLE_FORM, "outcome": WHOLE_OUTCOME},
    "board_alert": {"form": FORM},
    "record_issued": {"form": FORM},
    "sign_in_code": {"code": CodeContent(code="402913")},
}
URGENT = {"step_reached", "reminder", "outcome_proposed", "outcome_disputed", "last_tier_passed", "board_alert"}
SIDES = {"form_received": Side.RAISING, "form_incomplete": Side.RAISING, "item_held": Side.RAISING, "board_alert": Side.BOARD}


def mailer(*, bounces_to: str = "") -> Mailer:
    """A mailer as the service builds it."""
    return Mailer(Wording(SEALER, BOARD_URL, PAGES_URL), KEY, DOMAIN, "concord@example.org.uk", bounces_to)


def notice(kind: str, *, full: bool = True, sealer: Sealer = SEALER, number: int = 1, **changes: Any) -> SendNotice:
    """A notice of this kind, with anything changed that a test is about."""
    values: dict[str, Any] = {
        "message_id": UUID(int=number),
        "at": RAISED + timedelta(minutes=number),
        "notice_id": f"{CASE}.{number}",
        "case_id": CASE,
        "board": "demo",
        "board_name": BOARD,
        "demonstration": "",
        "kind": kind,
        "to": Recipient(
            name="Sam Lee", address="sam.lee@bedford.example.gov.uk", side=SIDES.get(kind, Side.OTHER), full_content=full
        ),
        "thread_started_at": RAISED,
        "urgent": kind in URGENT,
        "facts": FACTS[kind],
        "sealed": {name: sealer.seal(CASE, content) for name, content in CONTENT.get(kind, {}).items()},
    }
    return SendNotice.model_validate(values | changes)


CORRECTED: dict[str, JsonValue] = FACTS["form_received"] | {
    "form_version": 2,
    "changed": ["DOB", "Is a child in immediate danger?"],
    "board_told": True,
    "danger": "said",
    "sooner": True,
}
ELSEWHERE: dict[str, JsonValue] = FACTS["form_received"] | {
    "route": None,
    "instead": {"where": ["the core group", "a child protection conference"], "paragraph": "Section 1.2"},
}


def corrected(*, full: bool = True) -> SendNotice:
    """The read-back of a correction, with what it changes."""
    changes = ReplyContent(text="DOB\nbefore: 14/02/2020\nnow: 14/02/2021")
    content = {"form": SEALER.seal(CASE, FORM), "reply": SEALER.seal(CASE, changes)}
    return notice("form_received", full=full, urgent=True, facts=CORRECTED, sealed=content)


def decision(*, full: bool = True, **changes: JsonValue) -> SendNotice:
    """A decision that each side accepts or dissents from, with everything filled in that can be."""
    facts: dict[str, JsonValue] = {
        "imposed": True,
        "by": {"name": "Lou Park", "role": "Independent Chair"},
        "challenge_by": "2026-12-07T17:00:00Z",
        "paragraph": "Section 4.1",
        "answers": [
            {"words": "CHALLENGE", "means": "You take it further; write why."},
            {"words": "DISSENT", "means": "This is offered with every decision, and stands in a notice once."},
        ],
    }
    content = {"form": SEALER.seal(CASE, WHOLE_FORM), "outcome": SEALER.seal(CASE, WHOLE_OUTCOME)}
    return notice("outcome_proposed", full=full, facts={**FACTS["outcome_proposed"], **facts, **changes}, sealed=content)
