"""Made-up mails, one of each kind people and machines send, and what intake must understand of each."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from services.contracts.message import Data
from services.intake.cli import tell
from services.intake.understanding import understand

FOLDER = Path(__file__).parents[2] / "fixtures" / "mail"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text())


def told(content: Data | None) -> dict[str, Any]:
    """What was said, without what was left empty."""

    def without_blanks(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without_blanks(part) for key, part in value.items() if part}
        return [without_blanks(part) for part in value] if isinstance(value, list | tuple) else value

    found: dict[str, Any] = without_blanks(content.model_dump() if content else {})
    return found


def test_every_mail_has_its_expected_outcome() -> None:
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(EXPECTED["mail"])


@pytest.mark.parametrize("name", EXPECTED["mail"])
def test_a_mail_is_understood(name: str) -> None:
    expected = EXPECTED["mail"][name]
    seen = understand((FOLDER / f"{name}.eml").read_bytes())
    answer = tell(seen)
    assert (answer["kind"], answer["reason"]) == (expected["kind"], answer["reason"])
    assert answer["missing"] == expected.get("missing", [])
    assert answer["act"] == expected.get("act")
    if expected["kind"] == "form":
        assert answer["fields"] == EXPECTED["usual"] | expected.get("differs", {})
    else:
        assert answer["fields"] == expected.get("gives", {})
    if answer["act"]:
        assert told(seen.content) == expected.get("content", {})
    if expected["kind"] == "held":
        assert answer["reason"].startswith(expected["reason"] + ": ")
