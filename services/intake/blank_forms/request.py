"""Whether a mail asks for the blank form."""

import re

from services.intake.courtesies import without_greeting

_ASKS = re.compile(r"(?:(?:a|the|blank|escalation)\s+)*(?:form|ffurflen)", re.IGNORECASE)
_MARKS = " \t*_\"'“”‘’.!"


def asks(subject: str, words: str) -> bool:
    """Whether a mail asks for the blank form: FORM on its first line; or as its subject, where nothing is written below."""
    first = without_greeting(words).strip().partition("\n")[0]
    return bool(_ASKS.fullmatch((first or subject).strip(_MARKS)))
