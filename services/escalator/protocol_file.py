"""A protocol as written in its file. What must be true of it beyond the shape of each field is in `mistakes` and `doubts`."""

from collections.abc import Iterator

from services.contracts.message import Data
from services.escalator.ladders import Alternatives, Ladder, LadderHead, Step, Within
from services.escalator.protocol import Protocol, ProtocolHead
from services.escalator.text import Key, Words
from services.escalator.yaml_file import Place

Finding = tuple[Place, str]
"""Where something is wrong, and what was expected there."""


class StepsBy(Data):
    """Steps that depend on a choice: by option, the ladder whose steps they are."""

    choice: Words
    steps_of: dict[Key, Words]


class LadderEntry(LadderHead):
    """A ladder in a file: its steps, or whose steps it has (`steps_of`), or on which choice that depends (`steps_by`)."""

    steps: tuple[Step, ...] = ()
    steps_of: Words | None = None
    steps_by: StepsBy | None = None


class ProtocolFile(ProtocolHead):
    """A protocol in a file. `resolved` is the protocol; ask `mistakes` first."""

    ladders: tuple[LadderEntry, ...]

    def placed_steps(self) -> Iterator[tuple[Place, LadderEntry, Step]]:
        """Every step that stands in the file, with its place and the ladder it stands in."""
        for index, entry in enumerate(self.ladders):
            for number, step in enumerate(entry.steps):
                yield ("ladders", index, "steps", number), entry, step

    def placed_times(self) -> Iterator[tuple[Place, Within]]:
        """Every time that a deadline may come from, with its place."""
        for place, _, step in self.placed_steps():
            if step.within is not None:
                yield (*place, "within"), step.within
            if step.decision is not None and step.decision.challenge_within is not None:
                yield (*place, "decision", "challenge_within"), step.decision.challenge_within

    def resolved(self) -> Protocol:
        """The protocol, every ladder with its own steps."""
        steps = {entry.id: entry.steps for entry in self.ladders}
        ladders = []
        for entry in self.ladders:
            head = {name: getattr(entry, name) for name in LadderHead.model_fields}
            alternatives = None
            own = steps[entry.steps_of] if entry.steps_of else entry.steps
            if entry.steps_by:
                by_option = {option: steps[ladder] for option, ladder in entry.steps_by.steps_of.items()}
                alternatives = Alternatives(choice=entry.steps_by.choice, steps=by_option)
                default = next(choice.default for choice in self.choices if choice.id == entry.steps_by.choice)
                own = by_option[default]
            ladders.append(Ladder(**head, steps=own, alternatives=alternatives))
        return Protocol(**{name: getattr(self, name) for name in ProtocolHead.model_fields}, ladders=tuple(ladders))
