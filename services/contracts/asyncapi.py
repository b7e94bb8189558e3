"""The AsyncAPI 3 document of every message, made from the models: `python -m services.contracts.asyncapi > docs/asyncapi.yaml`."""

import json
import sys
from typing import Any

from pydantic.json_schema import models_json_schema

from services.contracts.catalogue import HEARERS, SPEAKERS
from services.contracts.message import Message

_REF = "#/components/schemas/{model}"


def document() -> dict[str, Any]:
    """The whole document as plain data."""
    _, schemas = models_json_schema([(message, "serialization") for message in SPEAKERS], ref_template=_REF)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Concord",
            "version": "1",
            "description": "What Concord's four services say to each other, on one RabbitMQ topic exchange. Made from the code.",
        },
        "defaultContentType": "application/json",
        "channels": {message.topic: _channel(message) for message in SPEAKERS},
        "operations": dict(pair for message in SPEAKERS for pair in _operations(message)),
        "components": {
            "messages": {message.__name__: _message(message) for message in SPEAKERS},
            "schemas": schemas["$defs"],
        },
    }


def render() -> str:
    """The document as text: JSON, which is YAML as well."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def _channel(message: type[Message]) -> dict[str, Any]:
    name = message.__name__
    return {"address": message.topic, "messages": {name: {"$ref": f"#/components/messages/{name}"}}}


def _message(message: type[Message]) -> dict[str, Any]:
    return {
        "name": message.__name__,
        "title": f"{message.__name__}, version {message.version}",
        "summary": (message.__doc__ or "").split("\n", maxsplit=1)[0],
        "payload": {"$ref": _REF.format(model=message.__name__)},
    }


def _operations(message: type[Message]) -> list[tuple[str, dict[str, Any]]]:
    channel = {"$ref": f"#/channels/{message.topic.replace('/', '~1')}"}
    said = [(f"{service}.says.{message.__name__}", {"action": "send", "channel": channel}) for service in SPEAKERS[message]]
    heard = [(f"{service}.hears.{message.__name__}", {"action": "receive", "channel": channel}) for service in HEARERS[message]]
    return said + heard


if __name__ == "__main__":
    sys.stdout.write(render())
