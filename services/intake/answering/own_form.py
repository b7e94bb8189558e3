"""The form that a notice is about, to whoever sent it: what it lacks, and the way to the pages on which it is completed or corrected."""

from services.contracts.reply_address import Token
from services.contracts.vocabulary import Side
from services.intake import repository as intake
from services.intake.web import repository as web
from services.intake.web.again import Again, Earlier
from services.intake.web.codes import Visit
from services.intake.web.drafts import Drafts
from services.kit.database import Database


class OwnForm:
    """Finds it, and opens it on the form's pages with what was understood. Everything here may raise Unavailable."""

    def __init__(self, database: Database, drafts: Drafts, again: Again) -> None:
        self._database = database
        self._drafts = drafts
        self._again = again

    async def find(self, token: Token, address: str | None) -> Earlier | None:
        """The form of this notice, where this address sent it. Other notices than intake's are about a case, and no form."""
        ours = token.notice_id.rpartition(".")[2].startswith("i")
        if address is None or token.side is not Side.RAISING or not ours:
            return None
        async with self._database.transaction() as session:
            return await self._again.earlier(session, token.case_id, address)

    async def open(self, form: Earlier, visit: Visit) -> str:
        """Where it is gone on with. The same place again, as long as nothing in it has changed."""
        async with self._database.transaction() as session:
            board = await intake.board(session, form.board)
            contacts = await web.contacts(session, form.board)
            values = await self._again.values(session, board, contacts, form.case_id) if board is not None else {}
        key = await self._drafts.go_on_with(form.case_id, form.board, visit.key, visit.address or "", values)
        return f"/boards/{form.board}/form/{key}/next"
