"""The rules about a form: what it must say, what counts as an answer, and when two forms are the same. No I/O."""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from services.contracts.content import FORM_LABELS, FURTHER_LABELS, FormContent
from services.contracts.escalator import BoardPublished
from services.contracts.message import Data
from services.contracts.outline import AreaChoice
from services.intake.courtesies import before_signature, without_greeting

ASKED_LABELS: tuple[tuple[str, str], ...] = (
    ("case_stage", "Stage of the case"),
    ("area", "Area of disagreement"),
    ("immediate_danger", "Is a child in immediate danger?"),
)
"""What the protocols need and the printed form lacks (A-21): asked after the printed fields."""

OPTIONAL_LABELS: tuple[tuple[str, str], ...] = (
    ("further_agencies", "Other agencies"),
    ("decided_at", "Date of the decision"),
    ("needed_by", "The child needs to be safe by"),
    ("injury_to_infant", "Possible injury to a baby or young child"),
)
"""What may change who takes part and how soon (A-01, OXF-04, OXF-05, OXF-28, BED-14): never required. See `circumstances`."""

LABELS: Mapping[str, str] = dict((*FORM_LABELS, *FURTHER_LABELS, *ASKED_LABELS, *OPTIONAL_LABELS))
"""Every field's label, the printed ones first."""

REQUIRED = ("to_manager", "child_name", "child_dob", "social_worker", "agency_team", "summary", "requested_action")
"""What a form must say, apart from the stage and the area. `From` and `Date` are known from the mail when left blank."""

LONGEST_FORM = 100_000
"""Characters in all its answers together: a form travels in one message."""

_REFERENCE_CHARACTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NO_DANGER = re.compile(
    r"(?:no|none|n|na|na[cg] (?:oes|ydy|ydyw)|naddo|dim|no immediate danger|not immediate(?:ly)?|not (?:now|currently|at present)"
    r"|not at (?:the|this) (?:moment|time))(?=$|\s*[.,;:!–-])",
    re.IGNORECASE,
)


_NUMBERED = re.compile(r"\s*(?:no\.?|number|option)?\s*(\d{1,3})\s*[.):]?(?:\s+|$)(.*)", re.IGNORECASE | re.DOTALL)
"""A number from the list, and what is written after it."""

_LISTED = re.compile(r"\(?(\d{1,2})[.):]\s*(\S.*)")
_SHORT = 300
_NOT_KNOWN = re.compile(
    r"(?:sorry,? )?(?:i(?:['’]m| am) )?(?:not (?:sure|certain|known)|unsure|unknown|no idea|(?:i )?(?:do not|don['’]?t) know"
    r"|ddim yn gwybod)(?: (?:it|this|that|yet|which|at the moment))*[\s.!?]*",
    re.IGNORECASE,
)


class Answers(Data):
    """A form's answers as written: what is printed or asked by the board, and the labels we add."""

    form: FormContent = FormContent()
    case_stage: str = ""
    area: str = ""
    immediate_danger: str = ""
    further_agencies: str = ""
    decided_at: str = ""
    needed_by: str = ""
    injury_to_infant: str = ""

    @classmethod
    def of(cls, answers: Mapping[str, str]) -> "Answers":
        """From a field-to-text mapping; fields of nobody's are left aside."""
        return cls(
            form=FormContent(**{key: answers[key] for key in FormContent.model_fields if key in answers}),
            **{key: answers[key] for key in cls.model_fields if key != "form" and key in answers},
        )

    def fields(self) -> dict[str, str]:
        """Every field, printed order first."""
        return {**self.form.model_dump(), **self.model_dump(exclude={"form"})}

    def given(self) -> dict[str, str]:
        """The fields that were answered."""
        return {key: answer for key, answer in self.fields().items() if answer}

    def with_more(self, more: "Answers", cleared: Iterable[str] = ()) -> "Answers":
        """These answers, with every field that `more` answers replaced, and those that were `cleared` empty."""
        return Answers.of({**self.fields(), **dict.fromkeys(cleared, ""), **more.given()})

    def too_long(self) -> bool:
        """Whether these cannot travel as one form."""
        return sum(map(len, self.fields().values())) > LONGEST_FORM


class Question(Data):
    """A choice to be made: the printed label and the numbered answers there are."""

    label: str
    options: tuple[str, ...]


class Chosen(Data):
    """The stage and area a form names in its board's catalogue, or what has to be asked to know them."""

    area: AreaChoice | None = None
    questions: tuple[Question, ...] = ()


def areas_of(board: BoardPublished) -> tuple[AreaChoice, ...]:
    """What a form may name as its area: the board's areas, then what is no disagreement there and leads elsewhere (BIR-05)."""
    elsewhere = (
        AreaChoice(key=redirect.area, name=redirect.name, case_stage=stage, ladder="")
        for redirect in board.redirects
        for stage in redirect.case_stages
    )
    return (*board.areas, *elsewhere)


def choose(board: BoardPublished, answers: Answers, *, numbered: bool = True) -> Chosen:
    """Find the stage and area by key, name or number in the board's list. What is unknown or ambiguous is asked, never guessed.

    An area that occurs at one stage only implies the stage. `numbered` is false when the numbers the person saw may have changed.
    """
    stages = _matching(answers.case_stage, [(stage.key, stage.name) for stage in board.case_stages], numbered=numbered)
    choices = areas_of(board)
    names = {stage.key: stage.name for stage in board.case_stages}
    spoken = [(area.key, area.name, f"{area.name} ({names.get(area.case_stage, '')})") for area in choices]
    areas = _matching(answers.area, spoken, numbered=numbered)
    stage = board.case_stages[stages[0]].key if len(stages) == 1 else None
    if answers.case_stage and stage is None:
        return Chosen(questions=_questions(board, None, areas))
    fitting = [choices[at] for at in areas if stage is None or choices[at].case_stage == stage]
    if len(fitting) == 1:
        return Chosen(area=fitting[0])
    if stage is not None and (fitting or not areas):
        return Chosen(questions=_questions(board, stage, areas))
    return Chosen(questions=_questions(board, None, areas if stage is None else []))


def missing(answers: Answers, chosen: Chosen | None) -> tuple[str, ...]:
    """The printed labels of what a form still has to say. Without a catalogue (`chosen` is None) a stage and an area must be there."""
    labels = [LABELS[field] for field in REQUIRED if not getattr(answers.form, field)]
    if chosen is None:
        return (*labels, *(LABELS[field] for field in ("case_stage", "area") if not getattr(answers, field)))
    return (*labels, *(question.label for question in chosen.questions))


def immediate_danger(answer: str) -> bool:
    """Whether a child is in immediate danger: an answer that is not plainly no counts as yes, a question left blank does not."""
    return bool(answer.strip()) and not _NO_DANGER.match(answer.strip())


def filled_in(form: FormContent, sender_name: str, received: str) -> FormContent:
    """The form with `From` and `Date` said by the mail where they were left blank, and saying so in the read-back."""
    blanks = {}
    if not form.from_practitioner and sender_name:
        blanks["from_practitioner"] = f"{sender_name} (the name on your mail)"
    if not form.date_raised:
        blanks["date_raised"] = f"{received} (the day we received it)"
    return form.model_copy(update=blanks)


def fingerprint(key: bytes, board: str, sender: str, answers: Answers) -> str:
    """The same for the same answers by the same person, whatever the spacing, and of no use to anybody without the key."""
    told = json.dumps(
        [board, sender.lower(), {field: _words(answer) for field, answer in answers.given().items()}], sort_keys=True
    )
    return hmac.new(key, told.encode(), hashlib.sha256).hexdigest()


def continues(draft: Answers, form: Answers) -> bool:
    """Whether a form says all a draft said, so that it completes the draft rather than beginning another case."""
    said = form.fields()
    may_differ = ("case_stage", "area", "decided_at", "needed_by")
    told = {field: answer for field, answer in draft.given().items() if field not in may_differ}
    return bool(told.get("child_name")) and all(_words(said[field]) == _words(answer) for field, answer in told.items())


def unlabelled(asked: Sequence[str], words: str) -> Answers:
    """A short reply without labels: the answer where one thing alone was asked, or one line for each of several, numbered as asked."""
    words = before_signature(without_greeting(words))
    keys = [key for label in asked for key, own in LABELS.items() if own == label]
    if not words or len(words) > _SHORT * max(len(keys), 1) or len(keys) != len(asked):
        return Answers()
    if len(keys) == 1:
        return Answers() if "\n\n" in words else Answers.of({keys[0]: words})
    lines = [_LISTED.match(line.strip()) for line in words.split("\n") if line.strip()]
    found = {int(line[1]): line[2] for line in lines if line}
    if len(lines) != len(keys) or list(found) != list(range(1, len(keys) + 1)):
        return Answers()
    return Answers.of(dict(zip(keys, found.values(), strict=True)))


def is_not_known(answer: str) -> bool:
    """Whether an answer only says that its writer cannot tell."""
    return bool(_NOT_KNOWN.fullmatch(answer.strip()))


def new_reference(prefix: str) -> str:
    """A reference nobody can guess: `DEMO-7K3QX9FA`."""
    return f"{prefix}-{''.join(secrets.choice(_REFERENCE_CHARACTERS) for _ in range(8))}"


def plain_day(moment: datetime) -> str:
    """`21 November 2026`."""
    return f"{moment.day} {moment:%B %Y}"


def _questions(board: BoardPublished, stage: str | None, areas: Sequence[int]) -> tuple[Question, ...]:
    """What to ask: the area within a known stage; the stage where the area is known and occurs at several; else both."""
    areas_there = areas_of(board)
    names = {choice.key: choice.name for choice in board.case_stages}
    at_stages = {areas_there[at].case_stage for at in areas}
    same_area = len({_words(areas_there[at].name) for at in areas}) == 1 and len(at_stages) > 1
    asked = []
    if stage is None:
        possible = [choice for choice in board.case_stages if not same_area or choice.key in at_stages]
        options = tuple(f"{board.case_stages.index(choice) + 1}. {choice.name}" for choice in possible)
        asked.append(Question(label=LABELS["case_stage"], options=options))
        if same_area:
            return tuple(asked)
    options = tuple(
        f"{number}. {area.name}" + ("" if stage else f" ({names.get(area.case_stage, area.case_stage)})")
        for number, area in enumerate(areas_there, 1)
        if stage in (None, area.case_stage)
    )
    return (*asked, Question(label=LABELS["area"], options=options))


def _matching(answer: str, choices: Sequence[tuple[str, ...]], *, numbered: bool) -> list[int]:
    """Which choices an answer names: all of it, or just one of its lines."""
    whole = _matching_line(" ".join(answer.split()), choices, numbered=numbered)
    if whole or "\n" not in answer:
        return whole
    by_line = [found for line in answer.split("\n") if (found := _matching_line(line, choices, numbered=numbered))]
    return by_line[0] if len(by_line) == 1 else []


def _matching_line(answer: str, choices: Sequence[tuple[str, ...]], *, numbered: bool) -> list[int]:
    """By the whole name or key; by the number in front of it; or by the beginning of a name, where no other begins so."""
    found = _NUMBERED.match(answer)
    number, words = (int(found[1]) - 1, found[2]) if found else (-1, answer)
    by_number = [number] if numbered and 0 <= number < len(choices) else []
    if not _words(words):
        return by_number
    for said in (_words(answer), _words(words)):
        by_name = [at for at, spoken in enumerate(choices) if said in map(_words, spoken)]
        if by_name:
            return by_number if by_number and by_number[0] in by_name else by_name
    begun = _words(words) + " "
    names = {_words(spoken[1]) for spoken in choices if _words(spoken[1]).startswith(begun)}
    return (
        [at for at, spoken in enumerate(choices) if _words(spoken[1]) in names]
        if len(names) == 1 and begun.count(" ") > 1
        else []
    )


def _words(text: str) -> str:
    plain = text.lower().replace("&", " and ").replace("'", "").replace("’", "").replace("‘", "")
    return " ".join(re.sub(r"[^\w]+|_+", " ", plain).split())
