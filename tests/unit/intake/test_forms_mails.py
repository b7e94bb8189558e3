"""Whole mails with forms attached: what each is, the cases it begins, and what its sender is told of the rest."""

from datetime import UTC, datetime

import pytest

from services.contracts.vocabulary import HeldReason
from services.intake.understanding import Understanding, understand
from tests.fixtures.forms.words import SECOND, as_text, changed
from tests.unit.intake.form_files import EXPECTED, FOLDER, SAYS, said

RECEIVED = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)


def read(name: str, *, open_files: bool = True, reply: bool = False) -> Understanding:
    return understand((FOLDER / name).read_bytes(), (), None, RECEIVED, open_files=open_files, reply=reply)


@pytest.mark.parametrize("name", EXPECTED["mail"])
def test_a_mail_with_something_attached_is_understood(name: str) -> None:
    expected = EXPECTED["mail"][name]
    seen = read(name)
    assert seen.kind == expected["kind"], seen.rule
    if expected["kind"] == "form" and seen.answers is not None:
        found = [answers.given() for answers in (seen.answers, *seen.others)]
        assert found == [said(form, expected) for form in expected["forms"]]
    else:
        assert seen.reason is HeldReason(expected["reason"])
    assert expected.get("told", "") in " ".join((seen.rule, *seen.asides))


def test_the_rule_says_where_the_form_was() -> None:
    assert read("whole-word.eml").rule == "the form is in the attached Word document"
    assert read("whole-two-children.eml").rule == "the form is in the attached Word document (file 1)"
    assert read("whole-body-and-empty-form.eml").rule == "the form is in the body of the mail"
    assert read("whole-forwarded-as-attachment.eml").rule == "the form is in the attached mail"


def test_two_versions_are_kept_for_whoever_looks_at_them() -> None:
    """Danger in either of them is seen, though neither begins a case."""
    seen = read("whole-two-versions.eml")
    assert seen.answers is not None
    assert [answers.form.requested_action for answers in (seen.answers, *seen.others)] == [
        "A strategy meeting this week.",
        "A conference this month.",
    ]


def test_a_reply_may_carry_its_answers_in_a_file() -> None:
    """What is missing may be sent as the whole form again."""
    seen = read("whole-word.eml", reply=True)
    assert (seen.kind, seen.reason) == ("reply", HeldReason.UNCLEAR_REPLY)
    assert seen.answers is not None
    assert seen.answers.given() == SAYS["usual"]
    assert "attached" in seen.rule


def test_files_are_left_closed_when_told_so_and_the_sender_is_told() -> None:
    """As is done after they ended their reader: the words of the mail are still read."""
    body = read("whole-form-and-bomb.eml", open_files=False)
    assert (body.kind, body.answers and body.answers.given()) == ("form", SAYS["usual"])
    assert "took too much time" in " ".join(body.asides)
    attached = read("whole-word.eml", open_files=False)
    assert (attached.kind, attached.reason) == ("held", HeldReason.NOT_A_FORM)
    assert "took too much time" in attached.rule


def test_two_forms_typed_into_one_mail_are_two_cases_and_a_quoted_one_is_not() -> None:
    head = b"From: Asha Rees <asha.rees@school.demo.example>\nContent-Type: text/plain; charset=utf-8\n\n"
    two = understand(head + f"{as_text()}\n\n{as_text(changed(SECOND))}".encode(), (), None, RECEIVED)
    assert two.answers is not None
    assert [answers.given() for answers in (two.answers, *two.others)] == [SAYS["usual"], SAYS["second"]]
    below = "From: Asha Rees\nSent: Monday\nTo: Morgan\nSubject: form\n\n"
    chain = understand(head + f"{as_text()}\n\n{below}{as_text(changed(SECOND))}".encode(), (), None, RECEIVED)
    assert (chain.kind, chain.others) == ("form", ())
