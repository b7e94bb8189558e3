"""Whatever a stranger's program sends to intake's pages: an answer, and never a fault of ours."""

from typing import Any, cast

import httpx
import pytest
import schemathesis
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck, Phase, settings

from services.intake.api import create_pages
from tests.integration.intake.running import Intake

FIELDS = ("csrf", "form", "email", "code", "board", "stage", "area", "danger", "turn", "text", "back")
"""Names that forms on these pages use: a program that has seen them tries them."""

EXAMPLES = 6
"""For each page and method; more would be minutes."""


def described() -> dict[str, Any]:
    """Every page as OpenAPI: its address, its method and, where it takes a form, what a program may put into one."""
    nothing = cast(Any, None)
    app = create_pages(
        nothing, nothing, nothing, nothing, {}, key=b"k" * 32, public_url="http://intake.test", mail_domain="board.test"
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


schema = schemathesis.openapi.from_dict(described())


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_page_answers_with_a_fault(case: Any, address: str) -> None:
    answer: httpx.Response = case.call(base_url=address, allow_redirects=False)
    assert answer.status_code < 500, f"{case.method} {case.path}"
