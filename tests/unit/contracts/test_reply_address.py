"""A reply counts only from the address the notice was sent to, and a token cannot be made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts import reply_address
from services.contracts.vocabulary import Side

KEY = b"a key for tests"
ADDRESS = "Sam.Oduya@care.demo.example"
NOTICE = "DEMO-7K3QX9FA.12"


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("notice", [NOTICE, "BED-00000000.1", "SIGNIN-7K3QX9FA.r1", "HELD-ZZZZZZZZ.i10"])
@pytest.mark.parametrize(
    "shape", ["{}@in.concord.example", "<{}@in.concord.example>", "Concord <{}@in.concord.example>, x@y.example"]
)
def test_a_token_is_found_in_addresses_and_message_ids(side: Side, notice: str, shape: str) -> None:
    token = reply_address.find(shape.format(reply_address.make(KEY, notice, side, ADDRESS)))
    assert token is not None
    assert (token.notice_id, token.case_id, token.side) == (notice, notice.split(".", maxsplit=1)[0], side)
    assert token.is_for(KEY, ADDRESS)


def test_mail_systems_may_change_case() -> None:
    token = reply_address.find(reply_address.make(KEY, NOTICE, Side.OTHER, ADDRESS).upper())
    assert token is not None
    assert token.is_for(KEY, ADDRESS.lower())


@pytest.mark.parametrize(("key", "address"), [(KEY, "somebody.else@care.demo.example"), (b"another key", ADDRESS)])
def test_another_sender_or_another_key_does_not_fit(key: bytes, address: str) -> None:
    token = reply_address.find(reply_address.make(KEY, NOTICE, Side.OTHER, ADDRESS))
    assert token is not None
    assert not token.is_for(key, address)


def test_a_token_cannot_be_moved_to_the_other_side() -> None:
    forged = reply_address.make(KEY, NOTICE, Side.OTHER, ADDRESS).replace(".o.", ".r.")
    token = reply_address.find(forged)
    assert token is not None
    assert not token.is_for(KEY, ADDRESS)


def test_the_local_part_fits_a_mail_address() -> None:
    assert len(reply_address.make(KEY, "SIGNIN-7K3QX9FA.r123456", Side.RAISING, ADDRESS)) <= 64


@given(st.text())
def test_any_text_is_searched_without_an_error(text: str) -> None:
    assert reply_address.find(text) is None or "." in text
