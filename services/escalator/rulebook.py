"""A protocol's rules beside its ladders, in words and each with its paragraph, for the page that shows them. Values only."""

from collections.abc import Iterator
from typing import NamedTuple

from services.contracts.content import FURTHER_LABELS
from services.contracts.vocabulary import Sector, Side
from services.escalator.ladders import Decision, Ladder, Statement, Step
from services.escalator.outline import either, time_words
from services.escalator.protocol import Protocol

_DUTY = {
    "should": "Advice should be sought from",
    "may": "Advice may be sought from",
    "alternative": "Instead of your manager you may go to",
}
_SECTORS = {
    Sector.SOCIAL_CARE: "social care",
    Sector.HEALTH: "health",
    Sector.EDUCATION: "education",
    Sector.POLICE: "the police",
    Sector.VCF: "voluntary, community and faith organisations",
    Sector.OTHER: "other agencies",
}
_PARTS = {
    "agreed": "what was agreed",
    "working_arrangement": "how you work while it stays unresolved",
    "risk": "what the risk to the child is",
    "depends_on": "what it depends on",
    "actions": "who does what",
    "outstanding": "how outstanding issues will be pursued",
    "planning": "what follows for the child’s plan",
    "review": "whether the review conference is brought forward",
}
_SIDES = {Side.RAISING: "the side that raised it", Side.OTHER: "the other side", Side.BOARD: "the board"}


class Rule(NamedTuple):
    """A rule as people are told it: what it is about, our words, and where it comes from."""

    title: str
    text: str
    source: str


def throughout(protocol: Protocol) -> Iterator[Rule]:
    """What holds from beginning to end."""
    yield _rule("Immediate danger", protocol.danger)
    if protocol.plan_in_force:
        yield _rule("Plans stay in force", protocol.plan_in_force)
    if protocol.protection:
        yield _rule("The child’s own time frame", protocol.protection)
    if protocol.advice:
        whom = either(protocol.names(protocol.advice.roles))
        where = f", in {' and '.join(_SECTORS[one] for one in protocol.advice.sectors)}" if protocol.advice.sectors else ""
        text = f"{protocol.advice.text} {_DUTY[protocol.advice.duty]}: {whom}{where}. The time runs on."
        yield Rule("Advice", text, protocol.advice.source)
    if protocol.bypass:
        yield _rule("Passing over a step", protocol.bypass)
    if protocol.still_at_risk:
        yield Rule("If you still believe that the child is at risk", protocol.still_at_risk.text, protocol.still_at_risk.source)
    for substitute in protocol.substitutes:
        stands, instead = protocol.names((substitute.role, substitute.instead_of))
        text = f"In {_SECTORS[substitute.sector]}, this role may be taken by: {stands}."
        yield Rule(f"Who may stand in for: {instead}", text, substitute.source)


def before(protocol: Protocol) -> Iterator[Rule]:
    """What to do before raising it, and what the form asks for beyond the printed one."""
    labels = dict(FURTHER_LABELS)
    for statement in protocol.before:
        yield _rule("Before you raise it", statement)
    for asked in protocol.asks:
        yield Rule("The form also asks", f"“{labels[asked.field]}”", asked.source)


def closing(protocol: Protocol) -> Iterator[Rule]:
    """What holds when it ends."""
    rules = protocol.closing
    for title, statement in (
        ("Written confirmation", rules.confirmation),
        ("If it stays unresolved", rules.working_arrangement),
        ("The planning meeting", rules.planning_meeting),
        ("The review conference", rules.review_conference),
        ("A debrief", rules.debrief),
    ):
        if statement:
            yield _rule(title, statement)
    if rules.read_back:
        parts = ", ".join(_PARTS[part] for part in rules.read_back.parts)
        yield Rule("What the written outcome says", f"It says {parts}. “None” is an answer.", rules.read_back.source)
    if rules.learning:
        only = " Only where the procedures were followed." if rules.learning.only_if_followed else ""
        yield Rule("Learning", f"{rules.learning.text} It goes to: {rules.learning.to}.{only}", rules.learning.source)


def of_ladder(protocol: Protocol, ladder: Ladder) -> Iterator[Rule]:
    """What is special to one ladder."""
    if ladder.local_procedure:
        yield Rule(ladder.local_procedure.title, ladder.local_procedure.note, ladder.source)
    if ladder.advice:
        yield Rule(
            "A call for advice",
            "This is a call for advice, not an escalation. You take the advice or you do not.",
            ladder.source,
        )
    if ladder.alternatives:
        yield Rule("The steps depend on an answer", protocol.choice(ladder.alternatives.choice).question, ladder.source)
    if ladder.either_side_may_raise:
        yield Rule("Either side may raise it", "Where the other side raises it, the sides are exchanged.", ladder.source)
    if ladder.within_agency:
        kept = f" Nothing is sent to: {', '.join(protocol.names(ladder.keep_from))}." if ladder.keep_from else ""
        yield Rule("Within one agency", f"Both sides are of the same agency.{kept}", ladder.source)
    if ladder.default_outcome:
        who = protocol.roles[ladder.default_outcome.by].name
        text = f"{ladder.default_outcome.text}. It is for this role to do: {who}."
        yield Rule("If nobody agrees by the end", text, ladder.default_outcome.source)


def of_step(protocol: Protocol, step: Step) -> Iterator[Rule]:
    """What is asked for at one step besides acting in time."""
    if step.reasons_from:
        sides = " and ".join(_SIDES[side] for side in step.reasons_from)
        yield Rule("Reasons in writing", f"From {sides}.", step.source)
    if step.meeting:
        held = "is held" if step.meeting.must else "is to be considered"
        text = f"A meeting of everybody at this step {held}. {protocol.roles[step.meeting.coordinator].name} arranges it."
        yield Rule("Meeting", text, step.meeting.source)
    if step.decision:
        yield _decision(protocol, step.decision)
    if step.decision_needed:
        yield _rule("A decision is needed", step.decision_needed)
    if step.not_when_at_risk:
        yield Rule("Left out", "Where a child is at immediate risk.", step.source)
    if step.not_from:
        yield Rule("Not for every agency", f"Not where this sector raised it: {_SECTORS[step.not_from]}.", step.source)
    if step.tells_board:
        yield _rule("The board is told", step.tells_board)


def _decision(protocol: Protocol, decision: Decision) -> Rule:
    text = f"{protocol.roles[decision.by].name} may decide. Each side then accepts it or dissents, with reasons."
    if decision.consult:
        text += f" Consulted first: {protocol.roles[decision.consult].name}."
    if decision.challenge_within:
        text += f" Whoever dissents may challenge it {time_words(decision.challenge_within)}."
    return Rule("Decision", text, decision.source)


def _rule(title: str, statement: Statement) -> Rule:
    return Rule(title, statement.text, statement.source)
