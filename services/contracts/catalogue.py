"""Every message there is, and who hears it: the broker's queues, its permissions and the AsyncAPI document all come from here."""

from services.contracts import escalator, intake, notifier, records
from services.contracts.message import Message

SPEAKERS: dict[type[Message], tuple[str, ...]] = {
    intake.FormReceived: ("intake",),
    intake.FormCorrected: ("intake",),
    intake.ReplyReceived: ("intake",),
    intake.DeliveryReported: ("intake",),
    intake.ItemHeld: ("intake",),
    escalator.BoardPublished: ("escalator",),
    escalator.ContactsPublished: ("escalator",),
    escalator.CaseOpened: ("escalator",),
    escalator.CaseRedirected: ("escalator",),
    escalator.StepReached: ("escalator",),
    escalator.ResponseRecorded: ("escalator",),
    escalator.OutcomeProposed: ("escalator",),
    escalator.OutcomeConfirmed: ("escalator",),
    escalator.OutcomeDisputed: ("escalator",),
    escalator.DeadlineMissed: ("escalator",),
    escalator.LastTierPassed: ("escalator",),
    escalator.ActNotTaken: ("escalator",),
    escalator.ActRecorded: ("escalator",),
    escalator.StandInAsked: ("escalator",),
    escalator.StepBypassed: ("escalator",),
    escalator.DecisionMade: ("escalator",),
    escalator.DissentRecorded: ("escalator",),
    escalator.DeadlineChanged: ("escalator",),
    escalator.RequirementNotMet: ("escalator",),
    escalator.FollowUpBegun: ("escalator",),
    escalator.LearningReferred: ("escalator",),
    escalator.CaseReopened: ("escalator",),
    escalator.CaseLinked: ("escalator",),
    escalator.CaseClosed: ("escalator",),
    notifier.SendNotice: ("intake", "escalator", "records"),
    notifier.NoticeSent: ("notifier",),
    notifier.NoticeFailed: ("notifier",),
    records.RecordIssued: ("records",),
    records.StaffActed: ("records",),
    records.ContactsChanged: ("records",),
    records.ItemSettled: ("records",),
}
"""Which services may say each message."""

_ELSEWHERE: dict[type[Message], tuple[str, ...]] = {
    intake.FormReceived: ("escalator",),
    intake.ReplyReceived: ("escalator",),
    intake.DeliveryReported: ("escalator",),
    escalator.BoardPublished: ("intake",),
    escalator.ContactsPublished: ("intake",),
    notifier.SendNotice: ("notifier",),
    notifier.NoticeSent: ("intake",),
    notifier.NoticeFailed: ("escalator",),
    records.StaffActed: ("escalator",),
    records.ContactsChanged: ("escalator",),
    records.ItemSettled: ("intake",),
}

HEARERS: dict[type[Message], tuple[str, ...]] = {message: (*_ELSEWHERE.get(message, ()), "records") for message in SPEAKERS}
"""Which services hear each message. records hears everything: it keeps the history."""


def heard_by(service: str) -> tuple[type[Message], ...]:
    """The messages one service hears, in the catalogue's order."""
    return tuple(message for message, hearers in HEARERS.items() if service in hearers)


def said_by(service: str) -> tuple[type[Message], ...]:
    """The messages one service may say, in the catalogue's order."""
    return tuple(message for message, speakers in SPEAKERS.items() if service in speakers)
