"""A message takes effect once, however often it arrives: its id is written in the same transaction as its effect."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.message import Message
from services.kit.database import Database
from services.kit.delivery import inbox

Heard = TypeVar("Heard", bound=Message)


async def first_time(session: AsyncSession, message: Message) -> bool:
    """Whether this message is new here. Waits for another transaction that is taking in the same one."""
    statement = insert(inbox).values(message_id=message.message_id).on_conflict_do_nothing().returning(inbox.c.message_id)
    return (await session.execute(statement)).first() is not None


def once(database: Database, handler: Callable[[AsyncSession, Heard], Awaitable[None]]) -> Callable[[Heard], Awaitable[None]]:
    """Wrap a handler so that it runs in a transaction, and only for a message this service has not taken in yet."""

    async def handle(message: Heard) -> None:
        async with database.transaction() as session:
            if await first_time(session, message):
                await handler(session, message)

    return handle
