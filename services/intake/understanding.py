"""Raw mail to what it is: a form, a reply, a machine's answer, or something a person must look at. Pure, and never raises.

This runs in a child process (see `sandbox`), because it is the only code that touches what a stranger sent. It does not know any
board, key or case: whose mail it is and whether it may act is decided by `incoming`, on what this says.
"""

import re
from datetime import datetime
from email.message import Message
from typing import Literal

from services.contracts.message import Data, Moment
from services.contracts.reply_address import Token, find
from services.contracts.vocabulary import HeldReason
from services.intake import automatic, danger, forms, mailbox, replies
from services.intake.blank_forms.request import asks
from services.intake.domain import Answers, immediate_danger
from services.intake.errors import Unreadable
from services.intake.forms import attachments
from services.intake.forms.attachments import Opened, Refused
from services.intake.forms.enclosed import File
from services.intake.forms.gathering import gather
from services.intake.forms.refusals import Refusal
from services.intake.forms.text import read_answers, read_text
from services.intake.mailbox import Letter, Sender
from services.intake.quotes import own_words, segments
from services.intake.subtraction import typed
from services.intake.words import begin

Kind = Literal["form", "reply", "bounce", "absence", "auto_reply", "held"]
_MOST_TOKENS = 40
_MOST_SHOWN = 100_000
_MOST_NAMED = 50
_MOST_ADDRESSED = 100
_MOST_ASIDES = 5
_NOTHING = Opened()
_OUR_NOTICE = "The only form in this mail is our own notice, quoted, and nothing ties the mail to it."
_REFERENCE = re.compile(r"\b[A-Z]{2,8}-[0-9A-HJKMNP-TV-Z]{8}\b")


class Understanding(Data):
    """What one mail is. `rule` says in plain words which rule decided; `reason` is set where a person must look.

    form: `answers`, and those of `others` in the same mail, which are cases of their own; `asides` are what its sender should know of
    what came with it. reply: `decision`, or `reason` when the words are unclear; `answers` are labelled answers in it and
    `words` what the person wrote. bounce, absence, auto_reply: `code` and `reported`, the addresses it names. `tokens` are those
    of ours it carries, the likeliest first, none of them checked. `at` is when it counts as written: "tomorrow" is the day after.
    `addressed` are the addresses its headers say it went to. For whoever must look, `text` is what a person would read in it, quotes and
    all, and `attachments` are the names of its files. `robot` is a sign that a
    machine may have written it all the same: it is read, and answered once a day. `wants_form`: it asks for the blank form.
    """

    kind: Kind
    rule: str
    at: Moment
    sender: Sender | None = None
    tokens: tuple[Token, ...] = ()
    answers: Answers | None = None
    others: tuple[Answers, ...] = ()
    asides: tuple[str, ...] = ()
    decision: replies.Decision | None = None
    words: str = ""
    reason: HeldReason | None = None
    code: str = ""
    reported: tuple[str, ...] = ()
    authentication: tuple[str, ...] = ()
    addressed: tuple[str, ...] = ()
    text: str = ""
    attachments: tuple[str, ...] = ()
    robot: str = ""
    wants_form: bool = False

    def may_tell_of_danger(self) -> bool:
        """Whether a child may be in danger: a form in it says so, or words that a person wrote may mean it."""
        every = (*([self.answers] if self.answers else []), *self.others)
        said = (text for answers in every for text in (*answers.form.model_dump().values(), answers.immediate_danger))
        return any(immediate_danger(answers.immediate_danger) for answers in every) or danger.speaks(self.words, *said)


def understand(
    raw: bytes,
    recipients: tuple[str, ...],
    mail_from: str | None,
    received_at: datetime,
    *,
    reply: bool = False,
    notice: bytes | None = None,
    open_files: bool = True,
) -> Understanding:
    """What a mail is. `recipients` and `mail_from` are its envelope, as far as that is known (an empty `mail_from` is a machine's);
    `reply` says that it answers a notice in any case, and `notice` is the mail it answers, as that was sent. With `open_files` false what
    is attached is left closed."""
    try:
        message = mailbox.parse(raw)
        letter = mailbox.letter(message, recipients)
        machine = automatic.recognise(raw, message, letter, mail_from)
        person = machine is None or (not machine.sure and _is_a_persons(letter, machine))
        if machine is not None and not person:
            return _from_machine(raw, message, letter, machine, received_at)
        mailbox.refuse_encrypted(message)
        came = attachments.open_mail(message) if open_files else _left_closed(letter)
        seen = from_person(letter, received_at, reply=reply, notice=notice, came=came)
        robot = machine.sign if machine is not None else automatic.doubtful(message, letter)
        seen = seen.model_copy(update=_shown(letter) | {"robot": robot})
        return _doubted(seen) if machine is not None and seen.decision is not None else seen
    except Unreadable as error:
        return by_head(raw, recipients, mail_from, received_at, rule=str(error))
    except Exception as error:  # a mail that breaks us in a way nobody has thought of is still kept, and looked at by a person
        rule = f"This mail could not be read ({type(error).__name__})."
        return by_head(raw, recipients, mail_from, received_at, rule=rule)


def by_head(
    raw: bytes, recipients: tuple[str, ...], mail_from: str | None, received_at: datetime, *, rule: str
) -> Understanding:
    """What a mail is of which no more than the header can be read: a machine's still, an answer to a notice, or nothing we know.

    `rule` says why, and that is what a person must look at. Pure, and never raises: for the sandbox.
    """
    try:
        message = mailbox.parse_head(raw)
        letter = mailbox.letter(message, recipients)
        machine = automatic.recognise(raw, message, letter, mail_from)
        if machine is not None:
            return _from_machine(raw, message, letter, machine, received_at)
        tokens = _tokens((*letter.recipients, *letter.references))
        kind, reason = ("reply", HeldReason.UNCLEAR_REPLY) if tokens else ("held", HeldReason.UNREADABLE)
        seen = held(reason, rule, received_at, letter.sender)
        robot = automatic.doubtful(message, letter)
        known = {"kind": kind, "tokens": tokens, "authentication": letter.authentication, "robot": robot}
        return seen.model_copy(update=_shown(letter) | known)
    except Exception:  # as above, of the header alone
        return held(HeldReason.UNREADABLE, rule, received_at)


def from_person(
    letter: Letter, at: datetime, *, reply: bool = False, notice: bytes | None = None, came: Opened = _NOTHING
) -> Understanding:
    """What a person's letter is, with what came attached to it."""
    tokens = _tokens((*letter.recipients, *letter.references))
    seen = Understanding(kind="held", rule="", at=at, sender=letter.sender, tokens=tokens, authentication=letter.authentication)
    words = own_words(letter.text)
    apart = typed(letter.text, notice) if notice is not None else None
    if apart or tokens or reply:
        return _reply(seen, *(apart or (words,)), came=came)
    ours = _is_our_notice(letter, words)
    gathered = forms.find(letter, came, body=not ours)
    if not gathered.forms:
        if not ours and letter.references:
            return _reply(seen, words, came=came)
        reason = HeldReason.UNCLEAR_REPLY if ours else HeldReason.NOT_A_FORM
        rule = _OUR_NOTICE if ours else _no_form(letter, came)
        wants = asks(letter.subject, words) and not (ours or letter.attachments)
        return seen.model_copy(update={"reason": reason, "rule": rule, "words": words, "wants_form": wants})
    answers = [found.answers for found in gathered.forms]
    if any(one.too_long() for one in answers):
        return seen.model_copy(update={"reason": HeldReason.TOO_LARGE, "rule": "The form is too long to be read by a machine."})
    facts = {"answers": answers[0], "others": tuple(answers[1:])}
    if gathered.problem:
        return seen.model_copy(update={**facts, "reason": HeldReason.NOT_A_FORM, "rule": gathered.problem, "words": words})
    asides = (*dict.fromkeys(found.note for found in gathered.forms if found.note), *_refusals(came))
    return seen.model_copy(update={**facts, "kind": "form", "rule": forms.rule(gathered.forms[0]), "asides": asides})


def understand_file(file: File, at: datetime) -> Understanding:
    """What a file is by itself, outside of any mail: a form from nobody in particular, or nothing."""
    came = attachments.open_file(file)
    seen = from_person(Letter(sender=Sender(name="", address=""), attachments=("file",)), at, came=came)
    if seen.reason is not HeldReason.NOT_A_FORM or seen.answers is not None:
        return seen
    return seen.model_copy(update={"rule": " ".join(("There is no Escalation Form in this file.", *_refusals(came)))})


def held(reason: HeldReason, rule: str, at: datetime, sender: Sender | None = None) -> Understanding:
    """Something a person must look at."""
    return Understanding(kind="held", rule=rule, at=at, reason=reason, sender=sender)


def _from_machine(raw: bytes, message: Message, letter: Letter, machine: automatic.Automatic, at: datetime) -> Understanding:
    """A machine's mail: our token may be anywhere in it."""
    tokens = _tokens((*letter.recipients, *letter.references, *automatic.everything_said(raw, message)))
    facts = {"tokens": tokens, "code": machine.code, "reported": machine.reported}
    seen = Understanding(kind=machine.kind.value, rule=machine.sign, at=at, sender=letter.sender)
    return seen.model_copy(update=_shown(letter) | facts)


def _is_a_persons(letter: Letter, machine: automatic.Automatic) -> bool:
    """Whether a person wrote what bears a machine's sign: a decision that answers a notice, or a form below a subject that is a phrase."""
    words = own_words(letter.text)
    decides = begin(words) is not None and bool(_tokens((*letter.recipients, *letter.references)))
    return decides or (machine.sign == automatic.AWAY and read_text(words) is not None)


def _doubted(seen: Understanding) -> Understanding:
    """A decision that a person looks at, because a machine may have sent it."""
    rule = f"It begins with a decision word, but a machine may have sent it: {seen.robot}."
    return seen.model_copy(update={"decision": None, "reason": HeldReason.UNCLEAR_REPLY, "rule": rule})


def _reply(seen: Understanding, words: str, within: str = "", *, came: Opened) -> Understanding:
    """An answer to a notice, with what was typed `within` the quoted notice: read after the words above it, and where those decide
    nothing, before them. Where it gives no answers itself, those of a form attached to it count."""
    by = f"{seen.sender.name} {seen.sender.address}" if seen.sender else ""
    decision, where = replies.decide(f"{words}\n\n{within}".strip(), seen.at, by), "the first line"
    if within and words and not isinstance(decision, replies.Decision):
        typed_in = replies.decide(f"{within}\n\n{words}", seen.at, by)
        if not isinstance(typed_in, replies.Decision) and replies.points_below(words):
            typed_in = replies.decide(within, seen.at, by)
        if isinstance(typed_in, replies.Decision):
            decision, where = typed_in, "the first line typed into the notice"
    words = f"{words}\n\n{within}".strip()
    answers, attached = read_answers(words), gather(came.forms).forms
    by_file = not answers.given() and len(attached) == 1 and not attached[0].answers.too_long()
    answers = attached[0].answers if by_file else answers
    facts: dict[str, object] = {"kind": "reply", "words": words[: replies.LONGEST], "answers": answers}
    if isinstance(decision, replies.Decision):
        facts |= {"decision": decision, "rule": f"{where} is the decision word {decision.word}"}
    elif read_text(words) is not None:
        facts |= {"reason": HeldReason.UNCLEAR_REPLY, "rule": "It has the form's answers in it, and no decision word."}
    else:
        told = (f"A form is attached to it: {forms.rule(attached[0])}.",) if by_file else (decision.why, *_refusals(came))
        facts |= {"reason": HeldReason.UNCLEAR_REPLY, "rule": " ".join(told)}
    return seen.model_copy(update=facts)


def _tokens(texts: tuple[str, ...]) -> tuple[Token, ...]:
    """Every token of ours in these texts, in order, each once."""
    found: dict[str, Token] = {}
    for text in texts:
        for chunk in re.split(r"[\s<>,;]+", text):
            if "-" in chunk and chunk.count(".") > 2 and (token := find(chunk)) is not None:
                found.setdefault(token.model_dump_json(), token)
                if len(found) >= _MOST_TOKENS:
                    return tuple(found.values())
    return tuple(found.values())


def _shown(letter: Letter) -> dict[str, object]:
    """What a letter shows by itself, whatever it is."""
    return {
        "addressed": _addressed(letter),
        "text": letter.text[:_MOST_SHOWN],
        "attachments": letter.attachments[:_MOST_NAMED],
    }


def _addressed(letter: Letter) -> tuple[str, ...]:
    found = dict.fromkeys(address for value in letter.recipients for address in mailbox.addresses_in(value))
    return tuple(found)[:_MOST_ADDRESSED]


def _is_our_notice(letter: Letter, words: str) -> bool:
    """Whether the form was found only in what the person quoted, and what they quoted names a case of ours."""
    if read_text(words) is not None:
        return False
    quoted = "\n".join(segments(letter.text)[1:])
    return bool(_tokens((quoted,)) or _REFERENCE.search(quoted))


def _no_form(letter: Letter, came: Opened) -> str:
    where = "in the text of this mail, or in what is attached to it" if letter.attachments else "in this mail"
    return " ".join((f"There is no Escalation Form {where}.", *_refusals(came)))


def _refusals(came: Opened) -> tuple[str, ...]:
    """Why anything attached was not read, each reason once."""
    return tuple(dict.fromkeys(refused.told for refused in came.refused))[:_MOST_ASIDES]


def _left_closed(letter: Letter) -> Opened:
    """What is told of files that ended their reader."""
    return Opened(refused=(Refused("What is attached to your mail", Refusal.TOO_SLOW),)) if letter.attachments else Opened()
