"""Sealed content opens with any key still held, for the case it was sealed for, and for nothing else."""

import pytest
from cryptography.fernet import Fernet

from services.contracts.content import FormContent
from services.contracts.sealed import Sealed, Sealer, SealError

FORM = FormContent(child_name="Ada Test", summary="a narrative " * 1000)
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_content_comes_back_as_it_was() -> None:
    sealer = Sealer([OLD])
    assert sealer.open("DEMO-1", sealer.seal("DEMO-1", FORM), FormContent) == FORM


def test_nothing_can_be_read_from_the_outside() -> None:
    token = Sealer([OLD]).seal("DEMO-1", FORM).token
    assert "Ada" not in token
    assert len(token) < len(FORM.summary)


def test_content_of_one_case_does_not_open_in_another() -> None:
    sealer = Sealer([OLD])
    sealed = sealer.seal("DEMO-1", FORM)
    with pytest.raises(SealError, match="another case"):
        sealer.open("DEMO-2", sealed, FormContent)


def test_an_old_key_still_opens_after_a_new_one_is_put_in_front() -> None:
    sealed = Sealer([OLD]).seal("DEMO-1", FORM)
    assert Sealer([NEW, OLD]).open("DEMO-1", sealed, FormContent) == FORM
    with pytest.raises(SealError):
        Sealer([NEW]).open("DEMO-1", sealed, FormContent)


@pytest.mark.parametrize("token", ["", "made up", "gAAAAABm"])
def test_a_made_up_token_does_not_open(token: str) -> None:
    with pytest.raises(SealError):
        Sealer([OLD]).open("DEMO-1", Sealed(token=token), FormContent)


def test_an_error_does_not_show_the_content() -> None:
    sealer = Sealer([OLD])
    with pytest.raises(ValueError, match="FormContent") as caught:
        FormContent.model_validate({"child_name": "Ada Test", "unknown": "a narrative"})
    assert "Ada" not in str(caught.value)
    assert "narrative" not in str(caught.value)
    assert sealer.open_bytes(sealer.seal_bytes(b"raw")) == b"raw"
