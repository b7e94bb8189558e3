"""What can go wrong on the way out.

Exception
+-- Unprintable       the notice cannot be written at all: a fault of ours, never tried again
+-- ClaimLost         another process has taken this notice over: leave it alone
"""


class Unprintable(Exception):
    """The notice cannot be written: facts or a document are missing, content does not open, or a template is wrong.

    The text says which, and carries no content.
    """


class ClaimLost(Exception):
    """This process took too long to be believed alive, and another one has decided about the notice."""
