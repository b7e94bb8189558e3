"""Handing mail to a server that wants TLS and a password, as real ones do."""

import asyncio
import base64
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from services.kit.errors import SignInRefused, Unavailable
from services.kit.oauth import EXCHANGE_SCOPE, AppTokens
from services.notifier.domain import End
from services.notifier.mail import Mail
from services.notifier.mail_server import MailServer
from tests.certificates import Certificates
from tests.entra import CLIENT, SECRET, TENANT, Entra
from tests.web_server import served

MAILBOX = "escalations@board.example.org.uk"
MAIL = Mail(sender="token@replies.example.org.uk", recipient="sam@example.org.uk", content=b"Subject: x\r\n\r\n.hello\r\n")


class Submission:
    """A server that takes mail only over TLS, and only from who knows the password or has one of these `tokens`.

    Like Exchange Online, with a token it takes mail from the mailbox's own address alone, and says in a challenge why a token is no good.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self.taken: list[Envelope] = []
        self.tokens: list[str] = []
        self.port = 0

    def session(self) -> SMTP:
        made = SMTP(
            self,
            hostname="localhost",
            tls_context=self._context,
            require_starttls=True,
            auth_required=True,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )
        made.command_size_limits = defaultdict(lambda: 12_288)  # RFC 4954, 4.5: a token is longer than other commands
        return made

    def _authenticate(
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's arguments
        session: Session,  # noqa: ARG002
        envelope: Envelope,  # noqa: ARG002
        mechanism: str,  # noqa: ARG002
        data: object,
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"concord", b"right")
        return AuthResult(success=right, handled=right)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - as above
        for token in self.tokens:
            if base64.b64decode(args[1]).decode() == f"user={MAILBOX}\x01auth=Bearer {token}\x01\x01":
                return AuthResult(success=True, auth_data=MAILBOX)
        answer: object = await server.challenge_auth('{"status":"401","schemes":"bearer"}')
        assert answer == b"", "the challenge wants an empty answer"
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(  # noqa: N802 - as above
        self,
        server: SMTP,  # noqa: ARG002 - as above
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],  # noqa: ARG002
    ) -> str:
        signed_in_as: object = session.auth_data
        if signed_in_as == MAILBOX and address != MAILBOX:
            return "550 5.7.60 SMTP; Client does not have permissions to send as this sender"
        envelope.mail_from = address
        return "250 2.1.0 Sender OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """What the servers here show."""
    return Certificates(tmp_path)


@pytest.fixture
def trusting(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our side believes it."""
    for name, value in certificates.believed.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
async def submission(certificates: Certificates) -> AsyncIterator[Submission]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    submission = Submission(context)
    server = await asyncio.get_running_loop().create_server(submission.session, "localhost", 0, family=2)
    submission.port = server.sockets[0].getsockname()[1]
    yield submission
    server.close()
    await server.wait_closed()


async def nothing() -> None:
    """What happens just before DATA."""


def mail_server(submission: Submission, password: str) -> MailServer:
    return MailServer(
        "localhost", submission.port, tls="starttls", username="concord", password=password, hostname="replies.example.org.uk"
    )


@pytest.mark.usefixtures("trusting")
async def test_mail_is_handed_over_with_tls_and_a_password(submission: Submission) -> None:
    assert (await mail_server(submission, "right").send(MAIL, nothing)).end is End.TAKEN
    (envelope,) = submission.taken
    assert envelope.mail_from == MAIL.sender
    assert envelope.rcpt_tos == [MAIL.recipient]
    assert envelope.original_content == MAIL.content
    await mail_server(submission, "right").check()


@pytest.mark.usefixtures("trusting")
async def test_a_wrong_password_is_our_fault_and_not_the_notices(submission: Submission) -> None:
    account = await mail_server(submission, "wrong").send(MAIL, nothing)
    assert account.end is End.LATER
    assert "535" in account.detail
    with pytest.raises(SignInRefused):
        await mail_server(submission, "wrong").check()


async def test_no_mail_goes_to_a_server_whose_certificate_is_not_trusted(submission: Submission) -> None:
    account = await mail_server(submission, "right").send(MAIL, nothing)
    assert account.end is End.LATER
    assert not submission.taken


@asynccontextmanager
async def signing_in(
    submission: Submission, certificates: Certificates, entra: Entra, secret: str = SECRET
) -> AsyncIterator[MailServer]:
    """A mail server that is signed in to with tokens of this sign-in service."""
    async with served(entra.app, certificates) as authority:
        yield MailServer(
            "localhost",
            submission.port,
            tls="starttls",
            username=MAILBOX,
            tokens=AppTokens(authority, TENANT, CLIENT, secret, EXCHANGE_SCOPE),
            hostname="replies.example.org.uk",
        )


@pytest.mark.usefixtures("trusting")
async def test_mail_is_handed_over_with_a_token(submission: Submission, certificates: Certificates) -> None:
    entra = Entra()
    submission.tokens = entra.issued
    async with signing_in(submission, certificates, entra) as server:
        await server.check()
        assert (await server.send(replace(MAIL, sender=MAILBOX), nothing)).end is End.TAKEN
        assert (await server.send(replace(MAIL, sender=MAILBOX), nothing)).end is End.TAKEN
    assert [envelope.mail_from for envelope in submission.taken] == [MAILBOX] * 2
    assert entra.asked == [EXCHANGE_SCOPE]  # one token, kept


@pytest.mark.usefixtures("trusting")
async def test_a_token_that_is_refused_is_replaced_and_costs_no_notice(
    submission: Submission, certificates: Certificates
) -> None:
    entra = Entra()
    async with signing_in(submission, certificates, entra) as server:
        account = await server.send(replace(MAIL, sender=MAILBOX), nothing)
        assert (account.end, "535" in account.detail) == (End.LATER, True)
        with pytest.raises(SignInRefused):
            await server.check()
        submission.tokens = entra.issued
        assert (await server.send(replace(MAIL, sender=MAILBOX), nothing)).end is End.TAKEN
    assert len(entra.asked) == 3


@pytest.mark.usefixtures("trusting")
async def test_no_token_to_be_had_is_our_fault_and_not_the_notices(submission: Submission, certificates: Certificates) -> None:
    async with signing_in(submission, certificates, Entra(), "an old secret") as server:
        account = await server.send(MAIL, nothing)
        assert (account.end, account.detail) == (
            End.LATER,
            "the mail server could not be used: the sign-in service gave no token: invalid_client AADSTS7000215",
        )
        with pytest.raises(SignInRefused, match="AADSTS7000215"):
            await server.check()
    async with signing_in(submission, certificates, Entra()) as server:
        pass
    assert (await server.send(MAIL, nothing)).end is End.LATER  # the sign-in service is away
    with pytest.raises(Unavailable):
        await server.check()
    assert not submission.taken
