"""A decision as the escalator and records hear it, whether it came by mail or from a page."""

from uuid import NAMESPACE_URL, uuid5

from services.contracts.intake import ReplyReceived
from services.contracts.reply_address import Token
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Person
from services.intake.desk import Original
from services.intake.replies import Decision, without_child
from services.kit.clock import now


def reply_received(
    sealer: Sealer, token: Token, by: Person, decided: Decision, original: Original, *, child_name: str
) -> ReplyReceived:
    """What `by` decided about the notice of this token, its words sealed for the case; the same original is the same message."""
    told = without_child(decided, child_name)
    return ReplyReceived(
        message_id=uuid5(NAMESPACE_URL, f"concord:reply:{original.source}:{token.notice_id}"),
        at=now(),
        case_id=token.case_id,
        notice_id=token.notice_id,
        side=token.side,
        by=by,
        act=told.act,
        received_at=original.received_at,
        source=original.source,
        content=sealer.seal(token.case_id, told.content),
        parts=told.parts,
        pursued=told.pursued,
        moment=told.moment,
        number=told.number,
        named=told.named,
    )
