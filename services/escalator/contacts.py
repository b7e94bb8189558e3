"""A board's contact list as a file: CSV with the columns agency, role, name, address and deputy."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from services.escalator.errors import Problem, ProtocolError
from services.escalator.people import Contact

_COLUMNS = tuple(Contact.model_fields)


def read_contacts(path: Path, roles: Iterable[str]) -> list[Contact]:
    """The lines of a contact list. `roles` are the keys its roles may have. Raises ProtocolError with everything that is not right."""
    lines: list[tuple[int, Contact]] = []
    problems: list[Problem] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if sorted(reader.fieldnames or ()) != sorted(_COLUMNS):
                raise ProtocolError(
                    [_problem(path, 1, f"the columns {', '.join(_COLUMNS)}", ", ".join(reader.fieldnames or ()))]
                )
            for row in reader:
                try:
                    lines.append((reader.line_num, Contact.model_validate({key or "": value for key, value in row.items()})))
                except ValidationError as error:
                    wrong = ", ".join(dict.fromkeys(str(part["loc"][0]) or "too many values" for part in error.errors()))
                    expected = "agency, role, name, address and perhaps a deputy's address"
                    problems.append(_problem(path, reader.line_num, expected, f"a mistake in {wrong}"))
    except OSError as error:
        raise ProtocolError([_problem(path, 1, "a file that can be read", error.strerror or "none")]) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ProtocolError([_problem(path, 1, "comma-separated values in UTF-8", str(error))]) from error
    problems += _mistakes(path, lines, sorted(roles))
    if problems:
        raise ProtocolError(sorted(problems, key=lambda problem: problem.line))
    return [contact for _, contact in lines]


def _mistakes(path: Path, lines: list[tuple[int, Contact]], roles: list[str]) -> Iterator[Problem]:
    """What would quietly never be found: a role no step names, and a deputy who is not on the list."""
    addresses = {contact.address.lower() for _, contact in lines}
    for line, contact in lines:
        if contact.role not in roles:
            yield _problem(path, line, f"one of the roles {', '.join(roles)}", repr(contact.role))
        if contact.deputy and contact.deputy.lower() not in addresses:
            yield _problem(path, line, "a deputy who has a line of their own", repr(contact.deputy))


def _problem(path: Path, line: int, expected: str, found: str) -> Problem:
    return Problem(file=str(path), line=line, expected=expected, found=found)
