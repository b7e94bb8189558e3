"""Whose word counts: what our own receiving mail server found out about a sender, and which mail domains a board knows. No I/O."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.contracts.escalator import BoardPublished

_RESULT = re.compile(r"\s*([\w-]+)(?:\s*/\s*\d+)?\s*=\s*(\w+)(.*)", re.DOTALL)
_PROPERTY = re.compile(r"(?<!\S)([\w-]+\.[\w-]+)\s*=\s*((?:\"(?:[^\"\\]|\\.)*\"|[^\s\"])+)", re.DOTALL)


class _Result(NamedTuple):
    verdict: str
    properties: Mapping[str, str]

    def proves(self, domain: str, *names: str) -> bool:
        """Whether this passed for a domain, or one below it, by the first of these properties that it has."""
        identity = next((self.properties[name] for name in names if name in self.properties), "")
        proved = identity.rpartition("@")[2]
        return self.verdict == "pass" and (proved == domain or proved.endswith(f".{domain}"))


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
        return all(
            result.verdict == "pass" and result.properties.get("header.from", domain) == domain for result in ours["dmarc"]
        )
    return any(result.proves(domain, "smtp.mailfrom") for result in ours.get("spf", ())) and any(
        result.proves(domain, "header.d", "header.i") for result in ours.get("dkim", ())
    )


def _parse(header: str, authserv_id: str) -> dict[str, list[_Result]] | None:
    """The results in a header by that server, tolerantly, by method; None when another server wrote it."""
    name, *results = _parts(header)
    if (name.split() or [""])[0].lower() != authserv_id.lower():
        return None
    found: dict[str, list[_Result]] = {}
    for text in results:
        if match := _RESULT.match(text):
            properties = {key.lower(): value.strip('"').lower() for key, value in _PROPERTY.findall(match[3])}
            found.setdefault(match[1].lower(), []).append(_Result(match[2].lower(), properties))
    return found


def _parts(header: str) -> list[str]:
    """What stands between a header's semicolons, without comments. What is quoted is one word: a sender chooses what is in it.

    Of a header whose last comment or quotation does not end, the first part alone: nothing it says after that can be told apart.
    """
    parts, depth, quoted, escaped = [""], 0, False, False
    for character in header:
        inside = depth or quoted
        if escaped or (inside and character == "\\"):
            escaped = not escaped
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
            parts[-1] += " "
        elif character == ")" and depth:
            depth -= 1
            continue
        elif character == ";" and not inside:
            parts.append("")
            continue
        if not depth:
            parts[-1] += character
    return parts[:1] if depth or quoted else parts
