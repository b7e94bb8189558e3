"""What a mail or a saved mail carries: its words, its files, and the mails inside it."""

from typing import NamedTuple

from compressed_rtf import decompress

from services.intake.forms.plain_file import rich_text
from services.intake.forms.refusals import CannotOpen
from services.intake.hypertext import to_text
from services.intake.mailbox import MOST_CHARACTERS, clean

_MOST_RICH_TEXT = 500_000


class File(NamedTuple):
    """A file as it came. `name` and `media_type` are what its sender says; the name is only ever looked at for its ending."""

    name: str
    media_type: str
    data: bytes
    inline: bool = False
    """Whether it is shown in the mail, as a logo is, rather than attached."""


class Enclosed(NamedTuple):
    """A mail in a file: the words of its body, its files, and the mails attached to it. `ours`: it is a notice of our own."""

    text: str
    files: tuple[File, ...] = ()
    mails: tuple["Enclosed", ...] = ()
    ours: bool = False


def words(plain: str, hypertext: str = "", compressed: bytes = b"") -> str:
    """A saved mail's body: its plain text; without one the words of its HTML, or of Outlook's own rich text."""
    if plain.strip():
        return clean(plain)[:MOST_CHARACTERS]
    if hypertext.strip():
        return to_text(clean(hypertext)[:MOST_CHARACTERS])
    if not compressed or len(compressed) > _MOST_RICH_TEXT:
        return ""
    try:
        return rich_text(decompress(compressed))
    except (CannotOpen, ValueError, LookupError, TypeError):  # a body nobody can read, beside files that perhaps can be
        return ""
