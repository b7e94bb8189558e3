"""A form on its way to being a case: begun, asked about, completed, said once. Mail and the web page both come through here."""

import hashlib
import json
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.content import FormContent
from services.contracts.escalator import BoardPublished
from services.contracts.intake import FormReceived
from services.contracts.outline import AreaChoice
from services.contracts.sealed import Sealed, Sealer
from services.contracts.vocabulary import Person
from services.intake import circumstances, domain, repository
from services.intake.domain import Answers, Chosen
from services.intake.mailbox import Sender
from services.intake.notices import Matter, Notices
from services.intake.tables import Submission
from services.kit.clock import now
from services.kit.outbox import say

Channel = Literal["mail", "web"]
_LONDON = ZoneInfo("Europe/London")


class Arrival(NamedTuple):
    """How and when something came in; `source` names its original in the document store."""

    channel: Channel
    source: str
    received_at: datetime


class Taken(NamedTuple):
    """What became of a form: its reference, and what it still lacks."""

    case_id: str
    missing: tuple[str, ...]


class Submissions:
    """Takes forms in. `key` makes the fingerprints by which the same form is known again."""

    def __init__(self, sealer: Sealer, notices: Notices, key: bytes) -> None:
        self._sealer = sealer
        self._notices = notices
        self._key = hashlib.sha256(b"concord intake fingerprints" + key).digest()

    async def submit(
        self, session: AsyncSession, board: BoardPublished, sender: Sender, answers: Answers, arrival: Arrival
    ) -> Taken:
        """Take a form in: as a new case, as a draft's completion, or as the case these answers already belong to.

        The caller has checked that the board knows the sender.
        """
        answers = circumstances.dated(answers, arrival.received_at)
        chosen = _choose(board, answers)
        answers = _resolved(answers, chosen)
        fingerprint = domain.fingerprint(self._key, board.board, sender.address, answers)
        fresh = domain.new_reference(board.reference_prefix)
        case_id = await repository.claim_fingerprint(session, fingerprint, fresh)
        before = await repository.submission(session, case_id) if case_id != fresh else None
        if before is not None:
            return await self._again(session, board, before)
        for draft in await repository.drafts_of(session, board.board, sender.address):
            if domain.continues(self.answers(draft), answers):
                await repository.move_fingerprint(session, fingerprint, draft.case_id)
                draft.source = arrival.source
                return await self.complete(session, board, draft, answers, arrival)
        submission = Submission(
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
        )
        session.add(submission)
        return await self._settle(session, board, submission, answers, chosen)

    async def complete(
        self, session: AsyncSession, board: BoardPublished, draft: Submission, more: Answers, arrival: Arrival
    ) -> Taken:
        """Add answers to a draft: complete it, or ask again for what is still missing. Its time begins when it is complete."""
        answers = self.answers(draft).with_more(circumstances.dated(more, arrival.received_at))
        chosen = _choose(board, answers, numbered=draft.catalogue == _digest(board))
        answers = _resolved(answers, chosen)
        draft.catalogue = _digest(board)
        if not domain.missing(answers, chosen):
            draft.received_at = arrival.received_at
            fingerprint = domain.fingerprint(self._key, board.board, draft.sender_address, answers)
            await repository.claim_fingerprint(session, fingerprint, draft.case_id)
        return await self._settle(session, board, draft, answers, chosen)

    async def again(
        self, session: AsyncSession, board: BoardPublished, submission: Submission, more: Answers, at: datetime
    ) -> bool:
        """Whether a complete form said all this already; then its sender gets the same answer again. `more` arrived at `at`."""
        known = self.answers(submission)
        told = known.with_more(circumstances.dated(more, at))
        if not more.given() or _resolved(told, _choose(board, told)) != known:
            return False
        await self._again(session, board, submission)
        return True

    def answers(self, submission: Submission) -> Answers:
        """A submission's answers, opened."""
        return self._sealer.open(submission.case_id, Sealed(token=submission.answers), Answers)

    def asked(self, board: BoardPublished, draft: Submission) -> tuple[str, ...]:
        """The labels of what a draft lacks."""
        answers = self.answers(draft)
        return domain.missing(answers, _choose(board, answers))

    async def _settle(
        self, session: AsyncSession, board: BoardPublished, submission: Submission, answers: Answers, chosen: Chosen
    ) -> Taken:
        submission.answers = self._sealer.seal(submission.case_id, answers).token
        if domain.missing(answers, chosen):
            return await self._ask(session, board, submission, answers, chosen)
        submission.completed_at = now()
        await say(session, self._form_received(board, submission, answers))
        await self._confirm(session, board, submission, answers)
        return Taken(submission.case_id, ())

    async def _again(self, session: AsyncSession, board: BoardPublished, submission: Submission) -> Taken:
        answers = self.answers(submission)
        if submission.completed_at is None:
            return await self._ask(session, board, submission, answers, _choose(board, answers))
        await self._confirm(session, board, submission, answers)
        return Taken(submission.case_id, ())

    async def _ask(
        self, session: AsyncSession, board: BoardPublished, submission: Submission, answers: Answers, chosen: Chosen
    ) -> Taken:
        lacking = domain.missing(answers, chosen)
        asked = {question.label for question in chosen.questions}
        matter = _matter(board, submission, answers)
        written = tuple(label for label in lacking if label not in asked)
        await self._notices.form_incomplete(session, matter, written, chosen.questions, answers.form)
        return Taken(submission.case_id, lacking)

    async def _confirm(self, session: AsyncSession, board: BoardPublished, submission: Submission, answers: Answers) -> None:
        named = [area for area in domain.areas_of(board) if (area.case_stage, area.key) == (answers.case_stage, answers.area)]
        area = (*named, AreaChoice(key=answers.area, name=answers.area, case_stage=answers.case_stage, ladder=""))[0]
        matter, form = _matter(board, submission, answers), _form(submission, answers)
        await self._notices.form_received(session, matter, area, circumstances.told(answers), form)

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
            immediate_danger=domain.immediate_danger(answers.immediate_danger),
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
            form=self._sealer.seal(submission.case_id, _form(submission, answers)),
        )


def _choose(board: BoardPublished, answers: Answers, *, numbered: bool = True) -> Chosen:
    """The stage and the area, and everything that has to be asked."""
    chosen = domain.choose(board, answers, numbered=numbered)
    return chosen.model_copy(update={"questions": (*chosen.questions, *circumstances.questions(answers))})


def _resolved(answers: Answers, chosen: Chosen) -> Answers:
    """The answers with the stage and the area by their keys, once they are known."""
    if chosen.area is None:
        return answers
    return answers.model_copy(update={"case_stage": chosen.area.case_stage, "area": chosen.area.key})


def _form(submission: Submission, answers: Answers) -> FormContent:
    day = domain.plain_day(submission.received_at.astimezone(_LONDON))
    return domain.filled_in(answers.form, submission.sender_name, day)


def _matter(board: BoardPublished, submission: Submission, answers: Answers) -> Matter:
    to = Sender(name=submission.sender_name, address=submission.sender_address)
    urgent = domain.immediate_danger(answers.immediate_danger)
    return Matter(board, submission.case_id, to, submission.received_at, urgent=urgent)


def _digest(board: BoardPublished) -> str:
    """What the numbered lists of stages and areas are known by."""
    lists = [[stage.key for stage in board.case_stages], [[area.case_stage, area.key] for area in domain.areas_of(board)]]
    return hashlib.sha256(json.dumps(lists).encode()).hexdigest()[:16]
