"""A form that somebody has sent already: gone on with on the pages, to complete or to correct it, instead of becoming a second case.

Only whoever sent it, from the address they sent it from, learns that there is one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.contact_list import ContactLine
from services.contracts.escalator import BoardPublished
from services.intake import domain, read_back
from services.intake import repository as intake
from services.intake.corrections import Corrections
from services.intake.domain import Answers
from services.intake.forms.children import one_in_both
from services.intake.moments import LONDON
from services.intake.submissions import Arrival, Submissions
from services.intake.tables import Submission
from services.intake.web import prefill, repository
from services.kit.clock import now

LOOK_BACK = timedelta(days=60)
"""How long after a form somebody is asked whether another about the same child is the same one."""


class Earlier(NamedTuple):
    """A form that somebody sent: its reference, when it came, what it is about, and what it lacks. `version` counts its corrections."""

    case_id: str
    board: str
    received_at: datetime
    area: str
    agency: str
    missing: tuple[str, ...]
    version: int

    @property
    def complete(self) -> bool:
        """Whether a case has begun with it."""
        return not self.missing


class Again:
    """Finds forms that were sent, and goes on with them, in the transaction it is given."""

    def __init__(self, submissions: Submissions, corrections: Corrections) -> None:
        self._submissions = submissions
        self._corrections = corrections

    async def earlier(self, session: AsyncSession, case_id: str, address: str) -> Earlier | None:
        """A form by its reference, to whoever sent it."""
        submission = await intake.submission(session, case_id)
        if submission is None or submission.sender_address.lower() != address.lower():
            return None
        board = await intake.board(session, submission.board)
        return self._seen(board, submission) if board is not None else None

    async def values(
        self, session: AsyncSession, board: BoardPublished, contacts: Sequence[ContactLine], case_id: str
    ) -> dict[str, str]:
        """What the pages would have been told by this form."""
        submission = await intake.submission(session, case_id)
        if submission is None:
            return {}
        told = self._submissions.understood(board, submission)
        return prefill.values_of(board, contacts, told, submission.sender_name, now().astimezone(LONDON).date())

    async def alike(self, session: AsyncSession, board: BoardPublished, address: str, told: Answers) -> Earlier | None:
        """The latest form of theirs that may be the same: about the same child, and not so alike that it is known to be the same."""
        at = now()
        if await repository.is_known(session, self._submissions.fingerprint_of(board, address, told, at)):
            return None
        since = at - LOOK_BACK
        for submission in await repository.sent_by(session, board.board, address, since):
            before = self._submissions.answers(submission)
            known = submission.completed_at is None and domain.continues(before, told)
            if not known and one_in_both(before.form.child_name, told.form.child_name):
                return self._seen(board, submission)
        return None

    async def send(
        self, session: AsyncSession, board: BoardPublished, case_id: str, changed: dict[str, str], arrival: Arrival
    ) -> str:
        """Complete or correct a form by these changes; an empty text, or why that cannot be done."""
        submission = await intake.submission(session, case_id)
        assert submission is not None, "a form that was sent is kept"  # noqa: S101 - nothing deletes one
        more, cleared = Answers.of(changed), [name for name, value in changed.items() if not value]
        if submission.completed_at is None:
            await self._submissions.complete(session, board, submission, more, arrival, cleared=cleared)
            return ""
        unclear = await self._corrections.take(session, board, submission, more, arrival, cleared=cleared)
        return unclear.why if unclear is not None else ""

    def _seen(self, board: BoardPublished, submission: Submission) -> Earlier:
        told = self._submissions.understood(board, submission)
        missing = () if submission.completed_at is not None else self._submissions.asked(board, submission)
        area, agency = read_back.area_of(board, told).name, told.form.agency_team
        return Earlier(
            submission.case_id, submission.board, submission.received_at, area, agency, missing, submission.form_version
        )
