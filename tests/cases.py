"""A made-up case on Bedfordshire's ladders, for tests of the decision core and of the workflow around it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from uuid import uuid4

from services.contracts.contact_list import ContactLine
from services.contracts.intake import FormReceived, ReplyReceived
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Person, ReplyAct, Side
from services.escalator.boards import Board
from services.escalator.calendars import make_calendar
from services.escalator.case import Answer, Case, CaseStart, FindPeople, PeopleFound
from services.escalator.loader import packaged_protocols
from services.escalator.people import Roles, find

RAISED_AT = datetime(2026, 12, 4, 14, 5, tzinfo=UTC)
CASE_ID = "BED-7K3QX9FA"

RAISER = Person(name="Asha Rees", address="asha.rees@school.example", role="Class teacher")
MANAGER = ContactLine(agency="Demo School", role="manager", name="Morgan Ellis", address="morgan.ellis@school.example")
CHAMPION = ContactLine(agency="Demo School", role="safeguarding_champion", name="Robin Clarke", address="robin@school.example")
SOCIAL_WORKER = ContactLine(
    agency="Social Care",
    role="allocated_social_worker",
    name="Sam Oduya",
    address="sam@care.example",
    deputy="jo@care.example",
)
DEPUTY_TEAM_MANAGER = ContactLine(agency="Social Care", role="deputy_team_manager", name="Jo Mercer", address="jo@care.example")
TEAM_MANAGER = ContactLine(agency="Social Care", role="team_manager", name="Lee Hartley", address="lee@care.example")
HEAD_OF_SERVICE = ContactLine(agency="Social Care", role="head_of_service", name="Priya Nair", address="priya@care.example")
CONTACTS = (MANAGER, CHAMPION, SOCIAL_WORKER, DEPUTY_TEAM_MANAGER, TEAM_MANAGER, HEAD_OF_SERVICE)

INBOX = "inbox@board.example"


@cache
def board(key: str = "bedfordshire") -> Board:
    """A board that runs the protocol of this key as it is."""
    return Board(
        key=key,
        name=f"{key.capitalize()} test board",
        reference_prefix="BED",
        inbox=INBOX,
        staff=(),
        known_domains=("school.example", "care.example"),
        secure_domains=("care.example",),
        protocol=packaged_protocols()[key],
    )


def everybody(key: str) -> tuple[ContactLine, ...]:
    """Somebody for every role of this protocol in both agencies: `role@school.example` and `role@care.example`."""
    return tuple(
        ContactLine(agency=agency, role=role, name=f"{role} of {agency}", address=f"{role}@{domain}")
        for role in packaged_protocols()[key].roles
        for agency, domain in (("Demo School", "school.example"), ("Social Care", "care.example"))
    )


def form(case_stage: str, area: str, case_id: str = CASE_ID, received_at: datetime = RAISED_AT) -> FormReceived:
    """A form as intake would say it."""
    return FormReceived(
        message_id=uuid4(),
        at=RAISED_AT,
        case_id=case_id,
        board="bedfordshire",
        case_stage=case_stage,
        area=area,
        immediate_danger=False,
        raised_by=RAISER,
        other_agency="Social Care",
        other_worker="Sam Oduya",
        channel="mail",
        received_at=received_at,
        source="0" * 64,
        form=Sealed(token="sealed-form"),
    )


def start(
    ladder: str = "BED-S6",
    case_id: str = CASE_ID,
    received_at: datetime = RAISED_AT,
    *,
    own: tuple[str, tuple[str, ...]] = ("Demo School", ()),
    choices: Mapping[str, str] | None = None,
    on: str = "bedfordshire",
    **written: object,
) -> CaseStart:
    """A case about the first area of this ladder: raised from `own` agency and roles, `on` a board that made these choices, with this
    `written` on the form."""
    made = board(on)
    made = made.model_copy(update={"protocol": made.protocol.with_choices(choices or {})})
    found = made.protocol.ladder(ladder)
    return CaseStart(
        board=made,
        calendar=make_calendar(made.working_hours, received_at.year - 1, received_at.year + 3),
        form=form(found.case_stage, found.areas[0], case_id, received_at).model_copy(update={"board": on, **written}),
        own_agency=own[0],
        own_roles=own[1],
    )


def people_for(case: Case, find_people: FindPeople, contacts: tuple[ContactLine, ...] = CONTACTS) -> PeopleFound:
    """What the contact list answers."""
    board, protocol = case.start.board, case.start.board.protocol
    inbox = Person(name=board.name, address=INBOX)
    roles = Roles(
        names={key: role.name for key, role in protocol.roles.items()},
        anywhere=tuple(key for key, role in protocol.roles.items() if role.anywhere),
        lead=protocol.safeguarding_lead,
        substitutes=protocol.substitutes,
    )
    day = case.start.calendar.local(case.reached_at).date()
    answers = (Answer(wanted=wanted, found=find(contacts, wanted, roles, inbox, day)) for wanted in find_people.wanted)
    return PeopleFound(purpose=find_people.purpose, answers=tuple(answers))


WRITTEN = ("agreed", "risk", "depends_on", "actions", "outstanding")
"""The parts that a written outcome answers where a test says nothing else."""


def reply(
    act: ReplyAct, side: Side, notice: int | str, by: Person | None = None, case_id: str = CASE_ID, **written: object
) -> ReplyReceived:
    """An answer to one of the case's notices, with this `written` in it."""
    person = by or (RAISER if side is Side.RAISING else Person(name="Sam Oduya", address="sam@care.example"))
    return ReplyReceived(
        message_id=uuid4(),
        at=RAISED_AT,
        case_id=case_id,
        notice_id=f"{case_id}.{notice}",
        side=side,
        by=person,
        act=act,
        received_at=RAISED_AT,
        source="1" * 64,
        content=Sealed(token="sealed-reply"),
        parts=WRITTEN if act in {ReplyAct.OUTCOME_PROPOSED, ReplyAct.DECISION} else (),
    ).model_copy(update=written)
