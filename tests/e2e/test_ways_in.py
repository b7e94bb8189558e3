"""Other ways in than a mail with the form typed in it, through all four services: a file, a page, and what was held."""

import re
from contextlib import closing
from email.message import EmailMessage
from io import BytesIO

import docx
import httpx

from deploy.local.demo import DANA, FORM
from deploy.local.outlook import new_mail
from deploy.local.stack import Stack
from deploy.local.world import World, send, text
from services.contracts.vocabulary import Person
from tests.e2e.people import history, references, teacher, until
from tests.e2e.test_staff import STAFF
from tests.integration.intake.answering_world import Forms

WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_word(form: str) -> bytes:
    """The form as a table of labels and answers in a Word document, as boards print it."""
    document = docx.Document()
    table = document.add_table(rows=0, cols=2)
    for line in re.split(r"\n(?=[A-Z][^:\n]{2,40}[:?])", form.partition("Escalation Form")[2].strip()):
        label, mark, answer = re.match(r"([^:?]+)([:?])(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]  # each begins with one
        cells = table.add_row().cells
        cells[0].text, cells[1].text = f"{label}{mark}", answer.strip()
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def filled() -> str:
    return FORM.format(today="1 December 2026")


def topics(stack: Stack, reference: str) -> list[str]:
    return [topic for topic, _ in history(stack, reference)]


def code_mailed_to(world: World, person: Person, seen: int) -> str:
    """The code in a mail that came after this one."""

    def found() -> str | None:
        for number, mail in world.mails(person.address):
            code = re.search(r"^\s*(\d{6})\s*$", text(mail), re.MULTILINE)
            if number > seen and code:
                return code[1]
        return None

    return str(until(found))


def press(browser: httpx.Client, page: httpx.Response, step: str = "", **fields: str) -> httpx.Response:
    """Fill in the first form of a page, and send it by this button."""
    form = Forms(page.text).found[0]
    return browser.post(form.action, data={**form.filled, **fields, **({"step": step} if step else {})}).raise_for_status()


def test_an_attached_word_form_is_a_case_and_its_notice_is_answered_on_a_page(stack: Stack, world: World) -> None:
    sender = teacher("Word Form")
    mail = new_mail(sender, f"county@{world.stack['mail_domain']}", "Form attached", "Please see the form I have attached.")
    mail.add_attachment(as_word(filled()), maintype="application", subtype=WORD, filename="form.docx")
    world.send(mail)
    reference = str(until(lambda: references(world, sender))[0])
    notice = world.wait_for(DANA, "answer on a page", reference)
    link = re.search(r"https?://\S+/answer/\S+", text(notice))
    assert link
    with httpx.Client(timeout=20, follow_redirects=True) as browser:
        opened = browser.get(link[0]).raise_for_status()
        browser.base_url = httpx.URL(f"{opened.url.scheme}://{opened.url.netloc.decode()}")
        assert "Robin Sample" not in opened.text
        seen = max(number for number, _ in world.mails(DANA.address))
        page = press(browser, opened, email=DANA.address)
        page = press(browser, page, code=code_mailed_to(world, DANA, seen))
        page = press(browser, page, act="response")
        page = press(browser, page, "check", text="We had no record of earlier contacts.")
        assert "We have your answer" in press(browser, page, "send").text
    until(lambda: "escalator.response_recorded" in topics(stack, reference))


def test_a_form_from_somebody_unknown_is_held_until_staff_say_what_it_is(stack: Stack, world: World) -> None:
    stranger = Person(name="Nobody Knows", address="nobody.knows@elsewhere.example")
    mail: EmailMessage = new_mail(stranger, f"county@{world.stack['mail_domain']}", "A concern", filled())
    world.send(mail)
    with closing(world.sign_in(STAFF)) as browser:

        def waiting() -> str | None:
            items = re.findall(r"/held/(HELD-[0-9A-Z]+)", browser.get("/held").text)
            return next((item for item in items if stranger.address in browser.get(f"/held/{item}").text), None)

        item = str(until(waiting))
        form = Forms(browser.get(f"/held/{item}/do/form").raise_for_status().text).found[-1]
        checked = browser.post(form.action, data={**form.filled, "danger": "as_said", "turn": "check"}).raise_for_status()
        send(browser, checked, {"turn": "send"})
    reference = str(until(lambda: references(world, stranger))[0])
    until(lambda: "escalator.step_reached" in topics(stack, reference))
    assert topics(stack, reference).count("intake.form_received") == 1
