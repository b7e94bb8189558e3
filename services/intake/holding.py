"""What board staff may read of something held: plain text and what was understood, never what a mail would have shown as a page."""

from datetime import datetime

from services.contracts.content import HeldContent
from services.contracts.vocabulary import HeldReason
from services.intake import forms, mailbox
from services.intake.domain import Answers
from services.intake.errors import Unreadable
from services.intake.forms.attachments import Opened, open_mail
from services.intake.forms.text import read_answers
from services.intake.understanding import Understanding, held


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
        further_forms=len(seen.others),
    )


def read_as_form(
    raw: bytes, recipients: tuple[str, ...], mail_from: str | None, received_at: datetime, *, open_files: bool = True
) -> Understanding:
    """A mail as the form that a person says it is, whoever sent it and whatever it answers. Pure, and never raises: for the sandbox.

    Where no form is found, whatever labelled answers there are; where several may be the same one, the first. With `open_files` false
    what is attached is left closed.
    """
    del mail_from
    try:
        message = mailbox.parse(raw)
        letter = mailbox.read(message, recipients)
        found = forms.find(letter, open_mail(message) if open_files else Opened())
    except Unreadable as error:
        return held(HeldReason.UNREADABLE, str(error), received_at)
    except Exception as error:  # as in `understand`: what breaks us is still looked at by a person, who fills the form in
        return held(HeldReason.UNREADABLE, f"This mail could not be read ({type(error).__name__}).", received_at)
    every = [one.answers for one in found.forms if not one.answers.too_long()] or [read_answers(letter.text)]
    seen = Understanding(kind="form", rule="board staff say that it is a form", at=received_at, sender=letter.sender)
    return seen.model_copy(update={"answers": every[0], "others": () if found.problem else tuple(every[1:])})
