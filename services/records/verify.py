"""The command that checks the history: does every entry follow from the one before it, and is the end where it should be?"""

import argparse
import asyncio
import json
from dataclasses import asdict
from typing import Any

from services.kit.database import Database
from services.records.repository import history
from services.records.settings import VerifySettings


def run(arguments: list[str]) -> int:
    """Walk the chain and say the first break. Exit status 1 when there is one."""
    parser = argparse.ArgumentParser(prog="python -m services.records", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="walk the history's hash chain and say the first break")
    verify.add_argument("--json", action="store_true", help="answer as JSON")
    verify.add_argument(
        "--anchor",
        action="append",
        default=[],
        type=_anchor,
        metavar="ENTRY:HASH",
        help="an end of the history as a written confirmation prints it; may be given more than once",
    )
    options = parser.parse_args(arguments)
    found = asyncio.run(check(VerifySettings().database_url.get_secret_value(), dict(options.anchor)))
    print(json.dumps(found) if options.json else _in_words(found))
    return 0 if found["ok"] else 1


async def check(database_url: str, anchors: dict[int, str]) -> dict[str, Any]:
    """`{ok, entries, head, first_break}`: how many entries hold, the last one's hash, and the first break or None."""
    database = Database(database_url)
    try:
        async with database.transaction() as session:
            head, broken = await history.find_break(session, anchors)
    finally:
        await database.close()
    return {"ok": broken is None, "entries": head.seq, "head": head.hash, "first_break": asdict(broken) if broken else None}


def _anchor(text: str) -> tuple[int, str]:
    seq, _, hash_ = text.partition(":")
    if not seq.isdigit() or len(hash_) != 64:
        raise argparse.ArgumentTypeError("write ENTRY:HASH, for example 57:ab12…, with all 64 digits of the hash")
    return int(seq), hash_.lower()


def _in_words(found: dict[str, Any]) -> str:
    broken = found["first_break"]
    if broken is None:
        return f"The history holds: {found['entries']} entries, the last one {found['head']}."
    return (
        f"The history is broken at entry {broken['seq']} ({broken['what']}): expected {broken['expected']}, found {broken['found']}. "
        f"The {found['entries']} entries before it hold."
    )
