"""What the tests of held items share: something that waits for board staff, and how they settle it."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import httpx

from services.contracts.content import FormContent, HeldContent
from services.contracts.intake import ItemHeld
from services.contracts.outline import AreaChoice
from services.contracts.records import ItemSettled
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import HeldReason, Person
from services.kit.database import Database
from tests.integration.records_world import Form, said, submit
from tests.unit.records.story import BOARD, PUBLISHED, START

ITEM = "HELD-7K3QX9FA"
STRANGER = "pat@charity.example"
HOSTILE = "Robin is hungry.\n<script>alert(1)</script>\n<a href='https://evil.example'>look</a>"
CONTENT = HeldContent(
    sender_name="Pat Ferris",
    text=HOSTILE,
    words="Robin is hungry.",
    attachments=("<b>robin sample.docx</b>",),
    form=FormContent(child_name="Robin Sample", summary="Robin is hungry."),
    case_stage="Contact or referral",
    immediate_danger="no",
)
ELSEWHERE = PUBLISHED.model_copy(
    update={
        "message_id": UUID(int=70),
        "board": "elsewhere",
        "name": "Another board",
        "staff": (Person(name="Lee Other", address="lee@elsewhere.demo.example"),),
    }
)
TWO_AREAS = PUBLISHED.model_copy(
    update={
        "areas": (*PUBLISHED.areas, AreaChoice(key="closure", name="Case closure", case_stage="contact_referral", ladder="X")),
    }
)


def item(sealer: Sealer, content: HeldContent | None = CONTENT, **changes: object) -> ItemHeld:
    """Something that waits."""
    facts: dict[str, object] = {
        "message_id": uuid4(),
        "at": START,
        "item_id": ITEM,
        "board": BOARD,
        "case_id": None,
        "reason": HeldReason.UNKNOWN_SENDER,
        "detail": "Its sender’s mail domain is not one this board knows.",
        "from_address": STRANGER,
        "received_at": START + timedelta(hours=12),
        "source": "0" * 64,
    }
    facts |= changes
    sealed = sealer.seal(str(facts["item_id"]), content) if content else None
    return ItemHeld.model_validate({**facts, "content": sealed})


async def settled(database: Database) -> list[ItemSettled]:
    return [ItemSettled.model_validate_json(body) for topic, body in await said(database) if topic == ItemSettled.topic]


async def do(client: httpx.AsyncClient, slug: str, item_id: str = ITEM, query: str = "", **answers: str) -> httpx.Response:
    """Fill in a form, check the answers and send them."""
    page = f"/held/{item_id}/do/{slug}"
    checked = await submit(client, f"{page}{query}", turn="check", **answers)
    assert checked.status_code == 200, re.findall("error-message.*?</p>", checked.text, re.DOTALL)
    assert "Cancel" in checked.text
    return await client.post(page, data=Form(checked.text).hidden | {"turn": "send"})
