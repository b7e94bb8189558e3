"""A ladder's flowchart: what it says, to whoever looks and whoever listens (A-17, BAR-07)."""

import re
from xml.etree import ElementTree

import pytest

from services.contracts.outline import LadderOutline, StepOutline
from services.contracts.vocabulary import Writing
from services.kit.web.flowchart import CAPTION, flowchart, picture

FIRST = StepOutline(
    number=1,
    name="Stage One: Prevention",
    action="Talk to the allocated social worker, and tell them why you see a risk <of harm> that they do not see",
    raising=("Referrer", "Manager", "Safeguarding Champion"),
    other=("Allocated Social Worker",),
    within="within 24 hours",
    writing=Writing.CONFIRM,
    paragraph="section 5, row 1",
)
SECOND = StepOutline(
    number=2,
    action="Write to the head of service",
    raising=(),
    other=("Head of Service",),
    within="no time stated",
    writing=Writing.WRITTEN,
    paragraph="section 5, row 2",
)
LADDER = LadderOutline(
    id="EX-S1",
    name="Assessment",
    case_stage="At the assessment",
    areas=("Closing the case",),
    paragraph="section 5",
    steps=(FIRST, SECOND),
    ending="Board staff decide what happens next",
)
SVG = "{http://www.w3.org/2000/svg}"


def page(*, current: int | None = None, done: tuple[int, ...] = ()) -> ElementTree.Element:
    """The figure, read as strictly as XML is."""
    return ElementTree.fromstring(flowchart(LADDER, current=current, done=done))  # noqa: S314 - our own markup


def drawn(element: ElementTree.Element) -> str:
    """What the picture says to the eye, in one line."""
    return " ".join(" ".join(text.itertext()) for text in element.iter(f"{SVG}text"))


def told(element: ElementTree.Element) -> str:
    """What the list that follows the picture says."""
    listed = element.find("./div[@class='govuk-visually-hidden']")
    assert listed is not None
    return re.sub(r"\s+", " ", " ".join(listed.itertext()))


WORDS = (
    "Stage One: Prevention",
    "Referrer, Manager or Safeguarding Champion",
    "Allocated Social Worker",
    "within 24 hours",
    "confirm in writing what you discussed",
    "nobody is named",
    "no time stated",
    "put it in writing",
    "section 5, row 2",
    "Board staff decide what happens next",
    CAPTION,
)


@pytest.mark.parametrize("words", WORDS)
def test_picture_list_and_file_say_the_same(words: str) -> None:
    def plain(text: str) -> str:
        return re.sub(r"\s+", " ", text)

    assert words in plain(drawn(page()))
    assert words in told(page())
    assert words in plain(" ".join(ElementTree.fromstring(picture(LADDER)).itertext()))  # noqa: S314 - our own markup


def test_every_step_leads_on_and_to_agreement() -> None:
    text = drawn(page())
    assert text.count("Not resolved, or out of time") == text.count("Agreed: both confirm in writing") == len(LADDER.steps)
    assert "both sides confirm the outcome in writing, and the case closes" in told(page())


def test_a_call_for_advice_leads_to_no_agreement() -> None:
    """A-13: the advice is taken or not, and that ends it."""
    advice = LADDER.model_copy(update={"advice": True})
    figure = ElementTree.fromstring(flowchart(advice))  # noqa: S314 - our own markup
    for words in (drawn(figure), told(figure)):
        assert "confirm the outcome" not in words
        assert "taken or not" in words


def test_where_the_case_is_now_is_said_in_a_word_and_by_a_thick_border() -> None:
    def borders(current: int | None) -> list[str]:
        return [one.get("stroke-width", "") for one in page(current=current).iter(f"{SVG}rect")]

    assert drawn(page(current=2, done=(1,))).count("Now") == 1
    assert "Now: step 2." in told(page(current=2, done=(1,)))
    assert "Done: step 1," in told(page(current=2, done=(1,)))
    assert "6" in borders(2)
    assert "6" not in borders(None)
    assert "Now" not in drawn(page(current=9))


def test_it_needs_no_style_that_the_security_policy_refuses() -> None:
    assert "style" not in flowchart(LADDER)
    assert "<script" not in flowchart(LADDER)


def test_what_a_protocol_says_is_text_and_never_markup() -> None:
    assert "<of harm>" not in flowchart(LADDER)
    assert "&lt;of" in picture(LADDER)


def test_it_is_the_same_every_time() -> None:
    assert picture(LADDER) == picture(LADDER.model_copy())


def test_one_name_for_the_picture() -> None:
    image = page().find("./div[@role='img']")
    assert image is not None
    assert image.get("aria-label") == "Flowchart: Assessment. The same follows in words."
    file = ElementTree.fromstring(picture(LADDER))  # noqa: S314 - our own markup
    assert file.get("role") == "img"
    assert [file.findtext(f"{SVG}{name}") for name in ("title",)] == ["Flowchart: Assessment"]


def test_no_line_is_wider_than_its_box() -> None:
    """No more characters than fit, at the widths of Arial: 284 units at 16 to the em hold about 40 letters of running text."""
    lines = [" ".join(text.itertext()) for text in page().iter(f"{SVG}text") if text.get("x") == "14"]
    assert lines
    assert max(map(len, lines)) <= 42
