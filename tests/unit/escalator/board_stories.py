"""Cases on the boards whose protocols come with Concord, with everybody on file, and what they said."""

from typing import Any, TypeVar

from services.contracts.contact_list import ContactLine
from services.contracts.escalator import ActNotTaken, CaseEvent
from services.contracts.vocabulary import Person, ReplyAct, Side
from tests.cases import everybody, start
from tests.unit.escalator.story import Story

RAISING, OTHER = Side.RAISING, Side.OTHER

Fact = TypeVar("Fact", bound=CaseEvent)


def story(board: str, ladder: str, *, contacts: tuple[ContactLine, ...] | None = None, **more: Any) -> Story:
    """A case with everybody on file, and the first raiser's role of the other agency named on the form."""
    named = {"birmingham": "practitioner", "oxfordshire": "professional", "barnsley": "worker"}[board]
    begun = start(ladder, on=board, **{"other_worker": f"{named} of Social Care", **more})
    return Story(begun, contacts or everybody(board))


def holder(role: str) -> Person:
    """Whoever holds this role at the other agency."""
    return Person(name=f"{role} of Social Care", address=f"{role}@care.example", agency="Social Care")


def unresolved(told: Story, times: int = 1) -> None:
    for _ in range(times):
        told.says(ReplyAct.NOT_RESOLVED, RAISING)


def only(told: Story, kind: type[Fact]) -> Fact:
    """The one fact of this kind."""
    (fact,) = [message for message in told.messages if isinstance(message, kind)]
    return fact


def why_not(told: Story) -> str:
    """Why the latest act was not taken."""
    return [message.reason for message in told.messages if isinstance(message, ActNotTaken)][-1]
