"""The hash chain, without a database: every change to every entry is found, and nothing else is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.message import Message
from services.records import chain
from services.records.chain import GENESIS, Entry, Head
from tests.contracts.samples import SAMPLES

AT = datetime(2026, 12, 4, 14, 5, tzinfo=UTC)


def build(messages: tuple[Message, ...] = SAMPLES) -> list[Entry]:
    entries: list[Entry] = []
    head = Head(0, GENESIS)
    for number, message in enumerate(messages, start=1):
        own = message.model_copy(update={"message_id": UUID(int=number)})
        entry = chain.follow(head, own, getattr(own, "case_id", None), AT + timedelta(seconds=number))
        entries.append(entry)
        head = Head(entry.seq, entry.hash)
    return entries


ENTRIES = build()
END = Head(ENTRIES[-1].seq, ENTRIES[-1].hash)


def test_a_chain_holds_from_its_beginning_to_its_end() -> None:
    assert chain.walk(ENTRIES, END, {}) == (END, None)
    assert chain.walk([], Head(0, GENESIS), {}) == (Head(0, GENESIS), None)


@given(st.integers(0, len(ENTRIES) - 1), st.sampled_from(["topic", "case_id", "body", "hash", "prev_hash"]), st.text())
def test_a_changed_text_is_found_where_it_is(index: int, field: str, text: str) -> None:
    entry = ENTRIES[index]
    if getattr(entry, field) == text:
        return
    change: dict[str, Any] = {field: text}
    changed = [*ENTRIES[:index], replace(entry, **change), *ENTRIES[index + 1 :]]
    held, broken = chain.walk(changed, END, {})
    assert held.seq == index
    assert broken is not None
    assert (broken.seq, broken.what) == (index + 1, "unlinked" if field == "prev_hash" else "changed")
    assert broken.expected != broken.found


@pytest.mark.parametrize("index", range(len(ENTRIES)))
@pytest.mark.parametrize(
    "change", [{"version": 2}, {"message_id": UUID(int=99)}, {"at": AT - timedelta(seconds=1)}, {"recorded_at": AT}]
)
def test_a_changed_fact_is_found_where_it_is(index: int, change: dict[str, Any]) -> None:
    changed = [*ENTRIES[:index], replace(ENTRIES[index], **change), *ENTRIES[index + 1 :]]
    held, broken = chain.walk(changed, END, {})
    assert (held.seq, broken and broken.what) == (index, "changed")


@given(st.sets(st.integers(0, len(ENTRIES) - 1), min_size=1))
def test_missing_entries_are_found_at_the_first_of_them(gone: set[int]) -> None:
    left = [entry for index, entry in enumerate(ENTRIES) if index not in gone]
    held, broken = chain.walk(left, END, {})
    assert held.seq == min(gone)
    assert broken is not None
    at_the_end = min(gone) == len(left)
    assert (broken.seq, broken.what) == (min(gone) + 1, "cut" if at_the_end else "missing")


def test_entries_in_another_order_are_found() -> None:
    turned = [ENTRIES[1], ENTRIES[0], *ENTRIES[2:]]
    assert chain.walk(turned, END, {})[1] is not None
    renumbered = [replace(ENTRIES[1], seq=1), replace(ENTRIES[0], seq=2), *ENTRIES[2:]]
    assert chain.walk(renumbered, END, {})[1] is not None


def test_a_chain_that_says_more_than_its_end_does_not_hold() -> None:
    shorter = Head(ENTRIES[-2].seq, ENTRIES[-2].hash)
    broken = chain.walk(ENTRIES, shorter, {})[1]
    assert broken is not None
    assert broken.what == "headless"


def test_a_cut_that_moved_the_recorded_end_with_it_shows_against_a_printed_end() -> None:
    shorter = Head(ENTRIES[-2].seq, ENTRIES[-2].hash)
    assert chain.walk(ENTRIES[:-1], shorter, {})[1] is None
    broken = chain.walk(ENTRIES[:-1], shorter, {END.seq: END.hash})[1]
    assert broken is not None
    assert broken.what == "cut"


def test_the_body_is_the_same_text_for_the_same_message() -> None:
    for message in SAMPLES:
        again = type(message).model_validate_json(chain.canonical(message))
        assert chain.canonical(again) == chain.canonical(message)
        assert chain.canonical(message).isascii()
