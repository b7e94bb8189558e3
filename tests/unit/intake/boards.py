"""Boards as the escalator publishes them."""

from functools import cache
from pathlib import Path
from uuid import uuid4

from services.contracts.escalator import BoardPublished
from services.contracts.outline import AreaChoice, Choice, Redirect
from services.contracts.vocabulary import Person
from services.escalator.loader import load_boards
from services.kit.clock import now

BOARDS = Path(__file__).parents[3] / "deploy" / "local" / "boards"


def small() -> BoardPublished:
    """A board with three stages and four areas, one of them at two stages."""
    return BoardPublished(
        message_id=uuid4(),
        at=now(),
        board="demonstration",
        name="Demonstration board",
        reference_prefix="DEMO",
        inbox="inbox@board.demo.example",
        demonstration="",
        case_stages=(
            Choice(key="contact_or_referral", name="Contact or referral to Children's Social Care"),
            Choice(key="initial_assessment", name="Section 17: Initial Assessment"),
            Choice(key="core_assessment", name="Section 17: Core Assessment"),
        ),
        areas=(
            AreaChoice(
                key="nfa", name="Children's Social Care takes no further action", case_stage="contact_or_referral", ladder="S4"
            ),
            AreaChoice(
                key="consent", name="Children's Social Care requires consent", case_stage="contact_or_referral", ladder="S5"
            ),
            AreaChoice(key="case_closure", name="Case closure", case_stage="initial_assessment", ladder="S6"),
            AreaChoice(key="case_closure", name="Case closure", case_stage="core_assessment", ladder="S7"),
        ),
        known_domains=("school.demo.example", "Council.demo.example"),
        secure_domains=("council.demo.example",),
        staff=(Person(name="Board staff", address="staff@board.demo.example"),),
    )


def redirecting() -> BoardPublished:
    """The small board, where a plan that was not carried out is no disagreement (BIR-05)."""
    failure = Redirect(
        area="failure_of_action",
        name="Part of an agreed plan has not been carried out",
        case_stages=("initial_assessment", "core_assessment"),
        instead=("the core group", "a child protection conference"),
        paragraph="1.2",
    )
    return small().model_copy(update={"redirects": (failure,)})


@cache
def bedfordshire() -> BoardPublished:
    """The demonstration board with every stage and area of Bedfordshire's protocol."""
    protocol = load_boards(BOARDS)["demonstration"].protocol
    return small().model_copy(update={"case_stages": protocol.stage_choices(), "areas": protocol.area_choices()})
