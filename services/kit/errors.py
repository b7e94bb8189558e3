"""What can go wrong in the wiring.

Exception
+-- Unavailable          something we depend on is away: try again, nothing is lost
|   +-- BusError         the broker did not confirm a message
+-- DocumentMissing      the document store does not hold what a message names
"""


class Unavailable(Exception):
    """A database, broker, workflow engine or mail server did not answer. The work is still there: try again later."""


class BusError(Unavailable):
    """The broker did not confirm a message in time, or could not route it."""


class DocumentMissing(Exception):
    """The document store holds nothing under this reference."""
