"""Made-up mails, one of each kind people and machines send, and what intake must understand of each."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.contracts.message import Data
from services.intake.cli import tell
from services.intake.understanding import understand

FOLDER = Path(__file__).parents[2] / "fixtures" / "mail"
RECEIVED = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
"""A Monday, on which every mail counts as received."""

EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text())

BESIDE: dict[str, object] = {"parts": [], "pursued": [], "moment": None, "number": None, "named": "", "circumstances": {}}
"""What a reply may say beside its act, and a form of its circumstances."""


def told(content: Data | None) -> dict[str, Any]:
    """What was said, without what was left empty."""
    found: dict[str, Any] = without_blanks(content.model_dump() if content else {})
    return found


def without_blanks(value: Any) -> Any:
    """A value without the empty ones in it: TOML knows no null."""
    if isinstance(value, dict):
        return {key: without_blanks(part) for key, part in value.items() if part}
    return [without_blanks(part) for part in value] if isinstance(value, list | tuple) else value


def test_every_mail_has_its_expected_outcome() -> None:
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(EXPECTED["mail"])


@pytest.mark.parametrize("name", EXPECTED["mail"])
def test_a_mail_is_understood(name: str) -> None:
    expected = EXPECTED["mail"][name]
    notice = (FOLDER / "sent" / f"{expected['notice']}.eml").read_bytes() if "notice" in expected else None
    seen = understand((FOLDER / f"{name}.eml").read_bytes(), (), None, RECEIVED, notice=notice)
    assert seen.robot == expected.get("robot", "")
    answer = tell(seen)
    assert (answer["kind"], answer["reason"]) == (expected["kind"], answer["reason"])
    assert answer["missing"] == expected.get("missing", [])
    assert answer["act"] == expected.get("act")
    if expected["kind"] == "form":
        assert answer["fields"] == EXPECTED["usual"] | expected.get("differs", {})
    else:
        assert answer["fields"] == expected.get("gives", {})
    if seen.decision is not None:
        assert told(seen.decision.content) == expected.get("content", {})
    for key, nothing in BESIDE.items():
        assert without_blanks(answer[key]) == expected.get(key, nothing), key
    if expected["kind"] == "held":
        assert answer["reason"].startswith(expected["reason"])
