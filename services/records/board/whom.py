"""Whom board staff name to be asked: somebody suggested, somebody on the contact list, or somebody they type (A-18 to A-20)."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from services.contracts.contact_list import ContactLine
from services.contracts.escalator import BoardPublished
from services.contracts.vocabulary import Person, Side
from services.records.board.fields import LONGEST_LINE, Answers, Mistakes, one_line, too_long
from services.records.case import Case

SUGGESTED: Final = "suggested:"
LISTED, TYPED = "listed", "typed"
_ADDRESS: Final = re.compile(r'[^@\s,;<>"]{1,64}@[^@\s,;<>"]{3,190}')


def key_of(line: ContactLine) -> str:
    """What names a line of the contact list in a form."""
    return "|".join((line.agency, line.team, line.role, line.address))


def role_names(board: BoardPublished) -> dict[str, str]:
    """What people call the board's roles, by key."""
    return {role.key: role.name for role in board.roles}


def by_agency(lines: Iterable[ContactLine]) -> dict[str, list[ContactLine]]:
    """The contact list by agency, in the order of their names; the most senior first, as far as ranks say."""
    agencies: dict[str, list[ContactLine]] = {}
    for line in sorted(lines, key=lambda line: (line.agency.lower(), line.rank or 99, line.name.lower())):
        agencies.setdefault(line.agency, []).append(line)
    return agencies


def person_to_ask(
    answers: Answers, case: Case, board: BoardPublished, lines: Sequence[ContactLine]
) -> tuple[Side | None, Person | None, Mistakes]:
    """For which side, whom, and what is wrong with the answers."""
    sides = {side.value: side for side in (Side.RAISING, Side.OTHER)}
    side = sides.get(answers.get("side", ""))
    mistakes: Mistakes = {} if side else {"side": "Select the side they are asked for"}
    how = answers.get("who", "")
    person: Person | None = None
    if how.startswith(SUGGESTED):
        person = next((one for one in case.suggested if one.address == how.removeprefix(SUGGESTED)), None)
    elif how == LISTED:
        line = next((line for line in lines if key_of(line) == answers.get("listed", "")), None)
        if line is None:
            return side, None, {**mistakes, "listed": "Select somebody on the contact list"}
        role = role_names(board).get(line.role, line.role)
        person = Person(name=line.name, address=line.address, role=role, agency=line.agency)
    elif how == TYPED:
        person, wrong = _typed(answers, board, lines)
        return side, person, mistakes | wrong
    if person is None:
        mistakes["who"] = "Select who is asked"
    return side, person, mistakes


def _typed(answers: Answers, board: BoardPublished, lines: Iterable[ContactLine]) -> tuple[Person | None, Mistakes]:
    name, address, role, agency = (one_line(answers, part) for part in ("name", "address", "role", "agency"))
    mistakes: Mistakes = {}
    for part, text in (("name", name), ("role", role), ("agency", agency)):
        mistakes |= too_long(part, text, LONGEST_LINE)
    if not name:
        mistakes["name"] = "Enter their name"
    if not _ADDRESS.fullmatch(address):
        mistakes["address"] = "Enter an email address in the correct format, like name@example.com"
    elif not _is_known(address, board, lines):
        domains = ", ".join(sorted(board.known_domains))
        mistakes["address"] = f"Enter an address at one of the mail domains the board knows: {domains}"
    return (None, mistakes) if mistakes else (Person(name=name, address=address, role=role, agency=agency), {})


def _is_known(address: str, board: BoardPublished, lines: Iterable[ContactLine]) -> bool:
    domain = address.rpartition("@")[2].lower()
    return domain in {known.lower() for known in board.known_domains} or address.lower() in {
        line.address.lower() for line in lines
    }
