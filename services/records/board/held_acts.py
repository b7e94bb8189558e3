"""What board staff can say of something held: what may be said of which item, what each form asks, and what it then says. No I/O.

A reply to a case has a module of its own (`held_reply`).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from services.contracts.content import FORM_LABELS, FormContent, HeldContent, OutcomeContent, ReplyContent
from services.contracts.escalator import BoardPublished
from services.contracts.vocabulary import HeldReason, Person
from services.records.board.fields import LONGEST_LINE, LONGEST_TEXT, Answers, Mistakes, one_line, too_long, whole_text
from services.records.tables import HeldRow

How = Literal["form", "reply", "answered", "refused", "seen"]

OURS: Final = frozenset({HeldReason.NOT_COMPLETED, HeldReason.CHANGED, HeldReason.TOO_MANY})
"""Items that tell staff of something: what came in has been taken in, or will be."""
LONGEST_LONG: Final = 20_000
"""Characters in a long part of a form."""
_ADDRESS: Final = re.compile(r'[^@\s,;<>"]{1,64}@[^@\s,;<>"]{3,190}')

PARTS: Final = tuple(
    (key, label) for key, label in FORM_LABELS if key not in {"response", "response_date", "resolution", "resolution_date"}
)
"""The printed parts that whoever raises a disagreement fills in: field, label."""
LONG_PARTS: Final = frozenset({"summary", "requested_action"})
_NEEDED: Final = ("to_manager", "child_name", "child_dob", "social_worker", "agency_team", "summary", "requested_action")
DANGER: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "as_said": None}


@dataclass(frozen=True)
class Settling:
    """What a form about an item is read against: the item, what could be read in it, and the board whose staff settle it."""

    item: HeldRow
    content: HeldContent
    board: BoardPublished

    @property
    def can_be_told(self) -> bool:
        """Whether its sender may get a mail: somebody is named, and is no machine."""
        return bool(self.item.from_address) and self.item.reason != HeldReason.AUTOMATIC


@dataclass(frozen=True)
class Settled:
    """What somebody is about to say: `rows` as they check it, what they wrote, to be sealed, and the rest of ItemSettled."""

    rows: tuple[tuple[str, str], ...]
    content: FormContent | ReplyContent | OutcomeContent | None = None
    said: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class HeldAct:
    """One thing to say of an item. `slug` is its place in the address; `read` is None where another module reads it."""

    slug: str
    how: How
    title: str
    explains: str
    button: str
    allowed: Callable[[HeldRow, bool], bool]
    """Whether it may be said of an item; whose case, where it names one, has begun or not."""
    read: Callable[[Answers, Settling], Settled | Mistakes] | None = None


def beginning(settling: Settling) -> dict[str, str]:
    """The answers a form begins with: what was understood of the item."""
    content = settling.content
    return {"name": content.sender_name, "text": "", **{key: getattr(content.form, key) for key, _ in PARTS}}


def areas(board: BoardPublished) -> dict[str, list[tuple[str, str]]]:
    """What a form may be about, by the name of its stage: `stage/area` and its name. What leads elsewhere comes last (BIR-05)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for stage in board.case_stages:
        here = [(area.key, area.name) for area in board.areas if area.case_stage == stage.key]
        elsewhere = [(other.area, other.name) for other in board.redirects if stage.key in other.case_stages]
        found[stage.name] = [(f"{stage.key}/{key}", name) for key, name in (*here, *elsewhere)]
    return found


def _form(answers: Answers, settling: Settling) -> Settled | Mistakes:
    sender, mistakes = _sender(answers, settling)
    names = {key: (stage, name) for stage, choices in areas(settling.board).items() for key, name in choices}
    area, danger = answers.get("area", ""), answers.get("danger")
    if area and area not in names:
        mistakes["area"] = "Select what they disagree about"
    if danger not in DANGER:
        mistakes["danger"] = "Select whether a child is in immediate danger, or leave it as the form says"
    read = settling.content.form.model_dump()
    told = {key: whole_text(answers, key) for key, _ in PARTS}
    for key, text in told.items() - read.items():
        mistakes |= too_long(key, text, LONGEST_LONG if key in LONG_PARTS else LONGEST_LINE * 5)
    if mistakes or sender is None or danger is None:
        return mistakes
    labels = dict(PARTS)
    stage, name = names.get(area, ("", ""))
    form = {key: told[key] or read[key] for key in labels}
    asked = [labels[key] for key in _NEEDED if not form[key]]
    rows = [("Sent by", _named(sender)), ("What they disagree about", f"{stage}: {name}" if area else _as_read(settling))]
    rows += [("Is a child in immediate danger?", {"yes": "Yes", "no": "No"}.get(danger, _danger_as_read(settling)))]
    rows += [(labels[key], text) for key, text in form.items() if text]
    rows += [("Asked of the sender by email, unless the original says it", ", ".join(asked))] if asked else []
    of_stage, _, key = area.partition("/")
    said = {"person": sender, "case_stage": of_stage, "area": key, "immediate_danger": DANGER[danger]}
    return Settled(rows=tuple(rows), content=FormContent(**form), said=said)


def _as_read(settling: Settling) -> str:
    said = ", ".join(part for part in as_said(settling) if part)
    return f"As the form says: {said}" if said else "Asked of the sender by email, unless the form says it"


def as_said(settling: Settling) -> tuple[str, str]:
    """The stage and the area as the form says them, and by their names where it was understood."""
    content, board = settling.content, settling.board
    stages = {stage.key: stage.name for stage in board.case_stages}
    named = {key: name for choices in areas(board).values() for key, name in choices}
    return (
        stages.get(content.case_stage, content.case_stage),
        named.get(f"{content.case_stage}/{content.area}", content.area),
    )


def _danger_as_read(settling: Settling) -> str:
    said = settling.content.immediate_danger
    return f"As the form says: {said}" if said else "As the original says, if it does"


def _answer(answers: Answers, settling: Settling) -> Settled | Mistakes:
    text, mistakes = _written(answers, "Write your answer")
    if mistakes:
        return mistakes
    to = Person(name=settling.content.sender_name, address=settling.item.from_address)
    return Settled(rows=(("To", _named(to)), ("Your answer", text)), content=ReplyContent(text=text), said={"person": to})


def _refuse(answers: Answers, settling: Settling) -> Settled | Mistakes:
    text, mistakes = _written(answers, "Write why it is refused")
    tell = answers.get("tell", "")
    if settling.can_be_told and tell not in ("yes", "no"):
        mistakes["tell"] = "Select whether the sender is told"
    if mistakes:
        return mistakes
    to = Person(name=settling.content.sender_name, address=settling.item.from_address)
    told = settling.can_be_told and tell == "yes"
    rows = (("Why", text), ("Told by email", _named(to) if told else "Nobody"))
    return Settled(rows=rows, content=ReplyContent(text=text), said={"person": to} if told else {})


def _seen(_answers: Answers, _settling: Settling) -> Settled | Mistakes:
    return Settled(rows=())


def _written(answers: Answers, missing: str) -> tuple[str, Mistakes]:
    text = whole_text(answers, "text")
    return text, too_long("text", text, LONGEST_TEXT) if text else {"text": missing}


def _sender(answers: Answers, settling: Settling) -> tuple[Person | None, Mistakes]:
    """Who sent it: as the mail says, or, where that is not clear, as staff do."""
    name, address = one_line(answers, "name"), settling.item.from_address or one_line(answers, "address")
    mistakes = too_long("name", name, LONGEST_LINE)
    if not _ADDRESS.fullmatch(address):
        mistakes["address"] = "Enter an email address in the correct format, like name@example.com"
    return (None, mistakes) if mistakes else (Person(name=name, address=address), {})


def _named(person: Person) -> str:
    return f"{person.name}, {person.address}" if person.name else person.address


def _of_a_person(item: HeldRow, _begun: bool) -> bool:
    return item.reason not in OURS


def _lacks_something(item: HeldRow, begun: bool) -> bool:
    return item.reason == HeldReason.NOT_COMPLETED and not begun


def _tells_only(item: HeldRow, _begun: bool) -> bool:
    return item.reason in OURS or item.reason == HeldReason.AUTOMATIC


def _may_be_answered(item: HeldRow, _begun: bool) -> bool:
    return bool(item.from_address) and item.reason != HeldReason.AUTOMATIC


ACTS: Final[tuple[HeldAct, ...]] = (
    HeldAct(
        slug="form",
        how="form",
        title="It is a form",
        explains=(
            "The original is read again as the Escalation Form, and its sender counts as known for this form. "
            "Time begins when you release it. What you leave empty, and the original does not say, is asked of the sender by email. "
            "An answer to what we asked about a form that is not complete goes into that form."
        ),
        button="Release it as a form",
        allowed=_of_a_person,
        read=_form,
    ),
    HeldAct(
        slug="complete",
        how="form",
        title="Complete the form",
        explains=(
            "Speak to whoever sent it, and fill in what is missing. It is read back to them by email. "
            "Time begins when the form is complete. What you leave empty is asked of them by email."
        ),
        button="Complete the form",
        allowed=_lacks_something,
        read=_form,
    ),
    HeldAct(
        slug="reply",
        how="reply",
        title="It is a reply to a case",
        explains="It counts as this person’s reply, from when it came in. The case’s history says that you released it.",
        button="Release it as their reply",
        allowed=_of_a_person,
    ),
    HeldAct(
        slug="answer",
        how="answered",
        title="Answer the sender",
        explains="They get what you write by email. What they write back comes here.",
        button="Send the answer",
        allowed=_may_be_answered,
        read=_answer,
    ),
    HeldAct(
        slug="refuse",
        how="refused",
        title="Refuse it with an explanation",
        explains="Nothing is done with it. The original and your explanation are kept.",
        button="Refuse it",
        allowed=_of_a_person,
        read=_refuse,
    ),
    HeldAct(
        slug="seen",
        how="seen",
        title="Mark it as seen",
        explains="Nothing more is to be done here. The original is kept.",
        button="Mark it as seen",
        allowed=_tells_only,
        read=_seen,
    ),
)


def act_called(slug: str) -> HeldAct | None:
    """The act with this place in the address."""
    return next((act for act in ACTS if act.slug == slug), None)


def possible(item: HeldRow, *, begun: bool) -> Iterable[HeldAct]:
    """What can be said of an item: nothing, once something was. `begun`: it is about a case that there is."""
    return (act for act in ACTS if item.settled_at is None and act.allowed(item, begun))
