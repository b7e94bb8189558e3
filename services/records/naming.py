"""Whoever wrote, named in full where the case knows more of them than their mail said."""

from collections.abc import Iterable

from services.contracts import escalator, intake
from services.contracts.message import Message
from services.contracts.vocabulary import Person


def introduced(messages: Iterable[Message]) -> list[Message]:
    """The same messages, with whoever wrote named in full where the case knows more of them than their mail said."""
    kept = list(messages)
    known: dict[str, Person] = {}
    for message in kept:
        for person in _named_in(message):
            if person.role or person.agency:
                known.setdefault(person.address.lower(), person)

    def in_full(message: Message) -> Message:
        by = getattr(message, "by", None)
        if not isinstance(by, Person) or by.role or by.agency:
            return message
        return message.model_copy(update={"by": known.get(by.address.lower(), by)})

    return [in_full(message) for message in kept]


def _named_in(message: Message) -> tuple[Person, ...]:
    if isinstance(message, escalator.StepReached):
        return (*message.raising_side, *message.other_side)
    if isinstance(message, escalator.StandInAsked):
        return message.people
    if isinstance(message, escalator.CaseOpened | intake.FormReceived):
        return (message.raised_by,)
    return ()
