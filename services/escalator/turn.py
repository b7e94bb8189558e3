"""One turn of a case: collects what is said while a decision is made, and gives every message its number and id.

Ids come from the case and the number alone, so that a turn taken again says the same messages, not new ones.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import JsonValue

from services.contracts.escalator import CaseEvent
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Person, Recipient, Side
from services.escalator.boards import Board
from services.escalator.case import Case, Decision, FindPeople, Participant

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

    def alert_board(self, what: str, detail: str) -> None:
        """Tell the board's own inbox that a person must look."""
        inbox = Participant(person=Person(name=self.board.name, address=self.board.inbox), side=Side.BOARD)
        self.tell("board_alert", [inbox], {"what": what, "detail": detail, "step": self.case.step}, urgent=True)

    def decision(self, wake_at: datetime | None) -> Decision:
        """What the turn came to."""
        return Decision(case=self.case, messages=tuple(self._messages), find=self.find, wake_at=wake_at)
