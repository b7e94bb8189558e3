"""Advice from safeguarding professionals, and telling them that a child is still at risk. Neither ever stops the clock (A-23).

BED-18, BIR-17, OXF-06, OXF-13, OXF-27 (advice), A-13 (a ladder that is a call for advice), BAR-05 (still at risk).
"""

from services.contracts.intake import ReplyReceived
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Ending, ReplyAct, Side
from services.escalator.asking import question
from services.escalator.case import Asking, FindPeople, Participant, PeopleFound
from services.escalator.closing import close
from services.escalator.sides import agencies
from services.escalator.turn import Answers, Turn, without, without_repeats
from services.escalator.wording import advice_open

_ADVISE: Answers = (("ADVISE", "Your advice; it goes to whoever asked, and is kept with the case."),)


def why_not_ask(turn: Turn, reply: ReplyReceived) -> str:
    """Why advice cannot be asked for here; empty when it can."""
    if turn.board.protocol.advice is None:
        return "This board’s protocol names nobody to ask for advice. Ask your agency’s safeguarding lead."
    if not advice_open(turn, reply.side):
        return f"The protocol offers this advice in some agencies only ({turn.board.protocol.advice.source})."
    return ""


def ask_for_advice(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Ask the safeguarding professionals of the asker's agency. From one of those who were asked, it is their answer."""
    if sender.person.address.lower() in turn.case.advisers:
        advise(turn, reply.model_copy(update={"act": ReplyAct.ADVICE_GIVEN}), sender)
        return
    rule = turn.board.protocol.advice
    if rule is not None:
        turn.record_act(reply.act, sender, f"{sender.person.name} asked for advice.", reply.content)
        _find(turn, "advice", sender, reply.content, ((sender.side, rule.roles),))


def say_still_at_risk(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody believes that the child is still at risk: board staff are told at once, and whom the protocol names (BAR-05)."""
    turn.record_act(
        reply.act, sender, f"{sender.person.name} believes that the child is still at risk of significant harm.", reply.content
    )
    turn.alert_board("still_at_risk", f"{sender.person.name} believes that a child is still at risk of significant harm.")
    rule = turn.board.protocol.still_at_risk
    other = Side.OTHER if sender.side is Side.RAISING else Side.RAISING
    if rule is not None:
        _find(turn, "still_at_risk", sender, reply.content, ((sender.side, rule.raising), (other, rule.other)))
        return
    others = without(turn.everybody, sender)
    _tell_still_at_risk(turn, others, sender, reply.content)


def _find(
    turn: Turn, purpose: str, sender: Participant, content: Sealed, asked: tuple[tuple[Side, tuple[str, ...]], ...]
) -> None:
    wanted = tuple(
        question(turn, side, agency, roles, never=(sender.person.address,))
        for side, roles in asked
        if roles
        for agency in ((turn.case.start.own_agency,) if side is Side.RAISING else agencies(turn)[:1])
    )
    turn.change(asking=Asking(participant=sender, content=content))
    turn.find = FindPeople.model_validate({"purpose": purpose, "wanted": wanted})


def advisers_found(turn: Turn, answer: PeopleFound) -> None:
    """Tell those whom the contact list named; the board where it named nobody, so that the question is never lost."""
    asking = turn.case.asking
    if asking is None:
        return
    turn.change(asking=None)
    found = without_repeats(
        Participant(person=person, side=one.wanted.side)
        for one in answer.answers
        if one.found.hop != "board"
        for person in one.found.people
    )
    turn.change(involved=without_repeats((*turn.case.involved, *found)))
    if not found:
        turn.alert_board(
            "nobody_on_file", f"{asking.participant.person.name} asked, and nobody on the contact list can be asked."
        )
    if answer.purpose == "advice":
        turn.change(advisers=(*turn.case.advisers, *(p.person.address.lower() for p in found)))
        lines = [f"{asking.participant.person.name} asks for your advice. The time of the step runs on meanwhile."]
        turn.ask(found, "Your advice is asked for", lines, _ADVISE, sealed={"reply": asking.content})
        names = ", ".join(p.person.name for p in found) or turn.board.name
        turn.inform(
            [asking.participant], "Your question was passed on", [f"It went to: {names}. The time of the step runs on."]
        )
    else:
        _tell_still_at_risk(turn, found, asking.participant, asking.content)


def _tell_still_at_risk(
    turn: Turn, whom: tuple[Participant, ...] | list[Participant], by: Participant, content: Sealed
) -> None:
    rule = turn.board.protocol.still_at_risk
    lines = [
        f"{by.person.name} believes that the child is still at risk of significant harm.",
        "If the child is in immediate danger, call the police on 999 now.",
    ]
    source = rule.source if rule else ""
    turn.inform(whom, "A child may still be at risk", lines, sealed={"reply": content}, paragraph=source, urgent=True)


def advise(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """An adviser answered: their side is told what they said."""
    turn.record_act(reply.act, sender, f"{sender.person.name} gave advice.", reply.content)
    theirs = [p for p in turn.everybody if p.side is sender.side and p.person.address.lower() != sender.person.address.lower()]
    turn.inform(theirs, "Advice was given", [f"{sender.person.name} gave this advice."], sealed={"reply": reply.content})


def why_not_end(turn: Turn, reply: ReplyReceived) -> str:
    """Why a call for advice cannot end here; empty when it can."""
    if not turn.case.ladder.advice:
        return "This is not a call for advice. Reply OUTCOME if you agree, or NOT RESOLVED if you cannot."
    if reply.side is not Side.RAISING:
        return "Whoever asked for the advice says whether they follow it."
    return ""


def end_advice(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Whoever asked says whether they follow it; where they do not, they are told where they can go from here (A-13)."""
    taken = reply.act is ReplyAct.ADVICE_TAKEN
    turn.record_act(
        reply.act, sender, f"{sender.person.name} {'follows' if taken else 'does not follow'} the advice.", reply.content
    )
    offers = turn.case.ladder.offers
    if not taken and offers is not None:
        name = turn.board.protocol.ladder(offers).name
        line = f"From here you can go on with: {name}. Reply REOPEN to do that."
        turn.inform([sender], "Where you can go from here", [line], (("REOPEN", f"This goes on as: {name}."),))
    close(turn, Ending.ADVICE_TAKEN if taken else Ending.ADVICE_NOT_TAKEN)
