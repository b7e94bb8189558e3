"""What becomes of a notice: its named states, and which one follows when an attempt to send it ends. Pure rules.

    queued -> sending -> handed_over -> sent
                 |             |
                 |             +-> uncertain (said, and sent once more) -> sending ...
                 +-> retrying (a growing pause) -> sending ...
                 +-> refused | gave_up | unprintable

`handed_over` is written down before the mail server is given the mail, so that whatever happens then, nobody has to guess.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal


class State(StrEnum):
    """Where a notice is. A notice is in exactly one of these, always."""

    QUEUED = "queued"
    SENDING = "sending"
    HANDED_OVER = "handed_over"
    SENT = "sent"
    RETRYING = "retrying"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    UNCERTAIN = "uncertain"
    UNPRINTABLE = "unprintable"


class End(StrEnum):
    """How one attempt ended.

    taken: the mail server has it. later: it has not, and may take it another time. refused: it never will. unanswered: the mail was
    handed over and nobody said that it was taken. unprintable: there was nothing to hand over.
    """

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    UNPRINTABLE = "unprintable"


Failure = Literal["refused", "gave_up", "uncertain", "unprintable"]


@dataclass(frozen=True)
class Attempt:
    """One attempt: its number from 1, when the first one was, and whether the notice may be there already."""

    number: int
    first_at: datetime
    again: bool


@dataclass(frozen=True)
class Next:
    """What follows: the state, when to try again (None: not any more), what to say has failed, and whether it may be there twice."""

    state: State
    at: datetime | None = None
    failure: Failure | None = None
    again: bool = False


@dataclass(frozen=True)
class Patience:
    """How long to go on: pauses double from `first` up to `longest`; `limit` runs from the first attempt.

    The limit is far below the shortest tier (24 hours), so that a tier is never spent on a mail that does not leave.
    """

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=5)
    limit: timedelta = timedelta(hours=2)

    def pause(self, attempt: int, spread: float) -> timedelta:
        """The pause after this attempt. `spread`, from 0 to 1, keeps copies of the service from coming back together."""
        doubled = self.first.total_seconds() * 2.0 ** min(attempt - 1, 30)
        return timedelta(seconds=min(doubled, self.longest.total_seconds()) * (0.75 + spread / 2))


def after(end: End, attempt: Attempt, now: datetime, patience: Patience, spread: float) -> Next:
    """What follows an attempt that ended like this.

    An unanswered notice is sent once more and only once: a second copy does less harm than a notice nobody got.
    """
    again_at = now + patience.pause(attempt.number, spread)
    match end:
        case End.TAKEN:
            return Next(State.SENT, again=attempt.again)
        case End.REFUSED:
            return Next(State.REFUSED, failure="refused", again=attempt.again)
        case End.UNPRINTABLE:
            return Next(State.UNPRINTABLE, failure="unprintable", again=attempt.again)
        case End.UNANSWERED:
            return Next(State.UNCERTAIN, at=None if attempt.again else again_at, failure="uncertain", again=True)
        case End.LATER if again_at - attempt.first_at > patience.limit:
            return Next(State.GAVE_UP, failure="gave_up", again=attempt.again)
        case End.LATER:
            return Next(State.RETRYING, at=again_at, again=attempt.again)
