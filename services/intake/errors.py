"""What can go wrong in intake.

Exception
+-- Unreadable           this mail cannot be read, for good: it is held for board staff with this text as the reason
+-- CannotSettle         what board staff said of a held item cannot be done: they see it among the stuck messages
+-- NotGiven             the mail server refused one mail, or one thing with it: it is tried again, then held
+-- kit's Unavailable
    +-- Busy             the mail server asked us to wait
    +-- SignInRefused    the mail server does not know us
"""

from services.kit.errors import Unavailable


class Unreadable(Exception):
    """A mail that cannot be read, now or later. The text is one plain sentence and says nothing of what the mail contains."""


class NotGiven(Exception):
    """A mail server refused one thing it was asked, and answers otherwise. The text repeats nothing of what a mail contains."""


class Busy(Unavailable):
    """A mail server asked to be left alone for some `seconds`: with `everybody`, because too much was asked of it, whatever it was."""

    def __init__(self, seconds: float, *, everybody: bool = True) -> None:
        super().__init__(f"the mail server asked us to wait {seconds:.0f} s")
        self.seconds = seconds
        self.everybody = everybody


class CannotSettle(Exception):
    """A message about a held item that says too little, or of an item or a board that is not known here."""
