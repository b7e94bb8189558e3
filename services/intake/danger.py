"""Words that may mean a child is in danger now. They put the police first in our answer. No I/O.

The list is short and the words are whole. Whether a case runs as one of immediate danger is for the form's own question to say, because
the words cannot: "he was hit last year" has them too. They decide only where that question was left empty (see `docs/decisions`).
"""

import re

_WORDS = (
    r"(?:in|at|of) (?:immediate|imminent|grave|serious|acute) (?:danger|risk)",
    r"(?:in|mewn) (?:danger|perygl)(?: (?:now|today|tonight|right now))?",
    r"not safe (?:now|today|tonight|at home)",
    r"unsafe (?:now|today|tonight|at home)",
    r"life[- ]threatening",
    r"(?:call(?:ed|ing)?|ring|rang|dial(?:led)?|phone[ds]?) (?:999|the police)",
    r"999",
    r"suicid(?:e|al)",
    r"(?:kill|harm|hurt) (?:him|her|them)sel(?:f|ves)",
    r"kill(?:s|ed|ing)?|stab(?:s|bed|bing)?|drown(?:s|ed|ing)?|strangl(?:e|es|ed|ing)|suffocat(?:e|es|ed|ing)",
    r"(?:threaten(?:s|ed|ing)?|going) to (?:kill|hurt|harm|hit|stab|take)",
    r"overdos(?:e|ed|ing)",
    r"unconscious|not breathing|stopped breathing",
    r"bleeding|fractur(?:e|es|ed)|broken (?:arm|leg|rib|ribs|bone|bones|skull)|head injur(?:y|ies)|burn(?:s|t|ed)?",
    r"(?:a|the|with) (?:knife|gun|weapon)",
    r"(?:being|been|is) (?:beaten|raped|sexually (?:abused|assaulted))",
    r"(?:missing|ran away|run away|absconded) (?:since|today|tonight|last night)",
    r"left alone|locked (?:in|out)|abducted|trafficked",
)
_SPOKEN = re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS)})(?![\w-])", re.IGNORECASE)

_QUESTION = re.compile(r"is (?:a|the|any) child in immediate danger", re.IGNORECASE)
"""Our own question, which is no answer."""


def speaks(*texts: str) -> bool:
    """Whether a text has words in it that may mean a child is in danger now."""
    return any(_SPOKEN.search(_QUESTION.sub("", " ".join(text.split()))) for text in texts)
