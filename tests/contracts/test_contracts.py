"""Messages written yesterday must be readable tomorrow: a golden file per message and version, and a document that is never stale."""

import json
from pathlib import Path

import pytest

from services.contracts import asyncapi
from services.contracts.catalogue import HEARERS, SPEAKERS
from services.contracts.message import Message
from tests.contracts.samples import SAMPLES

GOLDEN = Path(__file__).parent / "golden"
DOCUMENT = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"


def golden_file(message: Message) -> Path:
    return GOLDEN / f"{message.topic}.v{message.version}.json"


def test_every_message_has_a_sample() -> None:
    assert {type(sample) for sample in SAMPLES} == set(SPEAKERS)


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.topic)
def test_a_message_is_written_as_its_golden_file(message: Message) -> None:
    assert json.loads(message.model_dump_json()) == json.loads(golden_file(message).read_text())


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.topic)
def test_the_golden_file_is_read_back_as_the_message(message: Message) -> None:
    assert type(message).model_validate_json(golden_file(message).read_text()) == message


def test_no_golden_file_is_left_behind() -> None:
    assert {path.name for path in GOLDEN.glob("*.json")} == {golden_file(sample).name for sample in SAMPLES}


def test_topics_are_unique_and_start_with_a_service() -> None:
    topics = [message.topic for message in SPEAKERS]
    assert len(set(topics)) == len(topics)
    assert {topic.split(".")[0] for topic in topics} == {"intake", "escalator", "notifier", "records"}


def test_records_hears_everything() -> None:
    assert all("records" in hearers for hearers in HEARERS.values())


def test_the_asyncapi_document_is_fresh() -> None:
    assert DOCUMENT.read_text() == asyncapi.render(), "run: make asyncapi"
