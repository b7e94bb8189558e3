"""What somebody's answer to a mail of ours leads to: a draft completed, a form corrected, a decision passed on, or a person's look.

Whose mail it is and whether it may act was decided before (`incoming`).
"""

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.reply_address import Token
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import HeldReason, Person, Side
from services.intake import danger, domain, repository, sentences
from services.intake.advice import HOW_TO_CHOOSE, HOW_TO_COMPLETE, HOW_TO_CORRECT, HOW_TO_REPLY
from services.intake.aside import Aside
from services.intake.corrections import Corrections
from services.intake.desk import Held, Original
from services.intake.domain import Answers
from services.intake.mailbox import Sender
from services.intake.passing_on import reply_received
from services.intake.submissions import Arrival, Submissions
from services.intake.tables import HeldItem, RawMessage, Submission
from services.intake.trust import knows
from services.intake.understanding import Understanding
from services.kit.outbox import say

_LIKE_A_FORM = 3
_CORRECTS_AND_WARNS = (
    "Your form is corrected. Words in the mail may mean that a child is in danger now, so a person reads it too."
)
_NOTHING_TO_CHANGE = "We could not tell what to change in your form."
_NOT_FOUND = "We could not find the missing parts of your form in it."
_CANNOT_CHOOSE = "The stage of the case or the area of disagreement is not known."


class Conversation:
    """Takes trusted answers in, in the transaction it is given."""

    def __init__(self, sealer: Sealer, submissions: Submissions, corrections: Corrections, aside: Aside) -> None:
        self._sealer = sealer
        self._submissions = submissions
        self._corrections = corrections
        self._aside = aside

    async def about_case(
        self, session: AsyncSession, mail: RawMessage, seen: Understanding, token: Token, submission: Submission | None
    ) -> str:
        """An answer to a notice of a case: the decision in it, its form corrected, or something a person must read."""
        known = self._submissions.answers(submission) if submission is not None else Answers()
        if _is_ours(token) and sentences.is_right(seen.words):
            return "thanks"
        if seen.decision is not None and seen.sender is not None:
            by = Person(name=seen.sender.name or seen.sender.address, address=seen.sender.address)
            original = Original(mail.sha256, mail.received_at, by.address)
            child = known.form.child_name
            await say(session, reply_received(self._sealer, token, by, seen.decision, original, child_name=child))
            return "reply"
        board = await repository.board(session, submission.board) if submission is not None else None
        detail, advice = seen.rule, HOW_TO_REPLY
        if submission is not None and board is not None and token.side is Side.RAISING:
            more = _correction(seen, token, known)
            if more.given():
                unclear = await self._corrections.take(session, board, submission, more, arrival(mail))
                if unclear is None and not danger.speaks(seen.words):
                    return "form"
                detail, advice = (unclear.why, HOW_TO_CORRECT) if unclear is not None else (_CORRECTS_AND_WARNS, "")
            elif _is_ours(token):
                if sentences.is_thanks(seen.words):
                    return "thanks"
                detail, advice = _NOTHING_TO_CHANGE, HOW_TO_CORRECT
        held = Held(HeldReason.UNCLEAR_REPLY, detail, seen.sender, board.board if board else None, token.case_id, token.side)
        return await self._aside.put(session, mail, held, seen, board=board, advice=advice)

    async def completion(self, session: AsyncSession, mail: RawMessage, seen: Understanding, draft: Submission) -> str:
        """An answer to a draft: what it lacks, by label, by number or in sentences; or, when one thing is asked, that thing alone."""
        board = await repository.board(session, draft.board)
        assert board is not None, "a draft is only begun for a board that is known"  # noqa: S101 - see Submissions.submit
        more = seen.answers or Answers()
        if not more.given() and not seen.robot:
            more = sentences.read(seen.words, self._submissions.answers(draft))
        if not more.given() and not seen.robot:
            more = domain.unlabelled(self._submissions.asked(board, draft), seen.words)
        if not more.given() and sentences.is_thanks(seen.words):
            return "thanks"
        case = Held(HeldReason.UNCLEAR_REPLY, _NOT_FOUND, seen.sender, board.board, draft.case_id)
        if not more.given() or more.too_long():
            return await self._aside.put(session, mail, case, seen, board=board, advice=HOW_TO_COMPLETE)
        taken = await self._submissions.complete(session, board, draft, more, arrival(mail))
        if taken.missing and (domain.is_not_known(more.case_stage) or domain.is_not_known(more.area)):
            case = case._replace(detail=_CANNOT_CHOOSE)
            return await self._aside.put(session, mail, case, seen, board=board, advice=HOW_TO_CHOOSE)
        return "form"

    async def about_held_item(
        self, session: AsyncSession, mail: RawMessage, seen: Understanding, sender: Sender, item: HeldItem
    ) -> str:
        """An answer about something held: the form, this time, or more for board staff to read."""
        board = await repository.board(session, item.board) if item.board else None
        known = board is not None and knows(board, sender.address)
        if board is not None and known and seen.answers is not None and len(seen.answers.given()) >= _LIKE_A_FORM:
            await self._submissions.submit(session, board, sender, seen.answers, arrival(mail))
            return "form"
        detail = "It answers our mail about something that waits for the board’s staff."
        return await self._aside.put(session, mail, Held(HeldReason.NOT_A_FORM, detail, sender, item.board), seen)


def arrival(mail: RawMessage, asides: tuple[str, ...] = ()) -> Arrival:
    """How and when a mail came in."""
    return Arrival("mail", mail.sha256, mail.received_at, asides)


def _is_ours(token: Token) -> bool:
    """Whether a notice is one of intake's own, which are about a form."""
    return token.notice_id.rpartition(".")[2].startswith("i")


def _correction(seen: Understanding, token: Token, known: Answers) -> Answers:
    """What a reply says of its sender's form: the whole form in answer to any notice of the case, or parts of it in answer to ours."""
    answers = seen.answers or Answers()
    if len(answers.given()) >= _LIKE_A_FORM or (answers.given() and _is_ours(token)):
        return answers
    return sentences.read(seen.words, known) if _is_ours(token) and not seen.robot else Answers()
