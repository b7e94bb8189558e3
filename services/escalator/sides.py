"""The two sides of a case, the agencies on the other one, and what its board chose."""

from services.contracts.vocabulary import Person, Side
from services.escalator.turn import Turn

SIDES = (Side.RAISING, Side.OTHER)


def agencies(turn: Turn) -> tuple[str, ...]:
    """The agencies on the other side: the raiser's own where the disagreement is within it."""
    case, form = turn.case, turn.case.start.form
    if case.ladder.within_agency and case.start.own_agency:
        return (case.start.own_agency,)
    return (form.other_agency, *form.further_agencies)


def people_of(turn: Turn, side: Side) -> list[Person]:
    """The people at this step on one side."""
    return [participant.person for participant in turn.case.people if participant.side is side]


def choice_in_force(turn: Turn, choice: str, default: str) -> str:
    """What the board chose; Concord's default where the document leaves nothing open about it."""
    return next((one.value for one in turn.board.protocol.choices if one.id == choice), default)
