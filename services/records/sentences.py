"""A case's history in plain sentences, for the case page and the written confirmation. No sentence says what only sealed content may.

`tell` gives one line per message, or None for a message another one tells better.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Final, Literal

from services.contracts import escalator, intake, notifier, records
from services.contracts.message import Data, Message, Moment
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import DeliveryKind, Person, ReplyAct, Side

When = Callable[[datetime], str]
Weight = Literal["fact", "detail", "trouble"]


class Line(Data):
    """One thing that happened. `note` says more about it; `sealed` is what somebody wrote then, if they did."""

    at: Moment
    text: str
    weight: Weight = "fact"
    note: str = ""
    sealed: Sealed | None = None
    wrote: Literal["", "form", "reply", "outcome"] = ""


SIDES: Final = {
    Side.RAISING: "the side that raised it",
    Side.OTHER: "the other side",
    Side.BOARD: "the board",
}
ACTS: Final = {
    ReplyAct.RESPONSE: "gave reasons",
    ReplyAct.OUTCOME_PROPOSED: "put an outcome in writing",
    ReplyAct.NOT_RESOLVED: "said it is not resolved",
    ReplyAct.CONFIRMED: "confirmed the outcome",
    ReplyAct.DISPUTED: "said the written outcome is not what was agreed",
}
NOTICES: Final = {
    "form_received": "the form arrived",
    "form_incomplete": "the form has parts missing",
    "item_held": "what you sent waits for board staff",
    "step_reached": "a step began",
    "reminder": "a reminder",
    "response_recorded": "reasons were given",
    "outcome_proposed": "an outcome to confirm",
    "outcome_confirmed": "one side confirmed",
    "outcome_disputed": "the outcome was disputed",
    "last_tier_passed": "the last step has passed",
    "act_not_taken": "a reply could not be acted on",
    "board_alert": "board staff must look",
    "record_issued": "the written confirmation",
    "sign_in_code": "a sign-in code",
}
FAILURES: Final = {
    "refused": "the mail server refused it",
    "gave_up": "it could not be handed over in time",
    "uncertain": "the connection ended while it was handed over, so it was sent once more and may arrive twice",
    "unprintable": "it could not be written, which is a fault of Concord",
}
_TOGETHER: Final = timedelta(seconds=10)
_WHY: Final = {
    "raised": "",
    "deadline_missed": " because time ran out at the step before",
    "not_resolved": " because the step before ended without agreement",
    "outcome_disputed": " because the written outcome was disputed",
}


def who(person: Person) -> str:
    """`Sam Oduya (Team Manager, Demo Social Care)`."""
    place = ", ".join(part for part in (person.role, person.agency) if part)
    name = person.name or person.address
    return f"{name} ({place})" if place else name


def notice(kind: str) -> str:
    """What a kind of notice is about."""
    return NOTICES.get(kind, kind.replace("_", " "))


def introduced(messages: Iterable[Message]) -> list[Message]:
    """The same messages, with whoever wrote named in full where the case knows more of them than their mail said."""
    kept = list(messages)
    known: dict[str, Person] = {}
    for message in kept:
        for person in _named_in(message):
            if person.role or person.agency:
                known.setdefault(person.address.lower(), person)

    def in_full(message: Message) -> Message:
        by = getattr(message, "by", None)
        if not isinstance(by, Person) or by.role or by.agency:
            return message
        return message.model_copy(update={"by": known.get(by.address.lower(), by)})

    return [in_full(message) for message in kept]


def _named_in(message: Message) -> tuple[Person, ...]:
    if isinstance(message, escalator.StepReached):
        return (*message.raising_side, *message.other_side)
    if isinstance(message, escalator.CaseOpened | intake.FormReceived):
        return (message.raised_by,)
    return ()


@singledispatch
def tell(message: Message, when: When) -> Line | None:
    """One line about a message, with times as `when` writes them; None when there is nothing to tell people about it."""
    del message, when
    return None


@tell.register
def _form_received(message: intake.FormReceived, _when: When) -> Line:
    way = "by email" if message.channel == "mail" else "on the web form"
    danger = " The form says a child is in immediate danger." if message.immediate_danger else ""
    text = f"{who(message.raised_by)} sent the Escalation Form {way}.{danger}"
    return Line(at=message.received_at, text=text, sealed=message.form, wrote="form")


@tell.register
def _reply_received(message: intake.ReplyReceived, _when: When) -> Line:
    text = f"A reply came in from {who(message.by)}, who {ACTS[message.act]}."
    if message.act != ReplyAct.NOT_RESOLVED:  # the escalator tells these with what was written
        return Line(at=message.received_at, text=text, weight="detail")
    return Line(at=message.received_at, text=text, sealed=message.content, wrote="reply")


@tell.register
def _delivery_reported(message: intake.DeliveryReported, _when: When) -> Line:
    to = SIDES[message.side]
    if message.kind == DeliveryKind.BOUNCE:
        return Line(at=message.at, text=f"An email to {to} came back: it was not delivered.", weight="trouble")
    if message.kind == DeliveryKind.ABSENCE:
        return Line(at=message.at, text=f"An automatic reply says that somebody for {to} is away.", weight="detail")
    return Line(at=message.at, text=f"An automatic reply came from {to}. It does not count as an answer.", weight="detail")


@tell.register
def _item_held(message: intake.ItemHeld, _when: When) -> Line:
    return Line(
        at=message.received_at, text=f"Something that came in waits for board staff. {message.detail}", weight="trouble"
    )


@tell.register
def _case_opened(message: escalator.CaseOpened, _when: When) -> Line:
    return Line(at=message.at, text=f"The case was opened: {message.ladder_name}.")


@tell.register
def _case_redirected(message: escalator.CaseRedirected, _when: When) -> Line:
    text = f"This is not a professional disagreement under the board’s protocol ({message.paragraph}). It goes to: {message.route}."
    return Line(at=message.at, text=text)


@tell.register
def _step_reached(message: escalator.StepReached, when: When) -> Line:
    begun = f"Step {message.step} of {message.steps} began{_WHY[message.why]}: {message.action.rstrip('.')}."
    due = f" To be resolved by {when(message.deadline)}." if message.deadline else ""
    return Line(at=message.at, text=begun + due, note=message.explanation if message.deadline else "")


@tell.register
def _response_recorded(message: escalator.ResponseRecorded, _when: When) -> Line:
    text = f"{who(message.by)} gave reasons in writing for {SIDES[message.side]}."
    return Line(at=message.at, text=text, sealed=message.content, wrote="reply")


@tell.register
def _outcome_proposed(message: escalator.OutcomeProposed, _when: When) -> Line:
    text = f"{who(message.by)} put outcome {message.outcome} in writing for {SIDES[message.side]}."
    return Line(at=message.at, text=text, sealed=message.content, wrote="outcome")


@tell.register
def _outcome_confirmed(message: escalator.OutcomeConfirmed, _when: When) -> Line:
    return Line(at=message.at, text=f"{who(message.by)} confirmed outcome {message.outcome} for {SIDES[message.side]}.")


@tell.register
def _outcome_disputed(message: escalator.OutcomeDisputed, _when: When) -> Line:
    text = f"{who(message.by)} said for {SIDES[message.side]} that outcome {message.outcome} is not what was agreed."
    return Line(at=message.at, text=text, sealed=message.content, wrote="reply")


@tell.register
def _deadline_missed(message: escalator.DeadlineMissed, when: When) -> Line:
    text = f"Time for step {message.step} ran out at {when(message.deadline)} without an agreed outcome."
    return Line(at=message.at, text=text)


@tell.register
def _last_tier_passed(message: escalator.LastTierPassed, _when: When) -> Line:
    text = f"Step {message.step}, the last one, ended without an agreed outcome. Board staff must act."
    return Line(at=message.at, text=text, weight="trouble")


@tell.register
def _act_not_taken(message: escalator.ActNotTaken, _when: When) -> Line:
    return Line(at=message.at, text=f"A reply from {who(message.by)} could not be acted on. {message.reason}")


@tell.register
def _case_closed(message: escalator.CaseClosed, _when: When) -> Line:
    return Line(at=message.at, text=f"Both sides confirmed outcome {message.outcome} in writing, and the case closed.")


@tell.register
def _notice_sent(message: notifier.NoticeSent, _when: When) -> Line:
    return emails([message])[0]


def emails(sent: Iterable[notifier.NoticeSent]) -> list[Line]:
    """One line for the emails of one kind that went out together: within ten seconds of the first of them."""
    together: list[list[notifier.NoticeSent]] = []
    for message in sorted(sent, key=lambda message: message.at):
        same = [group for group in together if group[0].kind == message.kind and message.at - group[0].at < _TOGETHER]
        if same:
            same[-1].append(message)
        else:
            together.append([message])
    return [
        Line(
            at=group[0].at,
            text=f"{'Email' if len(group) == 1 else 'Emails'} sent to {_listed(list(dict.fromkeys(sent.address for sent in group)))}: "
            f"{notice(group[0].kind)}.",
            weight="detail",
        )
        for group in together
    ]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@tell.register
def _notice_failed(message: notifier.NoticeFailed, _when: When) -> Line:
    text = f"An email to {message.address} did not go as it should ({notice(message.kind)}): {FAILURES[message.outcome]}."
    return Line(at=message.at, text=text, weight="trouble")


@tell.register
def _record_issued(message: records.RecordIssued, _when: When) -> Line:
    return Line(at=message.at, text=f"The written confirmation was issued: {message.filename}.")
