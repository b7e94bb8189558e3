"""Only our own receiving server's word counts, and only for the domain the mail shows."""

import pytest

from services.intake.trust import authenticated, is_secure, knows
from tests.unit.intake.boards import small

OURS = "mx.board.demo.example"
ASHA = "asha@school.demo.example"


@pytest.mark.parametrize(
    "header",
    [
        f"{OURS}; dmarc=pass header.from=school.demo.example",
        f"{OURS.upper()} 1; spf=fail; dkim=fail; dmarc=pass (p=reject (strict)) action=none header.from=school.demo.example",
        f"{OURS}; dmarc = pass",
        f"{OURS}; spf=pass smtp.mailfrom=bounce@mail.school.demo.example; dkim=pass header.d=school.demo.example",
        f"{OURS}; dkim=fail header.d=x.example; dkim=pass header.i=@school.demo.example; spf=pass smtp.mailfrom=school.demo.example",
        f"{OURS}; dkim=pass header.d=mail.example; dkim=pass header.d=school.demo.example; spf=pass smtp.mailfrom=school.demo.example",
        f'{OURS} (he said "yes; no) ; dmarc/1=pass reason="a; b" header.from="school.demo.example"',
        f'{OURS}; spf=pass smtp.mailfrom="a; dmarc=fail"@x.example; dmarc=pass header.from=school.demo.example',
    ],
)
def test_a_mail_our_server_vouches_for(header: str) -> None:
    assert authenticated([header], OURS, ASHA)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [""],
        [f"{OURS}; none"],
        ["mx.elsewhere.example; dmarc=pass header.from=school.demo.example"],
        [f"x{OURS}; dmarc=pass"],
        [f"{OURS}; dmarc=fail header.from=school.demo.example"],
        [f"{OURS}; dmarc=pass header.from=stranger.example"],
        [f"{OURS}; dmarc=none; spf=pass smtp.mailfrom=school.demo.example; dkim=pass header.d=school.demo.example"],
        [f"{OURS}; spf=pass smtp.mailfrom=school.demo.example"],
        [f"{OURS}; dkim=pass header.d=school.demo.example"],
        [f"{OURS}; spf=pass smtp.mailfrom=stranger.example; dkim=pass header.d=school.demo.example"],
        [f"{OURS}; spf=pass smtp.mailfrom=xschool.demo.example; dkim=pass header.d=xschool.demo.example"],
        [f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass"],
        [f"{OURS} (dmarc=pass"],
        [f"{OURS}; dmarc=pass header.from=school.demo.example (", f"{OURS}; dmarc=pass"],
        [f"{OURS}; dmarc=pass; dmarc=fail header.from=school.demo.example"],
        [f"{OURS}.evil.example; dmarc=pass", f"evil.{OURS}; dmarc=pass", f"evil.example; {OURS}; dmarc=pass"],
        [f"(comment) {OURS}.; dmarc=pass", f"{OURS}:1; dmarc=pass"],
        [f"{OURS}; xdmarc=pass header.from=school.demo.example; x-dmarc=pass", f"{OURS}; dmarc=pass"],
    ],
)
def test_a_mail_it_does_not(headers: list[str]) -> None:
    assert not authenticated(headers, OURS, ASHA)


@pytest.mark.parametrize(
    "local",
    [
        "a; dmarc=pass header.from=school.demo.example",
        "a header.from=school.demo.example ",
        "a(",
        r"a\"; dmarc=pass; b=\"",
        "a; dmarc=pass (",
    ],
)
def test_what_a_stranger_writes_into_their_own_address_proves_nothing(local: str) -> None:
    """A quoted local part may hold anything, and the server repeats it in what it found out."""
    envelope = f'{OURS}; spf=pass smtp.mailfrom="{local}"@stranger.example'
    assert not authenticated([envelope], OURS, ASHA)
    assert not authenticated([f"{envelope}; dmarc=fail header.from=school.demo.example"], OURS, ASHA)
    assert not authenticated([f"{envelope} (); dkim=pass header.d=school.demo.example"], OURS, ASHA)


@pytest.mark.parametrize("address", [ASHA, "Jo@COUNCIL.demo.example", "staff@board.demo.example"])
def test_whom_a_board_knows(address: str) -> None:
    assert knows(small(), address)


@pytest.mark.parametrize(
    "address", ["a@stranger.example", "a@xschool.demo.example", "a@mail.school.demo.example", "b@board.demo.example", ""]
)
def test_whom_it_does_not(address: str) -> None:
    assert not knows(small(), address)


def test_full_content_goes_to_secure_domains_only() -> None:
    assert is_secure(small(), "jo@Council.demo.example")
    assert not is_secure(small(), ASHA)
