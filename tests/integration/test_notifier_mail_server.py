"""Handing mail to a server that wants TLS and a password, as real ones do."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.kit.errors import Unavailable
from services.notifier.domain import End
from services.notifier.mail import Mail
from services.notifier.mail_server import MailServer

MAIL = Mail(sender="token@replies.example.org.uk", recipient="sam@example.org.uk", content=b"Subject: x\r\n\r\n.hello\r\n")


class Submission:
    """A server that takes mail only over TLS, and only from who knows the password."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self.taken: list[Envelope] = []
        self.port = 0

    def session(self) -> SMTP:
        return SMTP(
            self,
            hostname="localhost",
            tls_context=self._context,
            require_starttls=True,
            auth_required=True,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )

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

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "localhost.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
async def submission(certificate: Path) -> AsyncIterator[Submission]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
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


async def test_mail_is_handed_over_with_tls_and_a_password(
    submission: Submission, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert (await mail_server(submission, "right").send(MAIL, nothing)).end is End.TAKEN
    (envelope,) = submission.taken
    assert envelope.mail_from == MAIL.sender
    assert envelope.rcpt_tos == [MAIL.recipient]
    assert envelope.original_content == MAIL.content
    await mail_server(submission, "right").check()


async def test_a_wrong_password_is_our_fault_and_not_the_notices(
    submission: Submission, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    account = await mail_server(submission, "wrong").send(MAIL, nothing)
    assert account.end is End.LATER
    assert "535" in account.detail
    with pytest.raises(Unavailable):
        await mail_server(submission, "wrong").check()


async def test_no_mail_goes_to_a_server_whose_certificate_is_not_trusted(submission: Submission) -> None:
    account = await mail_server(submission, "right").send(MAIL, nothing)
    assert account.end is End.LATER
    assert not submission.taken
