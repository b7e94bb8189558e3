"""The outcome board staff put in writing after the last step (A-15): read from its form."""

from typing import Final

from services.contracts.content import Action, OutcomeContent
from services.contracts.intake import Pursued
from services.records.board.fields import LONGEST_LINE, LONGEST_TEXT, Answers, Mistakes, day_in, one_line, too_long, whole_text
from services.records.wording import on_day

TEXTS: Final = (
    ("agreed", "What happens now", "What is decided, so that somebody who reads only this knows what to do."),
    ("working_arrangement", "How the sides work while it stays unresolved", "Leave it empty if nothing does."),
    ("risk", "The risk to the child, as assessed", ""),
    ("depends_on", "What it depends on", "Information that is still to come, for example."),
)
"""The texts of the outcome: field, label, hint."""
KINDS: Final = (("actions", "Who does what, by when", 4), ("outstanding", "What stays outstanding, and who pursues it", 3))
"""What the outcome lists: field, label, and how many rows there are to fill in."""

Found = tuple[OutcomeContent, tuple[str, ...], tuple[Pursued, ...], tuple[tuple[str, str], ...]]


def decision(answers: Answers) -> Found | Mistakes:
    """The outcome, the parts of it that were answered, what is pursued, and rows to check; or what is wrong."""
    mistakes: Mistakes = {}
    texts = {name: whole_text(answers, name) for name, _, _ in TEXTS}
    for name, text in texts.items():
        mistakes |= too_long(name, text, LONGEST_TEXT)
    if not texts["agreed"]:
        mistakes["agreed"] = "Write what is decided"
    listed: dict[str, tuple[Action, ...]] = {}
    for name, _, count in KINDS:
        actions, wrong = _actions(answers, name, count)
        listed[name], mistakes = actions, mistakes | wrong
    if mistakes:
        return mistakes
    content = OutcomeContent(**texts, actions=listed["actions"], outstanding=listed["outstanding"])
    parts = tuple(name for name, value in {**texts, **listed}.items() if value)
    pursued = (
        *(Pursued(kind="action", owner=one.owner, by=day_in(one.by)) for one in content.actions),
        *(Pursued(kind="outstanding", owner=one.owner, by=day_in(one.by)) for one in content.outstanding),
    )
    rows = [(label, texts[name]) for name, label, _ in TEXTS if texts[name]]
    rows += [(label, "\n".join(map(_in_words, listed[name]))) for name, label, _ in KINDS if listed[name]]
    return content, parts, pursued, tuple(rows)


def _actions(answers: Answers, name: str, count: int) -> tuple[tuple[Action, ...], Mistakes]:
    actions, mistakes = [], Mistakes()
    for number in range(1, count + 1):
        what, owner, by = (one_line(answers, f"{name}-{number}-{part}") for part in ("what", "owner", "by"))
        field = f"{name}-{number}-what"
        for part, text in ((field, what), (f"{name}-{number}-owner", owner), (f"{name}-{number}-by", by)):
            mistakes |= too_long(part, text, LONGEST_LINE * 5)
        if (owner or by) and not what:
            mistakes[field] = "Say what is to be done, or leave the whole row empty"
        if what:
            day = day_in(by)
            actions.append(Action(what=what, owner=owner, by=on_day(day) if day else by))
    return tuple(actions), mistakes


def _in_words(action: Action) -> str:
    return "; ".join(part for part in (action.what, action.owner, action.by) if part)
