"""The files and mails attached to a mail: which of them carry an Escalation Form, and why any other was not read.

A file is known by what it is, not by what its name says. Names are never used as paths and never repeated: people call such files
after the child.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from email.message import Message
from typing import Final, NamedTuple

from services.contracts.reply_address import find
from services.intake import mailbox
from services.intake.automatic import OUR_LOOP_HEADER
from services.intake.domain import Answers
from services.intake.errors import Unreadable
from services.intake.forms import kinds, opendocument, outlook, pdf, plain_file, sheet, tnef, word
from services.intake.forms.enclosed import Enclosed, File
from services.intake.forms.kinds import Kind
from services.intake.forms.refusals import CannotOpen, Refusal
from services.intake.quotes import segments

MOST_FILES: Final = 25
MOST_BYTES: Final = 25_000_000
"""Bytes of one file, and of all files together twice that."""

DEEPEST: Final = 5
"""Mails inside mails."""

_LITTLE: Final = re.compile(
    r"text/(?:calendar|(?:x-)?vcard|directory)|application/(?:ics|pgp-signature|(?:x-)?pkcs7-signature)"
)
"""Kinds that mail programs add of themselves: no word is lost about them."""


class Found(NamedTuple):
    """A form, where it was found, and what else its sender should know."""

    where: str
    answers: Answers
    note: str = ""


class Refused(NamedTuple):
    """Something that was not read, and why."""

    what: str
    why: Refusal

    @property
    def told(self) -> str:
        """The whole sentence."""
        return f"{self.what} {self.why.told}"


class Opened(NamedTuple):
    """What came with a mail."""

    forms: tuple[Found, ...] = ()
    refused: tuple[Refused, ...] = ()


def open_mail(message: Message) -> Opened:
    """Read everything attached to a parsed mail. Never raises for what is in a file."""
    return _Opening().of_message(message)


def open_file(file: File) -> Opened:
    """Read one file by itself. Never raises for what is in it."""
    return _Opening().of_files((file,), 0)


class _Opening:
    """The reading of one mail, within limits for all that is attached to it at any depth."""

    def __init__(self) -> None:
        self._files = 0
        self._bytes = 0

    def of_message(self, message: Message, depth: int = 0) -> Opened:
        files = self.of_files(list(_files(message)), depth)
        return _together([files, *(self._of_inner(inner, depth + 1) for inner in _mails(message))])

    def of_files(self, files: Sequence[File], depth: int) -> Opened:
        found: list[Opened] = []
        several = sum(1 for file in files if not _is_little(file)) > 1
        for number, file in enumerate(files, 1):
            if _is_little(file):
                continue
            what = "The attached file"
            try:
                self._count(file)
                kind = kinds.kind_of(file)
                what = kind.what
                opened = self._of_file(file, kind, depth)
            except CannotOpen as refusal:
                opened = Opened(refused=(Refused(what, refusal.why),))
            except (MemoryError, RecursionError):
                opened = Opened(refused=(Refused(what, Refusal.TOO_LARGE),))
            except Unreadable:
                opened = Opened(refused=(Refused(what, Refusal.TOO_DEEP),))
            if several:
                opened = _numbered(opened, number)
            found.append(opened)
        return _together(found)

    def _of_file(self, file: File, kind: Kind, depth: int) -> Opened:
        if kind.name == "mail":
            return self._of_inner(mailbox.parse(file.data), depth + 1)
        if kind.name in ("msg", "tnef"):
            return self._of_enclosed((outlook if kind.name == "msg" else tnef).read(file.data), kind.what, depth + 1)
        note = ""
        if kind.name == "word" and word.has_macros(file.data):
            note = "The Word document has macros in it. We did not run them: please send documents without macros."
        forms = _READERS[kind.name](file.data)
        return Opened(tuple(Found(kind.what, answers, note) for answers in forms))

    def _of_inner(self, inner: Message, depth: int) -> Opened:
        """A mail attached to a mail. A notice of our own in there is no form, whatever it quotes."""
        if depth > DEEPEST:
            return Opened(refused=(Refused(kinds.MAIL.what, Refusal.TOO_DEEP),))
        if mailbox.header(inner, OUR_LOOP_HEADER):
            return Opened()
        try:
            letter = mailbox.read(inner)
        except Unreadable:
            return Opened(refused=(Refused(kinds.MAIL.what, Refusal.PROTECTED),))
        own = Opened() if _tells_of_ours(letter.text) else _of_words(letter.text, kinds.MAIL.what)
        return _together([own, self.of_message(inner, depth)])

    def _of_enclosed(self, enclosed: Enclosed, what: str, depth: int) -> Opened:
        if depth > DEEPEST:
            return Opened(refused=(Refused(what, Refusal.TOO_DEEP),))
        if enclosed.ours:
            return Opened()
        own = Opened() if _tells_of_ours(enclosed.text) else _of_words(enclosed.text, what)
        inner = [self._of_enclosed(mail, what, depth + 1) for mail in enclosed.mails]
        return _together([own, self.of_files(enclosed.files, depth), *inner])

    def _count(self, file: File) -> None:
        self._files += 1
        self._bytes += len(file.data)
        if self._files > MOST_FILES:
            raise CannotOpen(Refusal.TOO_MANY)
        if len(file.data) > MOST_BYTES or self._bytes > 2 * MOST_BYTES:
            raise CannotOpen(Refusal.TOO_LARGE)


_READERS: Final = {
    "word": word.read,
    "odt": opendocument.read,
    "pdf": pdf.read,
    "rtf": plain_file.read_rich_text,
    "page": plain_file.read_hypertext,
    "text": plain_file.read_text,
}


def _of_words(words: str, where: str) -> Opened:
    """The forms in a body, in the person's own words or in what they forwarded."""
    for part in (*segments(words), words):
        found = sheet.from_text(part)
        if found:
            return Opened(tuple(Found(where, answers) for answers in found))
    return Opened()


def _tells_of_ours(words: str) -> bool:
    """Whether a mail's words carry a reply address of ours: then it is a notice, and any form in it was read back by us."""
    return any("-" in chunk and chunk.count(".") > 2 and find(chunk) for chunk in re.split(r"[\s<>,;:?&]+", words[:100_000]))


def _files(message: Message) -> Iterator[File]:
    """The attached files of a mail, without those of mails inside it."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        kind = mailbox.content_type(part)
        inner = mailbox.parts(part)
        if kind.startswith("message/"):
            continue
        if inner:
            waiting[:0] = inner
            continue
        name, shown = _name(part), mailbox.header(part, "Content-Disposition")
        disposition = " ".join(shown).lower()
        if part is message and not name and not disposition.startswith("attachment") and kind.startswith("text/"):
            continue
        if name or disposition.startswith("attachment") or kind not in ("text/plain", "text/html"):
            data = _data(part)
            if data:
                yield File(name, kind, data, disposition.startswith("inline") or bool(mailbox.header(part, "Content-ID")))


def _mails(message: Message) -> Iterator[Message]:
    """The mails directly inside a mail."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        if mailbox.content_type(part) == "message/rfc822":
            yield from map(_undone, mailbox.parts(part)[:1])
        else:
            waiting[:0] = mailbox.parts(part)


def _undone(inner: Message) -> Message:
    """A mail that was attached in base64, which no program may do and some do: it is all body, and has no header."""
    if inner.keys():
        return inner
    encoded = mailbox.content(inner)
    try:
        return mailbox.parse(base64.b64decode(encoded))
    except (ValueError, Unreadable):
        return inner


def _name(part: Message) -> str:
    try:
        return mailbox.clean(part.get_filename() or "")[-100:]
    except Exception:  # the accessor raises half a dozen kinds of error on malformed fields
        return ""


def _data(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except Exception:  # as above
        return b""
    return data if isinstance(data, bytes) else b""


def _is_little(file: File) -> bool:
    """A picture in a signature, an invitation, a visiting card or a signature's own file."""
    picture = file.inline and kinds.is_picture(file)
    return picture or bool(_LITTLE.match(file.media_type)) or not file.data


def _numbered(opened: Opened, number: int) -> Opened:
    """The same, saying which of several files it was."""
    return Opened(
        tuple(found._replace(where=f"{found.where} (file {number})") for found in opened.forms),
        tuple(refused._replace(what=f"{refused.what} (file {number})") for refused in opened.refused),
    )


def _together(opened: Sequence[Opened]) -> Opened:
    return Opened(
        tuple(found for one in opened for found in one.forms), tuple(refused for one in opened for refused in one.refused)
    )
