"""A form on its way to being a case: begun, asked about, completed, said once. Mail and the web page both come through here."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.content import FormContent
from services.contracts.escalator import BoardPublished
from services.contracts.intake import FormReceived
from services.contracts.sealed import Sealed, Sealer
from services.contracts.vocabulary import Person
from services.intake import circumstances, domain, ledger, read_back, repository
from services.intake.domain import Answers, Chosen
from services.intake.mailbox import Sender
from services.intake.notices import Lacking, Matter, Notices
from services.intake.tables import Submission
from services.kit.clock import now
from services.kit.outbox import say

Channel = Literal["mail", "web"]
_LONDON = ZoneInfo("Europe/London")
_DAY = timedelta(days=1)
CHASE_AFTER: tuple[float, float, float] = (4, 24, 48)
"""Hours after which a draft's sender is asked a second and a third time, and after which it is held for board staff."""


_DANGER_WAITS = "A form that may mean a child is in danger now is not complete"
_WHAT_TO_DO = (
    "Its sender was told to call 999 first, and asked for what is missing. No case has begun, and nobody else has been told.",
    "Speak to whoever sent it now, and make sure that the child is safe.",
)


class Arrival(NamedTuple):
    """How and when something came in; `source` names its original in the document store, and `asides` are what its sender should
    know of what came with it."""

    channel: Channel
    source: str
    received_at: datetime
    asides: tuple[str, ...] = ()


class Taken(NamedTuple):
    """What became of a form: its reference, and what it still lacks."""

    case_id: str
    missing: tuple[str, ...]


class Submissions:
    """Takes forms in. `key` makes the fingerprints by which the same form is known again; `chase_after` is as `CHASE_AFTER`."""

    def __init__(self, sealer: Sealer, notices: Notices, key: bytes, chase_after: Sequence[float] = CHASE_AFTER) -> None:
        self._sealer = sealer
        self._notices = notices
        self._chase_after = tuple(chase_after)
        self._key = hashlib.sha256(b"concord intake fingerprints" + key).digest()

    async def submit(
        self, session: AsyncSession, board: BoardPublished, sender: Sender, answers: Answers, arrival: Arrival
    ) -> Taken:
        """Take a form in: as a new case, as a draft's completion, or as the case these answers already belong to.

        The caller has checked that the board knows the sender.
        """
        answers = circumstances.dated(answers, arrival.received_at)
        chosen = choose(board, answers)
        answers = resolved(answers, chosen)
        fingerprint = domain.fingerprint(self._key, board.board, sender.address, answers)
        fresh = domain.new_reference(board.reference_prefix)
        case_id = await repository.claim_fingerprint(session, fingerprint, fresh)
        before = await repository.submission(session, case_id) if case_id != fresh else None
        if before is not None:
            return await self.again(session, board, before)
        for draft in await repository.drafts_of(session, board.board, sender.address):
            if domain.continues(self.answers(draft), answers):
                await repository.move_fingerprint(session, fingerprint, draft.case_id)
                draft.source = arrival.source
                return await self.complete(session, board, draft, answers, arrival)
        submission = _fresh(board, sender, case_id, arrival)
        session.add(submission)
        return await self._settle(session, board, submission, answers, chosen, asides=arrival.asides)

    async def begin(self, session: AsyncSession, board: BoardPublished, sender: Sender, arrival: Arrival) -> Submission:
        """A draft that says nothing yet, for somebody who was sent the blank form. Nobody is reminded of it."""
        submission = _fresh(board, sender, domain.new_reference(board.reference_prefix), arrival)
        submission.answers = self._sealer.seal(submission.case_id, Answers()).token
        session.add(submission)
        return submission

    async def complete(
        self,
        session: AsyncSession,
        board: BoardPublished,
        draft: Submission,
        more: Answers,
        arrival: Arrival,
        *,
        cleared: Iterable[str] = (),
    ) -> Taken:
        """Add answers to a draft: complete it, or ask again for what is still missing. Its time begins when it is complete.

        `cleared` are fields whose answer was taken out.
        """
        answers = self.answers(draft).with_more(circumstances.dated(more, arrival.received_at), cleared)
        chosen = choose(board, answers, numbered=draft.catalogue == _digest(board))
        answers = resolved(answers, chosen)
        draft.catalogue = _digest(board)
        if not domain.missing(answers, chosen):
            draft.received_at = arrival.received_at
            fingerprint = domain.fingerprint(self._key, board.board, draft.sender_address, answers)
            await repository.claim_fingerprint(session, fingerprint, draft.case_id)
        return await self._settle(session, board, draft, answers, chosen, asides=arrival.asides)

    async def again(self, session: AsyncSession, board: BoardPublished, submission: Submission) -> Taken:
        """What was said about a form, once more: it came again."""
        answers = self.answers(submission)
        if submission.completed_at is None:
            return await self._ask(session, board, submission, answers, choose(board, answers))
        await self._confirm(session, board, submission, answers, again=True)
        return Taken(submission.case_id, ())

    async def chase(self, session: AsyncSession, board: BoardPublished, draft: Submission) -> bool:
        """Ask once more for what a draft lacks; False when that was done as often as it is."""
        draft.chased += 1
        if draft.chased >= len(self._chase_after):
            draft.next_chase_at = None
            return False
        answers = self.answers(draft)
        await self._ask(session, board, draft, answers, choose(board, answers), chaser=draft.chased)
        return True

    def fingerprint_of(self, board: BoardPublished, address: str, answers: Answers, at: datetime) -> str:
        """What these answers are known by, if this address sends them at this moment."""
        dated = circumstances.dated(answers, at)
        return domain.fingerprint(self._key, board.board, address, resolved(dated, choose(board, dated)))

    def fingerprint(self, submission: Submission, answers: Answers) -> str:
        """What these answers by a form's sender are known by."""
        return domain.fingerprint(self._key, submission.board, submission.sender_address, answers)

    def answers(self, submission: Submission) -> Answers:
        """A submission's answers, opened."""
        return self._sealer.open(submission.case_id, Sealed(token=submission.answers), Answers)

    def asked(self, board: BoardPublished, draft: Submission) -> tuple[str, ...]:
        """The labels of what a draft lacks."""
        answers = self.answers(draft)
        return domain.missing(answers, choose(board, answers))

    def understood(self, board: BoardPublished, submission: Submission) -> Answers:
        """A submission's answers, with the stage and the area by their keys where they are known."""
        answers = self.answers(submission)
        return resolved(answers, choose(board, answers, numbered=submission.catalogue == _digest(board)))

    async def _settle(
        self,
        session: AsyncSession,
        board: BoardPublished,
        submission: Submission,
        answers: Answers,
        chosen: Chosen,
        *,
        asides: Sequence[str],
    ) -> Taken:
        submission.answers = self._sealer.seal(submission.case_id, answers).token
        if domain.missing(answers, chosen):
            return await self._ask(session, board, submission, answers, chosen, asides=asides)
        submission.completed_at, submission.next_chase_at = now(), None
        await say(session, self._form_received(board, submission, answers))
        await self._confirm(session, board, submission, answers, asides)
        return Taken(submission.case_id, ())

    async def _ask(
        self,
        session: AsyncSession,
        board: BoardPublished,
        submission: Submission,
        answers: Answers,
        chosen: Chosen,
        *,
        chaser: int = 0,
        asides: Sequence[str] = (),
    ) -> Taken:
        """Ask for what is missing. Whoever is not heard of is asked again: so many hours after the last time, of the board's own."""
        lacking = domain.missing(answers, chosen)
        hour = timedelta(seconds=1) if board.demonstration else timedelta(hours=1)
        at = self._chase_after[submission.chased :][:1]
        earlier = self._chase_after[submission.chased - 1] if chaser else 0.0
        submission.next_chase_at = now() + (at[0] - earlier) * hour if at else None
        asked = {question.label for question in chosen.questions}
        written = tuple(label for label in lacking if label not in asked)
        last = submission.chased + 1 >= len(self._chase_after)
        said = read_back.danger_in(answers)
        unclear: list[JsonValue] = [
            question.label for question in chosen.questions if read_back.answered(answers, question.label)
        ]
        facts: dict[str, JsonValue] = {"danger": said, "understood": read_back.understood(answers, asides), "unclear": unclear}
        matter = matter_of(board, submission, answers)
        await self._notices.form_incomplete(
            session, matter, Lacking(written, chosen.questions, chaser, last=last), facts, answers.form
        )
        if read_back.at_once(answers) and await ledger.tell_once(session, submission.case_id, "danger", now(), _DAY):
            sender = f"It came from {submission.sender_name} ({submission.sender_address})."
            await self._notices.board_told(session, matter, _DANGER_WAITS, (sender, *_WHAT_TO_DO))
        return Taken(submission.case_id, lacking)

    async def _confirm(
        self,
        session: AsyncSession,
        board: BoardPublished,
        submission: Submission,
        answers: Answers,
        asides: Sequence[str] = (),
        *,
        again: bool = False,
    ) -> None:
        form = kept_form(submission, answers)
        facts = read_back.form_received(board, answers, form, asides) | {"again": again}
        await self._notices.form_received(session, matter_of(board, submission, answers), facts, form)

    def _form_received(self, board: BoardPublished, submission: Submission, answers: Answers) -> FormReceived:
        seen = circumstances.read(answers)
        name = " ".join(answers.form.from_practitioner.split())[:200] or submission.sender_name or submission.sender_address
        return FormReceived(
            message_id=uuid5(NAMESPACE_URL, f"concord:form_received:{submission.case_id}"),
            at=now(),
            case_id=submission.case_id,
            board=board.board,
            case_stage=answers.case_stage,
            area=answers.area,
            immediate_danger=read_back.at_once(answers),
            raised_by=Person(name=name, address=submission.sender_address),
            other_agency=answers.form.agency_team,
            other_worker=answers.form.social_worker,
            further_agencies=seen.further_agencies,
            decided_at=seen.decided_at,
            needed_by=seen.needed_by,
            injury_to_infant=seen.injury_to_infant,
            channel="web" if submission.channel == "web" else "mail",
            received_at=submission.received_at,
            source=submission.source,
            form=self._sealer.seal(submission.case_id, kept_form(submission, answers)),
        )


def _fresh(board: BoardPublished, sender: Sender, case_id: str, arrival: Arrival) -> Submission:
    return Submission(
        case_id=case_id,
        board=board.board,
        channel=arrival.channel,
        sender_name=sender.name,
        sender_address=sender.address,
        answers="",
        catalogue=_digest(board),
        source=arrival.source,
        received_at=arrival.received_at,
        completed_at=None,
        chased=0,
        form_version=1,
    )


def choose(board: BoardPublished, answers: Answers, *, numbered: bool = True) -> Chosen:
    """The stage and the area, and everything that has to be asked."""
    chosen = domain.choose(board, answers, numbered=numbered)
    return chosen.model_copy(update={"questions": (*chosen.questions, *circumstances.questions(answers))})


def resolved(answers: Answers, chosen: Chosen) -> Answers:
    """The answers with the stage and the area by their keys, once they are known."""
    if chosen.area is None:
        return answers
    return answers.model_copy(update={"case_stage": chosen.area.case_stage, "area": chosen.area.key})


def kept_form(submission: Submission, answers: Answers) -> FormContent:
    """A form as it is kept: what its mail said stands where `From` and `Date` were left blank."""
    day = domain.plain_day(submission.received_at.astimezone(_LONDON))
    return domain.filled_in(answers.form, submission.sender_name, day)


def matter_of(board: BoardPublished, submission: Submission, answers: Answers) -> Matter:
    """What a notice about a form is about: to its sender, urgent where it says or may mean that a child is in danger."""
    to = Sender(name=submission.sender_name, address=submission.sender_address)
    urgent = bool(read_back.danger_in(answers))
    return Matter(board, submission.case_id, to, submission.received_at, urgent=urgent)


def _digest(board: BoardPublished) -> str:
    """What the numbered lists of stages and areas are known by."""
    lists = [[stage.key for stage in board.case_stages], [[area.case_stage, area.key] for area in domain.areas_of(board)]]
    return hashlib.sha256(json.dumps(lists).encode()).hexdigest()[:16]
