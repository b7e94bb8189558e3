"""What all the forms in one mail come to: each a case of its own, the same one twice, or two versions nobody can choose between."""

from collections.abc import Sequence
from typing import NamedTuple

from services.intake.domain import Answers
from services.intake.forms.attachments import Found

MOST = 10
"""Forms that one mail may carry."""

_MOST_WEIGHED = 50
TOO_MANY = f"There are more than {MOST} forms in it. Please send no more than {MOST} in one mail."
CONFLICT = (
    "There are two forms about the same child in it, and they do not say the same."
    " Please send one of them, with all that it should say."
)


class Gathered(NamedTuple):
    """The forms in a mail, in order: each begins a case, unless `problem` says why only their sender can tell which counts."""

    forms: tuple[Found, ...] = ()
    problem: str = ""


def gather(found: Sequence[Found]) -> Gathered:
    """The forms in a mail, whichever part of it they are in: forms about different children are different cases.

    A form that says no more than another, such as a document sent together with its PDF or an empty copy, is no form of its own.
    """
    kept: list[Found] = []
    found = found[:_MOST_WEIGHED]
    for one in sorted(found, key=lambda one: -len(one.answers.given())):
        if not any(_says_all_of(other.answers, one.answers) for other in kept):
            kept.append(one)
    kept.sort(key=list(found).index)
    children = [_words(one.answers.form.child_name) for one in kept]
    if len(kept) > MOST:
        return Gathered(tuple(kept[:MOST]), TOO_MANY)
    unclear = len(kept) > 1 and (len(set(children)) < len(children) or not all(children))
    return Gathered(tuple(kept), CONFLICT if unclear else "")


def _says_all_of(whole: Answers, part: Answers) -> bool:
    said = whole.fields()
    return all(_words(answer) == _words(said[field]) for field, answer in part.given().items())


def _words(answer: str) -> str:
    """An answer however it is spaced, broken and punctuated: a PDF breaks lines where a document does not."""
    return "".join(character for character in answer.casefold() if character.isalnum())
