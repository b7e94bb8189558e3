"""Blank forms when they are wanted: made outside the event loop, one at a time, and kept while the board stays as it is."""

import asyncio
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Final

from services.contracts.escalator import BoardPublished
from services.intake.blank_forms import fields, word
from services.intake.blank_forms.fields import Form
from services.intake.domain import Answers, areas_of
from services.intake.mailbox import clean

BEFOREHAND: Final = ("to_manager", "social_worker", "agency_team", "case_stage", "area")
"""What a link may fill in beforehand: nothing about a child, since addresses of pages are kept in many places."""

_LONGEST: Final = 200
_KEPT: Final = 32


class Format(Enum):
    """A format the form is offered in: its ending, and its media type."""

    WORD = ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    PDF = ("pdf", "application/pdf")

    @property
    def filename(self) -> str:
        """What it is called when it is saved."""
        return f"escalation-form.{self.value[0]}"

    @property
    def media_type(self) -> str:
        """What it says it is."""
        return self.value[1]


class BlankForms:
    """Makes the blank forms of boards. Forms are sent back to `<board>@mail_domain`."""

    def __init__(self, mail_domain: str) -> None:
        self._mail_domain = mail_domain
        self._one_at_a_time = asyncio.Lock()

    async def make(self, board: BoardPublished, kind: Format, known: Mapping[str, str] | None = None) -> bytes:
        """The form, with what is `known` of `BEFOREHAND` filled in; a stage or an area the board does not have is left out."""
        form = fields.form(board, f"{board.board}@{self._mail_domain}", _beforehand(board, known or {}))
        async with self._one_at_a_time:
            return await asyncio.to_thread(_made, form, kind)


@lru_cache(maxsize=_KEPT)
def _made(form: Form, kind: Format) -> bytes:
    if kind is Format.WORD:
        return word.make(form)
    from services.intake.blank_forms import pdf  # noqa: PLC0415 - the typesetter takes half a second to load

    return pdf.make(form)


def _beforehand(board: BoardPublished, known: Mapping[str, str]) -> Answers:
    said = {key: " ".join(clean(known[key]).split())[:_LONGEST] for key in BEFOREHAND if key in known}
    for key, choices in (("case_stage", board.case_stages), ("area", areas_of(board))):
        names = {name: choice.name for choice in choices for name in (choice.key, choice.name)}
        said[key] = names.get(said.get(key, ""), "")
    return Answers.of(said)
