"""An answer from a page is the one a mail would be; what a page shows of a notice is all that somebody needs."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.content import OutcomeContent
from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import ReplyAct
from services.intake.answering import typed
from services.intake.answering.acts import ACTS, BY_ACT, offered
from services.intake.answering.letter import Shown, shown
from services.intake.replies import Decision, decide
from services.notifier import answering
from tests.unit.notifier.reading import write
from tests.unit.notifier.samples import notice
from tests.unit.notifier.variants import RULED, variants

NOW = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
OUTCOME = {
    "agreed": "A strategy meeting is held.",
    "risk": "High until then.",
    "depends_on": "None.",
    "actions-0-what": "Convene it",
    "actions-0-owner": "Sam Lee",
    "actions-0-by": "11 December 2026",
    "actions-3-what": "Visit at home",
    "outstanding-none": "yes",
    "review": "Brought forward.",
}
AS_MAILED = """\
{word}
Agreed: A strategy meeting is held.
Risk: High until then.
Depends on: None.
Actions:
Convene it - Sam Lee - 11 December 2026
Visit at home
Outstanding: none
Review: Brought forward.
"""


def test_every_act_has_its_page() -> None:
    assert [act.act for act in ACTS if len([other for other in ACTS if other.key == act.key]) > 1] == []
    assert set(BY_ACT) == set(ReplyAct)
    assert offered([answering.decision(act) for act in ReplyAct if act is not ReplyAct.DISSENT]) == tuple(
        BY_ACT[act] for act in ReplyAct if act is not ReplyAct.DISSENT
    )


def test_where_a_decision_is_answered_to_confirm_it_is_to_accept_it() -> None:
    assert [act.name for act in offered(("CONFIRM", "DISPUTE"))] == ["Confirm the outcome", "Dispute the outcome"]
    assert [act.name for act in offered(("CONFIRM", "DISSENT"))] == ["Accept the decision", "Record your dissent"]


def test_a_word_that_intake_does_not_know_is_not_offered() -> None:
    assert offered(("SOMETHING NEW", "CONFIRM", "CONFIRM")) == (BY_ACT[ReplyAct.CONFIRMED],)


@pytest.mark.parametrize(
    ("act", "values", "mailed"),
    [
        (ReplyAct.RESPONSE, {"text": "Our reasons.\n\nMore."}, "RESPONSE\nOur reasons.\n\nMore."),
        (ReplyAct.CONFIRMED, {}, "CONFIRM"),
        (ReplyAct.NOT_RESOLVED, {}, "NOT RESOLVED"),
        (ReplyAct.DISPUTED, {"text": "The date."}, "DISPUTE\nThe date."),
        (ReplyAct.BYPASS_REFUSED, {"text": "It helps."}, "REFUSE BYPASS\nIt helps."),
        (ReplyAct.TIME_PROPOSED, {"moment": "Friday 11 December 2026 at 16:00"}, "TIME Friday 11 December 2026 at 16:00"),
        (
            ReplyAct.MEETING,
            {"moment": "tomorrow at 4pm", "place": "County Hall"},
            "MEETING\nTuesday 8 December 2026 at 16:00\nCounty Hall",
        ),
        (ReplyAct.DONE, {"number": "2", "text": "It was held."}, "DONE 2\nIt was held."),
        (ReplyAct.WRONG_PERSON, {"named": "Kim Osei", "text": "I left."}, "WRONG PERSON\nIt is Kim Osei\nI left."),
        (ReplyAct.WRONG_PERSON, {"their_email": "kim@nhs.example"}, "WRONG PERSON\nIt is kim@nhs.example"),
        (
            ReplyAct.WRONG_PERSON,
            {"named": "Kim Osei", "their_email": "kim@nhs.example"},
            "WRONG PERSON\nIt is Kim Osei <kim@nhs.example>",
        ),
        (ReplyAct.WRONG_PERSON, {}, "WRONG PERSON"),
        (ReplyAct.OUTCOME_PROPOSED, OUTCOME, AS_MAILED.format(word="OUTCOME")),
        (ReplyAct.DECISION, OUTCOME, AS_MAILED.format(word="DECISION")),
        (
            ReplyAct.OUTCOME_PROPOSED,
            {
                "working_arrangement": "We call each day.",
                "risk": "Low",
                "depends_on": "-",
                "actions-none": "y",
                "outstanding-none": "y",
            },
            "OUTCOME\nWorking arrangement: We call each day.\nRisk: Low\nDepends on: -\nActions: none\nOutstanding: none",
        ),
    ],
)
def test_an_answer_from_a_page_is_the_one_a_mail_would_be(act: ReplyAct, values: Mapping[str, str], mailed: str) -> None:
    """BIR-07, BIR-10, BED-19: the same parts, who pursues what, times, numbers and names."""
    page, by_mail = BY_ACT[act], decide(mailed, NOW)
    assert isinstance(by_mail, Decision)
    assert typed.mistakes(page, values, NOW) == {}
    assert typed.decision(page, typed.taken(page, values), NOW) == by_mail.model_copy(update={"word": act.value})


@pytest.mark.parametrize(
    ("act", "values", "wrong"),
    [
        (ReplyAct.RESPONSE, {}, {"text": "Enter your side’s reasons"}),
        (
            ReplyAct.RESPONSE,
            {"text": "x" * 20_001},
            {"text": "“What are your side’s reasons?” must be 20,000 characters or fewer"},
        ),
        (ReplyAct.TIME_PROPOSED, {"moment": "soon"}, {"moment": "Enter a date and a time like 11 December 2026 at 4pm"}),
        (ReplyAct.TIME_PROPOSED, {"moment": "6 December 2026 at 4pm"}, {"moment": "Enter a time that is still to come"}),
        (ReplyAct.MEETING, {"moment": "6 December 2026 at 4pm"}, {"place": "Enter where it is"}),
        (ReplyAct.DONE, {"number": "two"}, {"number": "Enter the number it has in the notice, like 2"}),
        (
            ReplyAct.WRONG_PERSON,
            {"named": "Ana's mother", "their_email": "kim"},
            {
                "named": "Enter only the name of a professional, like Sam Lee",
                "their_email": "Enter an email address in the correct format, like name@example.gov.uk",
            },
        ),
        (
            ReplyAct.OUTCOME_PROPOSED,
            OUTCOME | {"actions-1-owner": "x" * 81, "outstanding-0-what": "Whether"},
            {
                "actions-1-what": "Enter what action 2 is",
                "actions-1-owner": "“Who for action 2” must be 80 characters or fewer",
                "outstanding-0-what": "Clear what you entered, or clear the tick at “Nothing is outstanding”",
            },
        ),
        (
            ReplyAct.OUTCOME_PROPOSED,
            OUTCOME | dict.fromkeys(("agreed", "risk", "depends_on"), "x" * 18_000),
            {"agreed": "Shorten what you have written: all of it must be 50,000 characters or fewer"},
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(act: ReplyAct, values: Mapping[str, str], wrong: Mapping[str, str]) -> None:
    assert typed.mistakes(BY_ACT[act], values, NOW) == wrong


def test_nothing_need_be_agreed_where_the_sides_say_how_they_work_meanwhile() -> None:
    page = BY_ACT[ReplyAct.OUTCOME_PROPOSED]
    without = {name: value for name, value in OUTCOME.items() if name != "agreed"}
    assert typed.mistakes(page, without, NOW) == {"agreed": "Enter what was agreed"}
    assert typed.mistakes(page, without | {"working_arrangement": "We call each day."}, NOW) == {}


def test_an_answer_is_read_back_as_it_will_count() -> None:
    told = dict(typed.read_back(BY_ACT[ReplyAct.OUTCOME_PROPOSED], OUTCOME | {"actions-0-by": "in spring"}, NOW))
    assert told["Who does what, by when?"] == (
        "Convene it, Sam Lee, by in spring (we cannot read a date in this)",
        "Visit at home, nobody named, no date",
    )
    assert told["What stays outstanding, and who pursues it?"] == ("Nothing is outstanding",)
    assert told["What follows for the child’s plan?"] == ("Left blank",)
    meeting = typed.read_back(BY_ACT[ReplyAct.MEETING], {"moment": "tomorrow at 4pm", "place": "Here"}, NOW)
    assert meeting == [("When is the meeting?", ("Tuesday 8 December 2026 at 16:00",)), ("Where is it?", ("Here",))]


@given(
    st.sampled_from(ACTS),
    st.dictionaries(
        st.sampled_from(
            sorted(
                {field.name for act in ACTS for field in act.fields}
                | {f"actions-{n}-{part}" for n in (0, 11, 12) for part in ("what", "owner", "by")}
                | {"actions-rows", "actions-none", "outstanding-none", "outstanding-0-what"}
            )
        ),
        st.text(max_size=60) | st.sampled_from(["none", "7", "999", "tomorrow at 4pm", "11 December 2026", "a@b.example"]),
    ),
)
def test_whatever_is_typed_is_an_answer_or_a_mistake(act: object, posted: dict[str, str]) -> None:
    page = next(one for one in ACTS if one is act)
    values = typed.taken(page, posted)
    assert values == typed.taken(page, values)
    typed.read_back(page, values, NOW)
    if not typed.mistakes(page, values, NOW):
        decision = typed.decision(page, values, NOW)
        assert decision.act is page.act
        assert all(len(item.owner) <= 80 for item in decision.pursued)
        if isinstance(decision.content, OutcomeContent):
            assert len(decision.pursued) == len(decision.content.actions) + len(decision.content.outstanding)


def page_of(text: str) -> Shown:
    mail = EmailMessage()
    mail.set_content(text)
    mail.add_alternative("<p>as HTML</p>", subtype="html")
    return shown(mail.as_bytes())


def words_of(page: Shown) -> Counter[str]:
    """Every word of a page, as often as it is there."""
    sections = [*page.asked, *page.rest]
    paragraphs = [(page.headline,), *page.about, *page.remember, *(lines for one in sections for lines in one.paragraphs)]
    headings = [(section.heading,) for section in sections]
    return Counter(" ".join(line for lines in (*paragraphs, *headings) for line in lines).lower().split())


ONLY_IN_THE_MAIL = (
    re.compile(r"\nHOW TO ANSWER\n.*?(?=\n(?:WHO ELSE IS TOLD|THE FORM|REMEMBER)\n)", re.DOTALL),
    re.compile(r"\nREMEMBER\n"),
    re.compile(r"\nYou get this mail.*", re.DOTALL),
)


@pytest.mark.parametrize(
    "command", [one for one in variants() if answering.on_a_page(one)], ids=lambda command: str(command.kind)
)
def test_a_page_shows_what_was_mailed_but_for_how_to_reply(command: SendNotice) -> None:
    mailed = text = re.sub(r"WHAT .+ WROTE\n", "WHAT THEY WROTE\n", write(command).text)
    for left_out in ONLY_IN_THE_MAIL:
        mailed = left_out.sub("\n", mailed)
    assert len(mailed) < len(text) - 200
    assert words_of(page_of(text)) == Counter(mailed.lower().split())


def test_what_is_asked_stands_first_and_the_form_after_it() -> None:
    page = page_of(write(notice("step_reached", facts=notice("step_reached").facts | RULED)).text)
    assert [section.heading for section in page.asked] == [
        "What happened",
        "What you must do",
        "What the protocol asks for here",
        "By when, and why then",
    ]
    assert [section.heading for section in page.rest] == ["Who else is told", "The form"]
    assert page.remember[0][0].startswith("Any child protection plan")
    assert page.headline.startswith("Act by")


def test_a_heading_does_not_spell_a_name_it_cannot_know() -> None:
    page = page_of(write(notice("response_recorded")).text)
    assert "What they wrote" in [section.heading for section in page.asked]


def test_a_mail_that_is_gone_still_has_a_headline() -> None:
    assert shown(b"") == Shown("Answer a notice")
