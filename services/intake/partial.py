"""Mail of which only the headers could be kept: why, and what can still be said of it."""

from enum import StrEnum

from services.contracts.vocabulary import DeliveryKind, HeldReason
from services.intake.understanding import Understanding

_MACHINES = {kind.value for kind in DeliveryKind}


class Part(StrEnum):
    """Why only a mail's headers are kept."""

    TOO_LARGE = "too_large"
    NOT_GIVEN = "not_given"


_WHY = {
    Part.TOO_LARGE: (HeldReason.TOO_LARGE, "It is larger than we can take."),
    Part.NOT_GIVEN: (HeldReason.UNREADABLE, "The mail server could not give it to us, several times."),
}
_WHERE = "We kept its headers. The mail itself is in the mailbox it was sent to, in the folder “Concord held”."


def of_part(seen: Understanding, part: Part) -> Understanding:
    """What a mail is whose headers were understood as `seen`: a machine's still, a reply without its words, or nothing we know."""
    if seen.kind in _MACHINES:
        return seen
    reason, why = _WHY[part]
    is_reply = seen.kind == "reply"
    return seen.model_copy(
        update={
            "kind": "reply" if is_reply else "held",
            "reason": HeldReason.UNCLEAR_REPLY if is_reply else reason,
            "rule": f"{why} {_WHERE}",
            "answers": None,
            "others": (),
            "wants_form": False,
            "decision": None,
            "words": "",
        }
    )
