"""What the Escalation Form's fields are called: on the boards' own forms, on other boards' forms, and in Welsh.

Each is a pattern for a whole label in plain words: lower case, no accents, apostrophes or other punctuation ("enwr plentyn").
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from services.contracts.content import FORM_LABELS, FURTHER_LABELS
from services.intake.domain import ASKED_LABELS, OPTIONAL_LABELS

_CHILD: Final = r"(?:the |a |any |this )?(?:childs?|childrens?)(?: (?:or )?(?:and )?(?:young (?:persons?|people)))?"
_WORKER: Final = r"(?:allocated |key |named |other )?(?:social ?workers?|professionals?|practitioners?|workers?)"
_RAISING: Final = (
    r"(?:raising|escalating|making|completing|submitting|reporting|initiating)(?: (?:the|this|a|your))?"
    r"(?: (?:concerns?|escalations?|disagreements?|disputes?|challenges?|forms?|issues?|referrals?))?"
)
_DISAGREEMENT: Final = r"(?:professional )?(?:concerns?|escalations?|disagreements?|disputes?|challenges?|differences?|issues?)"
_OF_THE: Final = r"(?:of |for |about )(?:the |my |our |your |this |a )?"

_WORDING: Final[Mapping[str, tuple[str, ...]]] = {
    "date": ("date", "dyddiad"),
    "date_raised": (
        rf"date (?:of|form|this form|{_DISAGREEMENT}) ?(?:was |is )?(?:completed|completion|submitted|submission|raised|sent)",
        rf"date (?:of|for) (?:the |this )?(?:form|{_DISAGREEMENT})|date (?:raised|submitted|completed|sent)|todays date",
        r"dyddiad (?:y ffurflen|cwblhaur? ?(?:y )?ffurflen|yr uwchgyfeiriad|cyflwyno|heddiw)",
    ),
    "response_date": (r"date of (?:the )?response|response date|date responded|dyddiad (?:yr )?ymateb",),
    "resolution_date": (
        r"date (?:of|for) (?:the )?resolution|resolution date|date (?:issues? )?resolved|dyddiad (?:y )?(?:datrysiad|datrys)",
    ),
    "from_practitioner": (
        r"from|from practitioner|practitioner from|(?:your|my) (?:full )?name(?:s? and (?:job )?(?:role|title|agency))?",
        rf"(?:names?|names? (?:and|role|agency|title|job|designation|\s)+ of)(?: of)? (?:the )?"
        rf"(?:person|professional|practitioner|worker|referrer|agency) ?(?:{_RAISING})?",
        rf"(?:person|professional|practitioner|worker) {_RAISING}|referrers?(?: names?)?|referrer details",
        rf"(?:{_DISAGREEMENT} )?(?:raised|escalated|completed|submitted) by|form completed by",
        r"oddi wrth(?: yr)?(?: ymarferydd)?|(?:gan|oddiwrth)(?: (?:yr )?ymarferydd)?|enwr ymarferydd|eich enw(?: ach rol)?",
        r"(?:cyflwynwyd|codwyd|cwblhawyd|llenwyd) gan",
    ),
    "to_manager": (
        r"to|to manager|manager to|(?:escalated|sent|addressed|submitted|raised) (?:to|with)(?: manager)?",
        r"(?:names? of )?(?:the )?manager (?:escalated|sent|addressed) to|for (?:the )?attention of|fao",
        r"at(?: y)?(?: rheolwr)?|i(?:r| y)? rheolwr|enwr rheolwr|rheolwr",
    ),
    "child_name": (
        rf"(?:full )?names?(?: s)? of {_CHILD}(?: concerned)?|{_CHILD} ?(?:full )?names?|names? and dob of {_CHILD}",
        r"child(?:ren)?(?: (?:or )?(?:and )?young (?:person|people))?|young person|name of young person|young persons? name",
        r"enw(?:au)?r? (?:llawn )?(?:y |r )?(?:plentyn|plant)(?: (?:neu |ar )?(?:(?:y )?person ifanc|pobl ifanc))?",
        r"enwau?r? (?:y )?person ifanc|plentyn",
    ),
    "child_dob": (
        r"d ?o ?b|date of birth(?: or (?:edd|due date))?|dob or edd|(?:date of birth|dob) edd",
        rf"{_CHILD} (?:dob|d o b|date of birth)(?: or)?(?: edd)?",
        rf"(?:dob|date of birth)s? of {_CHILD}|dates of birth|dobs|born|birth ?date",
        r"dyddiad(?:au)? geni(?:r)?(?: (?:y )?(?:plentyn|plant))?",
    ),
    "social_worker": (
        r"social worker(?: or)? practitioner|(?:name of )?(?:the )?(?:allocated |childs )?social workers?(?: names?)?|sw",
        r"(?:name of )?(?:the )?(?:allocated|key) worker",
        rf"(?:name of )?(?:the )?{_WORKER} (?:that |whom? |with whom )?(?:you |i |we )(?:are |am )?disagree(?:ing)?(?: with)?",
        r"(?:enwr )?gweithi(?:wr|wraig) cymdeithasol(?: (?:neu )?(?:r )?ymarferydd)?|gweithwyr cymdeithasol",
    ),
    "agency_team": (
        r"agency(?: (?:or|and))? team|agency|team|team agency|(?:their|the other|other) agency(?: (?:and|or) team)?",
        r"agency(?: and team)? (?:that )?(?:you|i|we) (?:are |am )?disagree(?:ing)?(?: with)?",
        r"(?:yr )?asiantaeth(?: (?:neu|ar|a))?(?: (?:y |ei )?(?:t|d|th)im)?|sefydliad(?: [td]im)?",
    ),
    "summary": (
        rf"(?:brief )?summary(?: {_OF_THE}(?:case|{_DISAGREEMENT}))?",
        rf"(?:brief )?(?:details?|nature|description|outline|explanation) {_OF_THE}{_DISAGREEMENT}",
        rf"reasons? for (?:the |this |your )?{_DISAGREEMENT}|concerns?",
        rf"what (?:is|are) (?:the|your) {_DISAGREEMENT}(?: about)?|what (?:do )?you disagree (?:with|about)(?: and why)?",
        r"crynodeb(?: o(?:r|ch)?(?: (?:y|eich))?(?: (?:pryder(?:on)?|mater(?:ion)?|anghytundeb|bryder(?:on)?))?)?|(?:y )?pryder(?:on)?",
        r"manylion (?:y |yr )?(?:pryder(?:on)?|anghytundeb)|rheswm dros (?:yr )?uwchgyfeirio",
    ),
    "requested_action": (
        r"(?:requested|desired|proposed) (?:actions?|outcomes?)|(?:actions?|outcomes?|resolution) (?:requested|sought|wanted|required)",
        r"what (?:do|would) you (?:want|like)(?: to)? (?:happen|be done|see happen)(?: next)?",
        r"(?:what )?(?:outcomes?|actions?)(?: are| do| is)? (?:you )?(?:are )?(?:seeking|requesting|want(?:ed)?)",
        r"(?:y )?(?:cam|camau)(?: gweithredu)? (?:y )?(?:gofynnir|gofynnwyd|gofynnwn) am(?:dan(?:o|ynt))?",
        r"(?:y )?(?:cam|camau)(?: gweithredu)? (?:(?:a )?(?:geisir|ddymunir)|dymunol)|gweithred(?:u|oedd)? y gofynnir am(?:dan(?:o|ynt))?",
        r"canlyniad (?:a )?(?:ddymunir|geisir|dymunol)|beth hoffech chi ei weld yn digwydd",
    ),
    "response": (r"response|(?:yr )?ymateb",),
    "resolution": (
        r"resolution(?: of(?: the)? issues?)?",
        r"datrys (?:y |yr )?(?:mater(?:ion)?|problem(?:au)?)|datrysiad(?: ir| (?:y |or ))?(?: ?mater(?:ion)?)?",
    ),
    "case_stage": (
        r"stage|case stage|stage of (?:the )?(?:childs )?case",
        r"(?:cam|cyfnod) (?:yr )?achos(?: y plentyn)?",
    ),
    "area": (
        r"areas?|areas? of (?:the )?(?:professional )?disagreement",
        r"(?:maes|meysydd) (?:yr )?anghytundeb|(?:maes|pwnc) (?:yr )?anghydweld",
    ),
    "immediate_danger": (
        r"(?:(?:is|are) (?:a|the|any|this) child(?:ren)? (?:currently )?)?(?:in |at )?immediate (?:danger|risk)(?: of harm)?",
        r"child in immediate danger|(?:is|are) (?:a|the|any|this) child(?:ren)? in danger(?: now)?",
        r"(?:a )?(?:oes|yw|ydy|ydyw|ywr)(?: unrhyw| y)? (?:b|p)lentyn (?:yn|mewn) perygl"
        r"(?: (?:uniongyrchol|dybryd|nawr|ar unwaith|ar hyn o bryd))?",
        r"perygl (?:uniongyrchol|dybryd)",
    ),
    "areas_agreed": (
        r"what we agree on|areas of agreement|areas agreed",
        r"yr hyn (?:rydych|rydym)(?: chin?| nin?)?(?: yn)? cytuno (?:arno|yn ei gylch)|meysydd (?:y cytunir arnynt|cytundeb)",
    ),
    "areas_disagreed": (
        r"what we disagree on|areas disagreed",
        r"yr hyn (?:rydych|rydym)(?: chin?| nin?)?(?: yn)? anghytuno (?:arno|yn ei gylch|ag ef)|meysydd y mae anghytundeb yn eu cylch",
    ),
    "relevance_to_risk": (
        r"how it matters for the risk|relevance to (?:the )?risk(?: to the child)?",
        r"sut mae(?:n| hyn yn) (?:effeithio ar|berthnasol ir?) (?:y )?risg(?: ir plentyn)?|perthnasedd ir risg(?: ir plentyn)?",
    ),
    "possible_cause": (r"possible causes?(?: of the disagreement)?", r"achos(?:ion)? posib(?:l)?(?: yr anghytundeb)?"),
    "to_achieve": (
        r"what must be achieved|what needs to be achieved to resolve it",
        r"(?:yr hyn|beth) (?:sydd|syn) angen(?: ei)? (?:gyflawni|gyflawnir)",
    ),
    "rationale": (
        r"reasons? (?:given )?for (?:the )?decision|rationale(?: given)?(?: for(?: the)? decision)?",
        r"(?:y )?rhesymau?(?: a roddwyd| a roddir)? (?:dros|am) y penderfyniad",
    ),
    "advice_sought": (r"advice sought(?: from)?", r"cyngor a (?:geisiwyd|gafwyd|ofynnwyd)(?: gan)?"),
    "supporter": (r"supporter|supported by(?: name)?", r"(?:cefnogir|cefnogwyd) gan|gyda chefnogaeth|cefnogwr"),
    "discussed_with_manager": (
        r"discussed with (?:your |my |the )?(?:line )?manager",
        r"(?:wedii? |wedi ei )?[td]raf(?:od|odwyd|od hyn) (?:gydach|gydam|gydar|gyda fy|gyda|ach|a) ?(?:rheolwr(?: llinell)?)",
    ),
    "also": (
        r"anything else(?: we should know| you want to (?:say|add))?",
        r"(?:any )?(?:other|further|additional) (?:relevant )?(?:information|comments)",
        r"unrhyw beth arall|(?:unrhyw )?(?:wybodaeth|gwybodaeth|sylwadau) (?:arall|ychwanegol|eraill)",
    ),
    "further_agencies": (
        r"other agencies(?: involved)?|further agencies|any other agencies(?: involved)?",
        r"(?:unrhyw )?asiantaethau eraill(?: syn gysylltiedig)?",
    ),
    "decided_at": (
        r"date of (?:the )?decision|decision date|(?:when|date) the decision was made",
        r"dyddiad (?:y )?penderfyniad",
    ),
    "needed_by": (
        r"(?:when )?(?:the )?(?:child )?needs to be safe by|protection time ?frame(?: for the child)?",
        r"(?:mae )?(?:angen|rhaid) ir plentyn fod yn ddiogel erbyn",
    ),
    "injury_to_infant": (
        r"(?:possible )?injury to (?:a )?baby or (?:a )?young child|possible nai",
        r"possible non accidental injury(?: to a baby or young child)?",
        r"anaf posib(?:l)? i (?:fabi|faban)(?: neu (?:blentyn|i blentyn) ifanc)?",
    ),
}
_PATTERN: Final = re.compile(
    "|".join(f"(?P<{field}>{'|'.join(f'(?:{words})' for words in wording)})" for field, wording in _WORDING.items())
)
_USUAL: Final = re.compile(
    r"date|from(?: practitioner)?|to(?: manager)?|name of (?:the )?child|childs? name|d ?o ?b|(?:childs )?(?:dob|date of birth)"
    r"|social worker(?: or)?(?: practitioner)?|agency(?: (?:or|and))? team|summary(?: of (?:the |my )?concerns?)?"
    r"|requested actions?|actions? requested|response|resolution(?: of(?: the)? issues?)?"
    r"|dyddiad|oddi wrth(?: ymarferydd)?|at(?: rheolwr)?|enw(?:r| y)? plentyn|dyddiad geni(?:r plentyn)?"
    r"|gweithiwr cymdeithasol(?: (?:neu )?ymarferydd)?|asiantaeth (?:neu )?[td]im|crynodeb or? (?:y )?pryder(?:on)?"
    r"|(?:y )?cam(?:au)?(?: gweithredu)? y gofynnir am(?:dano|danynt)|ymateb|datrys (?:y )?materion"
)
"""The printed form's own labels, as loosely as people type them, and in Welsh."""

_PLURAL: Final = re.compile(r"\(\s*(s|on)\s*\)")
_HINT: Final = re.compile(r"(?<=\S)\s*\((?!\s*(?:practitioner|manager|(?:yr? )?ymarferydd|(?:y )?rheolwr)\s*\))[^)]*\)")
_BETWEEN: Final = re.compile(r"\s*[/|\n]\s*|\s+[-–—]\s+")
"""What stands between the two languages of a label."""


@lru_cache(maxsize=4096)
def field_of(label: str) -> str | None:
    """The field that a whole label names ("date" for any of the three), in either language or in both at once; None for others."""
    if found := _named(plain(label)):
        return found
    halves = ((label[: gap.start()], label[gap.end() :]) for gap in _BETWEEN.finditer(label))
    return next((one for one, other in ((_named(plain(a)), _named(plain(b))) for a, b in halves) if one and one == other), None)


@lru_cache(maxsize=4096)
def is_usual(label: str) -> bool:
    """Whether a label is one of the printed form's own, alone or with the same in another language."""
    return any(_USUAL.fullmatch(plain(part)) for part in (label, *_BETWEEN.split(label)))


def plain(label: str) -> str:
    """A label's words as the patterns have them, without a hint in brackets that is not a part of the label."""
    letters = label.lower()
    if not letters.isascii():
        letters = "".join(one for one in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(one))
    letters = re.sub(r"['’‘`´]", "", _HINT.sub(" ", _PLURAL.sub(r"\1", letters)))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def _named(words: str) -> str | None:
    if words in _PRINTED:
        return _PRINTED[words]
    found = _PATTERN.fullmatch(words)
    return found.lastgroup if found else None


_PRINTED: Final[Mapping[str, str]] = {
    plain(label): key for key, label in (*FORM_LABELS, *FURTHER_LABELS, *ASKED_LABELS, *OPTIONAL_LABELS) if label != "Date"
}
"""The form's own labels, and ours."""
