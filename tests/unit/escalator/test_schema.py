"""The schemas that editors read: made from the fields, never stale, and every file that comes with Concord fits them."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from services.escalator.loader import PACKAGED
from services.escalator.schema import render, schema
from services.escalator.yaml_file import YamlFile
from tests.unit.escalator.testshire import TESTSHIRE

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs" / "protocols"
FILES = [("protocol", path) for path in sorted(PACKAGED.glob("*.yaml"))]
FILES += [("board", path) for path in sorted((ROOT / "deploy/local/boards").glob("*.yaml"))]
NAMES = [path.stem for _, path in FILES]


def as_json(path: Path) -> Any:
    """A file as an editor sees it: JSON has no dates, so they are text."""
    return json.loads(json.dumps(YamlFile(path).data, default=str))


def wrong(kind: str, data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema(kind)).iter_errors(data)]


@pytest.mark.parametrize("kind", ["protocol", "board"])
def test_the_schema_in_the_docs_is_fresh(kind: str) -> None:
    """`make schema` writes it."""
    assert (DOCS / f"{kind}.schema.json").read_text(encoding="utf-8") == render(kind)
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize(("kind", "path"), FILES, ids=NAMES)
def test_every_file_fits_its_schema(kind: str, path: Path) -> None:
    assert wrong(kind, as_json(path)) == []


@pytest.mark.parametrize(("kind", "path"), FILES, ids=NAMES)
def test_every_file_says_where_its_schema_is(kind: str, path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    prefix, _, place = first.partition("$schema=")
    assert prefix == "# yaml-language-server: "
    assert (path.parent / place).resolve() == DOCS / f"{kind}.schema.json"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("key: testshire", "key: Testshire", "$.key"),
        ("name: Testshire\n", "", "'name' is a required property"),
        ("version: undated", "version: July 2010", "$.version"),
        ("writing: written", "writing: perhaps", "$.ladders[0].steps[2].writing"),
        (
            "kind: elapsed_hours, amount: 24 }\n        writing",
            "kind: elapsed_seconds, amount: 24 }\n        writing",
            "within",
        ),
        ("duty: may", "duty: can", "$.advice.duty"),
        ("parts: [risk", "parts: [blame", "$.closing.read_back.parts[0]"),
        ("field: supporter", "field: helper", "$.asks[0].field"),
        ("with: { other: [adviser] }", "to: { other: [adviser] }", "'to' was unexpected"),
        ("chase:", "demonstration: true\nchase:", "'demonstration' was unexpected"),
        ("default: cumulative", "default: cumulative, chosen: cumulative", "'chosen' was unexpected"),
    ],
)
def test_an_editor_marks_a_mistake_in_a_field(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "testshire.yaml"
    path.write_text(TESTSHIRE, encoding="utf-8")
    assert wrong("protocol", as_json(path)) == []
    path.write_text(TESTSHIRE.replace(old, new, 1), encoding="utf-8")
    assert told in " ".join(wrong("protocol", as_json(path)))


def test_a_board_may_choose_a_number_by_writing_one() -> None:
    board = as_json(ROOT / "deploy/local/boards/demonstration.yaml")
    assert wrong("board", {**board, "choices": {"A-06": 30, "A-02": "per_step"}}) == []
    assert wrong("board", {**board, "choices": {"A-06": True}}) != []


def test_the_page_on_protocols_explains_every_field() -> None:
    page = (DOCS / "README.md").read_text(encoding="utf-8")
    for kind in ("protocol", "board"):
        made = schema(kind)
        models = [made, *made["$defs"].values()]
        fields = {field for model in models for field in model.get("properties", {})}
        assert sorted(field for field in fields if f"`{field}`" not in page and f"`{field}:" not in page) == []
