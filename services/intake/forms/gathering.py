"""What all the forms in one mail come to: each a case of its own, the same one twice, or two versions nobody can choose between."""

from collections.abc import Sequence
from typing import NamedTuple

from services.intake.domain import Answers
from services.intake.forms.attachments import Found
from services.intake.forms.text import ALSO

MOST = 10
"""Forms that one mail may carry."""

BODY = "The body of the mail"
_MOST_WEIGHED = 50
_WHOLE = {"child_name", "summary", "requested_action"}
OTHER_PAPER = (
    "Another file names a child, and asks for no action: we did not read it as a form."
    " If it is one, please send it again with its Requested Action."
)
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
    kept = _without_other_papers(_joined(kept))
    children = [_words(one.answers.form.child_name) for one in kept]
    if len(kept) > MOST:
        return Gathered(tuple(kept[:MOST]), TOO_MANY)
    unclear = len(kept) > 1 and (len(set(children)) < len(children) or not all(children))
    return Gathered(tuple(kept), CONFLICT if unclear else "")


def _without_other_papers(kept: Sequence[Found]) -> list[Found]:
    """Minutes and referrals name a child and a worker too: beside a form, a file that asks for nothing is no form."""
    whole = [one for one in kept if one.answers.given().keys() >= _WHOLE]
    forms = [one for one in kept if one.where == BODY or one.answers.form.requested_action]
    if not whole or len(forms) == len(kept):
        return list(kept)
    return [forms[0]._replace(note=" ".join(filter(None, [forms[0].note, OTHER_PAPER]))), *forms[1:]]


def _joined(kept: Sequence[Found]) -> list[Found]:
    """Two parts of one form, such as its head in the mail and the rest in a file, as one: neither says otherwise than the other."""
    if len(kept) != 2 or not _one_form(kept[0].answers, kept[1].answers):
        return list(kept)
    more, less = sorted(kept, key=lambda one: -len(one.answers.given()))
    return [more._replace(answers=less.answers.with_more(more.answers))]


def _one_form(one: Answers, other: Answers) -> bool:
    """Whether neither of two says otherwise than the other, and no more than one of them says what it is about."""
    first, second = one.given(), other.given()
    both = first.keys() & second.keys()
    return not both & {"summary", "requested_action"} and all(alike(first[field], second[field]) for field in both)


def _says_all_of(whole: Answers, part: Answers) -> bool:
    said = whole.fields()
    return all(alike(answer, said[field]) for field, answer in part.given().items() if field != ALSO)


def alike(one: str, other: str) -> bool:
    """Whether two answers say the same."""
    return _words(one) == _words(other)


def _words(answer: str) -> str:
    """An answer however it is spaced, broken and punctuated: a PDF breaks lines where a document does not."""
    return "".join(character for character in answer.casefold() if character.isalnum())
