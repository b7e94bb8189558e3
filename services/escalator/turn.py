"""One turn of a case: collects what is said while a decision is made, and gives every message its number and id.

Ids come from the case and the number alone, so that a turn taken again says the same messages, not new ones.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import JsonValue

from services.contracts.escalator import ActRecorded, CaseEvent
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Person, Recipient, ReplyAct, Side
from services.escalator.boards import Board
from services.escalator.case import Case, Decision, FindPeople, Participant

Answers = tuple[tuple[str, str], ...]
"""Words somebody may reply with, and what each does."""

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:concord:escalator")


def message_id(case_id: str, what: str, number: int) -> UUID:
    """The id of a case's message: the same for ever."""
    return uuid5(_NAMESPACE, f"{case_id}/{what}/{number}")


def recipient(board: Board, person: Person, side: Side) -> Recipient:
    """A person as the recipient of a notice: full content only where the board lists their mail domain as secure."""
    secure = person.address.lower().rpartition("@")[2] in board.secure_domains
    return Recipient(name=person.name, address=person.address, side=side, full_content=secure)


def without_repeats(participants: Iterable[Participant]) -> tuple[Participant, ...]:
    """Each address once, as it first appears."""
    by_address: dict[str, Participant] = {}
    for participant in participants:
        by_address.setdefault(participant.person.address.lower(), participant)
    return tuple(by_address.values())


def answer_facts(answers: Answers) -> list[JsonValue]:
    """The words somebody may reply with, as a notice is told them."""
    return [{"words": words, "means": means} for words, means in answers]


def without(participants: Iterable[Participant], one: Participant) -> list[Participant]:
    """Everybody but whoever has this one's address."""
    address = one.person.address.lower()
    return [participant for participant in participants if participant.person.address.lower() != address]


class Turn:
    """The case while it changes. `now` is the moment of the whole turn."""

    def __init__(self, case: Case, now: datetime) -> None:
        self.case = case.model_copy(update={"not_before": None})
        self.now = now
        self.find: FindPeople | None = None
        self._messages: list[CaseEvent | SendNotice] = []

    @property
    def board(self) -> Board:
        return self.case.start.board

    @property
    def raiser(self) -> Participant:
        start = self.case.start
        person = start.form.raised_by
        return Participant(person=person.model_copy(update={"agency": person.agency or start.own_agency}), side=Side.RAISING)

    def change(self, **changes: Any) -> None:
        """Change the case."""
        self.case = self.case.model_copy(update=changes)

    def record(self, kind: type[CaseEvent], **facts: Any) -> None:
        """Say a fact of the case."""
        number = self.case.facts + 1
        self.change(facts=number)
        self._messages.append(
            kind(
                message_id=message_id(self.case.case_id, "fact", number),
                at=self.now,
                case_id=self.case.case_id,
                board=self.board.key,
                number=number,
                **facts,
            )
        )

    def record_act(self, act: ReplyAct, by: Participant, note: str, content: Sealed | None = None, **more: Any) -> None:
        """Say that somebody did at this step what no other event of a case tells; `note` is one plain sentence."""
        facts = {"act": act, "step": self.case.step, "side": by.side, "by": by.person, "note": note, "content": content}
        self.record(ActRecorded, **facts, **more)

    def tell(
        self,
        kind: str,
        whom: Iterable[Participant],
        facts: Mapping[str, JsonValue],
        sealed: Mapping[str, Sealed] | None = None,
        *,
        urgent: bool = False,
    ) -> None:
        """Send each of these people a notice of this kind."""
        form = self.case.start.form
        for participant in without_repeats(whom):
            number = self.case.notices + 1
            self.change(addressed=(*self.case.addressed, participant.person.address.lower()))
            self._messages.append(
                SendNotice(
                    message_id=message_id(self.case.case_id, "notice", number),
                    at=self.now,
                    notice_id=f"{self.case.case_id}.{number}",
                    case_id=self.case.case_id,
                    board=self.board.key,
                    board_name=self.board.name,
                    demonstration=self.board.demonstration,
                    kind=kind,
                    to=recipient(self.board, participant.person, participant.side),
                    thread_started_at=form.received_at,
                    urgent=urgent or form.immediate_danger,
                    facts=dict(facts),
                    sealed={"form": form.form, **(sealed or {})},
                )
            )

    @property
    def board_inbox(self) -> Participant:
        """The board's own inbox, which board staff read."""
        return Participant(person=Person(name=self.board.name, address=self.board.inbox), side=Side.BOARD)

    @property
    def everybody(self) -> tuple[Participant, ...]:
        """Whoever raised it and everybody at this step."""
        return without_repeats((self.raiser, *self.case.people))

    def alert_board(self, what: str, detail: str) -> None:
        """Tell the board's own inbox that a person must look."""
        self.tell("board_alert", [self.board_inbox], {"what": what, "detail": detail, "step": self.case.step}, urgent=True)

    def ask(self, whom: Iterable[Participant], headline: str, lines: Iterable[str], answers: Answers, **more: Any) -> None:
        """Ask these people for something. `answers` are the words they may reply with, and what each does."""
        self._say("asked", whom, headline, lines, answers, **{"urgent": True, **more})

    def inform(
        self, whom: Iterable[Participant], headline: str, lines: Iterable[str], answers: Answers = (), **more: Any
    ) -> None:
        """Tell these people something; they need not act."""
        self._say("told", whom, headline, lines, answers, **more)

    def _say(
        self,
        kind: str,
        whom: Iterable[Participant],
        headline: str,
        lines: Iterable[str],
        answers: Answers,
        *,
        sealed: Mapping[str, Sealed] | None = None,
        items: Iterable[str] = (),
        paragraph: str = "",
        urgent: bool = False,
    ) -> None:
        case = self.case
        facts: dict[str, JsonValue] = {
            "headline": headline,
            "lines": list(lines),
            "answers": answer_facts(answers),
            "step": case.step or None,
            "deadline": case.deadline.at.isoformat() if case.deadline.at and not case.ended else None,
            "explanation": case.deadline.explanation if not case.ended else "",
            "paragraph": paragraph,
            "items": list(items),
        }
        self.tell(kind, whom, facts, sealed, urgent=urgent)

    def known(self, person: Person) -> Person:
        """The same person with the role and agency the case knows them by, where their mail did not say."""
        if person.role or person.agency:
            return person
        for participant in (*self.case.people, *self.case.involved, self.raiser):
            if participant.person.address.lower() == person.address.lower():
                return participant.person
        return person

    def decision(self, wake_at: datetime | None) -> Decision:
        """What the turn came to."""
        return Decision(case=self.case, messages=tuple(self._messages), find=self.find, wake_at=wake_at)
