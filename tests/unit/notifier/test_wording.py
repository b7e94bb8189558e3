"""What notices say, and to whom they must not say it."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, unquote, urlsplit

import jinja2
import pytest
from pydantic import JsonValue

from services.contracts.content import FORM_LABELS, FURTHER_LABELS, FormContent, ReplyContent
from services.contracts.escalator import Why
from services.contracts.notifier import Attachment, SendNotice
from services.contracts.vocabulary import Recipient, ReplyAct, Side
from services.notifier import sentences
from services.notifier.errors import Unprintable
from services.notifier.facts import KINDS, NOTHING_LEFT_OUT, WITHOUT_A_CASE
from services.notifier.wording import LONGEST_MAILTO, TEMPLATES, Wording, Written, when
from tests.unit.notifier.samples import (
    ANSWERS,
    BOARD_URL,
    CASE,
    CONTENT,
    DEADLINE,
    DEMONSTRATION,
    DOMAIN,
    FACTS,
    FORM,
    REPLY,
    RULES,
    SEALER,
    SECRETS,
    WHOLE_FORM,
    WHOLE_OUTCOME,
    decision,
    notice,
)

REPLY_TO = f"demo-7k3qx9fa.1.o.abcdefghijklmnop@{DOMAIN}"
GOLDEN = Path(__file__).parent / "golden"
EVERY_KIND = sorted(KINDS)
OF_A_CASE = [kind for kind in EVERY_KIND if kind not in WITHOUT_A_CASE]
PDF = Attachment(document="0" * 64, filename="DEMO-7K3QX9FA-outcome-1.pdf", media_type="application/pdf")


WHYS = get_args(Why)
RULED: dict[str, JsonValue] = {"name": "Stage One: Prevention", "rules": RULES, "answers": ANSWERS}

WORDING = Wording(SEALER, BOARD_URL)


def write(command: SendNotice) -> Written:
    return WORDING.write(command, REPLY_TO)


def variants() -> list[SendNotice]:
    """Every kind, and every turn a template can take."""
    step = FACTS["step_reached"]
    turns: list[tuple[str, dict[str, JsonValue]]] = [
        ("step_reached", step | {"why": why, "writing": writing, "deadline": deadline, "must_act": must_act, "step": number})
        for why, writing, deadline, must_act, number in (
            ("raised", "none", None, True, 1),
            ("not_resolved", "written", step["deadline"], True, 3),
            ("outcome_disputed", "confirm", None, False, 2),
        )
    ]
    turns += [
        ("step_reached", step | {"raising": [], "other": []}),
        ("reminder", FACTS["reminder"] | {"deadline": None}),
        ("outcome_proposed", FACTS["outcome_proposed"] | {"deadline": None, "explanation": ""}),
        ("outcome_confirmed", FACTS["outcome_confirmed"] | {"waiting_for": "the other side"}),
        ("last_tier_passed", FACTS["last_tier_passed"] | {"why": "not_resolved"}),
        ("board_alert", {"what": "fault", "detail": "Concord could not act."}),
        ("form_incomplete", {"missing": [], "choices": FACTS["form_incomplete"]["choices"]}),
        *(("step_reached", step | RULED | {"why": why, "must_act": must_act}) for why in WHYS for must_act in (True, False)),
        *(("last_tier_passed", {"step": 3, "why": why}) for why in WHYS),
        ("reminder", FACTS["reminder"] | RULED),
        ("outcome_proposed", decision().facts),
        ("outcome_proposed", decision(deadline=None, challenge_by=None, answers=[], paragraph="").facts),
        ("asked", FACTS["asked"] | {"answers": [], "deadline": None, "items": ["Name somebody", "Tell us who"], "step": None}),
        ("told", FACTS["told"] | {"answers": [], "items": [], "paragraph": "", "step": 1}),
        ("told", FACTS["told"] | {"deadline": DEADLINE, "explanation": "The two sides agreed it."}),
        *FACTS.items(),
    ]
    found = []
    for kind, facts in turns:
        for side in Side if kind in {"step_reached", "last_tier_passed", "asked", "told"} else [Side.OTHER]:
            for full in (True, False):
                to = Recipient(name="Sam Lee", address="sam.lee@bedford.example.gov.uk", side=side, full_content=full)
                attachments = (PDF,) if kind == "record_issued" else ()
                found.append(notice(kind, to=to, facts=facts, attachments=attachments))
            found.append(notice(kind, to=to, facts=facts, sealed={}, demonstration=DEMONSTRATION))
    return found


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
    text, html = in_words(written.text), in_words(words_of(written.html))
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


def test_what_people_write_cannot_become_markup() -> None:
    hostile = "<script>alert(1)</script><img src=https://example.org/x>&amp;\x00\x1b"
    form = FormContent(child_name=hostile, child_dob=hostile, summary=hostile, from_practitioner=hostile)
    who: dict[str, JsonValue] = {"name": hostile, "role": hostile, "agency": hostile}
    facts = FACTS["step_reached"] | {"action": hostile, "explanation": hostile, "paragraph": hostile, "ladder_name": hostile}
    html = [
        write(
            notice(
                "step_reached", facts=facts | {"raising": [who, who], "other": [who]}, sealed={"form": SEALER.seal(CASE, form)}
            )
        ).html,
        write(
            notice(
                "response_recorded",
                facts={"step": 1, "by": who},
                sealed={"reply": SEALER.seal(CASE, ReplyContent(text=hostile))},
                board_name=hostile,
                demonstration=hostile,
            )
        ).html,
        write(
            notice("form_incomplete", facts={"missing": [hostile], "choices": [{"label": hostile, "options": [hostile]}]})
        ).html,
        write(notice("board_alert", facts={"what": hostile, "detail": hostile})).html,
        write(notice("act_not_taken", facts={"act": hostile, "reason": hostile})).html,
    ]
    for page in html:
        assert "<script" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page
        assert "\x00" not in page
        assert "\x1b" not in page


class _Outline(HTMLParser):
    """Tags in order, links, and the words in between."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)


def outline(html: str) -> _Outline:
    parser = _Outline()
    parser.feed(html)
    parser.close()
    assert not parser.open
    return parser


def words_of(html: str) -> str:
    return " ".join(" ".join(outline(html).words).split())


def in_words(text: str) -> set[str]:
    return set(re.findall(r"[\w’]+", text.lower()))


@pytest.mark.parametrize("command", variants(), ids=lambda command: command.kind)
def test_the_html_is_what_outlook_can_lay_out(command: SendNotice) -> None:
    html = write(command).html
    page = outline(html)
    tags = {tag for tag, _ in page.tags}
    assert tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "table",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "p",
        "br",
        "strong",
        "span",
        "a",
    }
    assert ("html", "en-GB") in [(tag, attributes.get("lang")) for tag, attributes in page.tags]
    layout = [attributes for tag, attributes in page.tags if tag == "table"]
    assert sum(attributes.get("role") != "presentation" for attributes in layout) == html.count(">By when</th>")
    assert {attributes.get("cellpadding") for attributes in layout} == {"0"}
    assert [tag for tag, _ in page.tags].count("style") == 1
    for_phones = re.search(r"<style>\n@media only screen and [^{]+\{\n(?:[^{}]+\{[^{}]+\}\n)+\}\n</style>", html)
    assert for_phones, "the one style sheet has nothing outside its media query, which Word passes over"
    for unwanted in ("flex", "grid", "max-width", "url(", "@import", "<style", "position:", "float:"):
        assert unwanted not in html.replace(for_phones[0], ""), unwanted
    assert "600" in {attributes.get("width") for attributes in layout}


DECISION_WORDS = {
    "OUTCOME",
    "RESPONSE",
    "NOT RESOLVED",
    "CONFIRM",
    "DISPUTE",
    "DECISION",
    "DISSENT",
    "CHALLENGE",
    "NO CHALLENGE",
    "BYPASS",
    "AGREE BYPASS",
    "REFUSE BYPASS",
    "TIME",
    "AGREE TIME",
    "MEETING",
    "CONSULTED",
    "ADVICE",
    "ADVISE",
    "ADVICE TAKEN",
    "ADVICE NOT TAKEN",
    "STILL AT RISK",
    "DONE",
    "LEARNING",
    "WITHDRAW",
    "REOPEN",
    "WRONG PERSON",
}


@pytest.mark.parametrize("command", variants(), ids=lambda command: command.kind)
def test_every_button_begins_an_answer_to_this_notice(command: SendNotice) -> None:
    links = [attributes["href"] or "" for tag, attributes in outline(write(command).html).tags if tag == "a"]
    for link in links:
        if not link.startswith("mailto:"):
            assert link == BOARD_URL
            continue
        assert len(link) < LONGEST_MAILTO
        assert re.fullmatch(r"[A-Za-z0-9%&?=:@._~-]+", link)
        address, _, query = link.removeprefix("mailto:").partition("?")
        assert unquote(address) == REPLY_TO
        asked = parse_qs(query, strict_parsing=True)
        assert asked["subject"] == [f"Re: [{CASE}] Professional disagreement"]
        first = asked["body"][0].split("\r\n")[0]
        assert first.rstrip() in DECISION_WORDS or first.endswith(": ")


def test_an_outcome_button_prepares_the_lines_of_an_outcome() -> None:
    links = [attributes["href"] or "" for tag, attributes in outline(write(notice("step_reached")).html).tags if tag == "a"]
    bodies = [parse_qs(urlsplit(link).query)["body"][0] for link in links if link.startswith("mailto:")]
    assert bodies[0].split("\r\n") == ["OUTCOME", *sentences.OUTCOME_LINES, ""]


def test_a_button_that_would_be_too_long_begins_with_the_word_alone() -> None:
    labels = [f"A missing part with a long name, number {number}" for number in range(60)]
    html = write(notice("form_incomplete", facts={"missing": labels})).html
    link = next(attributes["href"] or "" for tag, attributes in outline(html).tags if tag == "a")
    assert parse_qs(urlsplit(link).query)["body"] == [f"{labels[0]}: \r\n"]


def test_every_reply_act_has_its_word() -> None:
    assert {sentences.decision(act) for act in ReplyAct} == DECISION_WORDS
    assert sentences.decision("something else") == "something else"


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


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("step_reached", notice("step_reached", demonstration=DEMONSTRATION)),
        ("step_reached_brief", notice("step_reached", full=False)),
        ("form_incomplete", notice("form_incomplete")),
        ("outcome_proposed", notice("outcome_proposed")),
        ("step_reached_rules", notice("step_reached", facts=FACTS["step_reached"] | RULED | {"why": "bypassed"})),
        ("reminder_rules", notice("reminder", facts=FACTS["reminder"] | RULED)),
        ("decision", decision()),
        ("decision_brief", decision(full=False)),
        ("last_tier_passed_challenged", notice("last_tier_passed", facts={"step": 3, "why": "challenged"})),
        ("asked", notice("asked")),
        ("asked_brief", notice("asked", full=False)),
        ("told", notice("told")),
        ("told_brief", notice("told", full=False)),
        ("record_issued_brief", notice("record_issued", full=False, attachments=(PDF,))),
    ],
)
def test_the_text_of_a_notice_is_its_golden_file(name: str, command: SendNotice) -> None:
    assert write(command).text == (GOLDEN / f"{name}.txt").read_text()


def test_a_local_procedure_that_comes_first_is_named() -> None:
    """A-08: the protocol defers to a text that we do not hold."""
    procedure: JsonValue = {"title": "Conference request policy", "note": "Ask the conference service for it.", "link": None}
    written = WORDING.write(notice("step_reached", facts={**FACTS["step_reached"], "local_procedure": procedure}), REPLY_TO)
    for words in (" ".join(written.text.split()), written.html):
        assert "points to another text first: Conference request policy. Ask the conference service for it." in words.replace(
            "\n", " "
        )


def both(command: SendNotice) -> tuple[str, str]:
    """The text and the words of the HTML, each in one line."""
    written = write(command)
    return " ".join(written.text.split()), words_of(written.html)


@pytest.mark.parametrize("kind", ["step_reached", "reminder"])
def test_what_the_protocol_asks_for_at_a_step_is_shown_with_its_source(kind: str) -> None:
    """BAR-13, BIR-19, NOR-10: the rule as it stands, and where the document says so."""
    for words in both(notice(kind, facts=FACTS[kind] | RULED)):
        assert "what the protocol asks for here reasons in writing your side gives its reasons" in words.lower()
        assert "if you do not agree. Where this comes from: Section 4.1" in words
        assert "“Stage One: Prevention”" in words
    for words in both(notice(kind)):
        assert "what the protocol asks for here" not in words.lower()
        assert "“”" not in words


@pytest.mark.parametrize("must_act", [True, False])
def test_further_answers_can_be_copied_and_a_word_stands_once(must_act: bool) -> None:
    facts = FACTS["step_reached"] | RULED | {"must_act": must_act}
    command = notice("step_reached", facts=facts)
    text = write(command).text
    assert "\nTIME <date and time>\n    Propose a time for this step." in text
    assert "\nBYPASS (reasons)\n" in text
    assert len(re.findall(r"^OUTCOME$", text, re.MULTILINE)) == 1
    assert ("This is offered at every step" in text) == (not must_act)
    bodies = prepared(command)
    assert "TIME \r\n" in bodies
    assert "BYPASS \r\n" in bodies
    assert "TIME <date and time>" in words_of(write(command).html)


def prepared(command: SendNotice) -> list[str]:
    """What each button of a notice begins an answer with."""
    links = [attributes["href"] or "" for tag, attributes in outline(write(command).html).tags if tag == "a"]
    return [parse_qs(urlsplit(link).query)["body"][0] for link in links if link.startswith("mailto:")]


def test_a_decision_is_answered_by_accepting_it_or_by_dissent_with_reasons() -> None:
    """BIR-19, OXF-20: an imposed decision is not confirmed as agreed, and each dissenter's reasons are recorded."""
    for words in both(decision()):
        assert "Lou Park has decided. Accept it or record your dissent by 2:05pm on Friday 4 December 2026" in words
        assert "Reply CONFIRM if you accept it, or DISSENT and give your reasons." in words
        assert "A challenge of it must be made by 5pm on Monday 7 December 2026." in words
        assert "What was decided" in words
        assert "DISPUTE" not in words
        assert "agreed it" not in words
    assert [body.split("\r\n")[0].strip() for body in prepared(decision())] == [
        "CONFIRM",
        "DISSENT",
        "CHALLENGE",
        "NO CHALLENGE",
    ]
    for words in both(notice("outcome_proposed")):
        assert "has decided" not in words
        assert "DISSENT" not in words
    assert "Do not answer what you have not read." in write(decision(full=False)).text


CONFIRMED = notice("outcome_confirmed", sealed={"outcome": SEALER.seal(CASE, WHOLE_OUTCOME)})


@pytest.mark.parametrize("command", [decision(), notice("told"), CONFIRMED], ids=["decision", "told", "confirmed"])
def test_an_outcome_is_read_back_with_everything_it_says(command: SendNotice) -> None:
    """BIR-07, BIR-10, OXF-16, BIR-24."""
    for words in both(command):
        assert "How both sides work while it stays unresolved" in words
        for value in (WHOLE_OUTCOME.working_arrangement, WHOLE_OUTCOME.planning, WHOLE_OUTCOME.review):
            assert value in words


def test_an_outcome_does_not_show_parts_that_nobody_wrote() -> None:
    for words in both(notice("outcome_proposed")):
        assert "stays unresolved" not in words
        assert "next review conference" not in words


@pytest.mark.parametrize("why", WHYS)
def test_why_a_step_was_reached_is_put_in_plain_words(why: Why) -> None:
    said = sentences.how_it_came_here(why)
    assert said.endswith(".")
    assert "_" not in said


def test_what_somebody_wrote_goes_with_a_question_only_where_it_may() -> None:
    for words in both(notice("asked")):
        assert " ".join(REPLY.text.split()) in words
        assert "What was written" in words or "WHAT WAS WRITTEN" in words
    for words in both(notice("asked", full=False)):
        assert "what was written" not in words.lower()


def test_who_is_told_without_anything_written_misses_nothing() -> None:
    """The form is not read back there, so a brief copy says as much as a full one."""
    form_only = {"form": SEALER.seal(CASE, FORM)}
    assert "do not include this one" not in write(notice("told", full=False, sealed=form_only)).text
    assert "do not include this one" in write(notice("told", full=False)).text
    assert FORM.summary not in write(notice("told", sealed=form_only)).text


def test_things_to_be_pursued_keep_the_number_they_are_answered_by() -> None:
    """BED-19: what is outstanding is answered by its number, also when an earlier one is done."""
    for words in both(notice("told")):
        assert "2. Action 2 of the outcome, by 4 December 2026 3. The planning meeting" in words
    unnumbered = notice("told", facts=FACTS["told"] | {"items": ["3 visits", "A meeting"]})
    for words in both(unnumbered):
        assert "1. 3 visits 2. A meeting" in words


def test_board_staff_who_are_asked_act_on_their_page() -> None:
    to = Recipient(name="Board", address="board@example.org.uk", side=Side.BOARD)
    asked = notice("asked", to=to, facts=FACTS["asked"] | {"answers": []})
    assert f"Open the case on the board’s page and do what is asked. {BOARD_URL}" in both(asked)[0]
    assert ("a", BOARD_URL) in [(tag, attributes.get("href")) for tag, attributes in outline(write(asked).html).tags]
