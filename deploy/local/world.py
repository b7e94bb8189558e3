"""What a user of a running stack can reach: the port that takes mail, the mails that arrive, and the pages."""

import smtplib
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import httpx

from services.contracts.vocabulary import Person


class NotSeen(Exception):
    """Something a user was waiting for did not come."""


class World:
    """One running stack, from the outside. `stack` is the content of its stack.json."""

    def __init__(self, stack: dict[str, Any]) -> None:
        self.stack = stack
        self.http = httpx.Client(timeout=20, follow_redirects=True)

    @property
    def form_address(self) -> str:
        """Where the demonstration board's form is mailed to."""
        return f"demonstration@{self.stack['mail_domain']}"

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail to intake, as the sender's mail server would. Raises SMTPException or OSError when it is not taken."""
        with smtplib.SMTP(self.stack["smtp_host"], self.stack["smtp_port"], timeout=60) as server:
            server.send_message(mail)

    def mails(self, address: str, after: int = 0) -> Iterator[tuple[int, EmailMessage]]:
        """What has arrived for this address, with each mail's number, oldest first."""
        found = self.http.get(self.stack["catcher_api"], params={"to": address, "after": after}).raise_for_status().json()
        for summary in found:
            raw = self.http.get(f"{self.stack['catcher']}mails/{summary['number']}/raw").raise_for_status().content
            mail = message_from_bytes(raw, policy=policy.default)
            assert isinstance(mail, EmailMessage)  # noqa: S101 - the policy makes it one
            yield summary["number"], mail

    def wait_for(self, person: Person, words: str, reference: str = "", seconds: float = 60) -> EmailMessage:
        """The latest mail to this person that says these words, about this case. Raises NotSeen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [mail for _, mail in self.mails(person.address) if words in text(mail) and reference in mail["Subject"]]
            if found:
                return found[-1]
            time.sleep(0.2)
        raise NotSeen(f"no mail to {person.name} that says “{words}” within {seconds:g} seconds")

    def sign_in(self, person: Person) -> httpx.Client:
        """A browser signed in to the board's pages with the code that was mailed."""
        browser = httpx.Client(base_url=self.stack["board"], timeout=20, follow_redirects=True)
        seen = max((number for number, _ in self.mails(person.address)), default=0)
        _submit(browser, "/sign-in", {"email": person.address})
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for _, mail in self.mails(person.address, after=seen):
                code = next((word for word in text(mail).split() if word.isdigit() and len(word) == 6), None)
                if code is not None:
                    _submit(browser, "/sign-in/code", {"code": code})
                    return browser
            time.sleep(0.2)
        raise NotSeen("no sign-in code came")


def text(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def _submit(browser: httpx.Client, path: str, answers: dict[str, str]) -> None:
    raise NotImplementedError
