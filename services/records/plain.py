"""The record of a closed case without typesetting: text made with nothing that can fail, for when the PDF cannot be made."""

from collections.abc import Iterable, Iterator

from services.contracts.content import FORM_LABELS, FURTHER_LABELS, Action, OutcomeContent
from services.contracts.vocabulary import Side
from services.kit.web import words
from services.records.confirmation import DECIDED, Confirmation
from services.records.wording import ENDINGS, SIDES, When, document, listed, on_day, who

WHY = "This is the plain form of the record, because the PDF could not be made. It says the same."


def text(confirmation: Confirmation) -> bytes:
    """The whole record as UTF-8 text."""
    when = words.instant if confirmation.demonstration else words.moment
    return "\n".join(_lines(confirmation, when)).encode("utf-8", errors="replace")


def _lines(record: Confirmation, when: When) -> Iterator[str]:
    if record.demonstration:
        yield from (record.demonstration, "")
    yield from (record.board_name, record.title.upper(), f"Professional disagreement {record.reference}", "")
    yield from (WHY, "Confidential: about a child.", "")
    yield from _section("Case")
    yield f"Stage of the child’s case: {record.case_stage}"
    yield f"What the disagreement was about: {record.area}"
    yield f"Protocol: {document(record.protocol, record.protocol_version)}. {record.ladder_name} ({record.ladder})"
    yield f"Raised: {when(record.raised_at)}, by {who(record.raised_by)}"
    yield f"Immediate danger: {'yes' if record.immediate_danger else 'no'}, as the form said"
    yield f"Closed: {when(record.closed_at)}. {ENDINGS[record.how]}."
    if record.linked:
        yield f"Linked with: {', '.join(record.linked)}"
    yield from _ended(record, when)
    yield "Any child protection plan, or plan for section 47 enquiries, stays in force and is binding on all agencies."
    yield from _followed(record, when)
    yield from _section("The Escalation Form")
    for key, label in FORM_LABELS:
        yield f"{label}: {getattr(record.form, key) or 'not filled in'}"
    yield from (f"{label}: {getattr(record.form, key)}" for key, label in FURTHER_LABELS if getattr(record.form, key))
    for correction in record.corrections:
        yield f"Corrected at {when(correction.at)} by {who(correction.by)}:"
        labels = (*FORM_LABELS, *FURTHER_LABELS)
        yield from (
            f"  {label}: {correction.changed[key] or 'left empty'}" for key, label in labels if key in correction.changed
        )
    yield from _section("Each side’s reasons, in writing")
    for reasons in record.reasons:
        yield from (
            f"Step {reasons.step}, {who(reasons.by)}, for {SIDES[reasons.side]}, at {when(reasons.at)}:",
            reasons.text,
            "",
        )
    for decision in record.other_decisions:
        yield from _section(f"Another decision: outcome {decision.outcome}")
        yield f"Decided at step {decision.step} by {who(decision.by)} at {when(decision.at)}. It is not how the case ended."
        yield from _outcome(decision.content)
    yield from _section("What happened, step by step")
    for step in record.steps:
        name = f", {step.name}" if step.name else ""
        yield f"Step {step.step} of {step.steps}{name}: {step.action} ({step.paragraph}), began {when(step.began_at)}"
        yield f"  To be resolved by: {when(step.deadline) if step.deadline else 'no time is stated'}. {step.explanation}"
        yield f"  For {SIDES[Side.RAISING]}: {', '.join(map(who, step.raising_side)) or 'nobody named'}"
        yield f"  For {SIDES[Side.OTHER]}: {', '.join(map(who, step.other_side)) or 'nobody named'}"
        for happening in step.happened:
            yield f"  {when(happening.at)}: {happening.text}{f' “{happening.words}”' if happening.words else ''}"
    yield from _section("About this record")
    yield f"Made at {when(record.made_at)}."
    yield f"End of the history then: entry {record.history_entries}, {record.history_hash}"


def _ended(record: Confirmation, when: When) -> Iterator[str]:
    """The outcome with who confirmed it, or that there is none; and every dissent with its reasons."""
    decided = record.how in DECIDED
    if record.agreed is None or record.proposed_by is None or record.proposed_at is None:
        yield from _section("How it ended")
        yield f"{ENDINGS[record.how]}. There is no outcome in writing."
    else:
        yield from _section("What was decided" if decided else "What was agreed")
        by = f"{who(record.proposed_by)} at {when(record.proposed_at)}"
        yield f"Outcome {record.outcome}, {'decided and put' if decided else 'put'} in writing by {by}."
        yield from _outcome(record.agreed)
        yield from _section("Accepted in writing by" if decided else "Confirmed in writing by")
        for confirmed in record.confirmed:
            yield f"{who(confirmed.by)}, {confirmed.by.address}, for {SIDES[confirmed.side]}, at {when(confirmed.at)}"
    for dissent in record.dissents:
        yield from _section(f"Dissent from outcome {dissent.outcome}")
        yield f"{who(dissent.by)}, for {SIDES[dissent.side]}, at {when(dissent.at)}:"
        yield from (dissent.text, "")


def _outcome(content: OutcomeContent) -> Iterator[str]:
    yield from ("", content.agreed, "")
    if content.working_arrangement:
        yield f"How the sides work while it stays unresolved: {content.working_arrangement}"
    yield f"Risk to the child: {content.risk or 'not written down'}"
    yield f"Depends on: {content.depends_on or 'nothing was written down'}"
    if content.planning:
        yield f"What follows for the child’s plan: {content.planning}"
    if content.review:
        yield f"Review conference: {content.review}"
    yield from _actions("Who does what, by when", content.actions)
    yield from _actions("What is outstanding, and how it will be pursued", content.outstanding)


def _followed(record: Confirmation, when: When) -> Iterator[str]:
    """What is pursued, what was not done as the protocol says, what was passed over, and what was learned."""
    if record.to_pursue:
        yield from _section("What is pursued until it is done")
    for item in record.to_pursue:
        by = on_day(item.by) if item.by else "by when is not stated"
        yield f"{item.number}. {item.what} / {item.owner or 'who is not stated'} / {by}"
    yield from _section("Whether everything was done as the protocol says")
    if record.procedures_followed and not record.not_done:
        yield "Nothing is recorded that was not done."
    yield from (f"Not done at step {item.step}: {item.what} ({item.paragraph})" for item in record.not_done)
    yield from (f"Not done: {text}" for text in record.other_lapses)
    for passed in record.passed_over:
        agreed = listed([who(person) for person in passed.agreed_by])
        yield f"Step {passed.step} was passed over at {when(passed.at)} ({passed.paragraph}), as {agreed} agreed in writing."
    for referral in record.learning:
        yield f"{who(referral.by)} referred what was learned to {referral.to} at {when(referral.at)}."


def _section(heading: str) -> Iterable[str]:
    return ("", heading.upper(), "-" * len(heading))


def _actions(heading: str, actions: Iterable[Action]) -> Iterator[str]:
    yield from ("", f"{heading}:")
    items = list(actions)
    if not items:
        yield "  none was written down"
    for item in items:
        yield f"  - {item.what} / {item.owner or 'who is not stated'} / {item.by or 'by when is not stated'}"
