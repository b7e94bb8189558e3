"""Why a file that came with a mail was not read, in words its sender can act on.

Exception
+-- CannotOpen           one file cannot be opened safely, or has nothing we can read in it; the rest of the mail still can

The sentences name the kind of file and never its name: people call such files after the child.
"""

from enum import StrEnum
from typing import Final


class Refusal(StrEnum):
    """Why a file was not read."""

    PROTECTED = "protected"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TOO_DEEP = "too_deep"
    BOMB = "bomb"
    ENTITIES = "entities"
    DAMAGED = "damaged"
    OLD_WORD = "old_word"
    NEEDS_ADOBE = "needs_adobe"
    ARCHIVE = "archive"
    PICTURE = "picture"
    SCANNED = "scanned"
    OTHER_KIND = "other_kind"
    TOO_SLOW = "too_slow"

    @property
    def told(self) -> str:
        """What is wrong and what to do, to follow the words for the file."""
        return _TOLD[self]


class CannotOpen(Exception):
    """A file that is not read, and why."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why: Final = why


_SEND: Final = "Please send the form as Word (.docx), as PDF or in the text of the mail."
_TOLD: Final = {
    Refusal.PROTECTED: "is protected by a password. Please send it without a password.",
    Refusal.TOO_LARGE: f"is too large for us to read safely. {_SEND}",
    Refusal.TOO_MANY: "is one of too many. Please send only the form.",
    Refusal.TOO_DEEP: "is too deep inside other mails. Please attach the form itself.",
    Refusal.BOMB: f"unpacks to far more than a form can be, so we did not open it. {_SEND}",
    Refusal.ENTITIES: f"is put together in a way that could harm the computer that opens it, so we did not open it. {_SEND}",
    Refusal.DAMAGED: f"could not be opened: it may be damaged. {_SEND}",
    Refusal.OLD_WORD: "is in an old Word format (.doc). Please save it as .docx and send it again.",
    Refusal.NEEDS_ADOBE: (
        "is a form that only Adobe Reader can open. Please print it to a new PDF, or write the answers in the text of the mail."
    ),
    Refusal.ARCHIVE: "is a folder of packed files (.zip or the like). Please attach the form itself.",
    Refusal.PICTURE: f"is a picture, and we cannot read words in pictures. {_SEND}",
    Refusal.SCANNED: f"has no text in it, only pictures of pages. {_SEND}",
    Refusal.TOO_SLOW: f"took too much time or memory to read, so we stopped. {_SEND}",
    Refusal.OTHER_KIND: f"is not of a kind we open. {_SEND}",
}
