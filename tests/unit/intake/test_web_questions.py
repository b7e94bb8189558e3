"""What the form's pages ask, for every board there is."""

from collections.abc import Mapping
from datetime import date

import pytest

from services.contracts.contact_list import ContactLine
from services.contracts.content import FURTHER_LABELS
from services.contracts.escalator import BoardPublished
from services.contracts.outline import Role
from services.escalator import outline
from services.escalator.loader import packaged_protocols
from services.escalator.role_table import packaged_role_table
from services.intake.domain import LABELS
from services.intake.web.questions import About, Field, ladder_of, pages, redirect_of, stage_of
from tests.unit.intake.boards import redirecting, small

DAY = date(2026, 12, 7)


def about(board: BoardPublished, values: Mapping[str, str] | None = None, *lines: ContactLine) -> About:
    return About(board, lines, values or {}, "asha@school.demo.example", DAY)


def published(key: str) -> BoardPublished:
    """The small board with everything of this protocol."""
    protocol = packaged_protocols()[key]
    return small().model_copy(
        update={
            "case_stages": protocol.stage_choices(),
            "areas": protocol.area_choices(),
            "redirects": outline.redirects(protocol),
            "asks": outline.asks(protocol),
            "roles": outline.roles(protocol),
            "ladders": outline.ladders(protocol),
            "role_table": packaged_role_table(key),
        }
    )


def fields(of: About) -> dict[str, Field]:
    return {field.name: field for page in pages(of) for field in page.fields}


def test_danger_is_asked_first() -> None:
    """BED-10."""
    first = pages(about(small()))[0]
    assert first.key == "danger"
    assert [field.label for field in first.fields] == [LABELS["immediate_danger"]]


@pytest.mark.parametrize("key", sorted(packaged_protocols()))
def test_every_area_of_every_protocol_can_be_chosen_and_says_where_it_leads(key: str) -> None:
    board = published(key)
    for area in board.areas:
        values = {"case_stage": area.case_stage, "area": area.key}
        offered = {option.value: option for option in fields(about(board, values))["area"].options}
        ladder = ladder_of(board, values)
        assert ladder is not None
        assert ladder.name in offered[area.key].hint
        assert ladder.paragraph in offered[area.key].hint
        assert redirect_of(board, values) is None
    for redirect in board.redirects:
        for stage in redirect.case_stages:
            values = {"case_stage": stage, "area": redirect.area}
            assert redirect.area in {option.value for option in fields(about(board, values))["area"].options}
            assert redirect_of(board, values) == redirect
            assert ladder_of(board, values) is None


@pytest.mark.parametrize("key", sorted(packaged_protocols()))
def test_no_two_pages_or_fields_have_the_same_name(key: str) -> None:
    there = pages(about(published(key)))
    assert len({page.key for page in there}) == len(there)
    names = [field.name for page in there for field in page.fields]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("key", sorted(packaged_protocols()))
def test_a_page_asks_what_its_boards_protocol_asks_and_no_more(key: str) -> None:
    """BIR-11, BAR-06, OXF-18."""
    board = published(key)
    further = {name for name, _ in FURTHER_LABELS}
    assert further & set(fields(about(board))) == set(board.asks)


def test_every_further_question_there_is_has_its_page() -> None:
    board = small().model_copy(update={"asks": tuple(name for name, _ in FURTHER_LABELS)})
    asked = fields(about(board))
    assert [name for name, _ in FURTHER_LABELS if name not in asked] == []
    assert [name for name, _ in FURTHER_LABELS if asked[name].mistake] == [], "a form is not held back for want of one"


def test_a_page_with_one_question_has_it_as_its_heading() -> None:
    for page in pages(about(published("bedfordshire"))):
        assert page.heading or len(page.fields) == 1, page.key


def test_what_is_no_disagreement_stands_after_what_is() -> None:
    """BIR-05."""
    options = fields(about(redirecting(), {"case_stage": "core_assessment"}))["area"].options
    assert [(option.value, option.after_or) for option in options] == [("case_closure", False), ("failure_of_action", True)]


def test_the_only_stage_there_is_needs_no_choosing() -> None:
    board = published("northamptonshire")
    assert stage_of(board, {}) == "any_stage"
    assert "case_stage" not in fields(about(board))
    assert len(fields(about(board))["area"].options) == len(board.areas)


def test_the_other_person_is_asked_of_the_agency_that_was_named() -> None:
    """A-20: nobody on file is said, and asked for in words."""
    board = small().model_copy(update={"roles": (Role(key="manager", name="Manager"),)})
    line = ContactLine(agency="Social Care", role="manager", name="Lee Hartley", address="lee@council.demo.example")
    assert fields(about(board))["person_other"].kind == "line"
    chosen = fields(about(board, {"agency": "Social Care"}, line))["person"]
    assert [option.text for option in chosen.options] == ["Lee Hartley", "Somebody else"]
    elsewhere = about(board, {"agency": "other", "agency_other": "Housing"}, line)
    (page,) = (page for page in pages(elsewhere) if page.key == "other-person")
    assert page.notes == ("Nobody at Housing is on file with this board.",)


@pytest.mark.parametrize("on_file", [True, False])
def test_the_page_of_the_other_person_says_what_the_boards_table_does(*, on_file: bool) -> None:
    """BED-24: a suggestion with its place in the document, and never the answer."""
    asked = {"agency_other": "BBC Adult", "your_agency": "CBC Social Care", "your_role": "Head of Service"}
    lines = (
        (ContactLine(agency="BBC Adult", role="manager", name="Ben", address="ben@care.example", rank=5),) if on_file else ()
    )
    asked |= {"agency": "BBC Adult"} if on_file else {}
    page = next(page for page in pages(about(published("bedfordshire"), asked, *lines)) if page.key == "other-person")
    (field,) = page.fields
    assert [note for note in page.notes if note.startswith("Appendix B of this board’s protocol: ")]
    assert bool(field.options) == on_file
    assert not on_file or "beside Head of Service" in field.options[0].hint
