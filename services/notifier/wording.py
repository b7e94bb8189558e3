"""What a notice says: its subject, its text and its HTML, from the template folder of its kind.

A template sees sealed content only where the recipient's mail domain may carry it: elsewhere it is handed the child's initials and
nothing else, so no template can say more than it may.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup, escape
from pydantic import ValidationError

from services.contracts.content import FORM_LABELS, FURTHER_LABELS, CodeContent, FormContent, OutcomeContent, ReplyContent
from services.contracts.message import Data, Moment
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer, SealError
from services.contracts.vocabulary import Side
from services.kit.web import words
from services.notifier import answering, sentences
from services.notifier.errors import Unprintable
from services.notifier.facts import FORM_WHEN_URGENT, KINDS, NOTHING_LEFT_OUT, WITHOUT_A_CASE

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_MAILTO = 2000

_CONTENT: dict[str, type[Data]] = {
    "form": FormContent,
    "reply": ReplyContent,
    "outcome": OutcomeContent,
    "code": CodeContent,
}
_UNPRINTABLE_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n{3,}")
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Written:
    """A notice in words."""

    subject: str
    text: str
    html: str


class Wording:
    """Writes notices. `board_url` is where a person reaches the board's staff; it stands in mails and carries no case.

    `pages_url` is the public address of intake's pages, where a notice can be answered too.
    """

    def __init__(self, sealer: Sealer, board_url: str, pages_url: str) -> None:
        self._sealer = sealer
        self._board_url = board_url
        self._pages_url = pages_url.rstrip("/")
        self._templates = _environment()

    def write(self, notice: SendNotice, reply_to: str) -> Written:
        """Write a notice that is answered to the address `reply_to`. Raises Unprintable."""
        if notice.kind not in KINDS:
            raise Unprintable(f"there is no notice of the kind {notice.kind!r}")
        try:
            facts = KINDS[notice.kind].model_validate(notice.facts)
        except ValidationError as error:
            wrong = ", ".join(sorted({".".join(map(str, mistake["loc"])) for mistake in error.errors()}))
            raise Unprintable(f"facts of {notice.kind} are missing or wrong: {wrong}") from error
        context = self._context(notice, reply_to) | {"offer": answering.offer(notice.kind, facts)}
        try:
            subject = self._templates.get_template(f"{notice.kind}/subject.txt").render(context, facts=facts)
            text = self._templates.get_template(f"{notice.kind}/body.txt").render(context, facts=facts)
            html = self._templates.get_template(f"{notice.kind}/body.html").render(context, facts=facts)
        except jinja2.TemplateError as error:
            raise Unprintable(f"the template of {notice.kind} failed: {type(error).__name__}") from error
        return Written(subject=" ".join(subject.split()), text=_BLANK_LINES.sub("\n\n", text).strip() + "\n", html=html)

    def _context(self, notice: SendNotice, reply_to: str) -> dict[str, Any]:
        opened = self._open(notice)
        form = opened.get("form")
        full = notice.to.full_content
        return {
            "reference": notice.case_id,
            "board_name": notice.board_name,
            "board_url": self._board_url,
            "demonstration": notice.demonstration,
            "urgent": notice.urgent,
            "to": notice.to,
            "side": notice.to.side,
            "Side": Side,
            "left_out": _is_told_less(notice),
            "initials": form.initials() if isinstance(form, FormContent) else "",
            "form": form if full else None,
            "reply": opened.get("reply") if full else None,
            "outcome": opened.get("outcome") if full else None,
            "code": opened.get("code"),
            "attachments": notice.attachments if full else (),
            "form_labels": FORM_LABELS + FURTHER_LABELS,
            "answer": _Answers(notice.case_id, reply_to),
            "page": self._page(notice, reply_to),
        }

    def _page(self, notice: SendNotice, reply_to: str) -> str:
        """Where this notice is answered on a page: the token is the one of its reply address. Board staff have pages of their own."""
        token, _, _ = reply_to.partition("@")
        return "" if notice.to.side is Side.BOARD else f"{self._pages_url}/answer/{token}"

    def _open(self, notice: SendNotice) -> dict[str, Data]:
        try:
            return {
                name: self._sealer.open(notice.case_id, sealed, _CONTENT[name])
                for name, sealed in notice.sealed.items()
                if name in _CONTENT and (name == "code") == (notice.kind in WITHOUT_A_CASE)
            }
        except SealError as error:
            raise Unprintable(f"sealed content does not open: {error}") from error
        except ValidationError as error:
            raise Unprintable("sealed content is not what its name says") from error


def _is_told_less(notice: SendNotice) -> bool:
    """Whether others are shown, in the same notice, what this recipient is not."""
    if notice.to.full_content or notice.kind in NOTHING_LEFT_OUT:
        return False
    aside = {"form"} if notice.kind in FORM_WHEN_URGENT and not notice.urgent else set()
    return bool(notice.sealed.keys() - aside or notice.attachments)


class _Answers:
    """Links that begin an answer: a new mail to the notice's reply address with the decision word on its first line."""

    def __init__(self, reference: str, reply_to: str) -> None:
        self._reference = reference
        self._reply_to = reply_to

    def __call__(self, word: str, lines: Sequence[str] = ()) -> str:
        """The link, shorter than what every mail program takes; prepared lines that would make it longer are left out."""
        link = self._link([word, *lines])
        return link if len(link) < LONGEST_MAILTO else self._link([word])

    def _link(self, lines: Sequence[str]) -> str:
        subject = quote(f"Re: [{self._reference}] Professional disagreement", safe="")
        body = quote("\r\n".join((*lines, "")), safe="")
        return f"mailto:{quote(self._reply_to, safe='@')}?subject={subject}&body={body}"


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(["html"], default_for_string=False),
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["when"] = when
    environment.filters["lines"] = _lines
    environment.globals["words"] = sentences
    environment.globals["answering"] = answering
    return environment


@jinja2.pass_context
def when(context: jinja2.runtime.Context, moment: Moment) -> str:
    """A moment as a person in England reads it: "2:05pm on Friday 4 December 2026".

    Seconds only where hours are seconds, on a demonstration board. What could be read two ways says which: midnight, and the hour
    that comes twice when summer time ends. Parts of a minute are dropped, so a deadline is never shown later than it is.
    """
    local = moment.astimezone(_LONDON)
    if context.get("demonstration"):
        return f"{local.hour % 12 or 12}:{local:%M:%S}{'pm' if local.hour >= 12 else 'am'} on {words.day(moment)}"
    if local.hour == local.minute == 0:
        return f"midnight at the start of {words.day(moment)}"
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{words.time(moment)}{f' {local.tzname()}' if twice else ''} on {words.day(moment)}"


def _printable(value: object) -> object:
    if isinstance(value, Markup):
        return Markup(_UNPRINTABLE_CHARACTERS.sub("", value))  # noqa: S704 - it was markup already; only characters are taken out
    if isinstance(value, str):
        return _UNPRINTABLE_CHARACTERS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return value


def _lines(value: str) -> Markup:
    """Text for HTML with its line breaks kept."""
    return Markup("<br>").join(escape(line) for line in value.splitlines())
