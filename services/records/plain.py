"""The written confirmation without typesetting: text made with nothing that can fail, for when the PDF cannot be made."""

from collections.abc import Iterable, Iterator

from services.contracts.content import FORM_LABELS, Action
from services.contracts.vocabulary import Side
from services.kit.web import words
from services.records.confirmation import Confirmation
from services.records.sentences import SIDES, When, who

WHY = "This is the plain form of the record, because the PDF could not be made. It says the same."


def text(confirmation: Confirmation) -> bytes:
    """The whole record as UTF-8 text."""
    when = words.instant if confirmation.demonstration else words.moment
    return "\n".join(_lines(confirmation, when)).encode("utf-8", errors="replace")


def _lines(record: Confirmation, when: When) -> Iterator[str]:
    if record.demonstration:
        yield from (record.demonstration, "")
    yield from (record.board_name, "WRITTEN CONFIRMATION OF THE OUTCOME", f"Professional disagreement {record.reference}", "")
    yield from (WHY, "Confidential: about a child.", "")
    yield from _section("Case")
    yield f"Stage of the child’s case: {record.case_stage}"
    yield f"What the disagreement was about: {record.area}"
    yield f"Protocol followed: {record.ladder_name} ({record.ladder}, version {record.protocol_version})"
    yield f"Raised: {when(record.raised_at)}, by {who(record.raised_by)}"
    yield f"Immediate danger: {'yes' if record.immediate_danger else 'no'}, as the form said"
    yield f"Closed: {when(record.closed_at)}"
    yield from _section("What was agreed")
    yield f"Outcome {record.outcome}, put in writing by {who(record.proposed_by)} at {when(record.proposed_at)}."
    yield from ("", record.agreed.agreed, "")
    yield f"Risk to the child: {record.agreed.risk or 'not written down'}"
    yield f"Depends on: {record.agreed.depends_on or 'nothing was written down'}"
    yield from _actions("Who does what, by when", record.agreed.actions)
    yield from _actions("What is outstanding, and how it will be pursued", record.agreed.outstanding)
    yield from _section("Confirmed in writing by")
    for confirmed in record.confirmed:
        yield f"{who(confirmed.by)}, {confirmed.by.address}, for {SIDES[confirmed.side]}, at {when(confirmed.at)}"
    yield "Any child protection plan, or plan for section 47 enquiries, stays in force and is binding on all agencies."
    yield from _section("The Escalation Form")
    for key, label in FORM_LABELS:
        yield f"{label}: {getattr(record.form, key) or 'not filled in'}"
    yield from _section("Each side’s reasons, in writing")
    for reasons in record.reasons:
        yield from (
            f"Step {reasons.step}, {who(reasons.by)}, for {SIDES[reasons.side]}, at {when(reasons.at)}:",
            reasons.text,
            "",
        )
    yield from _section("What happened, step by step")
    for step in record.steps:
        yield f"Step {step.step} of {step.steps}: {step.action} ({step.paragraph}), began {when(step.began_at)}"
        yield f"  To be resolved by: {when(step.deadline) if step.deadline else 'no time is stated'}. {step.explanation}"
        yield f"  For {SIDES[Side.RAISING]}: {', '.join(map(who, step.raising_side)) or 'nobody named'}"
        yield f"  For {SIDES[Side.OTHER]}: {', '.join(map(who, step.other_side)) or 'nobody named'}"
        for happening in step.happened:
            yield f"  {when(happening.at)}: {happening.text}{f' “{happening.words}”' if happening.words else ''}"
    yield from _section("About this record")
    yield f"Made at {when(record.made_at)}."
    yield f"End of the history then: entry {record.history_entries}, {record.history_hash}"


def _section(heading: str) -> Iterable[str]:
    return ("", heading.upper(), "-" * len(heading))


def _actions(heading: str, actions: Iterable[Action]) -> Iterator[str]:
    yield from ("", f"{heading}:")
    items = list(actions)
    if not items:
        yield "  none was written down"
    for item in items:
        yield f"  - {item.what} / {item.owner or 'who is not stated'} / {item.by or 'by when is not stated'}"
