"""What a board publishes of its protocol: ladders, choices and rules as people read them, before any case. Values only."""

from collections.abc import Sequence

from services.contracts import outline as contract
from services.contracts.vocabulary import Side
from services.escalator.choices import Choice
from services.escalator.ladders import Ladder, Step, Unit, Within
from services.escalator.protocol import Protocol

_UNITS = {
    Unit.ELAPSED_HOURS: "hour",
    Unit.ELAPSED_SECONDS: "second",
    Unit.WORKING_HOURS: "working hour",
    Unit.WORKING_DAYS: "working day",
}

_PLAIN = {
    None: "no time stated",
    Unit.IMMEDIATELY: "immediately",
    Unit.WITHOUT_DELAY: "without delay",
    Unit.AGREED: "within a time that the two sides agree",
}


def outline(protocol: Protocol, ladder: Ladder) -> contract.LadderOutline:
    """A ladder as people read it. Turned round (A-10) where `ladder` is."""
    return contract.LadderOutline(
        id=ladder.id,
        name=ladder.name,
        case_stage=protocol.case_stages[ladder.case_stage],
        areas=tuple(protocol.areas[area] for area in ladder.areas),
        paragraph=ladder.source,
        steps=tuple(
            contract.StepOutline(
                number=step.number,
                name=step.name,
                action=step.action,
                raising=protocol.names(step.people(Side.RAISING)),
                other=protocol.names(step.people(Side.OTHER)),
                within=stated_time(step),
                writing=step.writing,
                paragraph=step.source,
            )
            for step in ladder.steps
        ),
        ending=ending(protocol, ladder),
        advice=ladder.advice,
    )


def stated_time(step: Step) -> str:
    """The time the document states for a step, in words and before any choice about how it is counted."""
    shared = f", shared with step {step.shares_time_with}" if step.shares_time_with is not None else ""
    return f"{time_words(step.within)}{shared}"


def time_words(within: Within | None) -> str:
    """A stated time in words, such as "within 24 hours"."""
    kind = within.kind if within else None
    if within is None or kind in _PLAIN:
        return _PLAIN[kind]
    if within.kind is Unit.END_OF_WORKING_DAY:
        return f"by the end of {'the next working day' if within.amount == 1 else f'working day {within.amount:g} after'}"
    return f"within {within.amount:g} {_UNITS[within.kind]}{'' if within.amount == 1 else 's'}"


def either(roles: Sequence[str]) -> str:
    """Roles of whom any may act."""
    return " or ".join(filter(None, (", ".join(roles[:-1]), *roles[-1:])))


def ending(protocol: Protocol, ladder: Ladder) -> str:
    """What happens after the last step where nobody has agreed: what the document says, or what the board chose (A-13, A-15)."""
    if ladder.advice:
        further = f"; if it is not taken, “{protocol.ladder(ladder.offers).name}” is offered" if ladder.offers else ""
        return f"The advice is taken or not, and that ends it{further}"
    if ladder.default_outcome is not None:
        return f"{ladder.default_outcome.text}: {protocol.roles[ladder.default_outcome.by].name}"
    goes_on = any(choice.id == "A-15" and choice.value == "last_step_goes_on" for choice in protocol.choices)
    return "The last step goes on until both sides agree" if goes_on else "Board staff decide what happens next"


def choice_in_force(choice: Choice) -> contract.ChoiceInForce:
    """What a document leaves open and what was decided, in words."""
    asked = choice.asked_of == "practitioner"
    return contract.ChoiceInForce(
        id=choice.id,
        question=choice.question,
        value="asked of whoever raises it" if asked else option_words(choice.value),
        by_board=choice.chosen is not None,
        reason=choice.reason,
    )


def option_words(option: str) -> str:
    """An option's key as people read it: `form_received` is "form received"."""
    return option.replace("_", " ")


def ladders(protocol: Protocol) -> tuple[contract.LadderOutline, ...]:
    """Every ladder of a board."""
    return tuple(outline(protocol, ladder) for ladder in protocol.ladders)


def choices(protocol: Protocol) -> tuple[contract.ChoiceInForce, ...]:
    """Every choice in force, the document's order kept."""
    return tuple(choice_in_force(choice) for choice in protocol.choices)


def redirects(protocol: Protocol) -> tuple[contract.Redirect, ...]:
    """What is not a professional disagreement here, as areas that a form may name (BIR-05, BIR-06)."""
    return tuple(
        contract.Redirect(
            area=redirect.area,
            name=protocol.areas[redirect.area],
            case_stages=redirect.case_stages,
            instead=redirect.instead,
            paragraph=redirect.source,
        )
        for redirect in protocol.redirects
    )


def asks(protocol: Protocol) -> tuple[str, ...]:
    """What the board's form asks for beyond the printed form."""
    return tuple(asked.field for asked in protocol.asks)


def roles(protocol: Protocol) -> tuple[contract.Role, ...]:
    """The roles that the board's contact list may give somebody."""
    return tuple(contract.Role(key=key, name=role.name) for key, role in protocol.roles.items())
