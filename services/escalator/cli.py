"""The commands that show and check protocols: `ladders`, `simulate` and `check`. They read files and nothing else.

`opposite` and `contacts`, which are about people, are in `contact_commands`.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from services.contracts.vocabulary import Writing
from services.escalator.boards import WorkingHours
from services.escalator.calendars import make_calendar
from services.escalator.contact_commands import add_commands, run_contacts_check, run_opposite
from services.escalator.errors import EscalatorError, ProtocolError, Unknown
from services.escalator.ladders import Ladder, Step, Unit, Within
from services.escalator.loader import check, load_boards, packaged_protocols
from services.escalator.protocol import Protocol
from services.escalator.simulate import AT_ONCE, Simulated, simulate
from services.escalator.timeline import as_text, rows
from services.escalator.working_time import Calendar

_FIRST_YEAR, _LAST_YEAR = 2000, 2100

_WRITING = {Writing.NONE: "", Writing.CONFIRM: ", confirmed in writing", Writing.WRITTEN: ", in writing"}


class _Board(NamedTuple):
    protocol: Protocol
    hours: WorkingHours


def run(arguments: list[str]) -> int:
    """Run one command and return the exit status: 0 right, 1 a file is wrong, 2 the command was not understood."""
    given = _parser().parse_args(arguments)
    try:
        if given.command == "check":
            return _check(given.files)
        if given.command == "opposite":
            return run_opposite(given)
        if given.command == "contacts":
            return run_contacts_check(given)
        boards = _boards(given.boards_dir)
        if given.command == "ladders":
            _ladders({given.board: _known(boards, given.board)} if given.board else boards, as_json=given.json)
        else:
            chosen = dict(_pair(choice) for choice in given.choice)
            _simulate(_known(boards, given.board), given, chosen)
    except ProtocolError as error:
        print(error, file=sys.stderr)
        return 1
    except EscalatorError as error:
        print(f"escalator {given.command}: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.escalator", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    reading = argparse.ArgumentParser(add_help=False)
    reading.add_argument(
        "--boards-dir",
        type=Path,
        default=os.environ.get("CONCORD_BOARDS_DIR") or None,
        help="the folder of a deployment's boards (default: CONCORD_BOARDS_DIR); every protocol is also a board of its own name",
    )
    reading.add_argument("--json", action="store_true", help="print JSON")

    ladders = commands.add_parser("ladders", parents=[reading], help="who talks to whom, by when, and what must be in writing")
    ladders.add_argument("--board", help="this board only")

    simulated = commands.add_parser("simulate", parents=[reading], help="when every step of a ladder would end, and why then")
    simulated.add_argument("--board", required=True)
    simulated.add_argument("--ladder", required=True)
    simulated.add_argument(
        "--raised",
        required=True,
        metavar="ISO8601",
        help="when the form was received, such as 2026-12-04T14:05:00Z; without an offset, the time in London",
    )
    simulated.add_argument(
        "--decided", metavar="ISO8601", help="when the decision complained of was made, where a choice counts from then"
    )
    simulated.add_argument("--needed-by", metavar="ISO8601", help="the end of the child's own protection time frame")
    simulated.add_argument(
        "--at-once",
        action="store_true",
        help="as where a child is in immediate danger: every step is to be resolved immediately",
    )
    simulated.add_argument(
        "--choice", action="append", default=[], metavar="KEY=VALUE", help="a choice made otherwise, by id (A-02) or name"
    )

    add_commands(commands, reading)
    checked = commands.add_parser("check", help="whether protocol or board files are right")
    checked.add_argument("files", nargs="+", type=Path, metavar="FILE")
    return parser


def _boards(folder: Path | None) -> dict[str, _Board]:
    boards = {key: _Board(protocol, WorkingHours()) for key, protocol in packaged_protocols().items()}
    if folder is not None:
        boards |= {key: _Board(board.protocol, board.working_hours) for key, board in load_boards(folder).items()}
    return boards


def _known(boards: Mapping[str, _Board], key: str) -> _Board:
    if key not in boards:
        raise Unknown("board", key, boards)
    return boards[key]


def _pair(choice: str) -> tuple[str, str]:
    key, equals, value = choice.partition("=")
    if not equals:
        raise Unknown("choice", choice, ["KEY=VALUE, such as A-02=per_step"])
    return key.strip(), value.strip()


def _ladders(boards: Mapping[str, _Board], *, as_json: bool) -> None:
    if as_json:
        _print_json([_ladder_data(key, b.protocol, ladder) for key, b in boards.items() for ladder in b.protocol.ladders])
        return
    for key, board in boards.items():
        print(f"{board.protocol.name} (board {key}, protocol of {board.protocol.version})\n")
        for ladder in board.protocol.ladders:
            print("\n".join(_ladder_text(board.protocol, ladder)), end="\n\n")


def _simulate(board: _Board, given: argparse.Namespace, chosen: Mapping[str, str]) -> None:
    protocol = board.protocol.with_choices(chosen)
    ladder = protocol.ladder(given.ladder)
    calendar = make_calendar(board.hours, _year(given.raised) - 1, _year(given.raised) + 2)
    raised_at = _moment(given.raised, calendar)
    steps = simulate(
        protocol,
        ladder,
        raised_at,
        calendar,
        decided_at=_moment(given.decided, calendar) if given.decided else None,
        needed_by=_moment(given.needed_by, calendar) if given.needed_by else None,
        at_once=AT_ONCE if given.at_once else "",
    )
    if given.json:
        _print_json([_simulated_data(step) for step in steps])
        return
    seconds = protocol.demonstration
    print(f"{ladder.id}  {ladder.name}\n")
    print("\n".join(as_text(calendar.wall(raised_at, seconds=seconds), rows(steps, calendar, seconds=seconds))))


def _year(text: str) -> int:
    """The year of a moment somebody typed. Two years on is enough for any ladder a person would wait for."""
    year = _read(text).year
    if not _FIRST_YEAR < year < _LAST_YEAR:
        raise Unknown("time", text, [f"a year after {_FIRST_YEAR} and before {_LAST_YEAR}"])
    return year


def _moment(text: str, calendar: Calendar) -> datetime:
    moment = _read(text)
    return moment.astimezone(UTC) if moment.tzinfo else calendar.instant(moment)


def _read(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Unknown("time", text, ["ISO 8601, such as 2026-12-04T14:05:00Z"]) from error


def _check(files: Iterable[Path]) -> int:
    wrong = 0
    for path in files:
        try:
            doubts = check(path)
        except ProtocolError as error:
            print(error)
            wrong = 1
            continue
        for doubt in doubts:
            print(f"{doubt.file}:{doubt.line}: warning: expected {doubt.expected}")
        print(f"{path}: OK")
    return wrong


def _ladder_data(board: str, protocol: Protocol, ladder: Ladder) -> dict[str, JsonValue]:
    return {
        "board": board,
        "ladder": ladder.id,
        "name": ladder.name,
        "case_stage": protocol.case_stages[ladder.case_stage],
        "case_stage_key": ladder.case_stage,
        "areas": [protocol.areas[area] for area in ladder.areas],
        "area_keys": list(ladder.areas),
        "advice": ladder.advice,
        "offers": ladder.offers,
        "either_side_may_raise": ladder.either_side_may_raise,
        "within_agency": ladder.within_agency,
        "local_procedure": ladder.local_procedure.model_dump(mode="json") if ladder.local_procedure else None,
        "source": ladder.source,
        "steps": [_step_data(protocol, step) for step in ladder.steps],
    }


def _step_data(protocol: Protocol, step: Step) -> dict[str, JsonValue]:
    return {
        "number": step.number,
        "action": step.action,
        "with": list(protocol.names(step.with_.roles)),
        "by": list(protocol.names(step.by.roles)),
        "within": step.within.model_dump(mode="json") if step.within else None,
        "shares_time_with": step.shares_time_with,
        "writing": step.writing.value,
        "source": step.source,
    }


def _simulated_data(one: Simulated) -> dict[str, JsonValue]:
    at = one.deadline.at
    return {
        "number": one.step.number,
        "action": one.step.action,
        "deadline": at.isoformat().replace("+00:00", "Z") if at else None,
        "explanation": one.deadline.explanation,
    }


def _ladder_text(protocol: Protocol, ladder: Ladder) -> list[str]:
    lines = [f"{ladder.id}  {ladder.name}", f"  stage  {protocol.case_stages[ladder.case_stage]}"]
    lines += [f"  area   {protocol.areas[area]}" for area in ladder.areas]
    if ladder.local_procedure:
        lines.append(f"  first  {ladder.local_procedure.title}: {ladder.local_procedure.note}")
    for step in ladder.steps:
        lines += [
            f"  {step.number}  {_within_text(step.within)}{_WRITING[step.writing]}",
            f"     {step.action}",
            f"     with {', '.join(protocol.names(step.with_.roles))}; by {', '.join(protocol.names(step.by.roles))}",
            f"     {step.source}",
        ]
    return lines


def _within_text(within: Within | None) -> str:
    if within is None:
        return "no time stated"
    unit = within.kind.value.replace("_", " ")
    if not within.kind.counted:
        return unit
    plain = "hours" if within.kind is Unit.ELAPSED_HOURS else unit.removeprefix("elapsed ")
    return f"within {within.amount} {plain}"


def _print_json(data: JsonValue) -> None:
    print(json.dumps(data, indent=2, ensure_ascii=False))
