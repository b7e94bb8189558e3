"""Whose word counts: what our own receiving mail server found out about a sender, and which mail domains a board knows. No I/O."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.contracts.escalator import BoardPublished

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*([\w-]+)\s*=\s*(\w+)(.*)", re.DOTALL)
_PROPERTY = re.compile(r"([\w-]+\.[\w-]+)\s*=\s*\"?([^\s;\"]+)")


class _Result(NamedTuple):
    verdict: str
    properties: Mapping[str, str]


def knows(board: BoardPublished, address: str) -> bool:
    """Whether a board takes mail from this address: one of its mail domains, exactly, or one of its staff."""
    domain = address.rpartition("@")[2].lower()
    return domain in {known.lower() for known in board.known_domains} or any(
        person.address.lower() == address.lower() for person in board.staff
    )


def is_secure(board: BoardPublished, address: str) -> bool:
    """Whether full content may be mailed to this address."""
    return address.rpartition("@")[2].lower() in {secure.lower() for secure in board.secure_domains}


def authenticated(headers: Iterable[str], authserv_id: str, address: str) -> bool:
    """Whether our own receiving server found that a mail really is from `address`'s domain.

    Only the topmost Authentication-Results with exactly our server's name counts, because anybody can write the others. It must
    say that DMARC passed; where it says nothing of DMARC, that SPF and DKIM both passed for that domain.
    """
    domain = address.rpartition("@")[2].lower()
    ours = next((found for header in headers if (found := _parse(header, authserv_id)) is not None), None)
    if not ours:
        return False
    if "dmarc" in ours:
        result = ours["dmarc"]
        return result.verdict == "pass" and result.properties.get("header.from", domain) == domain
    spf, dkim = ours.get("spf"), ours.get("dkim")
    return (
        spf is not None
        and dkim is not None
        and spf.verdict == dkim.verdict == "pass"
        and _aligned(spf.properties.get("smtp.mailfrom", ""), domain)
        and _aligned(dkim.properties.get("header.d", dkim.properties.get("header.i", "")), domain)
    )


def _parse(header: str, authserv_id: str) -> dict[str, _Result] | None:
    """The results in a header by that server, tolerantly, the best per method; None when another server wrote it."""
    bare = header
    while bare != (bare := _COMMENT.sub(" ", bare)):
        pass
    name, *results = bare.split(";")
    if (name.split() or [""])[0].lower() != authserv_id.lower():
        return None
    found: dict[str, _Result] = {}
    for text in results:
        if match := _RESULT.match(text):
            method = match[1].lower()
            properties = {key.lower(): value.lower() for key, value in _PROPERTY.findall(match[3])}
            if method not in found or found[method].verdict != "pass":
                found[method] = _Result(match[2].lower(), properties)
    return found


def _aligned(identity: str, domain: str) -> bool:
    proved = identity.rpartition("@")[2].lower()
    return proved == domain or proved.endswith(f".{domain}")
