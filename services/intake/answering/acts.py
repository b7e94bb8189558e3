"""What each answer is called on its page, what is asked for it, and what comes of it. No I/O."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from services.contracts.vocabulary import ReplyAct
from services.intake.words import begin

TEXT: Final = 20_000
LINE: Final = 500
OWNER: Final = 80
"""Characters: who pursues something travels in clear, so it is a name and no sentence."""

NONE: Final = "Write “none” if there is none"


class Field(NamedTuple):
    """One question. `mistake` is said when it is not answered; without one it may be left blank. `most` counts characters.

    items: rows of what, who and by when, or a tick that says `none`.
    """

    name: str
    label: str
    hint: str = ""
    mistake: str = ""
    kind: Literal["line", "text", "items", "moment", "number", "email"] = "text"
    most: int = TEXT
    none: str = ""


class Act(NamedTuple):
    """One answer. `name` is what somebody chooses, `hint` what it means, `after` what happens once it is sent."""

    act: ReplyAct
    name: str
    hint: str
    after: tuple[str, ...]
    fields: tuple[Field, ...] = ()

    @property
    def key(self) -> str:
        """Its part of an address."""
        return self.act.value.replace("_", "-")


def _words(label: str, mistake: str, hint: str = "") -> Field:
    return Field("text", label, hint, mistake)


_TIME_RUNS_ON = "The time for the step runs on."
_BOTH_CONFIRM = (
    "We send these words to both sides, you included, and ask each of them to confirm them in writing.",
    "The case closes when both have. Until then the time for the step runs on.",
)
_REASONS = Field("text", "Your reasons (optional)")


def _outcome(first: Field) -> tuple[Field, ...]:
    """The parts of a written outcome (BIR-10, BED-19): five that every one says, three where they matter."""
    return (
        first,
        Field("risk", "What is the risk to the child, as you assess it?", NONE, "Enter the risk to the child, or “none”"),
        Field(
            "depends_on",
            "Does it depend on more information, or on something being done?",
            NONE,
            "Enter what it depends on, or “none”",
        ),
        Field(
            "actions", "Who does what, by when?", "", "Enter an action, or select that there is none", "items", none="No action"
        ),
        Field(
            "outstanding",
            "What stays outstanding, and who pursues it?",
            "",
            "Enter what stays outstanding, or select that nothing does",
            "items",
            none="Nothing is outstanding",
        ),
        Field("planning", "What follows for the child’s plan? (optional)"),
        Field("working_arrangement", "How do you work together while something stays unresolved? (optional)"),
        Field("review", "Is the next review conference brought forward, and to when? (optional)"),
    )


_SOON = "For example, 11 December 2026 at 4pm"
_UNREAD = "Enter a date and a time like 11 December 2026 at 4pm"

ACTS: Final = (
    Act(
        ReplyAct.OUTCOME_PROPOSED,
        "Put an outcome in writing",
        "You have agreed. Both sides then confirm it in writing.",
        _BOTH_CONFIRM,
        _outcome(Field("agreed", "What was agreed?", "", "Enter what was agreed")),
    ),
    Act(
        ReplyAct.RESPONSE,
        "Give your side’s reasons",
        f"In writing, for the record. {_TIME_RUNS_ON}",
        ("We send your reasons to the other side and keep them on the record.", _TIME_RUNS_ON),
        (_words("What are your side’s reasons?", "Enter your side’s reasons"),),
    ),
    Act(
        ReplyAct.NOT_RESOLVED,
        "Say that you cannot agree",
        "You have tried. The disagreement moves up a step at once.",
        ("The disagreement moves up a step, and we tell both sides who must act then, and by when.",),
        (Field("text", "Why can you not agree? (optional)"),),
    ),
    Act(
        ReplyAct.CONFIRMED,
        "Confirm the outcome",
        "It is what was agreed.",
        ("We record that your side confirms it.", "When both sides have, the case closes and you get the written record."),
    ),
    Act(
        ReplyAct.DISPUTED,
        "Dispute the outcome",
        "It is not what was agreed. The disagreement is open again.",
        ("We send what you wrote to both sides. No outcome is agreed until both confirm the same words.", _TIME_RUNS_ON),
        (_words("What is wrong, or missing?", "Enter what is wrong, or missing"),),
    ),
    Act(
        ReplyAct.DECISION,
        "Make a decision",
        "The protocol lets you decide where the two sides do not agree.",
        ("We send the decision to both sides. Each accepts it, or records its dissent with reasons.",),
        _outcome(Field("agreed", "What have you decided?", "", "Enter what you have decided")),
    ),
    Act(
        ReplyAct.DISSENT,
        "Record your dissent",
        "You do not accept the decision. Your reasons are recorded with it.",
        (
            "We record your dissent and its reasons with the decision, and tell both sides.",
            "If you can take it further, we ask you whether you do.",
        ),
        (_words("Why do you not accept the decision?", "Enter your reasons"),),
    ),
    Act(
        ReplyAct.CHALLENGE,
        "Challenge the decision",
        "You take it further.",
        ("The disagreement moves on as the protocol says, and we tell both sides the next step.",),
        (_words("Why do you challenge it?", "Enter why you challenge it"),),
    ),
    Act(
        ReplyAct.NO_CHALLENGE,
        "Take it no further",
        "Your dissent stays on record, and you do not challenge the decision.",
        ("Your dissent stays on record, and the case closes on the decision.",),
    ),
    Act(
        ReplyAct.BYPASS_ASKED,
        "Ask to pass over this step",
        "Everybody involved is asked to agree.",
        (f"We ask everybody involved to agree. {_TIME_RUNS_ON}",),
        (_words("Why should this step be passed over?", "Enter why this step should be passed over"),),
    ),
    Act(
        ReplyAct.BYPASS_AGREED,
        "Agree to pass over this step",
        "It is passed over when everybody who was asked agrees.",
        ("When everybody who was asked agrees, the next step begins and we tell both sides.",),
    ),
    Act(
        ReplyAct.BYPASS_REFUSED,
        "Refuse to pass over this step",
        "The step stays.",
        ("The step stays, and we tell those involved.",),
        (_REASONS,),
    ),
    Act(
        ReplyAct.TIME_PROPOSED,
        "Propose a time",
        "By when the two of you resolve it.",
        ("We send your time to the other side. It holds when they agree it.",),
        (Field("moment", "By when do you propose to resolve it?", _SOON, _UNREAD, "moment", LINE),),
    ),
    Act(
        ReplyAct.TIME_AGREED,
        "Agree the proposed time",
        "You resolve it by then.",
        ("We record the time, and tell both sides.",),
    ),
    Act(
        ReplyAct.MEETING,
        "Say when and where you meet",
        "You have arranged a meeting.",
        ("We tell everybody involved when and where it is.",),
        (
            Field("moment", "When is the meeting?", _SOON, _UNREAD, "moment", LINE),
            Field("place", "Where is it?", "A place, or how to join by phone or online", "Enter where it is", "line", LINE),
        ),
    ),
    Act(
        ReplyAct.CONSULTED,
        "Say what was said in the consultation",
        "The protocol asks for it before a final decision.",
        ("We record it. Whoever may decide can now do so.",),
        (_words("What was said, and by whom?", "Enter what was said"),),
    ),
    Act(
        ReplyAct.ADVICE_WANTED,
        "Ask for advice",
        "From a safeguarding professional of your agency.",
        (f"We pass on your question, and send you the answer. {_TIME_RUNS_ON}",),
        (_words("What do you ask?", "Enter what you ask"),),
    ),
    Act(
        ReplyAct.ADVICE_GIVEN,
        "Give your advice",
        "It goes to whoever asked, and is kept with the case.",
        ("We send your advice to whoever asked for it, and keep it with the case.",),
        (_words("What do you advise?", "Enter what you advise"),),
    ),
    Act(
        ReplyAct.ADVICE_TAKEN,
        "Follow the advice",
        "You follow it, and this ends.",
        ("We record that you follow the advice, and this ends.",),
    ),
    Act(
        ReplyAct.ADVICE_NOT_TAKEN,
        "Not follow the advice",
        "You are told where you can go from here.",
        ("We tell you where you can go from here.",),
        (_REASONS,),
    ),
    Act(
        ReplyAct.STILL_AT_RISK,
        "Say that the child is still at risk",
        "You believe that the child is still at risk of significant harm.",
        ("We pass this on at once, as the protocol says, and tell the board’s staff.",),
        (_words("Why do you believe that?", "Enter why you believe that the child is still at risk"),),
    ),
    Act(
        ReplyAct.DONE,
        "Say that a follow-up is done",
        "Or that it is not needed any more.",
        ("We record it. What is not done yet is still asked for.",),
        (
            Field(
                "number",
                "Which number does it have?",
                "The number in the notice",
                "Enter the number it has in the notice, like 2",
                "number",
                3,
            ),
            Field("text", "What was done? (optional)"),
        ),
    ),
    Act(
        ReplyAct.LEARNING,
        "Say what others can learn",
        "It goes where the protocol sends it.",
        ("We send it where the protocol says learning goes.",),
        (_words("What can others learn from this?", "Enter what others can learn"),),
    ),
    Act(
        ReplyAct.WITHDRAWN,
        "Withdraw the disagreement",
        "You no longer disagree.",
        ("We tell both sides and the board’s staff, with your reason.",),
        (_words("Why do you withdraw it?", "Enter why you withdraw it"),),
    ),
    Act(
        ReplyAct.REOPENED,
        "Ask for this to go on",
        "It ended, and should go on.",
        ("The case goes on under the same reference, and we tell both sides the step it begins at.",),
        (_words("Why should it go on?", "Enter why it should go on"),),
    ),
    Act(
        ReplyAct.WRONG_PERSON,
        "Say that somebody else should be asked",
        "You are not the right person.",
        ("We ask whoever it is instead. If we cannot tell who that is, the board’s staff find out.",),
        (
            Field("named", "Who is it? (optional)", "The name of a professional", "", "line", 60),
            Field("their_email", "Their email address (optional)", "", "", "email", 254),
            Field("text", "Anything else we should know (optional)"),
        ),
    ),
)
"""Every answer, in the order in which they are offered where a notice does not say otherwise."""

BY_ACT: Final[Mapping[ReplyAct, Act]] = {act.act: act for act in ACTS}

_ACCEPT: Final = BY_ACT[ReplyAct.CONFIRMED]._replace(
    name="Accept the decision",
    hint="It then stands.",
    after=("We record that your side accepts the decision. The case then closes on it, and you get the written record.",),
)


def offered(words: Sequence[str]) -> tuple[Act, ...]:
    """The acts that these decision words stand for, in their order. Where a decision is answered, to confirm it is to accept it."""
    begun = [found.act for word in words if (found := begin(word)) is not None]
    acts = [BY_ACT[act] for act in dict.fromkeys(begun)]
    if ReplyAct.DISSENT in begun:
        acts = [_ACCEPT if act.act is ReplyAct.CONFIRMED else act for act in acts]
    return tuple(acts)
