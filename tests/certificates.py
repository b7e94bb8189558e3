"""A certificate for servers on loopback, and the environment in which a program believes it."""

import datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.kit.clock import now


class Certificates:
    """A certificate of `host` and `address` with its key, as files in `folder`; it vouches for itself, for `days` from yesterday."""

    def __init__(self, folder: Path, host: str = "localhost", address: str = "127.0.0.1", days: float = 2) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = folder / "certificate.pem"
        self.key = folder / "key.pem"
        private = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names = (x509.DNSName(host), x509.IPAddress(ip_address(address)))
        day = datetime.timedelta(days=1)
        built = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() - day)
            .not_valid_after(now() - day + days * day)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(private.public_key()), critical=False)
            .sign(private, hashes.SHA256())
        )
        self.certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
        self.key.write_bytes(
            private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )

    @property
    def believed(self) -> dict[str, str]:
        """What makes a program believe it: Python's own TLS, and the library Microsoft's sign-in uses."""
        return {"SSL_CERT_FILE": str(self.certificate), "REQUESTS_CA_BUNDLE": str(self.certificate)}
