"""Reads protocol and board files, and says file, line and what was expected when one is not right."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.escalator.boards import Board, BoardFile
from services.escalator.contacts import read_contacts
from services.escalator.demonstration import as_demonstration
from services.escalator.doubts import doubts
from services.escalator.errors import Problem, ProtocolError, Unknown
from services.escalator.mistakes import mistakes
from services.escalator.protocol import Protocol
from services.escalator.protocol_file import ProtocolFile
from services.escalator.role_table import load_role_table
from services.escalator.yaml_file import YamlFile

PACKAGED = Path(__file__).parent / "protocols"
"""Where the protocols that come with Concord are."""

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "extra_forbidden": "no field {field} here",
    "string_type": "text",
    "string_too_short": "text, not nothing",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "too_short": "at least one",
    "value_error": "{error}",
    "enum": "one of {expected}",
    "literal_error": "one of {expected}",
    "greater_than": "a number greater than {gt}",
    "greater_than_equal": "a number of at least {ge}",
    "less_than_equal": "a number of at most {le}",
    "finite_number": "a finite number",
    "time_parsing": "a time such as 09:00",
    "date_from_datetime_parsing": "a date such as 2026-12-24",
    "string_pattern_mismatch": "text of the form {pattern}",
}
"""What was expected, by pydantic's kind of error."""


def load_protocol(path: Path) -> Protocol:
    """The protocol in a file. Raises ProtocolError with everything that is wrong."""
    return _read_protocol(YamlFile(path)).resolved()


def packaged_protocols() -> dict[str, Protocol]:
    """The protocols that come with Concord, by key."""
    return {protocol.key: protocol for protocol in _packaged()}


@cache
def _packaged() -> tuple[Protocol, ...]:
    return tuple(load_protocol(path) for path in sorted(PACKAGED.glob("*.yaml")))


def load_board(path: Path) -> Board:
    """The board in a file, with its protocol in force. Raises ProtocolError with everything that is wrong."""
    return _read_board(YamlFile(path))


def load_boards(folder: Path) -> dict[str, Board]:
    """The boards of a deployment, by key: every `*.yaml` in the folder. Raises ProtocolError with everything that is wrong."""
    boards: dict[str, Board] = {}
    problems: list[Problem] = []
    prefixes: set[str] = set()
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ProtocolError([Problem(file=str(folder), line=1, expected="at least one board, a file <board>.yaml")])
    for path in paths:
        try:
            file = YamlFile(path)
            board = _read_board(file)
        except ProtocolError as error:
            problems += error.problems
            continue
        if board.key in boards:
            problems.append(file.problem(("key",), "a key that no other board has"))
        if board.reference_prefix in prefixes:
            problems.append(file.problem(("reference_prefix",), "a reference prefix that no other board has"))
        prefixes.add(board.reference_prefix)
        boards[board.key] = board
    if problems:
        raise ProtocolError(problems)
    return boards


def check(path: Path) -> tuple[Problem, ...]:
    """Reads a protocol or board file as a start would. Returns what looks like a slip. Raises ProtocolError when it is not right."""
    file = YamlFile(path)
    if "protocol" in file.data:
        _read_board(file)
        return ()
    return tuple(file.problem(place, expected, found="none") for place, expected in doubts(_read_protocol(file)))


def _read_protocol(file: YamlFile) -> ProtocolFile:
    protocol = _validated(ProtocolFile, file)
    _refuse(file.problem(place, expected) for place, expected in mistakes(protocol))
    return protocol


def _read_board(file: YamlFile) -> Board:
    entry = _validated(BoardFile, file)
    protocol = _protocol_of(file, entry)
    if entry.demonstration:
        try:
            protocol = as_demonstration(protocol)
        except ValueError as error:
            raise ProtocolError(
                [file.problem(("demonstration",), "a protocol with times in hours only", str(error))]
            ) from error
    contacts = file.path.parent / entry.contacts if entry.contacts else None
    _refuse(
        [*_choice_problems(file, protocol, entry.choices), *_contact_problems(file, contacts), *_link_problems(file, protocol)]
    )
    protocol = protocol.with_choices(entry.choices)
    _refuse(_learning_problems(file, entry, protocol))
    if contacts is not None:
        read_contacts(contacts, protocol.roles)
    return _with_role_table(file, entry).resolved(protocol, contacts)


def _with_role_table(file: YamlFile, entry: BoardFile) -> BoardFile:
    """The board with its own role table found and read through, where it names one."""
    if entry.role_table is None:
        return entry
    path = file.path.parent / entry.role_table
    load_role_table(path)
    return entry.model_copy(update={"role_table": str(path)})


def _protocol_of(file: YamlFile, entry: BoardFile) -> Protocol:
    """The protocol a board names: one that comes with Concord, by key, or a file beside the board's own."""
    if entry.protocol.endswith(".yaml"):
        return load_protocol(file.path.parent / entry.protocol)
    protocols = packaged_protocols()
    if entry.protocol not in protocols:
        raise ProtocolError([file.problem(("protocol",), f"one of {', '.join(protocols)}, or the path of a .yaml file")])
    return protocols[entry.protocol]


def _choice_problems(file: YamlFile, protocol: Protocol, choices: Mapping[str, str]) -> Iterator[Problem]:
    made: set[str] = set()
    for key, value in choices.items():
        try:
            protocol.with_choices({key: value})
            if protocol.choice(key).id in made:
                yield file.problem(("choices", key), f"{protocol.choice(key).id} once, by id or by name")
            made.add(protocol.choice(key).id)
        except Unknown as unknown:
            yield file.problem(
                ("choices", key), f"one of {', '.join(unknown.allowed)}", f"the {unknown.what} '{unknown.given}'"
            )


def _link_problems(file: YamlFile, protocol: Protocol) -> Iterator[Problem]:
    """A link to a text that the protocol does not point at would never be shown."""
    pointing = [ladder.id for ladder in protocol.ladders if ladder.local_procedure is not None]
    for ladder in file.data.get("local_procedures") or ():
        if ladder not in pointing:
            expected = f"one of {', '.join(pointing)}" if pointing else "no link: the protocol points at no other text"
            yield file.problem(("local_procedures", ladder), expected, repr(ladder))


def _learning_problems(file: YamlFile, entry: BoardFile, protocol: Protocol) -> Iterator[Problem]:
    """Where what was learned goes is said once: the board's choice and its address must agree (A-22)."""
    choice = next((choice for choice in protocol.choices if choice.id == "A-22"), None)
    if choice is None or (choice.value == "shared_inbox") is (entry.learning_inbox is not None):
        return
    if entry.learning_inbox is None:
        yield file.problem(("choices", "A-22"), "learning_inbox, the address of the mailbox that boards share", "none")
    else:
        yield file.problem(("learning_inbox",), f"the choice {choice.name}: shared_inbox beside it")


def _contact_problems(file: YamlFile, contacts: Path | None) -> Iterator[Problem]:
    if contacts is not None and not contacts.is_file():
        yield file.problem(("contacts",), "the path of a file, beside this one")


def _refuse(problems: Iterable[Problem]) -> None:
    found = sorted(problems, key=lambda problem: problem.line)
    if found:
        raise ProtocolError(found)


def _validated(model: type[M], file: YamlFile) -> M:
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        _refuse(dict.fromkeys(_problem(file, detail) for detail in error.errors()))
        raise


def _problem(file: YamlFile, detail: Mapping[str, Any]) -> Problem:
    kind, place = detail["type"], [key for key in detail["loc"] if key != "[key]"]
    if detail["loc"][-1:] == ("[key]",):
        return file.problem(place, "a key of small letters, digits and underscores", repr(place[-1]))
    if kind == "missing":
        return file.problem(place, f"a value for {place[-1]!r}", "")
    if place[-1:] in (["int"], ["float"]) and kind in {"int_type", "float_type"}:
        return file.problem(place[:-1], "a number")
    if kind in _EXPECTED:
        field = repr(place[-1]) if place else "the file"
        return file.problem(place, _EXPECTED[kind].format(**{**detail.get("ctx", {}), "field": field}))
    return file.problem(place, detail["msg"].removeprefix("Input should be "))
