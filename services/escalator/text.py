"""The kinds of text in a protocol, board or contact file: what people read, what machines look up by, and where mail goes."""

from typing import Annotated

from pydantic import StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text people read: never empty."""

Address = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^@\s]+@[^@\s]+$")]
"""A mail address, as far as its shape goes."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A stable name for machines: small letters, digits and underscores."""
