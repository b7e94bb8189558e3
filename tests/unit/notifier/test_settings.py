"""How the notifier signs in to the mail server, and where bounces go, as its environment says."""

import pytest
from pydantic import ValidationError

from services.notifier.settings import Settings
from tests.unit.notifier.samples import mailer, notice

BASE = {
    "database_url": "x",
    "amqp_url": "x",
    "http_port": 1,
    "store_dir": ".",
    "seal_keys": "x",
    "token_key": "x",
    "mail_domain": "concord.example",
    "from_address": "escalations@board.example",
    "board_url": "x",
    "pages_url": "x",
    "smtp_host": "smtp.example",
    "smtp_port": 587,
}
TOKEN = {
    "smtp_oauth_tenant": "t",
    "smtp_oauth_client_id": "c",
    "smtp_oauth_client_secret": "s",
    "smtp_username": "escalations@board.example",
    "smtp_tls": "starttls",
}


def settings(**given: object) -> Settings:
    return Settings.model_validate(BASE | given)


def test_with_a_token_mail_and_its_bounces_belong_to_one_mailbox() -> None:
    assert settings(**TOKEN).tokens() is not None
    assert settings(**TOKEN).bounces_to() == "escalations@board.example"
    assert settings(**TOKEN, envelope_from="bounces@board.example").bounces_to() == "bounces@board.example"


def test_without_one_each_notice_has_its_own_address_for_bounces() -> None:
    given = settings(smtp_username="concord", smtp_password="secret")
    assert given.tokens() is None
    assert given.bounces_to() == ""


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"smtp_oauth_client_secret": ""}, "CONCORD_SMTP_OAUTH_CLIENT_SECRET"),
        ({"smtp_username": ""}, "CONCORD_SMTP_USERNAME"),
        ({"smtp_password": "secret"}, "not with both"),
        ({"smtp_tls": "none"}, "over TLS only"),
    ],
)
def test_what_does_not_fit_together_stops_the_start_with_its_name(changes: dict[str, str], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        settings(**TOKEN | changes)


def test_a_mail_whose_bounces_go_elsewhere_can_still_be_answered_and_tied_to_its_notice() -> None:
    own, shared = (mailer(bounces_to=address).compose(notice("step_reached")) for address in ("", "bounces@board.example"))
    assert shared.sender == "bounces@board.example"
    assert shared.content == own.content
    assert own.sender.encode() in shared.content
