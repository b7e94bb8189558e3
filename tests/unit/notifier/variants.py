"""Every kind of notice, and every turn its templates can take."""

from functools import cache
from typing import get_args

from pydantic import JsonValue

from services.contracts.notifier import Attachment, SendNotice
from services.contracts.vocabulary import Recipient, Side, Why
from services.notifier import sentences
from tests.unit.notifier.samples import ANSWERS, CORRECTED, DEADLINE, DEMONSTRATION, ELSEWHERE, FACTS, RULES, decision, notice

WHYS = get_args(Why)
RULED: dict[str, JsonValue] = {"name": "Stage One: Prevention", "rules": RULES, "answers": ANSWERS}
PDF = Attachment(document="0" * 64, filename="DEMO-7K3QX9FA-outcome-1.pdf", media_type="application/pdf")


@cache
def variants() -> list[SendNotice]:
    """Every kind, and every turn a template can take."""
    step = FACTS["step_reached"]
    turns: list[tuple[str, dict[str, JsonValue]]] = [
        ("step_reached", step | {"why": why, "writing": writing, "deadline": deadline, "must_act": must_act, "step": number})
        for why, writing, deadline, must_act, number in (
            ("raised", "none", None, True, 1),
            ("not_resolved", "written", step["deadline"], True, 3),
            ("outcome_disputed", "confirm", None, False, 2),
        )
    ]
    turns += [
        ("step_reached", step | {"raising": [], "other": []}),
        ("reminder", FACTS["reminder"] | {"deadline": None}),
        ("outcome_proposed", FACTS["outcome_proposed"] | {"deadline": None, "explanation": ""}),
        ("outcome_confirmed", FACTS["outcome_confirmed"] | {"waiting_for": "the other side"}),
        ("last_tier_passed", FACTS["last_tier_passed"] | {"why": "not_resolved"}),
        *(("board_alert", FACTS["board_alert"] | {"what": what, "step": None}) for what in sentences.ALERTS),
        ("form_incomplete", {"missing": [], "choices": FACTS["form_incomplete"]["choices"]}),
        ("form_incomplete", FACTS["form_incomplete"] | {"chaser": 1, "understood": FACTS["form_received"]["understood"]}),
        ("form_incomplete", FACTS["form_incomplete"] | {"chaser": 2, "last": True, "danger": "words"}),
        ("form_received", CORRECTED),
        ("form_received", CORRECTED | {"board_told": False, "danger": ""}),
        ("form_received", ELSEWHERE),
        ("form_received", FACTS["form_received"] | {"danger": "words", "blank": [], "route": None}),
        *(("item_held", FACTS["item_held"] | {"why": why, "danger": "words"}) for why in ("deferred", "draft", "held")),
        *(("step_reached", step | RULED | {"why": why, "must_act": must_act}) for why in WHYS for must_act in (True, False)),
        *(("last_tier_passed", {"step": 3, "why": why}) for why in WHYS),
        ("reminder", FACTS["reminder"] | RULED),
        ("outcome_proposed", decision().facts),
        ("outcome_proposed", decision(deadline=None, challenge_by=None, answers=[], paragraph="").facts),
        ("asked", FACTS["asked"] | {"answers": [], "deadline": None, "items": ["Name somebody", "Tell us who"], "step": None}),
        ("told", FACTS["told"] | {"answers": [], "items": [], "paragraph": "", "step": 1}),
        ("told", FACTS["told"] | {"deadline": DEADLINE, "explanation": "The two sides agreed it."}),
        *FACTS.items(),
    ]
    found = []
    for kind, facts in turns:
        for side in Side if kind in {"step_reached", "last_tier_passed", "asked", "told"} else [Side.OTHER]:
            for full in (True, False):
                to = Recipient(name="Sam Lee", address="sam.lee@bedford.example.gov.uk", side=side, full_content=full)
                attachments = (PDF,) if kind == "record_issued" else ()
                found.append(notice(kind, to=to, facts=facts, attachments=attachments))
            found.append(notice(kind, to=to, facts=facts, sealed={}, demonstration=DEMONSTRATION))
    return found
