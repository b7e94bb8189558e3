"""`python -m deploy.local up|down|status|logs`: what the Makefile's commands of the same name do."""

import argparse
import subprocess
import sys
import time
from contextlib import suppress

from deploy.local import leftovers
from deploy.local.stack import ROOT, Stack, StackError

_WORDS = {
    "RUNNING": "running",
    "STARTING": "starting",
    "BACKOFF": "ended, and will be started again",
    "FATAL": "given up: see its log",
}


def main(arguments: list[str]) -> int:
    """Run one command. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description="The local stack of this checkout.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything; return when it is ready")
    commands.add_parser("down", help="stop everything")
    commands.add_parser("status", help="say what runs, and what had to be started again")
    logs = commands.add_parser("logs", help="follow the logs")
    logs.add_argument("name", nargs="?", help="of one program; of all when left out")
    chosen = parser.parse_args(arguments)
    if chosen.command == "logs":
        return _logs(chosen.name)
    stack = Stack()
    try:
        if chosen.command == "up":
            stack.up()
            _print_addresses(stack)
        elif chosen.command == "down":
            stack.down()
        else:
            return _status(stack)
    except StackError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def _print_addresses(stack: Stack) -> None:
    found = stack.addresses()
    smtp = found["smtp_intake"]
    for what, where in (
        ("Escalation Form", found["web_form"]),
        ("Board", found["board"]),
        ("Caught mail", found["mail_catcher"]["page"]),
        ("Mail to Concord", f"SMTP at {smtp['host']}:{smtp['port']}, for <board>@{found['mail_domain']}"),
        ("Temporal", found["temporal"]["page"]),
        ("Logs", found["logs"]),
        ("All addresses", stack.root / "stack.json"),
    ):
        print(f"  {what:<16} {where}")


def _status(stack: Stack) -> int:
    """0 when everything runs, else 1."""
    states = stack.states()
    if not states:
        running = leftovers.names(stack.root)
        if running:
            print(f"The supervisor is gone, and still running are: {', '.join(running)}. `make up` or `make down` ends them.")
        else:
            print("The stack is down. `make up` starts it.")
        return 1
    for state in states:
        runs = f", pid {state.pid}, for {round(time.time() - state.since)} s" if state.pid else ""
        print(f"  {state.name:<15} {_WORDS.get(state.word, 'stopped')}{runs}")
    deaths = stack.supervisor.deaths()
    if deaths:
        print("\nEnded unasked, and were started again:")
        print("\n".join(f"  {death.at} UTC  {death.name:<15} {death.how}" for death in deaths[-20:]))
    if (stack.root / "stack.json").exists():
        print("\nWhere to look:")
        _print_addresses(stack)
    return 0 if all(state.word == "RUNNING" for state in states) else 1


def _logs(name: str | None) -> int:
    files = sorted(str(file) for file in (ROOT / "logs").glob(f"{name or '*'}.log"))
    if not files:
        known = ", ".join(sorted(file.stem for file in (ROOT / "logs").glob("*.log"))) or "none yet: run `make up`"
        print(f"There is no such log. There are: {known}.", file=sys.stderr)
        return 1
    with suppress(KeyboardInterrupt):  # which is how a person ends it
        subprocess.run(["tail", "-n", "20", "-F", *files], check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
