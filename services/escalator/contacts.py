"""A board's contact list as a file in the deployment: read at the start, and by `check`."""

from collections.abc import Collection
from pathlib import Path

from services.contracts.contact_list import ContactLine, read_csv
from services.escalator.errors import Problem, ProtocolError


class ContactProblem(Problem):
    """One thing wrong in a contact list: `expected` says what to do about `field`."""

    field: str

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.field}: {self.expected}"
            if self.field
            else f"{self.file}:{self.line}: {self.expected}"
        )


def read_contacts(path: Path, roles: Collection[str]) -> list[ContactLine]:
    """The lines of a contact list. `roles` are the keys its roles may have. Raises ProtocolError with everything that is not right."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ProtocolError(
            [Problem(file=str(path), line=1, expected="a file that can be read", found=error.strerror or "none")]
        ) from error
    return parse_contacts(data, str(path), roles)


def parse_contacts(data: bytes, shown: str, roles: Collection[str]) -> list[ContactLine]:
    """The lines of a contact list whose file, `shown` as such to people, holds this. Raises ProtocolError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = "This is not UTF-8. In Excel, save the list as CSV UTF-8."
        raise ProtocolError([ContactProblem(file=shown, line=line, field="", expected=message)]) from error
    lines, errors = read_csv(text, roles)
    if errors:
        raise ProtocolError([ContactProblem(file=shown, line=e.line, field=e.field, expected=e.message) for e in errors])
    return lines
