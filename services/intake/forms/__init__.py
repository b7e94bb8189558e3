"""The Escalation Form wherever it is in a mail: in its words, or in whatever is attached to it, one module per format."""

from services.intake.forms import gathering, sheet, text
from services.intake.forms.attachments import Found, Opened
from services.intake.forms.gathering import Gathered
from services.intake.mailbox import Letter
from services.intake.quotes import segments, without_banner

BODY = "The body of the mail"


def in_body(letter: Letter) -> tuple[Found, ...]:
    """The forms in a mail's own words, wherever they are quoted."""
    answers = text.read(letter)
    if answers is None:
        return ()
    for part in segments(without_banner(letter.text)):
        several = sheet.from_text(part)
        if len(several) > 1:
            return tuple(Found(BODY, one) for one in several)
    return (Found(BODY, answers),)


def find(letter: Letter, came: Opened, *, body: bool = True) -> Gathered:
    """The forms of a whole mail, each once: in its words, unless `body` is false, and in what came attached to it."""
    return gathering.gather((*(in_body(letter) if body else ()), *came.forms))


def rule(found: Found) -> str:
    """Which rule found a form, in plain words."""
    return f"the form is in {found.where[0].lower()}{found.where[1:]}"
