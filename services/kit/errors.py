"""What can go wrong in the wiring.

Exception
+-- Unavailable          something we depend on is away: try again, nothing is lost
|   +-- BusError         the broker did not confirm a message
|   +-- SignInRefused    a server does not know us
+-- DocumentMissing      the document store does not hold what a message names
"""


class Unavailable(Exception):
    """A database, broker, workflow engine or mail server did not answer. The work is still there: try again later."""


class BusError(Unavailable):
    """The broker did not confirm a message in time, or could not route it."""


class SignInRefused(Unavailable):
    """A server did not accept our name with its password or token, or the service that gives tokens did not know us.

    The server's own words are kept out: they may repeat what was sent.
    """


class DocumentMissing(Exception):
    """The document store holds nothing under this reference."""
