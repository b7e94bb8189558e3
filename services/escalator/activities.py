"""What a case's workflow does to the world: say messages, ask the contact list, and keep what has ended. All may run more than once."""

from uuid import UUID

from temporalio import activity

from services.escalator import repository
from services.escalator.case import Answer, PeopleFound
from services.escalator.people import find
from services.escalator.workflows import LookUp, Outgoing, Resumed
from services.kit.bus import Bus
from services.kit.clock import now
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
        """Who is meant, by the contact list in force now."""
        async with self._database.transaction() as session:
            contacts = await repository.contacts_of(session, question.board)
        answers = tuple(
            Answer(wanted=wanted, found=find(contacts, wanted, question.roles, question.inbox, question.day))
            for wanted in question.find.wanted
        )
        return PeopleFound(purpose=question.find.purpose, answers=answers)

    @activity.defn
    async def keep_ended(self, ended: Resumed) -> None:
        """Keep a case that has ended, so that it can go on again however much later."""
        async with self._database.transaction() as session:
            await repository.keep_ended(session, ended.case.case_id, ended.model_dump_json(), now())
