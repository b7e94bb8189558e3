"""A form corrected by whoever sent it: a new version beside the one before, the sender told what changed, the case left as it began.

A case is decided on the first version. Where a correction says otherwise in what decides its way, board staff are told and look at it;
nobody but a person moves a case that has begun (see `docs/decisions`).
"""

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.escalator import BoardPublished
from services.contracts.intake import FormCorrected
from services.contracts.message import Data
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import HeldReason, Person
from services.intake import circumstances, domain, ledger, read_back, repository
from services.intake.desk import Desk, Held, Original
from services.intake.domain import Answers, Chosen
from services.intake.notices import Notices
from services.intake.read_back import Change
from services.intake.submissions import Arrival, Submissions, choose, kept_form, matter_of, resolved
from services.intake.tables import Submission
from services.kit.clock import now
from services.kit.outbox import say


class Unclear(Data):
    """Why a correction cannot be taken, as one sentence that can be told to its sender."""

    why: str


class Corrections:
    """Takes corrections in, in the transaction it is given."""

    def __init__(self, sealer: Sealer, submissions: Submissions, notices: Notices, desk: Desk) -> None:
        self._sealer = sealer
        self._submissions = submissions
        self._notices = notices
        self._desk = desk

    async def take(
        self,
        session: AsyncSession,
        board: BoardPublished,
        submission: Submission,
        more: Answers,
        arrival: Arrival,
        *,
        cleared: Iterable[str] = (),
    ) -> Unclear | None:
        """Correct a complete form by what its sender wrote since; where that is nothing new, they get the same answer again.

        `cleared` are fields whose answer was taken out.
        """
        known = self._submissions.answers(submission)
        told = known.with_more(circumstances.dated(more, arrival.received_at), cleared)
        told, chosen = _choose(board, told, more)
        if told.too_long():
            return Unclear(why="With the correction the form is too long to be read by a machine.")
        if domain.missing(told, chosen):
            return Unclear(why=_what_is_unclear(chosen))
        changed = read_back.changes(board, known, told)
        if not changed:
            await self._submissions.again(session, board, submission)
            return None
        await self._keep(session, submission, told, arrival)
        await say(session, self._corrected(submission, told, changed, arrival))
        leads = [change for change in changed if change.field in read_back.LEADS]
        if leads:
            await self._tell_board(session, board, submission, leads, arrival)
        form = kept_form(submission, told)
        facts = read_back.form_received(board, told, form) | {
            "form_version": submission.form_version,
            "changed": [read_back.label(change.field) for change in changed],
            "board_told": bool(leads),
        }
        matter = matter_of(board, submission, told)
        await self._notices.form_received(session, matter, facts, form, read_back.in_words(changed))
        return None

    async def _keep(self, session: AsyncSession, submission: Submission, told: Answers, arrival: Arrival) -> None:
        """Both versions; the later one is in force, and known again when it comes as a form of its own."""
        first = Arrival(arrival.channel, submission.source, submission.received_at)
        await ledger.keep_version(session, submission, first.source, first.received_at)
        submission.form_version += 1
        submission.answers = self._sealer.seal(submission.case_id, told).token
        await ledger.keep_version(session, submission, arrival.source, arrival.received_at)
        fingerprint = self._submissions.fingerprint(submission, told)
        await repository.claim_fingerprint(session, fingerprint, submission.case_id)

    def _corrected(self, submission: Submission, told: Answers, changed: tuple[Change, ...], arrival: Arrival) -> FormCorrected:
        return FormCorrected(
            message_id=uuid5(NAMESPACE_URL, f"concord:form_corrected:{submission.case_id}:{submission.form_version}"),
            at=now(),
            case_id=submission.case_id,
            board=submission.board,
            form_version=submission.form_version,
            by=Person(name=submission.sender_name or submission.sender_address, address=submission.sender_address),
            changed=tuple(read_back.label(change.field) for change in changed),
            received_at=arrival.received_at,
            source=arrival.source,
            form=self._sealer.seal(submission.case_id, kept_form(submission, told)),
        )

    async def _tell_board(
        self, session: AsyncSession, board: BoardPublished, submission: Submission, leads: list[Change], arrival: Arrival
    ) -> None:
        danger = any(change.field == "immediate_danger" and change.now == "Yes" for change in leads)
        said = "It now says that a child is in immediate danger. " if danger else ""
        labels = "; ".join(read_back.label(change.field) for change in leads)
        held = Held(
            HeldReason.CHANGED,
            f"{said}Its sender corrected the form in: {labels.removesuffix('?')}.",
            matter_of(board, submission, Answers()).to,
            submission.board,
            submission.case_id,
            urgent=danger,
        )
        original = Original(arrival.source, arrival.received_at, submission.sender_address)
        item_id = await self._desk.hold(session, original, held)
        await self._desk.tell_board(session, board, item_id, original, held)


def _choose(board: BoardPublished, told: Answers, more: Answers) -> tuple[Answers, Chosen]:
    """The stage and the area after a correction. An area of another stage brings its stage with it where it has only one."""
    chosen = choose(board, told)
    if chosen.area is None and more.area and not more.case_stage:
        alone = choose(board, told.model_copy(update={"case_stage": ""}))
        chosen = alone if alone.area is not None else chosen
    return resolved(told, chosen), chosen


def _what_is_unclear(chosen: Chosen) -> str:
    asked = " ".join(f"“{question.label}” can be: {'; '.join(question.options)}." for question in chosen.questions)
    return f"It corrects your form, and not all of it can be understood. {asked}".strip()
