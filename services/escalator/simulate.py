"""What the deadlines of a ladder would be, were every step to run to its own. Answers a board's "what if we chose otherwise?"."""

from datetime import datetime

from services.contracts.message import Data
from services.escalator.ladders import Ladder, Step
from services.escalator.protocol import Protocol
from services.escalator.times import Calendar, Deadline, deadline, sharing


class Simulated(Data):
    """A step and its deadline."""

    step: Step
    deadline: Deadline


def simulate(protocol: Protocol, ladder: Ladder, raised_at: datetime, calendar: Calendar) -> tuple[Simulated, ...]:
    """Every step's deadline when nobody answers.

    After a step without a stated time nobody can say when the next one begins, so it has no deadline here. Steps that share one
    undivided time begin together here (A-04): its end is the deadline of each.
    """
    undivided = protocol.choice("A-04").value == "shared"
    simulated: list[Simulated] = []
    reached: dict[int, datetime | None] = {}
    due: datetime | None = raised_at
    for step in ladder.steps:
        first = sharing(ladder, step)[0]
        reached[step.number] = start = reached[first] if undivided and first != step.number else due
        if step.within is not None and start is None:
            found = Deadline(at=None, explanation="The step before states no time, so nobody can say yet when this one begins.")
        else:
            found = deadline(
                protocol,
                ladder,
                step.number,
                raised_at=raised_at,
                step_reached_at=start or raised_at,
                calendar=calendar,
                shared_from=reached[first] if first != step.number else None,
            )
        simulated.append(Simulated(step=step, deadline=found))
        due = found.at
    return tuple(simulated)
