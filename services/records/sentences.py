"""A case's history in plain sentences, for the case page and the written record. No sentence says what only sealed content may.

`tell` gives one line per message, or None for a message another one tells better.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import singledispatch
from typing import Final, Literal

from services.contracts import escalator, intake, notifier, records
from services.contracts.message import Data, Message, Moment
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import DeliveryKind, Ending, ReplyAct, StaffAct
from services.records.wording import (
    ACTS,
    ENDINGS,
    FAILURES,
    SIDES,
    STAFF_ACTS,
    WHY,
    When,
    as_sentence,
    in_brackets,
    listed,
    notice,
    who,
)

Weight = Literal["fact", "detail", "trouble"]
Wrote = Literal["", "form", "reply", "outcome", "held"]


class Line(Data):
    """One thing that happened. `note` says more about it; `sealed` is what somebody wrote then, if they did; `item` is something held."""

    at: Moment
    text: str
    weight: Weight = "fact"
    note: str = ""
    sealed: Sealed | None = None
    wrote: Wrote = ""
    item: str = ""


ONLY_HERE: Final = frozenset({ReplyAct.NOT_RESOLVED, ReplyAct.WITHDRAWN})
"""Acts of which no other message of a case says what was written."""
_TOGETHER: Final = timedelta(seconds=10)
_HOP: Final = {
    "role": "",
    "deputy": ", as the deputy",
    "substitute": ", in a role that may stand in",
    "safeguarding_lead": ", as the agency’s safeguarding lead",
}
_INSTEAD: Final = {
    "not_reached": ", because somebody could not be reached",
    "no_answer": ", because nobody had answered",
    "wrong_person": ", because somebody else had been asked by mistake",
    "staff": ", whom board staff named",
}


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
def _form_corrected(message: intake.FormCorrected, _when: When) -> Line:
    text = f"{who(message.by)} corrected the Escalation Form: {listed(message.changed)}. Both versions are kept."
    return Line(at=message.received_at, text=text, sealed=message.form, wrote="form")


@tell.register
def _reply_received(message: intake.ReplyReceived, _when: When) -> Line:
    text = f"A reply came in from {who(message.by)}, who {ACTS[message.act]}."
    if message.act not in ONLY_HERE:  # the escalator tells the others with what was written
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
        at=message.received_at,
        text=f"Something that came in was held for board staff. {message.detail}",
        weight="trouble",
        sealed=message.content,
        wrote="held" if message.content else "",
        item=message.item_id,
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
    begun = f"Step {message.step} of {message.steps} began{WHY[message.why]}: {message.action.rstrip('.')}."
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
def _act_recorded(message: escalator.ActRecorded, _when: When) -> Line:
    text = f"{who(message.by)} {ACTS[message.act]}, for {SIDES[message.side]}."
    return Line(at=message.at, text=text, note=message.note, sealed=message.content, wrote="reply" if message.content else "")


@tell.register
def _stand_in_asked(message: escalator.StandInAsked, _when: When) -> Line:
    side = SIDES[message.side]
    if message.hop == "board":
        text = f"Nobody else on the contact list can be asked for {side} at step {message.step}. Board staff must say who is."
        return Line(at=message.at, text=text, weight="trouble")
    were = "was" if len(message.people) == 1 else "were"
    text = f"{listed([who(person) for person in message.people])} {were} asked for {side}{_HOP[message.hop]}{_INSTEAD[message.why]}."
    return Line(at=message.at, text=text)


@tell.register
def _step_bypassed(message: escalator.StepBypassed, _when: When) -> Line:
    agreed = listed([who(person) for person in message.agreed_by])
    text = f"Step {message.step} was passed over{in_brackets(message.paragraph)}. {agreed} agreed to it in writing."
    return Line(at=message.at, text=text)


@tell.register
def _decision_made(message: escalator.DecisionMade, when: When) -> Line:
    text = f"{who(message.by)} decided, and put outcome {message.outcome} in writing{in_brackets(message.paragraph)}."
    note = f"It may be challenged until {when(message.challenge_by)}." if message.challenge_by else ""
    return Line(at=message.at, text=text, note=note, sealed=message.content, wrote="outcome")


@tell.register
def _dissent_recorded(message: escalator.DissentRecorded, _when: When) -> Line:
    text = f"{who(message.by)} dissented from outcome {message.outcome} for {SIDES[message.side]}."
    return Line(at=message.at, text=text, sealed=message.content, wrote="reply")


@tell.register
def _deadline_changed(message: escalator.DeadlineChanged, when: When) -> Line:
    why = "the two sides agreed it" if message.why == "time_agreed" else "the days on which people work changed"
    moved = f"is now {when(message.deadline)}" if message.deadline else "no longer runs"
    return Line(at=message.at, text=f"The deadline of step {message.step} {moved}: {why}.", note=message.explanation)


@tell.register
def _requirement_not_met(message: escalator.RequirementNotMet, _when: When) -> Line:
    place = in_brackets(message.paragraph)
    text = f"At step {message.step} something was not done as the protocol says{place}: {as_sentence(message.what)}"
    return Line(at=message.at, text=text)


@tell.register
def _follow_up_begun(message: escalator.FollowUpBegun, _when: When) -> Line:
    count = "is 1 follow-up" if len(message.items) == 1 else f"are {len(message.items)} follow-ups"
    note = " ".join(f"{item.number}. {as_sentence(item.text)}" for item in message.items)
    return Line(at=message.at, text=f"There {count} to pursue after the case.", note=note)


@tell.register
def _learning_referred(message: escalator.LearningReferred, _when: When) -> Line:
    text = f"{who(message.by)} referred what was learned to {message.to}{in_brackets(message.paragraph)}."
    lapses = " ".join(map(as_sentence, message.lapses))
    note = "The procedures were followed." if message.procedures_followed else f"Not done as the protocol says: {lapses}"
    return Line(at=message.at, text=text, note=note, sealed=message.content, wrote="reply" if message.content else "")


@tell.register
def _case_reopened(message: escalator.CaseReopened, _when: When) -> Line:
    text = f"{who(message.by)} reopened the case. It goes on at step {message.step}."
    return Line(at=message.at, text=text, sealed=message.content, wrote="reply" if message.content else "")


@tell.register
def _case_linked(message: escalator.CaseLinked, _when: When) -> Line:
    text = f"{who(message.by)} linked this case with {message.other_case}: both concern the same matter."
    return Line(at=message.at, text=text)


@tell.register
def _case_closed(message: escalator.CaseClosed, _when: When) -> Line:
    if message.how is Ending.CONFIRMED:
        return Line(at=message.at, text=f"Both sides confirmed outcome {message.outcome} in writing, and the case closed.")
    outcome = f" (outcome {message.outcome})" if message.outcome is not None else ""
    return Line(at=message.at, text=f"{ENDINGS[message.how]}{outcome}. The case closed.")


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
            text=f"{'Email' if len(group) == 1 else 'Emails'} sent to {listed(list(dict.fromkeys(sent.address for sent in group)))}: "
            f"{notice(group[0].kind)}.",
            weight="detail",
        )
        for group in together
    ]


@tell.register
def _notice_failed(message: notifier.NoticeFailed, _when: When) -> Line:
    text = f"An email to {message.address} did not go as it should ({notice(message.kind)}): {FAILURES[message.outcome]}."
    return Line(at=message.at, text=text, weight="trouble")


@tell.register
def _record_issued(message: records.RecordIssued, _when: When) -> Line:
    what = "record of the case" if message.outcome is None else "written confirmation"
    return Line(at=message.at, text=f"The {what} was issued: {message.filename}.")


@tell.register
def _staff_acted(message: records.StaffActed, _when: When) -> Line:
    details = {
        StaffAct.ASKED: message.person and f"{who(message.person)}, for {SIDES[message.side]}" if message.side else "",
        StaffAct.LINKED: message.other_case,
        StaffAct.DONE: f"follow-up {message.number}",
    }
    detail = details.get(message.act)
    text = f"{who(message.by)} {STAFF_ACTS[message.act]}{f': {detail}' if detail else ''}."
    wrote: Wrote = "" if message.content is None else "outcome" if message.act is StaffAct.DECIDED else "reply"
    return Line(at=message.at, text=text, sealed=message.content, wrote=wrote)


@tell.register
def _item_settled(message: records.ItemSettled, _when: When) -> Line:
    """Of a reply, the case's history says who released it, and as what: the rest is told with the reply itself."""
    what = {
        "form": "released something held as an Escalation Form",
        "reply": "released something held as a reply",
        "answered": "answered the sender of something held",
        "refused": "refused something held, and said why",
        "seen": "marked something held as seen",
    }[message.how]
    whose = f" of {who(message.person)}, who {ACTS[message.act]}" if message.person and message.act else ""
    return Line(at=message.at, text=f"{who(message.by)} of the board’s staff {what}{whose}.")
