"""The made-up files with forms in them, and what each says."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "fixtures" / "forms"
EXPECTED: dict[str, Any] = tomllib.loads((FOLDER / "expected.toml").read_text())
SAYS: Mapping[str, dict[str, str]] = {
    "usual": EXPECTED["usual"],
    "own": EXPECTED["usual"] | EXPECTED["own"],
    "second": EXPECTED["usual"] | EXPECTED["second"],
    "blank": {},
}
"""What the forms in the files say."""


def said(name: str, expected: Mapping[str, Any]) -> dict[str, str]:
    """What one form of a file must say."""
    without = expected.get("without", [])
    answers = SAYS[name] | expected.get("differs", {})
    return {key: answer for key, answer in answers.items() if key not in without}
