"""`make demo`: one Bedfordshire case, from an emailed form through a missed tier to the sealed written confirmation.

It does only what people do: it sends mail, reads the mail that arrives, answers above the quoted notice, and opens pages. It uses a
demonstration board whose protocol is Bedfordshire's with seconds for hours.
"""

import sys
import time
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

from deploy.local.outlook import answer, new_mail
from deploy.local.stack import ROOT, Stack, StackError
from deploy.local.world import NotSeen, World, text
from services.contracts.vocabulary import Person

ASHA = Person(name="Asha Rees", address="asha.rees@school.demo.example")
DANA = Person(name="Dana Whitfield", address="dana.whitfield@social-care.demo.example")
LEE = Person(name="Lee Hartley", address="lee.hartley@social-care.demo.example")
STAFF = Person(name="Board Staff", address="staff@board.demo.example")

FORM = """\
Escalation Form

Date: {today}
From (Practitioner): Asha Rees, class teacher, Demonstration School
To (Manager): Duty team, Demonstration Social Care
Name of Child: Robin Sample
DOB: 14 March 2019
Social Worker/Practitioner: Dana Whitfield
Agency/Team: Demonstration Social Care
Summary of Concern(s):
We made a referral on Monday after Robin came to school hungry and without a coat for the third week.
Robin told us that nobody is at home in the evenings.

We were told today that there will be no further action.
Requested Action: Accept the referral and start an Initial Assessment.
Response:
Date:
Resolution of Issues:
Date:

Stage of the case: Contact or referral to Children's Social Care
Area of disagreement: Children's Social Care takes no further action on the contact or referral
Is a child in immediate danger? No
"""

REASONS = """\
RESPONSE
We took no further action because the referral did not say what the school had already tried. We had no record of earlier contacts.
"""

OUTCOME = """\
OUTCOME
Agreed: The referral is accepted, and an Initial Assessment starts tomorrow.
Risk: Neglect, with the risk rising in cold weather. Both sides see it the same way.
Depends on: What the health visitor's record shows.
Actions:
Start the Initial Assessment - Lee Hartley - tomorrow
Send the attendance record - Asha Rees - today
Outstanding:
Whether earlier contacts were recorded - Lee Hartley - Friday
"""


class Demonstration:
    """Tells what happens as it happens."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._began = time.monotonic()

    def say(self, what: str) -> None:
        """One step, with the time since the beginning."""
        print(f"  {time.monotonic() - self._began:6.1f} s  {what}", flush=True)

    def run(self) -> Path:
        """Carry the case through; the path of the written confirmation. Raises NotSeen when a step does not happen."""
        reference = self._raise()
        self._miss_a_tier(reference)
        self._agree(reference)
        pdf = self._confirmation(reference)
        self._look(reference)
        return pdf

    def _raise(self) -> str:
        world = self._world
        form = FORM.format(today=time.strftime("%d %B %Y"))
        mail = new_mail(ASHA, world.form_address, "Concern about a decision", form)
        sent_at = time.monotonic()
        world.send(mail)
        self.say(f"{ASHA.name} mails the Escalation Form to {world.form_address}")
        receipt = world.wait_for(ASHA, "We have your form")
        reference = _reference(receipt)
        self.say(f"{reference}: Concord reads the form back, {time.monotonic() - sent_at:.1f} s after it was sent")
        step = world.wait_for(DANA, "Act by", reference)
        self.say(f"Step 1: {DANA.name}, duty social worker, is told: {_line(step, 'Act by')}")
        world.wait_for(ASHA, "step 1 of", reference)
        self.say(f"{ASHA.name} is told the same")
        return reference

    def _miss_a_tier(self, reference: str) -> None:
        world = self._world
        world.wait_for(DANA, "Reminder: act by", reference)
        self.say(f"{DANA.name} has not answered, and is reminded before the deadline")
        step = world.wait_for(LEE, "step 2 of", reference)
        self.say("Nobody answered in time: the deadline is missed and the case moves up by itself")
        self.say(f"Step 2: {LEE.name}, team manager, is told: {_line(step, 'Act by')}")

    def _agree(self, reference: str) -> None:
        world = self._world
        step = world.wait_for(LEE, "step 2 of", reference)
        world.send(answer(step, LEE, REASONS))
        world.wait_for(ASHA, "gave reasons in writing", reference)
        self.say(f"{LEE.name} answers from Outlook with reasons, and {ASHA.name} gets them")
        world.send(answer(step, LEE, OUTCOME))
        for person in (LEE, ASHA):
            asked = world.wait_for(person, "Confirm the outcome", reference)
            self.say(f"The outcome is read back to {person.name}, who replies CONFIRM")
            world.send(answer(asked, person, "CONFIRM"))

    def _confirmation(self, reference: str) -> Path:
        for person in (LEE, ASHA):
            closed = self._world.wait_for(person, "both sides confirmed", reference)
            pdf = next((part for part in closed.iter_attachments() if part.get_content_type() == "application/pdf"), None)
            if pdf is None:
                raise NotSeen(f"the written confirmation was not attached for {person.name}")
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{reference}.pdf"
            path.write_bytes(pdf.get_content())
            self.say(f"{person.name} gets the sealed written confirmation, {path.stat().st_size // 1024} KB")
        return path

    def _look(self, reference: str) -> None:
        with closing(self._world.sign_in(STAFF)) as browser:
            for page in ("/", f"/cases/{reference}"):
                if reference not in browser.get(page).raise_for_status().text:
                    raise NotSeen(f"the case is not on the board's page {page}")
        self.say(f"{STAFF.address} signs in with an emailed code and sees the case on the board's page")


def main() -> int:
    """Start what does not run, show one case, and leave everything running. Exit status 1 when a step did not happen."""
    print(__doc__)
    stack = Stack()
    try:
        stack.up()
        demonstration = Demonstration(World(stack.addresses()), ROOT / "demo")
        pdf = demonstration.run()
    except (StackError, NotSeen) as error:
        print(f"\nThe demonstration stopped: {error}\nThe logs are in {stack.logs}.", file=sys.stderr)
        return 1
    found = stack.addresses()
    print(f"\nThe written confirmation:  {pdf}")
    print(f"Every mail that was sent:  {found['mail_catcher']['page']}")
    print(f"The board's page:          {found['board']}  (the sign-in code is mailed: see the catcher)")
    print(f"The form on the web:       {found['web_form']}")
    print(f"The case's workflow:       {found['temporal']['page']}")
    print("`make down` stops everything.")
    return 0


def _reference(mail: EmailMessage) -> str:
    return str(mail["Subject"]).partition("[")[2].partition("]")[0]


def _line(mail: EmailMessage, start: str) -> str:
    return next((line.strip() for line in text(mail).splitlines() if line.strip().startswith(start)), "")


if __name__ == "__main__":
    sys.exit(main())
