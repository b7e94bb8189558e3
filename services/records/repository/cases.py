"""Where each case is now, and the lists board staff look at."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts import escalator, intake
from services.contracts.message import Message
from services.records import domain
from services.records.case import ENDED, Case
from services.records.repository import history
from services.records.repository.held import WAITS as HELD_WAITS
from services.records.repository.notices import in_trouble as notices_in_trouble
from services.records.tables import CaseRow, ConfirmationRow, HeldRow, LinkRow, NoticeRow

_FACTS: tuple[type[Message], ...] = tuple(kind for kind in domain.follow.registry if issubclass(kind, Message))
"""The facts that can move a case; the rest of its history cannot."""
PLAIN_STATE = "issued_plain"


@dataclass(frozen=True)
class Listed:
    """A case in a list, and what is wrong with it."""

    case: Case
    overdue: bool
    failed_notices: int
    held: int
    confirmation: str

    @property
    def in_trouble(self) -> bool:
        """Whether a person must look at it."""
        return (
            self.case.needs_staff or self.overdue or bool(self.failed_notices or self.held) or self.confirmation == PLAIN_STATE
        )


async def follow(session: AsyncSession, message: intake.FormReceived | escalator.CaseEvent) -> Case:
    """Read the case again from everything recorded about it and this message, and keep what that says.

    Messages of one case wait for each other here, so that none is read without the others.
    """
    case_id = message.case_id
    await session.execute(select(func.pg_advisory_xact_lock(_lock_of(case_id))))
    recorded = await history.of_case(session, case_id, _FACTS)
    case = domain.read(case_id, [*recorded, message])
    row = {
        "case_id": case_id,
        "board": case.board,
        "state": case.state.value,
        "immediate_danger": case.immediate_danger,
        "needs_staff": case.needs_staff,
        "raised_at": case.raised_at,
        "deadline": case.deadline,
        "closed_at": case.closed_at,
        "view": case.model_dump(mode="json"),
    }
    statement = insert(CaseRow).values(row)
    await session.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=row))
    return case


async def listed(
    session: AsyncSession, boards: Collection[str], *, ended: bool, now: datetime, limit: int, offset: int
) -> tuple[Sequence[Listed], int]:
    """One page of these boards' cases and how many there are in all.

    Open ones: immediate danger first, then those that need a person, then by deadline. Ended ones: the latest first.
    """
    states = [state.value for state in ENDED]
    where = and_(CaseRow.board.in_(boards), CaseRow.state.in_(states) if ended else CaseRow.state.not_in(states))
    total = await session.scalar(select(func.count()).select_from(CaseRow).where(where)) or 0
    order: list[ColumnElement[Any]] = (
        [CaseRow.closed_at.desc().nulls_last()]
        if ended
        else [CaseRow.immediate_danger.desc(), _wrong(now).desc(), CaseRow.deadline.asc().nulls_last(), CaseRow.raised_at.asc()]
    )
    page = select(CaseRow.case_id).where(where).order_by(*order, CaseRow.case_id).limit(limit).offset(offset)
    ids = (await session.scalars(page)).all()  # in order, and narrow: sorting every case with its view takes twice as long
    found = {row[0]: _listed(row[1:]) for row in await session.execute(_with_trouble(now).where(CaseRow.case_id.in_(ids)))}
    return [found[case_id] for case_id in ids], total


async def one(session: AsyncSession, boards: Collection[str], case_id: str, now: datetime) -> Listed | None:
    """One case of these boards, or None: a case of another board does not exist here."""
    row = (await session.execute(_with_trouble(now).where(CaseRow.case_id == case_id, CaseRow.board.in_(boards)))).first()
    return _listed(row[1:]) if row else None


async def link(session: AsyncSession, message: escalator.CaseLinked) -> None:
    """Two cases concern the same matter."""
    row = {"case_id": message.case_id, "other_case": message.other_case}
    await session.execute(insert(LinkRow).values(row).on_conflict_do_nothing())


async def is_of(session: AsyncSession, board: str, case_id: str) -> bool:
    """Whether this is a case of this board."""
    return await session.scalar(select(CaseRow.board).where(CaseRow.case_id == case_id)) == board


async def linked(session: AsyncSession, boards: Collection[str], case_id: str) -> Sequence[str]:
    """The cases of these boards that concern the same matter as this one, whichever of the two was linked with the other."""
    told = select(LinkRow.other_case).where(LinkRow.case_id == case_id)
    back = select(LinkRow.case_id).where(LinkRow.other_case == case_id)
    query = select(CaseRow.case_id).where(CaseRow.case_id.in_(told.union(back)), CaseRow.board.in_(boards))
    return (await session.scalars(query.order_by(CaseRow.case_id))).all()


def _lock_of(case_id: str) -> ColumnElement[int]:
    return func.hashtextextended(f"case {case_id}", 0)


def _overdue(now: datetime) -> ColumnElement[bool]:
    ended = [state.value for state in ENDED]
    return func.coalesce(and_(CaseRow.deadline < now, CaseRow.state.not_in(ended)), False)


def _wrong(now: datetime) -> ColumnElement[bool]:
    return or_(
        CaseRow.needs_staff,
        _overdue(now),
        exists().where(NoticeRow.case_id == CaseRow.case_id, notices_in_trouble(now)),
        exists().where(HeldRow.case_id == CaseRow.case_id, HELD_WAITS),
    )


def _with_trouble(now: datetime) -> Select[*tuple[Any, ...]]:
    failed = select(func.count()).where(NoticeRow.case_id == CaseRow.case_id, notices_in_trouble(now)).scalar_subquery()
    held = select(func.count()).select_from(HeldRow).where(HeldRow.case_id == CaseRow.case_id, HELD_WAITS).scalar_subquery()
    confirmation = (
        select(ConfirmationRow.state)
        .where(ConfirmationRow.case_id == CaseRow.case_id)
        .order_by(ConfirmationRow.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(CaseRow.case_id, CaseRow.view, _overdue(now), failed, held, func.coalesce(confirmation, ""))


def _listed(row: Sequence[Any]) -> Listed:
    view, overdue, failed, held, confirmation = row
    return Listed(Case.model_validate(view), bool(overdue), failed, held, confirmation)
