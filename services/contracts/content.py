"""What people wrote. It travels only sealed (see `sealed`), and is opened only where a person reads it."""

from services.contracts.message import Data

FORM_LABELS: tuple[tuple[str, str], ...] = (
    ("date_raised", "Date"),
    ("from_practitioner", "From (Practitioner)"),
    ("to_manager", "To (Manager)"),
    ("child_name", "Name of Child"),
    ("child_dob", "DOB"),
    ("social_worker", "Social Worker/Practitioner"),
    ("agency_team", "Agency/Team"),
    ("summary", "Summary of Concern(s)"),
    ("requested_action", "Requested Action"),
    ("response", "Response"),
    ("response_date", "Date"),
    ("resolution", "Resolution of Issues"),
    ("resolution_date", "Date"),
)
"""The Escalation Form's thirteen fields in printed order (BED-25, App. C): our key, the printed label. "Date" is printed three
times, so a reader binds dates by position (A-21)."""


FURTHER_LABELS: tuple[tuple[str, str], ...] = (
    ("areas_agreed", "What you agree on"),
    ("areas_disagreed", "What you disagree on"),
    ("relevance_to_risk", "How it matters for the risk to the child"),
    ("possible_cause", "Possible cause"),
    ("to_achieve", "What needs to be achieved"),
    ("rationale", "Reasons given for the decision"),
    ("advice_sought", "Advice sought"),
    ("supporter", "Supported by"),
    ("discussed_with_manager", "Discussed with your manager"),
    ("also", "Anything else"),
)
"""What some protocols ask for and the printed form lacks (requirements section 6): our key, our label. A board's form asks for those
that its protocol names, and none of them is ever required: a form is not held back for want of one. `also` keeps what somebody's own
form says besides, each with its label."""


class FormContent(Data):
    """The Escalation Form as the practitioner wrote it (BED-25): every field as text, empty where it was left empty."""

    date_raised: str = ""
    from_practitioner: str = ""
    to_manager: str = ""
    child_name: str = ""
    child_dob: str = ""
    social_worker: str = ""
    agency_team: str = ""
    summary: str = ""
    requested_action: str = ""
    response: str = ""
    response_date: str = ""
    resolution: str = ""
    resolution_date: str = ""
    areas_agreed: str = ""
    areas_disagreed: str = ""
    relevance_to_risk: str = ""
    possible_cause: str = ""
    to_achieve: str = ""
    rationale: str = ""
    advice_sought: str = ""
    supporter: str = ""
    discussed_with_manager: str = ""
    also: str = ""

    def initials(self) -> str:
        """The child's initials, for a notice to somewhere the board has not listed as secure."""
        return "".join(word[0].upper() for word in self.child_name.split() if word[0].isalpha())


class ReplyContent(Data):
    """What somebody wrote in a reply, without what they quoted."""

    text: str = ""


class Action(Data):
    """Something one person will do, and when by, in the words the sides used (BIR-10)."""

    what: str
    owner: str = ""
    by: str = ""


class OutcomeContent(Data):
    """An outcome as proposed or decided, read back to both sides before they confirm it (BIR-10, BED-19, BAR-19).

    `working_arrangement` is how the sides work while it stays unresolved (BIR-07); `planning` what follows for the child's plan
    (OXF-16); `review` whether and to when the next review conference is brought forward (BIR-24).
    """

    agreed: str
    working_arrangement: str = ""
    risk: str = ""
    depends_on: str = ""
    actions: tuple[Action, ...] = ()
    outstanding: tuple[Action, ...] = ()
    planning: str = ""
    review: str = ""


class HeldContent(Data):
    """What is in something held, as far as it could be read: plain text only, cut where it is very long.

    `words` are the sender's own, without what they quoted. `form` is what was understood of a form in it, and `case_stage`, `area` and
    `immediate_danger` what it says there, as written; `further_forms` is how many others there are in it. `attachments` are names of
    files.
    """

    sender_name: str = ""
    text: str = ""
    words: str = ""
    attachments: tuple[str, ...] = ()
    form: FormContent = FormContent()
    case_stage: str = ""
    area: str = ""
    immediate_danger: str = ""
    further_forms: int = 0


class CodeContent(Data):
    """A one-time sign-in code."""

    code: str
