"""The Escalation Form wherever it is in a mail: in its words, or in whatever is attached to it, one module per format."""

from services.intake import danger
from services.intake.courtesies import before_signature, without_greeting
from services.intake.domain import ASKED_LABELS, LABELS, OPTIONAL_LABELS, Answers
from services.intake.forms import gathering, labels, plain_file, sheet, text
from services.intake.forms.attachments import Found, Opened
from services.intake.forms.gathering import BODY, Gathered
from services.intake.mailbox import Letter
from services.intake.quotes import own_words, segments, without_banner

_ANSWERED_BESIDE = {*text.DISTINCTIVE, *(key for key, _ in (*ASKED_LABELS, *OPTIONAL_LABELS))}
"""What may be answered in a mail's words beside its form: labels that no other words are taken for."""


def in_body(letter: Letter) -> tuple[Found, ...]:
    """The forms in a mail's own words, wherever they are quoted."""
    answers = text.read(letter)
    several = next((found for part in segments(without_banner(letter.text)) if len(found := sheet.from_text(part)) > 1), ())
    found = several or ((answers,) if answers is not None else ())
    return tuple(Found(BODY, one) for one in plain_file.from_hypertext(letter.hypertext, found))


def find(letter: Letter, came: Opened, *, body: bool = True) -> Gathered:
    """The forms of a whole mail, each once: in its words, unless `body` is false, and in what came attached to it."""
    gathered = gathering.gather((*(in_body(letter) if body else ()), *came.forms))
    if not body or gathered.problem or not gathered.forms:
        return gathered
    words = before_signature(without_greeting(own_words(letter.text)))
    if len(gathered.forms) == 1 and gathered.forms[0].where != BODY:
        gathered = gathered._replace(forms=(_completed(gathered.forms[0], words),))
    return gathered._replace(forms=tuple(_warned(found, _before_form(words)) for found in gathered.forms))


def _completed(found: Found, words: str) -> Found:
    """An attached form with what the mail's own words answer that it leaves blank: `I forgot, DOB: 3 March 2015`."""
    said = {key: answer for key, answer in text.read_answers(words).given().items() if key in _ANSWERED_BESIDE}
    blank = {key: answer for key, answer in said.items() if key not in found.answers.given()}
    differs = [LABELS[key] for key in said if key not in blank and not gathering.alike(said[key], found.answers.fields()[key])]
    note = f"The mail says otherwise than the form about: {', '.join(differs)}. We went by the form." if differs else ""
    return found._replace(
        answers=Answers.of({**found.answers.fields(), **blank}), note=" ".join(filter(None, [found.note, note]))
    )


def _before_form(words: str) -> str:
    """What is written in a mail before any label."""
    lines = words.split("\n")
    end = next((at for at, line in enumerate(lines) if labels.at_start(line)), len(lines))
    return "\n".join(lines[:end]).strip()


def _warned(found: Found, cover: str) -> Found:
    """A form with what the mail said beside it, where that may mean that a child is in danger now: the form speaks of it then."""
    if not danger.speaks(cover):
        return found
    also = "\n".join(filter(None, [found.answers.form.also, cover]))
    return found._replace(answers=Answers.of({**found.answers.fields(), text.ALSO: also}))


def rule(found: Found) -> str:
    """Which rule found a form, in plain words."""
    return f"the form is in {found.where[0].lower()}{found.where[1:]}"
