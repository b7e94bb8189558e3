"""What can go wrong in intake.

Exception
+-- Unreadable           this mail cannot be read, for good: it is held for board staff with this text as the reason
"""


class Unreadable(Exception):
    """A mail that cannot be read, now or later. The text is one plain sentence and says nothing of what the mail contains."""
