"""What notices say, and to whom they must not say it."""

import re
from datetime import UTC, datetime

import jinja2
import pytest

from services.contracts.content import FORM_LABELS, FURTHER_LABELS, ReplyContent
from services.contracts.notifier import SendNotice
from services.notifier.errors import Unprintable
from services.notifier.facts import KINDS, NOTHING_LEFT_OUT, WITHOUT_A_CASE
from services.notifier.wording import TEMPLATES, when
from tests.unit.notifier.reading import PAGE, words_of, write
from tests.unit.notifier.samples import (
    BOARD_URL,
    CASE,
    CONTENT,
    DEMONSTRATION,
    FACTS,
    FORM,
    SEALER,
    SECRETS,
    WHOLE_FORM,
    notice,
)
from tests.unit.notifier.variants import PDF, variants

EVERY_KIND = sorted(KINDS)
OF_A_CASE = [kind for kind in EVERY_KIND if kind not in WITHOUT_A_CASE]


def test_every_kind_has_its_three_files_and_nothing_else_is_there() -> None:
    folders = {
        folder.name: {file.name for file in folder.iterdir()} for folder in TEMPLATES.iterdir() if folder.name != "layout"
    }
    assert folders == {kind: {"subject.txt", "body.txt", "body.html"} for kind in KINDS}


def test_there_is_a_sample_of_every_kind() -> None:
    assert set(FACTS) == set(KINDS)


@pytest.mark.parametrize("command", variants(), ids=lambda command: command.kind)
def test_every_turn_of_every_template_says_the_same_in_text_and_html(command: SendNotice) -> None:
    written = write(command)
    text, html = in_words(written.text.replace(PAGE, "")), in_words(words_of(written.html))
    assert len(text) > 60
    assert text - html <= TEXT_ONLY


TEXT_ONLY = {"remember"}
"""Words a text needs where the HTML shows a table, a band or a button."""


@pytest.mark.parametrize("command", variants(), ids=lambda command: command.kind)
def test_nothing_a_person_wrote_is_in_a_notice_without_full_content(command: SendNotice) -> None:
    if command.to.full_content or command.kind in WITHOUT_A_CASE:
        return
    written = write(command)
    for secret in SECRETS:
        assert not re.search(rf"\b{re.escape(secret)}\b", written.text + written.html), secret


@pytest.mark.parametrize("kind", [kind for kind in CONTENT if kind not in NOTHING_LEFT_OUT])
def test_a_notice_without_full_content_says_what_is_left_out_and_where_it_is(kind: str) -> None:
    written = write(notice(kind, full=False))
    for body in (written.text, words_of(written.html)):
        assert "do not include this one" in body
        assert BOARD_URL in body
        assert re.search(r"Child: +AB", body)
    assert "do not include this one" not in write(notice(kind, full=True)).text


@pytest.mark.parametrize("kind", ["form_received", "form_incomplete", "step_reached", "outcome_proposed", "asked"])
def test_the_form_is_read_back_field_by_field(kind: str) -> None:
    written = write(notice(kind, sealed={"form": SEALER.seal(CASE, WHOLE_FORM)}))
    for key, label in FORM_LABELS + FURTHER_LABELS:
        value = getattr(WHOLE_FORM, key)
        if value:
            assert f"{label}:\n{value}\n" in written.text
            assert " ".join(value.split()) in words_of(written.html)


@pytest.mark.parametrize("command", variants(), ids=lambda command: command.kind)
def test_the_subject_is_the_same_for_every_notice_of_a_case_and_says_nothing_about_the_child(command: SendNotice) -> None:
    subject = write(command).subject
    assert subject == ("Your Concord sign-in code" if command.kind in WITHOUT_A_CASE else f"[{CASE}] Professional disagreement")


@pytest.mark.parametrize("command", variants(), ids=lambda command: command.kind)
def test_every_notice_says_danger_and_plan_and_what_to_do(command: SendNotice) -> None:
    written = write(command)
    for body in (written.text, words_of(written.html)):
        assert "If a child is in immediate danger, call 999 now." in body
        if command.kind not in WITHOUT_A_CASE:
            assert "stays in force and is binding on all agencies" in body
        headings = {"What happened", "What you must do", "By when, and why then", "Who else is told"}
        for heading in headings - LEFT_OUT_HEADINGS.get(command.kind, set()):
            assert heading in body or heading.upper() in body, heading
        assert (DEMONSTRATION in body) == bool(command.demonstration)


LEFT_OUT_HEADINGS = {
    "form_received": {"By when, and why then"},
    "asked": {"Who else is told"},
    "told": {"Who else is told", "By when, and why then"},
}
"""Where no time runs yet, where it is not known here who else is told, and where nothing is asked."""


def test_the_code_is_in_the_mail_and_not_in_its_subject() -> None:
    written = write(notice("sign_in_code", full=False))
    assert "402913" in written.text
    assert "402913" in written.html
    assert "402913" not in written.subject


@pytest.mark.parametrize("kind", ["form_received", "form_incomplete"])
def test_who_speaks_of_immediate_danger_is_sent_to_the_police_first(kind: str) -> None:
    urgent, calm = write(notice(kind, urgent=True)), write(notice(kind, urgent=False))
    assert urgent.text.startswith("Call 999 now. ")
    for body in (urgent.text, words_of(urgent.html)):
        assert body.index("Call the police on 999 now") < body.lower().index("what happened")
    assert "You told us that a child is in immediate danger" not in calm.text + calm.html
    assert not calm.text.startswith("Call 999")


def test_a_file_is_only_called_attached_where_it_is() -> None:
    attached = write(notice("record_issued", attachments=(PDF,)))
    assert "Keep the attached file, DEMO-7K3QX9FA-outcome-1.pdf" in attached.text
    for command in (notice("record_issued", full=False, attachments=(PDF,)), notice("record_issued")):
        assert "attached" not in write(command).text


def test_nobody_is_asked_to_confirm_what_they_cannot_read() -> None:
    assert "Do not confirm what you have not read." in write(notice("outcome_proposed", full=False)).text
    assert "Do not confirm what you have not read." not in write(notice("outcome_proposed")).text


def in_words(text: str) -> set[str]:
    return set(re.findall(r"[\w’]+", text.lower()))


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("no_such_kind", {}, "no notice of the kind"),
        ("../layout", {}, "no notice of the kind"),
        ("reminder", {"facts": {"step": 1}}, "facts of reminder are missing or wrong: action, deadline, explanation"),
        (
            "step_reached",
            {"facts": FACTS["step_reached"] | {"why": "because"}},
            "facts of step_reached are missing or wrong: why",
        ),
        ("reminder", {"case_id": "DEMO-00000000"}, "sealed content does not open"),
        ("reminder", {"sealed": {"form": SEALER.seal(CASE, ReplyContent(text="x"))}}, "not what its name says"),
    ],
)
def test_a_notice_that_cannot_be_written_says_why_without_content(kind: str, changes: dict[str, object], said: str) -> None:
    command = notice("reminder").model_copy(update={"kind": kind, "facts": FACTS.get(kind, {})} | changes)
    with pytest.raises(Unprintable, match=re.escape(said)) as caught:
        write(command)
    assert not any(secret in str(caught.value) for secret in SECRETS)


def test_facts_and_sealed_content_that_are_not_known_yet_are_left_aside() -> None:
    more = notice("reminder", facts=FACTS["reminder"] | {"mood": "good"}, sealed={"later": SEALER.seal(CASE, FORM)})
    assert write(more).text == write(notice("reminder", sealed={})).text


@pytest.mark.parametrize(
    ("moment", "demonstration", "words"),
    [
        (datetime(2026, 12, 4, 14, 5, 59, tzinfo=UTC), "", "2:05pm on Friday 4 December 2026"),
        (datetime(2026, 12, 4, 14, 5, 59, tzinfo=UTC), "yes", "2:05:59pm on Friday 4 December 2026"),
        (datetime(2026, 7, 1, 9, 0, tzinfo=UTC), "", "10am on Wednesday 1 July 2026"),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "", "midnight at the start of Thursday 2 July 2026"),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "yes", "12:00:00am on Thursday 2 July 2026"),
        (datetime(2026, 12, 4, 12, 0, tzinfo=UTC), "", "midday on Friday 4 December 2026"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "", "1:30am BST on Sunday 25 October 2026"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "", "1:30am GMT on Sunday 25 October 2026"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "", "2:30am on Sunday 29 March 2026"),
    ],
)
def test_a_moment_is_read_one_way_only(moment: datetime, demonstration: str, words: str) -> None:
    template = jinja2.Environment().from_string("")  # noqa: S701 - it is only asked for a context
    assert when(template.new_context({"demonstration": demonstration}), moment) == words
