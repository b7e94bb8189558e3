"""Protocols as values, and what their files get when they are wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from services.contracts.vocabulary import Side
from services.escalator.errors import ProtocolError, Unknown
from services.escalator.ladders import Step, Who, Within
from services.escalator.loader import PACKAGED, check, load_protocol, packaged_protocols
from services.escalator.protocol import Protocol

SOURCE = (PACKAGED / "bedfordshire.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return packaged_protocols()["bedfordshire"]


def test_a_protocol_comes_back_from_json_as_it_was(protocol: Protocol) -> None:
    assert Protocol.model_validate_json(protocol.model_dump_json()) == protocol


def test_what_a_workflow_imports_brings_no_file_reader_and_no_holidays() -> None:
    program = (
        "import sys; import services.escalator.times, services.escalator.boards;"
        "print([name for name in ('ruamel.yaml', 'holidays', 'tzdata', 'services.escalator.loader') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_choices_are_made_by_id_or_name(protocol: Protocol) -> None:
    for key in ("A-02", "accumulation"):
        choice = protocol.with_choices({key: "per_step"}).choice("A-02")
        assert (choice.value, choice.chosen) == ("per_step", "per_step")
    assert (protocol.choice("A-02").value, protocol.choice("A-02").chosen) == ("cumulative", None)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("A-99", "x", "A-02 (accumulation)"),
        ("A-02", "sideways", "cumulative, per_step"),
        ("A-06", "0", "a whole number from 1 to 1440"),
        ("A-06", "1.5", "a whole number from 1 to 1440"),
        ("A-06", "²", "a whole number from 1 to 1440"),
    ],
)
def test_a_choice_there_is_not_is_told_what_there_is(protocol: Protocol, key: str, value: str, told: str) -> None:
    with pytest.raises(Unknown) as caught:
        protocol.with_choices({key: value})
    assert told in str(caught.value)


def test_people_at_a_step_are_named_once_those_who_act_first() -> None:
    step = Step.model_validate(
        {
            "number": 1,
            "action": "Discuss",
            "with": Who(raising=("manager", "referrer"), other=("chair",)),
            "by": Who(raising=("referrer",), other=("chair",)),
            "within": Within.model_validate({"kind": "elapsed_hours", "amount": 24}),
            "writing": "none",
            "source": "here",
        }
    )
    assert step.people(Side.RAISING) == ("referrer", "manager")
    assert step.people(Side.OTHER) == ("chair",)
    assert step.people(Side.BOARD) == ()


def test_the_packaged_protocols_are_right_and_raise_no_doubt() -> None:
    for path in PACKAGED.glob("*.yaml"):
        assert check(path) == ()


def line_of(text: str, source: str) -> int:
    return source[: source.index(text)].count("\n") + 1


MISTAKES = [
    # what is written, what is written instead, where it shows, what was expected
    (
        "within: { kind: elapsed_hours, amount: 24 }",
        "within: { kind: hours, amount: 24 }",
        "kind: hours",
        "one of 'elapsed_hours'",
    ),
    ("kind: elapsed_hours, amount: 36", "kind: elapsed_hours, amount: '36'", "amount: '36'", "a number, found '36'"),
    ("kind: elapsed_hours, amount: 36", "kind: elapsed_hours, amount: true", "amount: true", "a number, found True"),
    ("kind: elapsed_hours, amount: 36", "kind: elapsed_hours, amount: -1", "amount: -1", "a number greater than 0, found -1"),
    (
        "kind: elapsed_hours, amount: 36",
        "kind: elapsed_hours, amount: .nan",
        "amount: .nan",
        "a number greater than 0, found nan",
    ),
    ("kind: elapsed_hours, amount: 36", "kind: elapsed_hours, amount: 1e9", "amount: 1e9", "a number of at most 10000"),
    ("kind: elapsed_hours, amount: 36", "kind: elapsed_hours", "kind: elapsed_hours }", "an amount with elapsed_hours"),
    ("{ kind: immediately }", "{ kind: immediately, amount: 1 }", "kind: immediately, amount", "no amount with immediately"),
    (
        "kind: elapsed_hours, amount: 36",
        "kind: elapsed_seconds, amount: 36",
        "kind: elapsed_seconds",
        "seconds are for a demonstration",
    ),
    ("        writing: written\n", "        writting: written\n", "        writting:", "no field 'writting' here"),
    (
        "        writing: confirm\n",
        "        writing: maybe\n",
        "writing: maybe",
        "one of 'none', 'confirm' or 'written', found 'maybe'",
    ),
    (
        "other: [duty_social_worker]",
        "other: [duty_worker]",
        "other: [duty_worker]",
        "one of the keys under roles, found 'duty_worker'",
    ),
    (
        "other: [duty_social_worker]",
        "other: duty_social_worker",
        "other: duty_social_worker }",
        "a list, found 'duty_social_worker'",
    ),
    ("with: { other: [duty_social_worker] }", "with: {}", "with: {}", "at least one role"),
    ("number: 2\n", "number: 3\n", "number: 3\n", "2, counting from 1, found 3"),
    ("- id: BED-S7", "- id: BED-S6", "- id: BED-S6\n    name: Section 17, Core", "an id that no other ladder has"),
    ("case_stage: caf\n", "case_stage: cafe\n", "case_stage: cafe\n", "one of the case stages practitioner_and_manager"),
    ("steps_of: BED-S8", "steps_of: BED-S9", "steps_of: BED-S9", "a ladder with steps of its own"),
    ("steps_of: BED-S8", "advice: true", "- id: BED-S9", "one of steps, steps_of and steps_by"),
    ("core_assessment: BED-S7", "core_assessment: BED-S70", "core_assessment: BED-S70", "a ladder with steps of its own"),
    ("steps_by: { choice: A-11", "steps_by: { choice: A-77", "steps_by: { choice: A-77", "one of the choices A-01"),
    ("shares_time_with: 2", "shares_time_with: 1", "shares_time_with: 1", "the number of an earlier step with the same time"),
    ("offers: BED-S4", "offers: BED-S44", "offers: BED-S44", "one of the ladders BED-S1"),
    ("areas: [whether_to_refer]", "areas: [whether]", "areas: [whether]", "one of the keys under areas"),
    (
        "areas: [whether_to_refer]",
        "areas: [sharing_with_family]",
        "areas: [sharing_with_family]\n",
        "to lead to one ladder only",
    ),
    ("default: cumulative", "default: both", "default: both", "one of cumulative, per_step, found 'both'"),
    ("    number: { least: 1, most: 1440 }\n", "", "  - id: A-06", "either options or a number"),
    ("- id: A-06", "- id: A-66", "choices:", "a choice A-06"),
    ("- id: A-03", "- id: A-02", "- id: A-02", "an id and a name that no other choice has"),
    ("  team_manager: {", "  Team Manager: {", "  Team Manager: {", "a key of small letters"),
    ("key: bedfordshire", "key:", "key:", "text, found nothing"),
    ("key: bedfordshire", "key: bedfordshire\ndemonstration: true", "demonstration: true", "no such field"),
    ("chase: { kind: elapsed_hours", "chase: { kind: working_hours", "chase:", "elapsed_hours"),
    ("key: bedfordshire", "key: bedfordshire\nkey: again", "key: again", "well-formed YAML, found duplicate key"),
    ("key: bedfordshire", "key: [bedfordshire", "name: Bedford", "well-formed YAML"),
]


@pytest.mark.parametrize(("old", "new", "where", "expected"), MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, where: str, expected: str) -> None:
    wrong = SOURCE.replace(old, new, 1)
    assert wrong != SOURCE
    path = tmp_path / "wrong.yaml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(ProtocolError) as caught:
        load_protocol(path)
    told = [(problem.line, f"expected {problem.expected}, found {problem.found}") for problem in caught.value.problems]
    assert any(line == line_of(where, wrong) and expected in text for line, text in told), told


def test_steps_share_the_time_of_the_first_of_them(tmp_path: Path) -> None:
    """A step may not share with one that itself shares: the three would not know of each other."""
    referrer = "by: { raising: [referrer] }\n        within: { kind: elapsed_hours, amount: "
    team = "amount: 48 }\n        writing: none\n        source: section 5, Contact / Referral to Children's Social Care, row 2"
    chained = SOURCE.replace(f"{referrer}24", f"{referrer}48").replace(
        team, team.replace("}", "}\n        shares_time_with: 1")
    )
    path = tmp_path / "chained.yaml"
    path.write_text(chained, encoding="utf-8")
    with pytest.raises(ProtocolError) as caught:
        load_protocol(path)
    assert [problem.line for problem in caught.value.problems] == [line_of("shares_time_with: 2", chained)]
    path.write_text(chained.replace("shares_time_with: 2", "shares_time_with: 1"), encoding="utf-8")
    assert [step.shares_time_with for step in load_protocol(path).ladder("BED-S4").steps] == [None, 1, 1]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    wrong = SOURCE.replace("other: [conference_chair]", "other: [chair]").replace("case_stage: caf\n", "case_stage: cafe\n")
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(ProtocolError) as caught:
        load_protocol(path)
    lines = [problem.line for problem in caught.value.problems]
    assert len(lines) == 4
    assert lines == sorted(lines)
    assert str(caught.value).splitlines()[0].startswith(f"{path}:{lines[0]}: expected ")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "a mapping of fields, found an empty file"),
        (b"- a\n- b\n", "a mapping of fields"),
        (b"a: \xff\n", "text in UTF-8"),
        (b"a: &again [*again]\n", "a value for 'key'"),
        (b"a: &one [1]\nb: *one\n", "every value written out, found an alias"),
        (b"a: " + b"[" * 60 + b"]" * 60, "fewer values inside each other"),
        (b"[" * 700, "well-formed YAML"),
        (b"a: 2026-13-45\n", "well-formed YAML"),
        (b"a" * 1_000_001, "a file of at most one megabyte"),
    ],
)
def test_a_file_that_is_no_protocol_is_refused_in_words(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes(content)
    with pytest.raises(ProtocolError) as caught:
        load_protocol(path)
    assert expected in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="a file that can be read, found No such file or directory"):
        load_protocol(tmp_path / "none.yaml")


def test_a_ladder_nobody_can_reach_is_doubted(tmp_path: Path) -> None:
    path = tmp_path / "doubtful.yaml"
    path.write_text(SOURCE.replace("areas: [any]", "areas: []"), encoding="utf-8")
    assert [doubt.expected for doubt in check(path)] == [
        "an area that leads to BED-S1: nobody can reach it",
        "a ladder or rule that uses any",
    ]
