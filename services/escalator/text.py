"""The two kinds of text in a protocol or board file: what people read, and what machines look things up by."""

from typing import Annotated

from pydantic import StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text people read: never empty."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A stable name for machines: small letters, digits and underscores."""
