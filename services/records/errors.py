"""What can go wrong in records.

Exception
+-- NotReady       facts the written confirmation needs have not arrived yet: wait for them
+-- PrintFailed    the PDF could not be made within its limits
+-- NotSignedIn    the page is for board staff who have signed in
"""


class NotReady(Exception):
    """The written confirmation needs a fact that has not arrived. The message says which."""


class PrintFailed(Exception):
    """The PDF was not made: it took too long or too much memory, or the typesetter failed. The message carries no case content."""


class NotSignedIn(Exception):
    """Nobody is signed in, or the session has ended."""
