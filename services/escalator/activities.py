"""What a case's workflow does to the world: say messages, and ask the contact list. Both may run more than once."""

from uuid import UUID

from temporalio import activity

from services.escalator import repository
from services.escalator.case import PeopleFound
from services.escalator.people import Found, Wanted, find
from services.escalator.workflows import LookUp, Outgoing
from services.kit.bus import Bus
from services.kit.database import Database


class Activities:
    """The activities with what they need."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus

    @activity.defn
    async def publish(self, messages: list[Outgoing]) -> None:
        """Say these, in this order. Their ids come from the case, so saying one twice is heard once."""
        for message in messages:
            await self._bus.publish_body(message.topic, UUID(message.message_id), message.body)

    @activity.defn
    async def find_people(self, question: LookUp) -> PeopleFound:
        """Who a step means, by the contact list in force now."""
        async with self._database.transaction() as session:
            contacts = await repository.contacts_of(session, question.board)

        def answer(wanted: Wanted | None) -> Found | None:
            return None if wanted is None else find(contacts, wanted, question.role_names, question.inbox)

        wanted = question.find
        return PeopleFound(raising=answer(wanted.raising), other=answer(wanted.other), replacing=wanted.replacing)
