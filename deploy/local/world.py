"""What a user of a running stack can reach: the port that takes mail, the mails that arrive, and the pages."""

import smtplib
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import httpx

from services.contracts.vocabulary import Person


class NotSeen(Exception):
    """Something a user was waiting for did not come."""


class World:
    """One running stack, from the outside, and the mails it sends from now on. `stack` is the content of its stack.json."""

    def __init__(self, stack: dict[str, Any]) -> None:
        self.stack = stack
        self.http = httpx.Client(timeout=20, follow_redirects=True)
        self._before = max((summary["number"] for summary in self._summaries()), default=0)

    def close(self) -> None:
        """Let go of its connections."""
        self.http.close()

    @property
    def form_address(self) -> str:
        """Where the demonstration board's form is mailed to."""
        return f"demonstration@{self.stack['mail_domain']}"

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail to intake, as the sender's mail server would. Raises SMTPException or OSError when it is not taken."""
        intake = self.stack["smtp_intake"]
        with smtplib.SMTP(intake["host"], intake["port"], timeout=60) as server:
            server.send_message(mail)

    def mails(self, address: str) -> Iterator[tuple[int, EmailMessage]]:
        """What has arrived for this address since this began, with each mail's number, oldest first."""
        for summary in self._summaries(to=address, after=self._before):
            raw = self.http.get(f"{self.stack['mail_catcher']['page']}mails/{summary['number']}/raw").raise_for_status().content
            mail = message_from_bytes(raw, policy=policy.default)
            assert isinstance(mail, EmailMessage)  # noqa: S101 - the policy makes it one
            yield summary["number"], mail

    def _summaries(self, **params: str | int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get(self.stack["mail_catcher"]["api"], params=params).raise_for_status().json()
        return found

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
        """A browser signed in to the board's pages with the code that was mailed. Whoever asked for it closes it."""
        browser = httpx.Client(base_url=self.stack["board"], timeout=20, follow_redirects=True)
        seen = max((number for number, _ in self.mails(person.address)), default=0)
        submit(browser, "/sign-in", {"email": person.address})
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for number, mail in self.mails(person.address):
                if number <= seen:
                    continue
                code = next((word for word in text(mail).split() if word.isdigit() and len(word) == 6), None)
                if code is not None:
                    submit(browser, "/sign-in/code", {"code": code})
                    return browser
            time.sleep(0.2)
        raise NotSeen("no sign-in code came")


def text(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def submit(browser: httpx.Client, page: str, answers: dict[str, str]) -> httpx.Response:
    """Open a page, fill in its form and send it, as a browser without JavaScript does. Raises HTTPStatusError."""
    return send(browser, browser.get(page).raise_for_status(), answers)


def send(browser: httpx.Client, shown: httpx.Response, answers: dict[str, str]) -> httpx.Response:
    """Fill in the form of a page that is open, and send it. Raises HTTPStatusError."""
    form = _Form()
    form.feed(shown.text)
    where = shown.url.join(form.action)
    return browser.post(where, data=form.hidden | answers).raise_for_status()


class _Form(HTMLParser):
    """The last form of a page: where it goes, and what it sends along unseen."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action, self.hidden = values.get("action", ""), {}
        elif tag == "input" and values.get("type") == "hidden":
            self.hidden[values["name"]] = values.get("value", "")
