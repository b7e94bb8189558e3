"""JSON Schemas of protocol and board files, so that an editor knows every field while somebody writes one. `make schema`.

A schema knows the shape of each field alone. What must agree with something else in the file, only `check` can say.
"""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from services.contracts.content import FURTHER_LABELS, OutcomeContent
from services.escalator.boards import BoardFile
from services.escalator.ladders import Unit
from services.escalator.protocol_file import ProtocolFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ABOUT: dict[str, tuple[type[BaseModel], str]] = {
    "protocol": (ProtocolFile, "A board's protocol: who talks to whom, in which order, by when, and what must be in writing."),
    "board": (BoardFile, "A board as one deployment runs it: its protocol with its own choices, its people and its mail."),
}


def schema(kind: str) -> dict[str, Any]:
    """The schema of a `protocol` or a `board` file."""
    model, about = _ABOUT[kind]
    made = model.model_json_schema(by_alias=True)
    if kind == "protocol":
        _leave_out_what_no_file_says(made)
        made["$defs"]["Asked"]["properties"]["field"]["enum"] = [key for key, _ in FURTHER_LABELS]
        made["$defs"]["ReadBack"]["properties"]["parts"]["items"]["enum"] = list(OutcomeContent.model_fields)
    else:
        # A number that a board chooses may be written as one.
        made["properties"]["choices"]["additionalProperties"] = {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    for node in _nodes(made):
        _say_it_plainly(node)
        _left_out_not_null(node)
    return {"$schema": _DIALECT, **made, "title": f"Concord {kind} file", "description": about}


def render(kind: str) -> str:
    """The schema as text."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def _leave_out_what_no_file_says(made: dict[str, Any]) -> None:
    """What a board or the demonstration makes of a protocol, and no file may state."""
    del made["properties"]["demonstration"]
    del made["$defs"]["Choice"]["properties"]["chosen"]
    made["$defs"]["Unit"]["enum"].remove(Unit.ELAPSED_SECONDS.value)


def _nodes(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _nodes(inner)


def _say_it_plainly(node: dict[str, Any]) -> None:
    """Titles that only repeat the field are left out; descriptions lose what only programmers read."""
    if isinstance(node.get("title"), str):
        del node["title"]
    if isinstance(node.get("description"), str):
        text = re.sub(r" *Raises \w+[^.]*\.", "", node["description"]).replace("`with_`", "with")
        node["description"] = " ".join(text.replace("`", "").split())


def _left_out_not_null(node: dict[str, Any]) -> None:
    """A field that is not needed is left out, not written as null: an editor then knows which kind of value was meant."""
    kinds = node.get("anyOf")
    if isinstance(kinds, list) and node.get("default", "") is None:
        del node["default"], node["anyOf"]
        meant = [kind for kind in kinds if kind != {"type": "null"}]
        node.update(meant[0] if len(meant) == 1 else {"anyOf": meant})


if __name__ == "__main__":
    sys.stdout.write(render(sys.argv[1]))
