"""One function per message. Each updates what board staff look at; `recorded` then adds the message to the history.

All of it is one transaction with the inbox (`kit.inbox.once`), so a message has its effects once, or not yet.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts import escalator, intake, notifier, records
from services.contracts.message import Message
from services.kit.bus import DeadLetter
from services.kit.clock import now
from services.records.case import State
from services.records.repository import cases, confirmations, contacts, held, history, notices, people
from services.records.tables import DeadLetterRow

_CASE = re.compile(r'"case_id": ?"(?P<case>[A-Z]{2,6}-[0-9A-Z]{8})"')

Handler = Callable[[AsyncSession, Any], Awaitable[None]]


async def form_received(session: AsyncSession, message: intake.FormReceived) -> None:
    """A form came in: the case is shown before the escalator has opened it."""
    await _case_fact(session, message)
    await held.became_case(session, message)


async def form_corrected(session: AsyncSession, message: intake.FormCorrected) -> None:
    """Only history: the case goes on as it began."""


async def reply_received(session: AsyncSession, message: intake.ReplyReceived) -> None:
    """Only history: what a reply changes, the escalator says."""


async def delivery_reported(session: AsyncSession, message: intake.DeliveryReported) -> None:
    """A machine answered a notice."""
    await notices.answered(session, message)


async def item_held(session: AsyncSession, message: intake.ItemHeld) -> None:
    """Something waits for board staff."""
    await held.hold(session, message)


async def board_published(session: AsyncSession, message: escalator.BoardPublished) -> None:
    """A board as it is now: who may sign in, and the words of its form."""
    await people.publish(session, message)


async def contacts_published(session: AsyncSession, message: escalator.ContactsPublished) -> None:
    """A board's contact list as it is now."""
    await contacts.publish(session, message)


async def case_opened(session: AsyncSession, message: escalator.CaseOpened) -> None:
    """The escalator took the case up."""
    await _case_fact(session, message)


async def case_redirected(session: AsyncSession, message: escalator.CaseRedirected) -> None:
    """It is not a disagreement here."""
    await _case_fact(session, message)


async def step_reached(session: AsyncSession, message: escalator.StepReached) -> None:
    """A step began."""
    await _case_fact(session, message)


async def response_recorded(session: AsyncSession, message: escalator.ResponseRecorded) -> None:
    """Reasons were given: history, and perhaps what a record waits for."""
    await confirmations.hurry(session, message.case_id, now())


async def outcome_proposed(session: AsyncSession, message: escalator.OutcomeProposed) -> None:
    """An outcome is there to be confirmed."""
    await _case_fact(session, message)


async def outcome_confirmed(session: AsyncSession, message: escalator.OutcomeConfirmed) -> None:
    """One side confirmed it."""
    await _case_fact(session, message)


async def outcome_disputed(session: AsyncSession, message: escalator.OutcomeDisputed) -> None:
    """One side says it is not what was agreed."""
    await _case_fact(session, message)


async def deadline_missed(session: AsyncSession, message: escalator.DeadlineMissed) -> None:
    """Time ran out: history, and perhaps what a record waits for. What follows from it comes as its own message."""
    await confirmations.hurry(session, message.case_id, now())


async def last_tier_passed(session: AsyncSession, message: escalator.LastTierPassed) -> None:
    """Board staff must act."""
    await _case_fact(session, message)


async def act_not_taken(session: AsyncSession, message: escalator.ActNotTaken) -> None:
    """A reply could not be acted on: history, and perhaps what a record waits for."""
    await confirmations.hurry(session, message.case_id, now())


async def act_recorded(session: AsyncSession, message: escalator.ActRecorded) -> None:
    """Somebody did something else in the case: a follow-up may be done."""
    await _case_fact(session, message)


async def stand_in_asked(session: AsyncSession, message: escalator.StandInAsked) -> None:
    """The next person was asked, or the board."""
    await _case_fact(session, message)


async def step_bypassed(session: AsyncSession, message: escalator.StepBypassed) -> None:
    """A step was passed over: history, and perhaps what a record waits for. The next step comes as its own message."""
    await confirmations.hurry(session, message.case_id, now())


async def decision_made(session: AsyncSession, message: escalator.DecisionMade) -> None:
    """Somebody decided who may."""
    await _case_fact(session, message)


async def dissent_recorded(session: AsyncSession, message: escalator.DissentRecorded) -> None:
    """One side dissents from it."""
    await _case_fact(session, message)


async def deadline_changed(session: AsyncSession, message: escalator.DeadlineChanged) -> None:
    """The running deadline moved."""
    await _case_fact(session, message)


async def requirement_not_met(session: AsyncSession, message: escalator.RequirementNotMet) -> None:
    """Something was not done as the protocol says."""
    await _case_fact(session, message)


async def follow_up_begun(session: AsyncSession, message: escalator.FollowUpBegun) -> None:
    """There are things to pursue."""
    await _case_fact(session, message)


async def learning_referred(session: AsyncSession, message: escalator.LearningReferred) -> None:
    """What was learned went where the protocol sends it."""
    await _case_fact(session, message)


async def case_reopened(session: AsyncSession, message: escalator.CaseReopened) -> None:
    """It goes on."""
    await _case_fact(session, message)


async def case_linked(session: AsyncSession, message: escalator.CaseLinked) -> None:
    """It concerns the same matter as another case."""
    await cases.link(session, message)
    await _case_fact(session, message)


async def case_closed(session: AsyncSession, message: escalator.CaseClosed) -> None:
    """It ended, in whichever way: its record is wanted."""
    await cases.follow(session, message)
    await confirmations.ask(session, message, now())


async def send_notice(session: AsyncSession, message: notifier.SendNotice) -> None:
    """A notice was asked for."""
    await notices.queued(session, message)


async def notice_sent(session: AsyncSession, message: notifier.NoticeSent) -> None:
    """It left."""
    await notices.settled(session, message)


async def notice_failed(session: AsyncSession, message: notifier.NoticeFailed) -> None:
    """It did not, or nobody can say."""
    await notices.settled(session, message)


async def record_issued(session: AsyncSession, message: records.RecordIssued) -> None:
    """Only history: the record was kept when it was made."""


async def staff_acted(session: AsyncSession, message: records.StaffActed) -> None:
    """Only history: what they asked for was kept when they did, and what comes of it the escalator says."""


async def contacts_changed(session: AsyncSession, message: records.ContactsChanged) -> None:
    """Only history: what comes of it the escalator publishes."""


async def item_settled(session: AsyncSession, message: records.ItemSettled) -> None:
    """Board staff said what becomes of something held. It was kept when they did; what follows, intake says."""
    await held.keep_settled(session, message)


HANDLERS: Mapping[type[Message], Handler] = {
    intake.FormReceived: form_received,
    intake.FormCorrected: form_corrected,
    intake.ReplyReceived: reply_received,
    intake.DeliveryReported: delivery_reported,
    intake.ItemHeld: item_held,
    escalator.BoardPublished: board_published,
    escalator.ContactsPublished: contacts_published,
    escalator.CaseOpened: case_opened,
    escalator.CaseRedirected: case_redirected,
    escalator.StepReached: step_reached,
    escalator.ResponseRecorded: response_recorded,
    escalator.OutcomeProposed: outcome_proposed,
    escalator.OutcomeConfirmed: outcome_confirmed,
    escalator.OutcomeDisputed: outcome_disputed,
    escalator.DeadlineMissed: deadline_missed,
    escalator.LastTierPassed: last_tier_passed,
    escalator.ActNotTaken: act_not_taken,
    escalator.ActRecorded: act_recorded,
    escalator.StandInAsked: stand_in_asked,
    escalator.StepBypassed: step_bypassed,
    escalator.DecisionMade: decision_made,
    escalator.DissentRecorded: dissent_recorded,
    escalator.DeadlineChanged: deadline_changed,
    escalator.RequirementNotMet: requirement_not_met,
    escalator.FollowUpBegun: follow_up_begun,
    escalator.LearningReferred: learning_referred,
    escalator.CaseReopened: case_reopened,
    escalator.CaseLinked: case_linked,
    escalator.CaseClosed: case_closed,
    notifier.SendNotice: send_notice,
    notifier.NoticeSent: notice_sent,
    notifier.NoticeFailed: notice_failed,
    records.RecordIssued: record_issued,
    records.StaffActed: staff_acted,
    records.ContactsChanged: contacts_changed,
    records.ItemSettled: item_settled,
}


def recorded(handler: Handler) -> Handler:
    """The handler, and then the message at the end of the history: last, because there everybody waits for everybody."""

    async def handle(session: AsyncSession, message: Message) -> None:
        await handler(session, message)
        await history.append(session, message)

    return handle


async def dead_letter(session: AsyncSession, letter: DeadLetter) -> None:
    """A message some service could not take in, for board staff to see."""
    found = DeadLetterRow(
        queue=letter.queue,
        message_id=letter.message_id,
        topic=letter.topic,
        case_id=match["case"] if (match := _CASE.search(letter.body)) else None,
        reason=letter.reason,
        body=letter.body.replace("\x00", ""),
        found_at=now(),
    )
    await held.bury(session, found)


async def _case_fact(session: AsyncSession, message: intake.FormReceived | escalator.CaseEvent) -> None:
    case = await cases.follow(session, message)
    if case.state == State.CLOSED:  # it came late, and a record may be waiting for it
        await confirmations.hurry(session, message.case_id, now())
