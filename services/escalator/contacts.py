"""A board's contact list as a file: CSV with the columns agency, role, name, address and deputy."""

import csv
from pathlib import Path

from pydantic import ValidationError

from services.escalator.errors import Problem, ProtocolError
from services.escalator.people import Contact


def read_contacts(path: Path) -> list[Contact]:
    """The lines of a contact list. Raises ProtocolError with every line that is not right."""
    contacts: list[Contact] = []
    problems: list[Problem] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        for row in reader:
            try:
                contacts.append(Contact.model_validate(row))
            except ValidationError as error:
                wrong = ", ".join(str(part["loc"][0]) for part in error.errors())
                expected = "agency, role, name, address and deputy"
                problems.append(Problem(file=str(path), line=reader.line_num, expected=expected, found=f"a mistake in {wrong}"))
    if problems:
        raise ProtocolError(problems)
    return contacts
