"""What a person decided in a reply: an exact word on its first line, and what they wrote after it.

Only exact words count, the negations are looked at first, and anything else is a reply that needs a person: nothing is ever
closed, refused or agreed on a guess.
"""

import re
from datetime import datetime

from services.contracts.content import OutcomeContent, ReplyContent
from services.contracts.intake import Pursued
from services.contracts.message import Data
from services.contracts.vocabulary import ReplyAct
from services.intake.assent import is_nobodys_words, leaves_it, names_of
from services.intake.courtesies import before_signature, past_greeting, without_greeting
from services.intake.moments import Found, begin_with_moment, names_another
from services.intake.outcomes import read_outcome
from services.intake.words import AGREES, Begun, begin, plain

LONGEST = 50_000
_LONGEST_LINE = 200

_CONDITION = (
    r"except|unless|subject to|provid(?:ed|ing)|as long as|on (?:the )?condition|only if|until"
    r"|not (?:yet|sure|certain|completely|fully|really)"
)
_DOUBTED = re.compile(rf"\b(?:but|however|although|apart from|perhaps|maybe|might|{_CONDITION})\b", re.IGNORECASE)
_GOES_ON = (
    r"\A(?:unless|until|only if|(?:is|was) what|would be|if (?:they|you|he|she|it|we|i|the|this|that)\b|(?:we|i) might\b)"
)
_MAY_NOT_FOLLOW = {
    ReplyAct.WITHDRAWN: re.compile(
        rf"{_GOES_ON}|\A(?:if|once|when|(?:we|i) (?:would|may|will|could))\b|{_DOUBTED.pattern}", re.IGNORECASE
    ),
    ReplyAct.DONE: re.compile(rf"{_DOUBTED.pattern}|\bnot (?:done|complete|finished|started)", re.IGNORECASE),
    ReplyAct.BYPASS_REFUSED: re.compile(rf"{_GOES_ON}|\b(?:{_CONDITION})\b", re.IGNORECASE),
    **dict.fromkeys(
        (
            *(ReplyAct.NOT_RESOLVED, ReplyAct.DISPUTED, ReplyAct.DISSENT, ReplyAct.CHALLENGE),
            *(ReplyAct.ADVICE_NOT_TAKEN, ReplyAct.BYPASS_ASKED, ReplyAct.REOPENED),
        ),
        re.compile(_GOES_ON, re.IGNORECASE),
    ),
}
"""What takes back a word that ends or refuses something; for what agrees, see `assent`. Reasons may say "not"."""

_ONLY_A_PART = re.compile(
    r"\A(?:my|our|the|this|that)(?: (?:last|previous|earlier|first|second))? (?:e-?mail|message|reply|response|comments?|outcome|dispute"
    r"|confirmation|dissent|challenge|proposal|request|bypass|time)\b",
    re.IGNORECASE,
)
"""What somebody may withdraw who does not withdraw the disagreement."""

_LATER = (
    r"tbc|tba|to (?:be (?:agreed|confirmed|decided|advised)|follow)|will follow|will send (?:it )?later|pending|await(?:ed|ing)"
    r"|deferred|postponed|adjourned"
)
_NO_WORDS = re.compile(
    rf"(?:(?:none|nothing|nobody|nil|no)(?: yet)?|n/?a|no,? thank(?:s| you)|dim|{_LATER}"
    r"|(?:please )?(?:see )?(?:attached|attachment|below|above)(?: letter| document| form)?)[\s.!]*",
    re.IGNORECASE,
)
"""What is no answer yet where words are asked for."""

_DENIED = re.compile(
    r"(?:no|none|nothing|nope|never|n/?a|no longer|no more|maybe|perhaps|possibly|not sure(?: yet)?"
    r"|not (?:at all|any ?more|needed|required|applicable|now|yet)"
    r"|(?:now )?(?:resolved|settled|withdrawn|over|closed|agreed))[\s.!]*",
    re.IGNORECASE,
)
"""What unsays any word it stands behind alone: `Dispute: none`."""

_CALLED_OFF = re.compile(
    r"\b(?:cannot|cancel\w*|postpone\w*|called off|no longer|moved|not|provisional\w*|tentative\w*|tbc)\b|n['’]t\b",
    re.IGNORECASE,
)
"""What is said of a meeting that is not to be."""

_NOT_WHOLLY = re.compile(
    r"\A\W*(?:no|none|never|not yet|maybe)\W*\Z|\b(?:part(?:s|ly|ial\w*)?|half|almost|nearly|mostly|in progress|ongoing|start\w*|begun"
    r"|will|to be|due|plan(?:ned)?|booked|arranged|hopefully|soon|pending|await\w*|tbc)\b",
    re.IGNORECASE,
)
"""What is said beside the number of something that is not done yet."""

_POINTS = re.compile(
    r"(?:(?:please )?(?:see|find)\b)?(?:\s*(?:my|our)\b)?(?:\s*(?:answers?|comments?|response|reply|replies)\b)?(?:\s*(?:is|are)\b)?"
    r"(?:\s*\b(?:below|inline|in line|in (?:red|blue|green|bold|colour|capitals)|in the (?:text|mail|e-?mail)|underneath"
    r"|at the (?:bottom|end)))+[\s.,!]*(?:(?:many )?thanks|thank you)?[\s.,!]*",
    re.IGNORECASE,
)
_ONLY_ASKS = re.compile(r"[^.!?\n]{1,150}\?+\s*")

_AGREE = r"(?:been )?(?:agreed?|resolved?|reach(?:ed)?|decided?|able)"
_NOT_AGREED = re.compile(
    rf"\W*(?:(?:unfortunately|sadly|regrettably|so far|as yet|at present|at this (?:level|stage|point))[\s,]+)?"
    rf"(?:(?:none|nothing|not|no)(?: yet)?\W*\Z|(?:{_LATER}|still (?:await\w+|waiting|to))\b"
    r"|no (?:agreement|outcome|decision|consensus|resolution)\b|unresolved|unable to|failed to"
    r"|(?:agreement|outcome|decision|consensus|resolution) (?:(?:is|was|has|could|can) )?not\b"
    r"|(?:we|they|both sides|the two sides) (?:(?:have been|were|are) unable to|remain in disagreement|(?:still )?(?:disagree|differ))"
    rf"|(?:nothing|none|not)(?: yet| was| is| has)* {_AGREE}\b"
    rf"|(?:(?:we|i|they|both sides|the two sides) )?(?:cannot|(?:could|can|did|do|have|has|are|were)(?: not|n['’]t)) {_AGREE}\b)",
    re.IGNORECASE,
)
"""What stands where an outcome or a decision should, and is none."""

_OUTCOMES = (ReplyAct.OUTCOME_PROPOSED, ReplyAct.DECISION)
_GOES_WITH = dict.fromkeys(_OUTCOMES, _OUTCOMES) | dict.fromkeys(
    (ReplyAct.NOT_RESOLVED, ReplyAct.DISPUTED, ReplyAct.DISSENT, ReplyAct.CHALLENGE, ReplyAct.WRONG_PERSON),
    (ReplyAct.RESPONSE,),
)
"""Words that may come after another: they head a part of an outcome, or reasons."""

_NEEDS = {
    ReplyAct.RESPONSE: "with no reasons below it",
    ReplyAct.DECISION: "but not what was decided",
    ReplyAct.OUTCOME_PROPOSED: "but not what was agreed",
    ReplyAct.DISSENT: "with no reasons below it",
    ReplyAct.CHALLENGE: "with no reasons below it",
    ReplyAct.BYPASS_ASKED: "with no reasons below it",
    ReplyAct.CONSULTED: "but not what was said",
    ReplyAct.ADVICE_WANTED: "but not what you ask",
    ReplyAct.ADVICE_GIVEN: "but not what you advise",
    ReplyAct.STILL_AT_RISK: "but not why",
    ReplyAct.LEARNING: "but not what was learned",
    ReplyAct.WITHDRAWN: "but not why",
    ReplyAct.REOPENED: "but not why",
}
_PART = re.compile(r"^[ \t]*(?:[-*•]\s*)?(?:date(?: and time)?|time|day|when)\s*:[ \t]*", re.IGNORECASE | re.MULTILINE)
_NUMBER = re.compile(
    r"[<\[(]?(?:(?:no\.?|number|item)\s*)?#?\s*([1-9]\d{0,2})[>\])]?\s*(?=$|[.,;:!–—-]|thank)(.*)", re.IGNORECASE | re.ASCII
)
_IT_IS = re.compile(
    r"[:(–—-]?\s*(?:it(?:['’]s| is| should (?:be|have been|go to|have gone to))"
    r"|(?:please )?(?:ask|contact|try|speak (?:to|with)|e-?mail|(?:send|forward|redirect)(?: it| this)? to)|the right person is)\s+",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:(?:dr|mr|mrs|ms|miss|prof|rev)\.?\s+)?(?:[^\s,;:()<>.!?]+\s+){0,5}?[^\s,;:()<>.!?]+"
    r"(?=\s*(?:$|[,;:()<.!?]|\b(?:in|at|from|who|for|as|because|not|now)\b))",
    re.IGNORECASE,
)
_SORRY = re.compile(r"(?:(?:sorry|apologies|i['’]?m afraid|i am afraid)\b[\s,.:;–—-]*)+", re.IGNORECASE)
_NAMES = frozenset(":–—-")
_CAPITALS = re.compile(r"[A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]+){0,4}")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class Decision(Data):
    """What a person decided, the word it was known by, and their words after it. The rest is as in `ReplyReceived`."""

    act: ReplyAct
    word: str
    content: ReplyContent | OutcomeContent
    parts: tuple[str, ...] = ()
    pursued: tuple[Pursued, ...] = ()
    moment: datetime | None = None
    number: int | None = None
    named: str = ""


class Unclear(Data):
    """Why a reply needs a person, as one sentence that can be told to its sender."""

    why: str


def decide(words: str, at: datetime, by: str = "") -> Decision | Unclear:
    """The decision in a person's own words (quotes already removed), written at `at`.

    `by` is their name and address, as their mail shows them: a name below an agreement is theirs, and not the first words of a change.
    """
    if len(words) > LONGEST:
        return Unclear(why="The reply is too long to be read by a machine.")
    names = names_of(by)
    begun = begin(words, names)
    if begun is None:
        said = without_greeting(words)
        return Unclear(
            why="The first line was not one of the words we act on." if said else "There was nothing above the quoted mail."
        )
    why = _why_unclear(begun, names)
    return Unclear(why=why) if why else _read(begun, at, names)


def points_below(words: str) -> bool:
    """Whether this says no more than that the answer stands in the quoted mail: `See my answers below`."""
    return bool(_POINTS.fullmatch(before_signature(past_greeting(without_greeting(words)))))


def without_child(decision: Decision, child_name: str) -> Decision:
    """The decision without an owner or a professional whose name is also the child's: these travel in clear. The content has them."""
    names = {word.lower() for word in re.findall(r"\w{3,}", child_name)}

    def cleared(text: str) -> str:
        return "" if names & {word.lower() for word in re.findall(r"\w+", text)} else text

    pursued = tuple(item.model_copy(update={"owner": cleared(item.owner)}) for item in decision.pursued)
    return decision.model_copy(update={"pursued": pursued, "named": cleared(decision.named)})


def _why_unclear(begun: Begun, names: frozenset[str]) -> str:
    act, said = begun.act, before_signature(begun.text)
    if _says_another(act, said):
        return f"It says {begun.word} and then another of the words we act on."
    asks = act is not ReplyAct.ADVICE_WANTED and _ONLY_ASKS.fullmatch(said)
    if act in _NEEDS and (
        not said or asks or _NO_WORDS.fullmatch(said) or (not begun.beside and is_nobodys_words(begun.below, names))
    ):
        return f"It says {begun.word}, {_NEEDS[act]}."
    takes_back = _MAY_NOT_FOLLOW.get(act)
    taken_back = takes_back is not None and takes_back.search(said)
    if (
        taken_back
        or (act in AGREES and not leaves_it(begun.below, names))
        or (act is ReplyAct.WITHDRAWN and _ONLY_A_PART.match(said))
    ):
        return f"It says {begun.word} and then something that may be a condition or a change."
    if _DENIED.fullmatch(said):
        return f"It says {begun.word} and then that it is not so."
    return ""


def _says_another(act: ReplyAct, said: str) -> bool:
    """Whether a line begins with another of the words, as our notices print it; or is one, after a word that agrees."""
    besides = {act, *_GOES_WITH.get(act, ())}
    lines = ((plain(line), begin(line)) for line in said.split("\n"))
    others = ((line, found) for line, found in lines if found is not None and found.act not in besides)
    return any(line.startswith(other.word) or (act in AGREES and not other.beside) for line, other in others)


def _read(begun: Begun, at: datetime, names: frozenset[str]) -> Decision | Unclear:
    decision = Decision(act=begun.act, word=begun.word, content=ReplyContent(text=begun.text))
    match begun.act:
        case ReplyAct.OUTCOME_PROPOSED | ReplyAct.DECISION:
            return _with_outcome(decision, begun, at, names)
        case ReplyAct.TIME_PROPOSED | ReplyAct.MEETING:
            return _with_moment(decision, begun, at)
        case ReplyAct.DONE:
            return _with_number(decision, begun)
        case ReplyAct.WRONG_PERSON:
            return _with_name(decision, begun)
        case _:
            return decision


def _with_outcome(decision: Decision, begun: Begun, at: datetime, names: frozenset[str]) -> Decision | Unclear:
    outcome = read_outcome(begun.text, at, names)
    if outcome is None or (_NOT_AGREED.match(outcome.content.agreed) and not outcome.content.working_arrangement):
        return Unclear(why=f"It says {begun.word}, {_NEEDS[begun.act]}.")
    return decision.model_copy(update=dict(outcome))


def _with_moment(decision: Decision, begun: Begun, at: datetime) -> Decision | Unclear:
    """A time that is proposed is the whole of its line and still to come; a meeting's is followed by its place."""
    found = begin_with_moment(_PART.sub("", begun.text), at)
    if (
        found is None
        or names_another(found.rest, at)
        or _CALLED_OFF.search(found.rest.split("\n")[0])
        or not _alone(decision.act, found, at)
    ):
        example = "a date and a time that can be meant in one way only, like 11 December 2026 at 16:00"
        return Unclear(why=f"It says {begun.word}, without {example}.")
    return decision.model_copy(update={"moment": found.moment})


def _alone(act: ReplyAct, found: Found, at: datetime) -> bool:
    if act is ReplyAct.MEETING:
        return True
    rest = found.rest.split("\n", 1)[0].strip(" .,;>)]!")
    return not re.sub(r"^(?:please|thanks|thank you)$", "", rest, flags=re.IGNORECASE) and found.moment > at


def _with_number(decision: Decision, begun: Begun) -> Decision | Unclear:
    found = _NUMBER.fullmatch(begun.text.split("\n", 1)[0].strip()[:_LONGEST_LINE])
    if found is None or re.match(r"[\s.,;:–—-]*(?:and\b|&)?\s*\d", found[2]) or _NOT_WHOLLY.search(found[2]):
        return Unclear(why=f"It says {begun.word}, without the one number of what is done, like {begun.word} 2.")
    return decision.model_copy(update={"number": int(found[1])})


def _with_name(decision: Decision, begun: Begun) -> Decision | Unclear:
    if sorry := _SORRY.match(begun.beside):
        begun = begun._replace(beside=begun.beside[sorry.end() :], mark=begun.mark or ",")
    lines = (begun.beside, *(line.strip() for line in before_signature(begun.below).split("\n")))
    told = next((line for line in lines if _IT_IS.match(line)), "")
    if begun.beside and not begun.mark and told != begun.beside:
        return Unclear(why=f"The line that begins {begun.word} goes on in a way we do not understand.")
    return decision.model_copy(update={"named": _named(_IT_IS.sub("", told, count=1)) if told else _named_beside(begun)})


def _named_beside(begun: Begun) -> str:
    """A name that stands beside the word after a colon or a dash: it has capitals, as `I left in May` has not."""
    beside = begun.beside[:_LONGEST_LINE]
    address = _ADDRESS.search(beside)
    name = _ADDRESS.sub("", beside).strip(" <>()")
    return _named(beside) if begun.mark in _NAMES and (_CAPITALS.fullmatch(name) or (address and not name)) else ""


def _named(text: str) -> str:
    """A name or a role with the address beside it, never a sentence or somebody's relation, because it travels in clear."""
    text = text[:_LONGEST_LINE]
    address = _ADDRESS.search(text)
    name = _NAME.match(_ADDRESS.sub("", text).strip())
    spoken = name.group() if name and not re.search(r"['’]s\b|\bor\b", name.group()) else ""
    if address is None or not spoken:
        return spoken or (address.group() if address else "")
    return f"{spoken} <{address.group()}>"
