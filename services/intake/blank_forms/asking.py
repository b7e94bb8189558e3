"""The answer to a mail that asks for the blank form: both formats, attached to a mail that the filled form can be a reply to."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.escalator import BoardPublished
from services.contracts.notifier import Attachment
from services.intake import ledger
from services.intake.blank_forms.making import BlankForms, Format
from services.intake.domain import Answers
from services.intake.mailbox import Sender
from services.intake.notices import Notices
from services.intake.submissions import Arrival, Submissions, matter_of
from services.kit.clock import now
from services.kit.store import Store

_PAUSE = timedelta(minutes=5)
_ROBOTS_PAUSE = timedelta(days=1)


class Asking:
    """Answers mails that ask for the form (see `request`).

    The answer stands for a draft with nothing in it yet, so that a reply to it completes the form.
    """

    def __init__(self, store: Store, blank_forms: BlankForms, submissions: Submissions, notices: Notices) -> None:
        self._store = store
        self._blank_forms = blank_forms
        self._submissions = submissions
        self._notices = notices

    async def answer(
        self, session: AsyncSession, board: BoardPublished, sender: Sender, arrival: Arrival, *, robot: bool
    ) -> str:
        """Send both formats to somebody the board knows, who has not been sent them a moment ago. What came of it."""
        pause = _ROBOTS_PAUSE if robot else _PAUSE
        if not await ledger.tell_once(session, sender.address, f"blank form {board.board}", now(), pause):
            return "blank form: sent already"
        files = []
        for kind in Format:
            document = await self._store.put(await self._blank_forms.make(board, kind))
            files.append(Attachment(document=document, filename=kind.filename, media_type=kind.media_type))
        draft = await self._submissions.begin(session, board, sender, arrival)
        await self._notices.blank_form(session, matter_of(board, draft, Answers()), files)
        return "blank form"
