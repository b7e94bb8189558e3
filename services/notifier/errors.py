"""What can go wrong on the way out.

Exception
+-- Unprintable       the notice cannot be written at all: a fault of ours, never tried again
+-- ClaimLost         another process has taken this notice over: leave it alone
+-- NoticesWait       a notice has not left for too long: the health page says so
"""


class Unprintable(Exception):
    """The notice cannot be written: facts or a document are missing, content does not open, or a template is wrong.

    The text says which, and carries no content.
    """


class ClaimLost(Exception):
    """This process took too long to be believed alive, and another one has decided about the notice."""


class NoticesWait(Exception):
    """The oldest notice that has not come to its end has waited for too long. Whoever runs the service must look."""
