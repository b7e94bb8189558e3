"""The mail catcher takes every mail there is, keeps it as it came, and shows it without running it."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from deploy.local import ports
from deploy.local.catcher.part import PORTS, Catcher
from tests.servers import Running

ODD = {
    "a header in Latin-1": b"Subject: =?iso-8859-1?Q?caf=E9?=\r\nFrom: =?iso-8859-1?Q?Ren=E9?= <r@one.test>\r\n\r\ntext\r\n",
    "raw UTF-8 in a header": "Subject: Dŵr\r\n\r\nSiân\r\n".encode(),
    "bytes of no charset": b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xff\xfe\x80\r\n",
    "an unknown charset": b"Content-Type: text/plain; charset=x-none\r\n\r\ntext\r\n",
    "no recipients in its header": b"To: undisclosed-recipients:;\r\n\r\ntext\r\n",
    "a broken address": b"From: <a@b\r\nTo: =?utf-8?q?x?= <@>\r\n\r\ntext\r\n",
    "no header at all": b"hello\r\n",
    "a multipart without a boundary": b"Content-Type: multipart/mixed\r\n\r\ntext\r\n",
    "nothing": b"",
    "a line that starts with a dot": b"Subject: dots\r\n\r\n.\r\n..\r\n.end\r\n",
}


@pytest.fixture(scope="module")
def catcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catcher]:
    root = tmp_path_factory.mktemp("catcher")
    part = Catcher(root, ports.find(PORTS))
    running = Running(part, root / "logs")
    yield part
    running.stop()


@pytest.fixture(scope="module")
def http(catcher: Catcher) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=catcher.page) as client:
        yield client


def send(catcher: Catcher, raw: bytes, to: str) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.smtp_port, local_hostname="sender.test") as server:
        assert server.sendmail("sender@one.test", [to], raw) == {}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_mail_is_taken_shown_and_given_back_as_it_came(catcher: Catcher, http: httpx.Client, kind: str) -> None:
    to = f"odd{list(ODD).index(kind)}@two.test"
    send(catcher, ODD[kind], to)
    (found,) = http.get("/api/mails", params={"to": to.upper()}).raise_for_status().json()
    assert (found["sender"], found["recipients"]) == ("sender@one.test", [to])
    one = http.get(f"/api/mails/{found['number']}").raise_for_status().json()
    assert http.get(one["raw"]).content == (ODD[kind] or b"\r\n")
    http.get(f"/mails/{found['number']}").raise_for_status()
    http.get(f"/mails/{found['number']}/html").raise_for_status()


def test_a_whole_mail_is_read(catcher: Catcher, http: httpx.Client) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Siân <a@one.test>", "whole@two.test", "Dŵr – 1"
    mail.set_content("Siân – text")
    mail.add_alternative(
        "<html><head></head><body><script>alert(1)</script><a href='https://x.test'>é</a></body></html>", "html"
    )
    mail.add_attachment(b"%PDF-1.7\n\xff", maintype="application", subtype="pdf", filename="cofnod – 1.pdf")
    send(catcher, mail.as_bytes(), "whole@two.test")

    (found,) = http.get("/api/mails", params={"to": "whole@two.test"}).json()
    one = http.get(f"/api/mails/{found['number']}").json()
    assert (one["subject"], one["text"].strip()) == ("Dŵr – 1", "Siân – text")
    (attachment,) = one["attachments"]
    assert (attachment["filename"], attachment["media_type"]) == ("cofnod – 1.pdf", "application/pdf")
    assert http.get(attachment["address"]).content == b"%PDF-1.7\n\xff"

    html = http.get(f"/mails/{found['number']}/html")
    assert html.headers["content-security-policy"].startswith("sandbox allow-popups")
    assert "default-src 'none'" in html.headers["content-security-policy"]
    assert '<base target="_blank">' in html.text
    page = http.get(f"/mails/{found['number']}").text
    assert "Dŵr – 1" in page
    assert "<script>alert" not in page
    assert http.get(f"/mails/{found['number']}/attachments/2").status_code == 404


def test_mails_come_in_order_and_after_a_number(catcher: Catcher, http: httpx.Client) -> None:
    for number in range(3):
        send(catcher, f"Subject: {number}\r\n\r\n\r\n".encode(), "order@two.test")
    mails = http.get("/api/mails", params={"to": "order@two.test"}).json()
    assert [mail["subject"] for mail in mails] == ["0", "1", "2"]
    later = http.get("/api/mails", params={"after": mails[0]["number"], "to": "order@two.test"}).json()
    assert [mail["subject"] for mail in later] == ["1", "2"]
    assert http.get("/").text.index(">2</a>") < http.get("/").text.index(">0</a>")
    assert http.get("/api/mails/99999").status_code == 404


def test_a_mail_that_was_taken_is_there_after_a_kill(tmp_path: Path) -> None:
    part = Catcher(tmp_path, ports.find(PORTS))
    running = Running(part, tmp_path / "logs")
    try:
        send(part, b"Subject: kept\r\n\r\n", "kept@two.test")
        running.kill()
        running = Running(part, tmp_path / "logs")
        assert [mail["subject"] for mail in httpx.get(part.api).json()] == ["kept"]
    finally:
        running.stop()
