"""Every requirement of the five documents has its row in docs/protocols/traceability.md, and a row names only what there is."""

import re
from functools import cache
from importlib import import_module
from inspect import getattr_static
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "protocols" / "traceability.md"
PROTOCOLS = ROOT / "services" / "escalator" / "protocols"

# How many requirements each document has, counted from the documents.
HOW_MANY = {"BIR": 25, "OXF": 29, "BAR": 27, "BED": 25, "NOR": 11, "A": 37}
IDS = [f"{board}-{number:02}" for board, last in HOW_MANY.items() for number in range(1, last + 1)]
IDS += [f"BED-S{row}" for row in range(1, 13)]  # the rows of Bedfordshire's table

_ROW = re.compile(r"^\| ((?:BIR|OXF|BAR|BED|NOR|A)-\S+) \| ([^|]+) \| ([^|]*) \|$")
_REFERENCE = re.compile(r"(file|code|page|mail|guidance|not carried out): (.+)")


def rows() -> list[tuple[str, str]]:
    """Every row: the requirement's id, and where it is met."""
    found = (_ROW.match(line) for line in TABLE.read_text(encoding="utf-8").splitlines())
    return [(row[1], row[3].strip()) for row in found if row]


def references() -> list[tuple[str, str]]:
    """Everything that rows name, once: its kind and its place."""
    found = []
    for _, where in rows():
        for part in where.split("; "):
            reference = _REFERENCE.fullmatch(part)
            assert reference is not None, part
            found.append((reference[1], reference[2]))
    return list(dict.fromkeys(found))


@cache
def protocol(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((PROTOCOLS / name).read_text(encoding="utf-8"))


def field(reference: str) -> Any:
    """What stands at `file.yaml#key/key`. An entry of a list is known by its id, number, field, area or source."""
    name, _, path = reference.partition("#")
    value = protocol(name)
    for key in path.split("/"):
        if isinstance(value, list):
            known_by = ("id", "number", "field", "area", "source")
            value = next(one for one in value if key in {str(one.get(by)) for by in known_by})
        else:
            value = value[key]
    return value


def thing(reference: str) -> object:
    """What `module:name` names below `services`: a function, a class, a constant, or an attribute or field of one."""
    module, _, names = reference.partition(":")
    found: object = import_module(f"services.{module}")
    for name in names.split("."):
        if isinstance(found, type) and issubclass(found, BaseModel) and name in found.model_fields:
            return found.model_fields[name]
        found = getattr_static(found, name)
    return found


def test_every_requirement_has_one_row() -> None:
    assert sorted(key for key, _ in rows()) == sorted(IDS)
    assert len(IDS) == 117 + 37 + 12


def test_a_row_says_where_it_is_met() -> None:
    assert [key for key, where in rows() if not where] == []


def test_what_is_not_carried_out_says_why() -> None:
    reasons = [place for kind, place in references() if kind == "not carried out"]
    assert [reason for reason in reasons if len(reason.split()) < 4] == []


@pytest.mark.parametrize(("kind", "place"), [one for one in references() if one[0] in {"file", "guidance"}])
def test_a_field_of_a_protocol_is_there_and_says_something(kind: str, place: str) -> None:
    assert field(place) not in (None, "", [], {}, False)
    assert (kind == "guidance") is ("#guidance/" in place)


@pytest.mark.parametrize("place", [place for kind, place in references() if kind == "code"])
def test_a_name_in_the_code_is_there(place: str) -> None:
    assert thing(place) is not None


@pytest.mark.parametrize("place", [place for kind, place in references() if kind in {"page", "mail"}])
def test_a_page_or_mail_is_there(place: str) -> None:
    assert (ROOT / "services" / place).exists()


@pytest.mark.parametrize(
    "made_up", ["birmingham.yaml#closing/debrief", "birmingham.yaml#ladders/BIR-S9", "birmingham.yaml#guidance/5"]
)
def test_a_field_that_is_not_there_is_found_out(made_up: str) -> None:
    with pytest.raises((KeyError, StopIteration)):
        field(made_up)


def test_a_name_that_is_not_there_is_found_out() -> None:
    with pytest.raises(AttributeError):
        thing("escalator.decisions:decide_for_everybody")
