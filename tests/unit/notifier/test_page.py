"""The HTML of a notice: what Outlook can lay out, what cannot become markup, and what its buttons begin."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pydantic import JsonValue

from services.contracts.content import FormContent, ReplyContent
from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import ReplyAct
from services.notifier import answering
from services.notifier.wording import LONGEST_MAILTO
from tests.unit.notifier.reading import PAGE, REPLY_TO, outline, write
from tests.unit.notifier.samples import (
    BOARD_URL,
    CASE,
    FACTS,
    SEALER,
    notice,
)
from tests.unit.notifier.variants import variants


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
            assert link in {BOARD_URL, PAGE}
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
    assert bodies[0].split("\r\n") == ["OUTCOME", *answering.OUTCOME_LINES, ""]


def test_a_button_that_would_be_too_long_begins_with_the_word_alone() -> None:
    labels = [f"A missing part with a long name, number {number}" for number in range(60)]
    html = write(notice("form_incomplete", facts={"missing": labels})).html
    link = next(attributes["href"] or "" for tag, attributes in outline(html).tags if tag == "a")
    assert parse_qs(urlsplit(link).query)["body"] == [f"{labels[0]}: \r\n"]


def test_every_reply_act_has_its_word() -> None:
    assert {answering.decision(act) for act in ReplyAct} == DECISION_WORDS
    assert answering.decision("something else") == "something else"
