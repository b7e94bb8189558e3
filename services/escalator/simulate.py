"""What the deadlines of a ladder would be, were every step to run to its own. Answers a board's "what if we chose otherwise?"."""

from datetime import datetime

from services.contracts.message import Data, Moment
from services.escalator.ladders import Ladder, Step
from services.escalator.protocol import Protocol
from services.escalator.spans import choice
from services.escalator.times import Calendar, Deadline, deadline, sharing

AT_ONCE = "a child is in immediate danger"
"""Why everything is to be resolved immediately, where somebody asks what would happen then (BED-10, OXF-05)."""

_NOT_KNOWN_YET = "The step before states no time, so nobody can say yet when this one begins."
_LEFT_OUT = "This step is left out, because the child is at immediate risk."


class Simulated(Data):
    """A step and its deadline. `begins` is None where nobody can say; `left_out` where the step would not be reached at all."""

    step: Step
    begins: Moment | None
    deadline: Deadline
    left_out: bool = False


def simulate(
    protocol: Protocol,
    ladder: Ladder,
    raised_at: datetime,
    calendar: Calendar,
    *,
    decided_at: datetime | None = None,
    needed_by: datetime | None = None,
    at_once: str = "",
) -> tuple[Simulated, ...]:
    """Every step's deadline when nobody answers. `decided_at`, `needed_by` and `at_once` are as in `times.deadline`.

    After a step without a stated time nobody can say when the next one begins, so it has no deadline here. Steps that share one
    undivided time begin together here (A-04): its end is the deadline of each. Where everything is to be resolved at once, a step that
    is not for a child at immediate risk is left out (BAR-12).
    """
    undivided = choice(protocol, "A-04").value == "shared"
    simulated: list[Simulated] = []
    reached: dict[int, datetime | None] = {}
    due: datetime | None = raised_at
    for step in ladder.steps:
        first = sharing(ladder, step)[0]
        reached[step.number] = start = reached[first] if undivided and first != step.number else due
        if at_once and step.not_when_at_risk:
            simulated.append(
                Simulated(step=step, begins=None, deadline=Deadline(at=None, explanation=_LEFT_OUT), left_out=True)
            )
            continue
        if step.within is not None and start is None:
            found = Deadline(at=None, explanation=_NOT_KNOWN_YET)
        else:
            found = deadline(
                protocol,
                ladder,
                step.number,
                raised_at=raised_at,
                step_reached_at=start or raised_at,
                calendar=calendar,
                shared_from=reached[first] if first != step.number else None,
                decided_at=decided_at,
                needed_by=needed_by,
                at_once=at_once,
            )
        simulated.append(Simulated(step=step, begins=start, deadline=found))
        due = found.at
    return tuple(simulated)
