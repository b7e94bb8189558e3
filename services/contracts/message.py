"""The base of every message: an id, a time in UTC, a topic and a version."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict


def _to_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""An instant, always aware and always kept in UTC."""


class Data(BaseModel):
    """A plain value: frozen, closed to fields nobody declared, and silent about its content in errors and so in logs."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Message(Data):
    """Something that happened (an event, in the past tense) or that is asked for (a command).

    `message_id` is the key of every inbox: the same id is the same message, however often it arrives.
    `at` is when it happened, not when it was sent.
    """

    topic: ClassVar[str]
    version: ClassVar[int] = 1

    message_id: UUID
    at: Moment
