"""Which mailboxes the settings name, and what is said of mail of which only the headers could be kept."""

import pytest
from pydantic import ValidationError

from services.contracts.vocabulary import HeldReason
from services.intake.partial import Part, of_part
from services.intake.settings import MailboxSettings
from services.intake.understanding import Understanding, understand
from services.kit.clock import now

HEADERS = b"From: Asha Rees <asha.rees@school.demo.example>\r\nTo: board@board.demo.example\r\nSubject: Form\r\n"
PASSWORD = {"imap_host": "mail.example", "imap_username": "board", "imap_password": "secret"}
OAUTH = {"imap_oauth_tenant": "t", "imap_oauth_client_id": "c", "imap_oauth_client_secret": "s"}
GRAPH = {"graph_mailbox": "board@mail.example", "graph_tenant": "t", "graph_client_id": "c", "graph_client_secret": "s"}


def seen(raw: bytes) -> Understanding:
    return understand(raw, (), None, now())


@pytest.mark.parametrize(
    "given",
    [
        {},
        PASSWORD,
        {"imap_host": "mail.example", "imap_username": "board"} | OAUTH,
        GRAPH,
        PASSWORD | GRAPH,
    ],
)
def test_each_way_in_is_set_whole_or_not_at_all(given: dict[str, str]) -> None:
    settings = MailboxSettings.model_validate(given)
    assert (settings.imap_host is not None, settings.graph_mailbox is not None) == (
        "imap_host" in given,
        "graph_mailbox" in given,
    )


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"imap_host": "mail.example"}, "CONCORD_IMAP_USERNAME"),
        ({"imap_password": "secret"}, "CONCORD_IMAP_HOST"),
        ({"imap_host": "mail.example", "imap_username": "board", "imap_oauth_tenant": "t"}, "CONCORD_IMAP_OAUTH_CLIENT_ID"),
        (OAUTH, "CONCORD_IMAP_HOST"),
        (PASSWORD | OAUTH, "not with both"),
        ({"graph_mailbox": "board@mail.example"}, "CONCORD_GRAPH_TENANT"),
        ({"graph_client_secret": "s"}, "CONCORD_GRAPH_MAILBOX"),
    ],
)
def test_a_way_in_that_is_half_set_is_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        MailboxSettings.model_validate(given)


def test_headers_alone_are_held_with_the_reason_and_the_sender() -> None:
    for part, reason in ((Part.TOO_LARGE, HeldReason.TOO_LARGE), (Part.NOT_GIVEN, HeldReason.UNREADABLE)):
        understood = of_part(seen(HEADERS + b"\r\n"), part)
        assert (understood.kind, understood.reason) == ("held", reason)
        assert understood.sender is not None
        assert understood.addressed == ("board@board.demo.example",)
        assert "Concord held" in understood.rule


def test_a_reply_whose_words_could_not_be_kept_is_a_reply_a_person_must_read() -> None:
    understood = of_part(seen(HEADERS + b"In-Reply-To: <one@board.demo.example>\r\n\r\n"), Part.TOO_LARGE)
    assert (understood.kind, understood.reason, understood.decision) == ("reply", HeldReason.UNCLEAR_REPLY, None)


def test_a_machine_is_known_by_its_headers_alone() -> None:
    understood = of_part(seen(HEADERS + b"Auto-Submitted: auto-replied\r\n\r\n"), Part.TOO_LARGE)
    assert understood.kind in ("auto_reply", "absence")
