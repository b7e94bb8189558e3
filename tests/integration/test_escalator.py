"""The escalator as a process of its own, on the real broker, database and workflow engine."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from uuid import uuid4

import pytest

from deploy.local import ports
from deploy.local.part import CHECKOUT
from deploy.local.temporal import NAMESPACE
from services.contracts.catalogue import heard_by
from services.contracts.escalator import (
    BoardPublished,
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CaseReopened,
    OutcomeConfirmed,
    OutcomeProposed,
    StepReached,
)
from services.contracts.intake import FormReceived
from services.contracts.message import Message
from services.contracts.notifier import SendNotice
from services.contracts.records import StaffActed
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Ending, Person, ReplyAct, Side, StaffAct
from services.kit.bus import Bus, DeadLetter
from services.kit.clock import now
from tests.cases import reply
from tests.servers import Workflows

RAISER = Person(name="Asha Rees", address="asha.rees@school.demo.example")
SOCIAL_WORKER = Person(name="Dana Whitfield", address="dana.whitfield@social-care.demo.example")


class Records:
    """Hears everything, and each message once, as records does."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.heard: list[Message] = []
        self.dead: list[DeadLetter] = []

    async def take(self, message: Message) -> None:
        if message.message_id not in {heard.message_id for heard in self.heard}:
            self.heard.append(message)

    async def take_dead(self, letter: DeadLetter) -> None:
        self.dead.append(letter)

    async def wait_for(self, kind: type[Message], case_id: str = "", times: int = 1) -> list[Message]:
        """Wait until it has heard this kind of message as often, of this case."""

        def found() -> list[Message]:
            return [m for m in self.heard if isinstance(m, kind) and (not case_id or getattr(m, "case_id", "") == case_id)]

        await until(lambda: len(found()) >= times)
        return found()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 - another process does the work: there is no event here to wait on
            await asyncio.sleep(0.05)


@pytest.fixture
def escalator(
    amqp_url: Callable[[str], str], make_database: Callable[[str], str], workflows: Workflows
) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts the escalator; call it again for the same one anew."""
    environment = os.environ | {
        "CONCORD_DATABASE_URL": make_database("escalator"),
        "CONCORD_AMQP_URL": amqp_url("escalator"),
        "CONCORD_HTTP_PORT": str(ports.find(("http",))["http"]),
        "CONCORD_TEMPORAL_ADDRESS": workflows.address,
        "CONCORD_TEMPORAL_NAMESPACE": NAMESPACE,
        "CONCORD_BOARDS_DIR": str(CHECKOUT / "deploy" / "local" / "boards"),
    }
    running: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        running.append(subprocess.Popen([sys.executable, "-m", "services.escalator"], env=environment, cwd=CHECKOUT))
        return running[-1]

    yield begin
    for process in running:
        process.terminate()
        process.wait(20)


@pytest.fixture
async def others(amqp_url: Callable[[str], str]) -> AsyncIterator[tuple[Bus, Records]]:
    """Intake, which speaks, and records, which hears everything; the notifier's queue exists."""
    buses = {name: Bus(amqp_url(name), name) for name in ("intake", "notifier", "records")}
    for bus in buses.values():
        await bus.connect()
    records = Records(buses["records"])
    await buses["records"].listen(dict.fromkeys(heard_by("records"), records.take))
    await buses["records"].listen_dead(records.take_dead)
    yield buses["intake"], records
    for bus in buses.values():
        await bus.close()


def form(case_id: str, **changes: str) -> FormReceived:
    facts = {"board": "demonstration", "case_stage": "contact_referral", "area": "no_further_action"} | changes
    return FormReceived(
        message_id=uuid4(),
        at=now(),
        case_id=case_id,
        immediate_danger=False,
        raised_by=RAISER,
        other_agency="Demonstration Social Care",
        other_worker="",
        channel="mail",
        received_at=now(),
        source="0" * 64,
        form=Sealed(token="sealed"),
        **facts,
    )


def new_case() -> str:
    return f"DEMO-{uuid4().hex[:8].upper()}"


async def area(records: Records) -> dict[str, str]:
    """A stage and area of the board as it was published, that lead to BED-S4."""
    published = (await records.wait_for(BoardPublished))[0]
    assert isinstance(published, BoardPublished)
    assert published.role_table is not None, "the form's pages find opposite numbers in it (BED-24)"
    found = next(choice for choice in published.areas if choice.ladder == "BED-S4")
    return {"case_stage": found.case_stage, "area": found.key}


async def test_a_case_runs_from_the_form_to_its_close(
    escalator: Callable[[], subprocess.Popen[bytes]], others: tuple[Bus, Records]
) -> None:
    intake, records = others
    escalator()
    where = await area(records)
    message = form(new_case(), **where)
    for _ in range(3):
        await intake.publish(message)
    await records.wait_for(CaseOpened, message.case_id)
    step = (await records.wait_for(StepReached, message.case_id))[0]
    assert isinstance(step, StepReached)
    assert step.deadline is not None
    assert (step.deadline - message.received_at).total_seconds() == 24
    assert step.other_side == (SOCIAL_WORKER.model_copy(update=step.other_side[0].model_dump(include={"role", "agency"})),)
    for act, side, by, then in (
        (ReplyAct.OUTCOME_PROPOSED, Side.OTHER, SOCIAL_WORKER, OutcomeProposed),
        (ReplyAct.CONFIRMED, Side.OTHER, SOCIAL_WORKER, OutcomeConfirmed),
        (ReplyAct.CONFIRMED, Side.RAISING, RAISER, CaseClosed),
    ):
        await intake.publish(reply(act, side, 900, by, message.case_id))
        await records.wait_for(then, message.case_id)  # a person answers what they have been told
    await records.wait_for(CaseClosed, message.case_id)
    assert len(await records.wait_for(CaseOpened, message.case_id)) == 1
    late = reply(ReplyAct.RESPONSE, Side.OTHER, 1, SOCIAL_WORKER, message.case_id)
    await intake.publish(late)
    await until(lambda: any(isinstance(m, SendNotice) and m.kind == "act_not_taken" for m in records.heard))
    assert not records.dead


async def test_a_case_that_ended_goes_on_once_and_board_staff_end_it_again(
    escalator: Callable[[], subprocess.Popen[bytes]], others: tuple[Bus, Records]
) -> None:
    """The engine has closed the workflow; the case was kept, and goes on under the same reference."""
    intake, records = others
    escalator()
    message = form(new_case(), **await area(records))
    await intake.publish(message)
    await records.wait_for(StepReached, message.case_id)
    await intake.publish(reply(ReplyAct.WITHDRAWN, Side.RAISING, 1, RAISER, message.case_id))
    await records.wait_for(CaseClosed, message.case_id)
    again = reply(ReplyAct.REOPENED, Side.RAISING, 1, RAISER, message.case_id)
    for _ in range(3):
        await intake.publish(again)
    await records.wait_for(StepReached, message.case_id, 2)
    person = Person(name="Board staff", address="staff@board.demo.example")
    await records.bus.publish(
        StaffActed(
            message_id=uuid4(),
            at=now(),
            case_id=message.case_id,
            board="demonstration",
            act=StaffAct.WITHDRAWN,
            by=person,
            content=Sealed(token="sealed"),
        )
    )
    closed = await records.wait_for(CaseClosed, message.case_id, 2)
    assert [end.how for end in closed if isinstance(end, CaseClosed)] == [Ending.WITHDRAWN] * 2
    assert len(await records.wait_for(CaseReopened, message.case_id)) == 1
    numbers = [m.number for m in records.heard if isinstance(m, CaseEvent) and m.case_id == message.case_id]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert not records.dead


async def test_a_case_goes_on_after_the_escalator_was_killed(
    escalator: Callable[[], subprocess.Popen[bytes]], others: tuple[Bus, Records]
) -> None:
    intake, records = others
    first = escalator()
    where = await area(records)
    message = form(new_case(), **where)
    await intake.publish(message)
    await records.wait_for(StepReached, message.case_id)
    first.kill()
    first.wait()
    await intake.publish(reply(ReplyAct.NOT_RESOLVED, Side.RAISING, 900, RAISER, message.case_id))
    escalator()
    steps = await records.wait_for(StepReached, message.case_id, 2)
    assert [step.step for step in steps if isinstance(step, StepReached)][:2] == [1, 2]
    assert len(await records.wait_for(CaseOpened, message.case_id)) == 1


async def test_a_form_that_fits_no_ladder_is_shown_to_a_person(
    escalator: Callable[[], subprocess.Popen[bytes]], others: tuple[Bus, Records]
) -> None:
    intake, records = others
    escalator()
    await area(records)
    message = form(new_case(), area="made_up")
    await intake.publish(message)
    await until(lambda: bool(records.dead))
    assert records.dead[0].message_id == str(message.message_id)
