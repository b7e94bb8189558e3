"""What the form's fields are called: in our words, in other boards', and in Welsh (BED-25, A-36)."""

import pytest

from services.intake.domain import LABELS
from services.intake.forms.labels import at_start, parted
from services.intake.forms.text import ONE_LINE
from services.intake.forms.wording import field_of

WELSH = {
    "date": ("Dyddiad",),
    "date_raised": ("Dyddiad y ffurflen", "Dyddiad heddiw"),
    "from_practitioner": ("Oddi wrth (Ymarferydd)", "Oddi wrth", "Gan (Ymarferydd)", "Enw'r ymarferydd", "Llenwyd gan"),
    "to_manager": ("At (Rheolwr)", "At y Rheolwr", "I'r rheolwr", "Enw’r rheolwr"),
    "child_name": ("Enw'r Plentyn", "ENW’R PLENTYN", "Enw y plentyn", "Enw'r plentyn/person ifanc", "Enwau'r plant"),
    "child_dob": ("Dyddiad geni", "Dyddiad geni'r plentyn"),
    "social_worker": ("Gweithiwr cymdeithasol/ymarferydd", "Gweithiwr Cymdeithasol", "Gweithiwr cymdeithasol neu ymarferydd"),
    "agency_team": ("Asiantaeth/Tîm", "Asiantaeth neu dîm", "Asiantaeth"),
    "summary": ("Crynodeb o'r pryder(on)", "Crynodeb o’ch pryderon", "Crynodeb o bryderon", "Crynodeb", "Manylion y pryder"),
    "requested_action": (
        *("Y camau y gofynnir amdanynt", "Cam gweithredu y gofynnir amdano", "Gweithredu y gofynnir amdano"),
        *("Camau gweithredu a geisir", "Canlyniad a ddymunir"),
    ),
    "response": ("Ymateb", "Yr ymateb"),
    "response_date": ("Dyddiad yr ymateb",),
    "resolution": ("Datrys y materion", "Datrys Materion", "Datrysiad"),
    "resolution_date": ("Dyddiad datrys", "Dyddiad y datrysiad"),
    "case_stage": ("Cam yr achos", "Cyfnod yr achos"),
    "area": ("Maes yr anghytundeb", "Maes anghytundeb"),
    "immediate_danger": (
        *(
            "A oes plentyn mewn perygl uniongyrchol?",
            "Oes plentyn mewn perygl dybryd?",
            "A yw'r plentyn mewn perygl ar hyn o bryd?",
        ),
        "A oes unrhyw blentyn mewn perygl uniongyrchol?",
    ),
    "areas_agreed": ("Yr hyn rydych yn cytuno arno", "Meysydd y cytunir arnynt"),
    "areas_disagreed": ("Yr hyn rydych chi'n anghytuno arno", "Yr hyn rydych yn anghytuno yn ei gylch"),
    "relevance_to_risk": ("Sut mae'n effeithio ar y risg i'r plentyn", "Perthnasedd i'r risg i'r plentyn"),
    "possible_cause": ("Achos posibl", "Achosion posibl"),
    "to_achieve": ("Beth sydd angen ei gyflawni", "Yr hyn sydd angen ei gyflawni"),
    "rationale": ("Y rhesymau a roddwyd dros y penderfyniad", "Rhesymau dros y penderfyniad"),
    "advice_sought": ("Cyngor a geisiwyd", "Cyngor a gafwyd gan"),
    "supporter": ("Cefnogir gan", "Gyda chefnogaeth"),
    "discussed_with_manager": ("Wedi'i drafod gyda'ch rheolwr", "Trafodwyd gyda'ch rheolwr", "Trafodwyd â'ch rheolwr llinell"),
    "also": ("Unrhyw beth arall", "Gwybodaeth ychwanegol"),
    "further_agencies": ("Asiantaethau eraill",),
    "decided_at": ("Dyddiad y penderfyniad",),
    "needed_by": ("Mae angen i'r plentyn fod yn ddiogel erbyn",),
    "injury_to_infant": ("Anaf posibl i fabi neu blentyn ifanc", "Anaf posib i faban neu blentyn ifanc"),
}
OTHERS = {
    "date_raised": ("Date form completed", "Date of escalation", "Date raised", "Today’s date"),
    "from_practitioner": (
        "Name of professional raising concern",
        "Name and role of person completing this form",
        "Raised by",
        "Referrer",
    ),
    "to_manager": ("Escalated to", "Manager escalated to", "FAO"),
    "child_name": ("Child’s full name", "Name of child / young person", "Name(s) of children", "Young person’s name", "Child"),
    "child_dob": ("D.O.B.", "Date of birth / EDD", "Child's DOB", "Dates of birth"),
    "social_worker": ("Name of allocated social worker", "Professional(s) you disagree with", "SW"),
    "agency_team": ("Their agency and team", "Team", "Agency you disagree with"),
    "summary": (
        "Reason for escalation",
        "Details of the professional disagreement",
        "Brief summary of concerns",
        "What are your concerns?",
    ),
    "requested_action": ("Desired outcome", "What would you like to happen?", "Outcome sought", "Action required"),
    "response_date": ("Date of response",),
    "resolution_date": ("Date resolved",),
    "also": ("Any other information",),
}


def test_every_field_has_a_name_in_welsh() -> None:
    assert set(WELSH) == {*LABELS, "date"}


@pytest.mark.parametrize(("field", "label"), [(field, label) for field, labels in WELSH.items() for label in labels])
def test_labels_in_welsh(field: str, label: str) -> None:
    assert field_of(label.strip("?")) == field
    found = at_start(f"{label}: rhywbeth")
    assert (found and (found.field, found.rest.lstrip(": "))) == (field, "rhywbeth")


@pytest.mark.parametrize(("field", "label"), [(field, label) for field, labels in OTHERS.items() for label in labels])
def test_labels_of_other_boards(field: str, label: str) -> None:
    assert field_of(label.strip("?")) == field


@pytest.mark.parametrize(
    "label", ["Name of Child / Enw'r Plentyn", "Enw’r Plentyn | Name of Child", "Enw'r plentyn - Name of child"]
)
def test_a_label_in_both_languages(label: str) -> None:
    assert field_of(label) == "child_name"


@pytest.mark.parametrize(
    "words",
    [
        "Name of school",
        "Date of next clinic",
        "Tim",
        "To be agreed",
        "The child was seen",
        "Agency staff",
        "Name of child / Dyddiad",
        "",
    ],
)
def test_words_that_are_no_label(words: str) -> None:
    assert field_of(words) is None


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Name of Child: Robin   DOB: 31/3/15", ["Name of Child: Robin", "DOB: 31/3/15"]),
        ("Name of Child: Robin DOB: 31/3/15", ["Name of Child: Robin", "DOB: 31/3/15"]),
        ("Social worker: Sam, Agency/Team: Intake", ["Social worker: Sam", "Agency/Team: Intake"]),
        ("Date: 4 May\tFrom (Practitioner): Asha", ["Date: 4 May", "From (Practitioner): Asha"]),
        ("Date\t4 May\tName of Child\tRobin\t", ["Date\t4 May", "Name of Child\tRobin\t"]),
        ("7\tAgency/Team\tIntake", ["Agency/Team\tIntake"]),
        ("Social worker: Sam from: 4 May", ["Social worker: Sam from: 4 May"]),
        ("To (Manager): Chair: Mr Ellis", ["To (Manager): Chair: Mr Ellis"]),
        ("Summary of Concern(s): the form said DOB: unknown", ["Summary of Concern(s): the form said DOB: unknown"]),
        ("They said   DOB: unknown", ["They said   DOB: unknown"]),
    ],
)
def test_a_line_is_cut_before_a_further_label(line: str, parts: list[str]) -> None:
    assert parted(line, {*ONE_LINE, "date"}) == parts
