"""What a person wrote in a mail, and what they quoted: Outlook in its shapes, Gmail, Apple Mail, plain `>`, English and Welsh."""

import re
from collections.abc import Sequence

_ORIGINAL = re.compile(
    r"^[-_\s>*]*(?:original message|original appointment|forwarded message|neges wreiddiol|begin forwarded message"
    r"|urspr(?:ü|ue)ngliche nachricht|message d['’]origine|mensaje original|messaggio originale|oorspronkelijk bericht"
    r"|wiadomość oryginalna|mensagem original|mesaj original)[-_\s:*]*$",
    re.IGNORECASE,
)
_FROM_LABEL = r"from|oddi wrth|von|de|da|od|van|de la|expéditeur"
_SUBJECT_LABEL = r"subject|pwnc|testun|betreff|objet|asunto|oggetto|temat|assunto|onderwerp|subiect"
_SENT_LABEL = (
    r"sent|date|to|anfonwyd(?: ar)?|dyddiad|at|gesendet|datum|an|envoyé|enviado(?: el)?|inviato|wysłano|verzonden|trimis|data|fecha"
    r"|à|para|a|do|aan|către"
)
_FROM = re.compile(rf"^[>\s]*\*?(?:{_FROM_LABEL})\*?\s*:\*?", re.IGNORECASE)
_SUBJECT = re.compile(rf"^[>\s]*\*?(?:{_SUBJECT_LABEL})\*?\s*:\*?", re.IGNORECASE)
_SENT = re.compile(rf"^[>\s]*\*?(?:{_SENT_LABEL})\*?\s*:\*?", re.IGNORECASE)
_HEADER = re.compile(r"^[>\s]*\*?[^\W\d_](?:[^\W\d_]|[ -]){0,24}\*?\s*:", re.IGNORECASE)
_WROTE = re.compile(
    r"^(?:on|ar|le|am|el)\b.{4,300}\b(?:wrote|ysgrifennodd|a écrit|schrieb|escribió)\b[^:]{0,120}:$", re.IGNORECASE
)
_WROTE_SHORT = re.compile(r"^.{0,160}?(?:<[^<>\s]+@[^<>\s]+>(?: wrote| ysgrifennodd)?|wrote|ysgrifennodd)\s*:$", re.IGNORECASE)
_WHEN = re.compile(r"\d{1,2}[:.h]\d\d")
_WROTE_ON = re.compile(rf"^(?=.*{_WHEN.pattern}).{{1,200}}<[^<>\s]+@[^<>\s]+>\)?(?: [\w(),/: ]{{1,50}})?:$")
"""As above in a language we do not list: a time, an address, and a word for writing before the colon."""

_GROUPWISE = re.compile(r"^\s*>>> .{4,200} >>>$")
_BEGINS = re.compile(r"(?:on|at|ar|le|am|el)\b|\d{4}[-/]\d{1,2}[-/]\d", re.IGNORECASE)
_RULE = re.compile(r"^[\s_-]{20,}$")
_DEVICE = re.compile(
    r"^(?:sent (?:from|using|via|with) (?:(?:my|the) |outlook|mail(?:box)? for|mailbox|yahoo|samsung|windows|mobile|airmail|proton|iphone)"
    r"|(?:get|cael) outlook (?:for|ar gyfer)|from my iphone|anfonwyd o(?:'|’)?(?:m| fy|r)? )",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^--\s?$")
_BANNER = re.compile(
    r"originat(?:ed|es) (?:from )?outside|outside (?:of )?(?:the|your|our) (?:organi[sz]ation|council|trust|network)"
    r"|you don['’]t often get email from|learn why this is important|do not click (?:on )?(?:any )?links|external (?:sender|email|mail)"
    r"|recogni[sz]e the sender|unless you (?:know|trust)|y tu allan i['’]r|sender is (?:unknown|external|new to you)"
    r"|think before (?:you click|clicking)|(?:sent|delivered) (?:to you )?securely|be trying to impersonate|ryfpfptbanner",
    re.IGNORECASE,
)
_ABOUT_MAIL = re.compile(r"e-?mail|message|sender|\blinks?\b|attachment|e-bost|neges|anfonwr|banner", re.IGNORECASE)
"""What a banner is about, and a person's "we met outside the council" is not."""

_TAG = re.compile(r"^[\[(*<]*\s*(?:external|allanol)(?: (?:sender|email|mail))?\s*[\])*>]*:?$", re.IGNORECASE)
_FIELD = re.compile(
    rf"\*?(?:{_FROM_LABEL}|{_SUBJECT_LABEL}|{_SENT_LABEL}|cc|bcc|importance|reply-to|sensitivity|attachments|when)\*?\s*:",
    re.IGNORECASE,
)
_HEADER_SPAN = 14
_WROTE_SPAN = 4
_BLOCK_SPAN = 10


def own_words(text: str) -> str:
    """Only what the person wrote: banners above it, quotes, device lines and a marked signature left out."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].rstrip()
        length = _attribution(lines, at)
        if length and not _next_is_quoted(lines, at + length):
            break
        if not length and not line.lstrip().startswith(">"):
            if _begins_quote(lines, at) or _SIGNATURE.match(lines[at]):
                break
            if not _DEVICE.match(line.strip()):
                kept.append(line)
        at += length or 1
    return _collapsed(_without_banner(kept))


def segments(text: str) -> list[str]:
    """The text cut where quoting begins, the person's own part first: a form may be in any of them."""
    lines = text.split("\n")
    cuts = [0]
    quoted = False
    for at, line in enumerate(lines):
        now_quoted = line.lstrip().startswith(">")
        if at and (_begins_quote(lines, at) or _attribution(lines, at) or (now_quoted != quoted and line.strip())):
            cuts.append(at)
        quoted = now_quoted if line.strip() else quoted
    return ["\n".join(lines[begin:end]) for begin, end in zip(cuts, [*cuts[1:], len(lines)], strict=True)]


def begins_quote(lines: Sequence[str], at: int) -> bool:
    """Whether a mail program says here that what follows is somebody else's mail."""
    return _begins_quote(lines, at) or bool(_attribution(lines, at))


def past_header(lines: Sequence[str], at: int) -> int:
    """The first line below what a mail program says about the mail it quotes from here: its rule, who wrote when, its header."""
    end = min(at + _HEADER_SPAN, len(lines))
    while at < end:
        line = lines[at].strip(" >|")
        wrote = _attribution(lines, at)
        if not (wrote or not line or _ORIGINAL.match(line) or _RULE.match(line) or _FIELD.match(line)):
            break
        at += wrote or 1
    return at


def author(lines: Sequence[str], begins: int, below: int) -> str:
    """Whom a mail program names as the author of the mail whose header stands between these lines; nothing where it does not say.

    What is said to be forwarded is somebody's, also where nobody is named.
    """
    at = begins
    while at < below:
        if length := _attribution(lines, at):
            return " ".join(lines[at : at + length])
        if _FROM.match(lines[at]):
            end = next((after for after in range(at + 1, below) if _FIELD.match(lines[after].strip(" >|"))), below)
            return " ".join(lines[at:end])
        at += 1
    return next((line for line in lines[begins:below] if "forwarded" in line.lower()), "")


def is_device(line: str) -> bool:
    """Whether a telephone wrote this line."""
    return bool(_DEVICE.match(line.strip()))


def without_banner(text: str) -> str:
    """The text without the warning a mail server put above it."""
    return _collapsed(_without_banner(text.split("\n")))


def _begins_quote(lines: Sequence[str], at: int) -> bool:
    line = lines[at].strip()
    if _ORIGINAL.match(line):
        return True
    if _RULE.match(line) and line:
        return any(_is_mail_header(lines, after) for after in _next_written(lines, at + 1))
    return _is_mail_header(lines, at)


def _is_mail_header(lines: Sequence[str], at: int) -> bool:
    """From, then Sent or To, then Subject, close together: a mail program's own header, not the Escalation Form, which has no
    Subject."""
    if not _FROM.match(lines[at]):
        return False
    block: list[str] = []
    for line in lines[at + 1 : at + _BLOCK_SPAN]:
        if not line.strip(" >") and block and not _HEADER.match(line):
            if len(block) > 1:
                break
            continue
        block.append(line)
    return any(_SUBJECT.match(line) for line in block) and any(_SENT.match(line) for line in block)


def _attribution(lines: Sequence[str], at: int) -> int:
    """How many lines from here are "On (a day) (somebody) wrote:", which mail programs wrap; 0 when they are not."""
    first = lines[at].lstrip("> ").strip()
    begins = bool(_BEGINS.match(first))
    if (_WROTE_SHORT.match(first) and ("@" in first or begins)) or _WROTE_ON.match(first) or _GROUPWISE.match(lines[at]):
        return 1
    joined = ""
    for length, line in enumerate(lines[at : at + _WROTE_SPAN] if begins or _WHEN.search(first) else [], 1):
        if not line.strip("> "):
            break
        joined = f"{joined} {line.lstrip('> ').strip()}".strip()
        if (begins and (_WROTE.match(joined) or (length > 1 and _WROTE_SHORT.match(joined)))) or _WROTE_ON.match(joined):
            return length
    return 0


def _next_written(lines: Sequence[str], at: int) -> list[int]:
    return [after for after in range(at, min(at + 4, len(lines))) if lines[after].strip()][:1]


def _next_is_quoted(lines: Sequence[str], at: int) -> bool:
    return any(lines[after].lstrip().startswith(">") for after in _next_written(lines, at))


def _without_banner(lines: list[str]) -> list[str]:
    """Drop leading paragraphs that a mail server added: they warn of an outside sender."""
    rest = list(lines)
    while True:
        while rest and not rest[0].strip():
            rest.pop(0)
        end = next((at for at, line in enumerate(rest) if not line.strip()), len(rest))
        paragraph = rest[:end]
        if not paragraph:
            return rest
        if _TAG.match(paragraph[0].strip()):
            rest.pop(0)
        elif len(paragraph) <= 8 and _BANNER.search(" ".join(paragraph)) and _ABOUT_MAIL.search(" ".join(paragraph)):
            rest = _after_banner(paragraph) + rest[end:]
        else:
            return rest


def _after_banner(paragraph: list[str]) -> list[str]:
    """What stands in the banner's own paragraph below its last sentence."""
    last = 0
    for at in range(len(paragraph)):
        if _BANNER.search(paragraph[at]):
            last = at
        elif (
            at + 1 < len(paragraph)
            and _BANNER.search(" ".join(paragraph[at : at + 2]))
            and not _BANNER.search(paragraph[at + 1])
        ):
            last = at + 1
    while last + 1 < len(paragraph) and paragraph[last + 1].lstrip()[:1].islower():
        last += 1
    return paragraph[last + 1 :]


def _collapsed(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
