"""Whatever a program sends to intake's pages, a stranger's or that of somebody signed in: an answer, and never a fault of ours."""

from random import Random
from typing import Any, NamedTuple, cast
from uuid import uuid4

import httpx
import pytest
import schemathesis
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck, Phase, settings

from services.contracts import reply_address
from services.contracts.intake import FormReceived
from services.contracts.notifier import NoticeSent
from services.contracts.vocabulary import Side
from services.intake.answering.acts import ACTS
from services.intake.api import create_pages
from services.intake.incoming import Parts
from services.kit.clock import now
from tests.integration.intake.running import FORM, RAISER, TOKEN_KEY, Intake, mail, published, until
from tests.integration.intake.test_web_service import Visitor
from tests.integration.intake.web_world import ANSWERS

FIELDS = (
    *("csrf", "form", "email", "code", "act", "step", "same", "check", "actions-rows", "actions-0-what", "actions-0-by"),
    *dict.fromkeys(name for answers in ANSWERS.values() for name in answers),
    *dict.fromkeys(field.name for act in ACTS for field in act.fields),
)
"""Names that forms on these pages use: a program that has seen them tries them."""

EXAMPLES = 6
"""For each page and method; more would be minutes."""

QUICK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def described() -> dict[str, Any]:
    """Every page as OpenAPI: its address, its method and, where it takes a form, what a program may put into one."""
    nothing = cast(Any, None)
    parts = Parts(nothing, nothing, nothing, nothing)
    app = create_pages(
        nothing, nothing, nothing, parts, {}, key=b"k" * 32, public_url="http://intake.test", mail_domain="board.test"
    )
    found = get_openapi(title="intake", version="1", routes=app.routes)
    form = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in FIELDS},
        "additionalProperties": {"type": "string"},
    }
    for methods in found["paths"].values():
        for method, operation in methods.items():
            if method == "post":
                operation["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
    return dict(found)


@pytest.fixture
def address(intake: Intake) -> str:
    return f"http://127.0.0.1:{intake.environment['CONCORD_HTTP_PORT']}"


class SignedIn(NamedTuple):
    """Somebody's program that has typed a code: its cookies, what its forms prove themselves by, and what it may open."""

    address: str
    cookies: dict[str, str]
    csrf: str
    form: str
    links: tuple[str, ...]


@pytest.fixture(scope="module")
async def signed_in(running: Intake) -> SignedIn:
    """Whoever has a form begun, one sent, and a notice with every answer there is."""
    await running.forget()
    await running.publish(published())
    await running.heard_the_board()
    await running.send(mail(FORM))
    (sent,) = await running.wait_for(FormReceived)
    notice_id = f"{sent.case_id}.1"
    notice = NoticeSent(
        message_id=uuid4(),
        at=now(),
        notice_id=notice_id,
        case_id=sent.case_id,
        kind="step_reached",
        address=RAISER,
        side=Side.RAISING,
        attempts=1,
        document="0" * 64,
        answers=("OUTCOME", "RESPONSE", "TIME 1 May", "MEETING", "DONE 1", "WRONG PERSON", "DECISION", "CONFIRM"),
    )
    await running.notifier.publish(notice)
    await until(lambda: (notice_id,) in running.rows("SELECT notice_id FROM answerable_notices"), running.process)
    visitor = Visitor(running)
    await visitor.begin()
    csrf = visitor.text.split('name="csrf" value="')[1].partition('"')[0]
    numbers = (notice_id, f"{sent.case_id}.i1")
    links = tuple(reply_address.make(TOKEN_KEY.encode(), number, Side.RAISING, RAISER) for number in numbers)
    for opened in (f"/boards/demonstration/form/{visitor.form}/check", *(f"/answer/{link}" for link in links)):
        answer = await visitor.client.get(opened)
        assert answer.status_code == 200, opened
        assert 'name="email"' not in answer.text, opened
    address = f"http://127.0.0.1:{running.environment['CONCORD_HTTP_PORT']}"
    cookies = dict(visitor.client.cookies)
    await visitor.client.aclose()
    return SignedIn(address, cookies, csrf, visitor.form, links)


schema = schemathesis.openapi.from_dict(described())


@schema.parametrize()
@QUICK
def test_no_page_answers_with_a_fault(case: Any, address: str) -> None:
    answer: httpx.Response = case.call(base_url=address, allow_redirects=False)
    assert answer.status_code < 500, f"{case.method} {case.path}"


INSIDE = schema.include(path_regex=r"\{draft\}|\{link\}|/forms|/sent/").exclude(path_regex="/leave$")
"""What somebody sees who is signed in. Whoever signs out is a stranger again."""

PAGES = (*ANSWERS, "danger", "nothing")
ANSWERED = (*(act.key for act in ACTS), "nothing")


@INSIDE.parametrize()
@settings(QUICK, max_examples=EXAMPLES // 2)
def test_no_page_answers_somebody_signed_in_with_a_fault(case: Any, signed_in: SignedIn) -> None:
    choose = Random(repr(case.body))  # noqa: S311 - a page to try, and the same one for the same case
    known = {
        "draft": signed_in.form,
        "link": choose.choice(signed_in.links),
        "page": choose.choice(PAGES),
        "key": choose.choice(ANSWERED) if "{link}" in case.path else "demonstration",
    }
    case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
    if isinstance(case.body, dict):
        case.body = {name: value for name, value in case.body.items() if name != "later"} | {"csrf": signed_in.csrf}
    answer: httpx.Response = case.call(base_url=signed_in.address, cookies=signed_in.cookies, allow_redirects=False)
    assert answer.status_code < 500, f"{case.method} {case.path} {case.path_parameters}"


def test_the_program_was_signed_in_all_the_while(signed_in: SignedIn) -> None:
    for page in (f"/boards/demonstration/form/{signed_in.form}/child", *(f"/answer/{link}" for link in signed_in.links)):
        answer = httpx.get(f"{signed_in.address}{page}", cookies=signed_in.cookies)
        assert (answer.status_code, 'name="email"' in answer.text) == (200, False), page
