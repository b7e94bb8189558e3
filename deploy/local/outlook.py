"""Mail as people's programs write it: a form typed into a new message, and an answer typed above the quoted notice."""

from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid, parsedate_to_datetime

from services.contracts.vocabulary import Person
from services.kit.clock import now


def new_mail(sender: Person, to: str, subject: str, text: str) -> EmailMessage:
    """A new message in plain text."""
    mail = EmailMessage()
    mail["From"] = formataddr((sender.name, sender.address))
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = make_msgid(domain=sender.address.rpartition("@")[2])
    mail.set_content(text)
    return mail


def answer(notice: EmailMessage, sender: Person, words: str) -> EmailMessage:
    """An answer to a notice as Outlook writes one: the words on top, a line, and the notice quoted below."""
    sent = parsedate_to_datetime(notice["Date"])
    body = notice.get_body(("plain",))
    quoted = body.get_content() if body else ""
    head = f"From: {notice['From']}\nSent: {sent:%d %B %Y %H:%M}\nTo: {notice['To']}\nSubject: {notice['Subject']}"
    text = f"{words}\n\n{'_' * 32}\n{head}\n\n{quoted}"
    mail = new_mail(sender, notice["Reply-To"], f"RE: {notice['Subject']}", text)
    mail["In-Reply-To"] = notice["Message-ID"]
    mail["References"] = f"{notice.get('References', '')} {notice['Message-ID']}".strip()
    return mail
