"""What board staff may read of something held: plain text and what was understood, never what a mail would have shown as a page."""

from services.contracts.content import HeldContent
from services.intake.domain import Answers
from services.intake.understanding import Understanding


def readable(seen: Understanding) -> HeldContent | None:
    """What could be read in something held; None when nothing could."""
    answers = seen.answers or Answers()
    if not (seen.text.strip() or seen.attachments or answers.given()):
        return None
    return HeldContent(
        sender_name=seen.sender.name if seen.sender else "",
        text=seen.text,
        words=seen.words,
        attachments=seen.attachments,
        form=answers.form,
        case_stage=answers.case_stage,
        area=answers.area,
        immediate_danger=answers.immediate_danger,
    )
