"""The address a notice is answered to, and the Message-ID it goes out with: both carry the same signed token.

A notice is named `<case>.<number>`, for example `BED-7K3QX9FA.12`. Its token is that name, the side it speaks to and a signature
over both *and the recipient's address*, so that a reply counts only from the address the notice was sent to, and nobody can make up
the token of a case they have heard of. Nothing has to be looked up, so a reply is understood before any other message has arrived.
Mail systems change case: a token is compared in lower case, and a case reference is always upper case.
"""

import base64
import hashlib
import hmac
import re

from services.contracts.message import Data
from services.contracts.vocabulary import Side

_INITIALS = {Side.RAISING: "r", Side.OTHER: "o", Side.BOARD: "b"}
_SIDES = {initial: side for side, initial in _INITIALS.items()}
_TOKEN = re.compile(
    r"(?P<case>[a-z]{2,8}-[0-9a-z]{8})\.(?P<number>[a-z]?[0-9]+)\.(?P<side>[rob])\.(?P<mac>[a-z2-7]{16})", re.IGNORECASE
)


class Token(Data):
    """A token as read from an address or a Message-ID; `mac` says nothing until `is_for` has checked it."""

    case_id: str
    notice_id: str
    side: Side
    mac: str

    def is_for(self, key: bytes, address: str) -> bool:
        """Whether this token was made with `key` for the person at `address`."""
        return hmac.compare_digest(self.mac, _mac(key, self.notice_id, self.side, address))


def make(key: bytes, notice_id: str, side: Side, address: str) -> str:
    """The token of one notice to one address: the local part of its reply address."""
    return f"{notice_id.lower()}.{_INITIALS[side]}.{_mac(key, notice_id, side, address)}"


def find(text: str) -> Token | None:
    """The first token in an address, a Message-ID or a References header, or None."""
    match = _TOKEN.search(text)
    if match is None:
        return None
    case_id = match["case"].upper()
    return Token(
        case_id=case_id,
        notice_id=f"{case_id}.{match['number'].lower()}",
        side=_SIDES[match["side"].lower()],
        mac=match["mac"].lower(),
    )


def _mac(key: bytes, notice_id: str, side: Side, address: str) -> str:
    signed = hmac.new(key, f"{notice_id.lower()}|{side}|{address.strip().lower()}".encode(), hashlib.sha256).digest()
    return base64.b32encode(signed[:10]).decode().lower()
