"""Every rule of a protocol file is held against the rest of the file: who it names is there, and what it needs is said."""

from pathlib import Path

import pytest

from services.contracts.vocabulary import Side
from services.escalator.errors import ProtocolError
from services.escalator.loader import check, load_protocol
from tests.unit.escalator.testshire import TESTSHIRE

A_ROLE = "one of the keys under roles"

MISTAKES = [
    # what is written, what is written instead, which text stands on the line it is told for, what was expected
    ("safeguarding_lead: lead", "safeguarding_lead: led", "safeguarding_lead: led", A_ROLE),
    ("advice: { roles: [adviser]", "advice: { roles: [nobody]", "advice: { roles", A_ROLE),
    ("advice: { roles: [adviser]", "advice: { roles: []", "advice: { roles", "at least one"),
    ("duty: may", "duty: can", "duty: can", "'should', 'may' or 'alternative'"),
    ("still_at_risk: { raising: [manager]", "still_at_risk: { raising: [boss]", "still_at_risk", A_ROLE),
    ("raising: [manager], other: [head], text", "text", "still_at_risk", "at least one role"),
    ("role: committee", "role: board", "role: board", A_ROLE),
    ("instead_of: head", "instead_of: heads", "instead_of: heads", A_ROLE),
    ("instead_of: head", "instead_of: committee", "role: committee", "another role than committee"),
    ("sector: vcf", "sector: faith", "sector: faith", "'vcf' or 'other'"),
    ("asks:\n", "asks:\n  - { field: supporter, source: again }\n", "again", "supporter once"),
    ("field: supporter", "field: helper", "field: helper", "one of areas_agreed, areas_disagreed"),
    ("parts: [risk, actions]", "parts: [risk, blame]", "parts: [risk, blame]", "one of agreed, working_arrangement"),
    # redirects
    ("area: plan, case", "area: plans, case", "area: plans", "one of the keys under areas"),
    ("[referral, conference], instead", "[referral, closure], instead", "[referral, closure]", "one of the case stages referral"),
    ("area: plan, case", "area: threshold, case", "area: threshold", "a stage at which threshold leads to no ladder: here it leads to T-1"),
    ("[referral, conference], instead", "[referral, referral], instead", "[referral, referral]", "plan to be redirected once only"),
    ("instead: [The core group]", "instead: []", "instead: []", "at least one"),
    # ladders
    ("by: chair, source: \"2.9\"", "by: chairs, source: \"2.9\"", "by: chairs", A_ROLE),
    ("    advice: true\n", "", "offers: T-1", "advice: true beside it"),
    ("    within_agency: true\n", "", "keep_from", "within_agency: true beside it"),
    ("keep_from: [manager]", "keep_from: [boss]", "keep_from: [boss]", A_ROLE),
    ("keep_from: [manager]", "keep_from: [lead]", "keep_from: [lead]", "a role that no step of T-2 asks"),
    ('source: "4.1"', 'source: "4.1"\n        not_when_at_risk: true', "steps:\n      - number: 1\n        action: Ask", "that stays"),
    # steps
    ("reasons_from: [raising, other]", "reasons_from: [raising, board]", "reasons_from", "raising or other"),
    ("coordinator: chair", "coordinator: chairs", "coordinator: chairs", A_ROLE),
    ("decision: { by: chair", "decision: { by: chairs", "decision: { by: chairs", A_ROLE),
    ("decision: { by: chair", "decision: { by: head", "decision: { by: head", "on the side 'other' at this step: manager, chair"),
    ("side: other, consult", "side: raising, consult", "side: raising", "on the side 'raising' at this step: manager"),
    ("side: other, consult", "side: board, consult", "side: board", "raising or other"),
    ("consult: adviser", "consult: advisers", "consult: advisers", A_ROLE),
    ("consult: adviser", "consult: chair", "consult: chair", "another role than chair, who decides"),
    ("kind: working_days, amount: 1", "kind: elapsed_seconds, amount: 1", "elapsed_seconds", "seconds are for a demonstration"),
    ("{ kind: working_days, amount: 1 }", "{ kind: agreed }", "{ kind: agreed }, source", "a stated time"),
    ("not_from: social_care", "not_from: care", "not_from: care", "'social_care'"),
    ("amount: 100 }", "amount: 100, }\n  debrief: Talk.", "debrief", "a mapping"),
    ("kind: elapsed_hours, amount: 100", "kind: working_days, amount: 5", "follow_up", "elapsed_hours"),
    # choices that a rule needs, and what they may offer
    ("id: A-25", "id: A-97", "choices:", "a choice A-25: the time that the two sides agree has a ceiling"),
    ("id: A-28", "id: A-97", "choices:", "a choice A-28: a step is not for every agency"),
    ("id: A-29", "id: A-97", "choices:", "a choice A-29: somebody must agree that a step is passed over"),
    ("options: [form_received]", "options: [form_received, monday]", "monday", "one of form_received, step_reached, decision_made"),
    ("[elapsed_hours, one_working_day]", "[elapsed_hours, one_day]", "one_day]", "one of elapsed_hours, working_hours, one_working_day"),
    ("number: { least: 1, most: 60 }, default: \"30\"", "options: [soon], default: soon", "[soon]", "a number instead, of minutes"),
    ("options: [cumulative], default: cumulative", 'number: { least: 1, most: 2 }, default: "1"', "most: 2", "options instead"),
]  # fmt: skip


def written(folder: Path, text: str) -> Path:
    path = folder / "testshire.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str, source: str) -> int:
    return source[: source.index(text)].count("\n") + 1


def test_the_made_up_protocol_is_right_and_raises_no_doubt(tmp_path: Path) -> None:
    assert check(written(tmp_path, TESTSHIRE)) == ()


@pytest.mark.parametrize(("old", "new", "where", "expected"), MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, where: str, expected: str) -> None:
    wrong = TESTSHIRE.replace(old, new, 1)
    assert wrong != TESTSHIRE
    with pytest.raises(ProtocolError) as caught:
        load_protocol(written(tmp_path, wrong))
    told = [(problem.line, problem.expected) for problem in caught.value.problems]
    assert any(line == line_of(where, wrong) and expected in text for line, text in told), told


@pytest.mark.parametrize(
    ("old", "new", "needed"),
    [
        ("within: null", "within: { kind: elapsed_hours, amount: 8 }", ["A-01", "A-02", "A-03"]),
        ("within: null", "within: { kind: working_hours, amount: 8 }", ["A-01", "A-02"]),
        ("within: null", "within: { kind: working_days, amount: 1 }", ["A-01"]),
        ("within: null", "within: { kind: end_of_working_day, amount: 1 }", ["A-01"]),
        ("within: null", "within: { kind: immediately }", ["A-01", "A-06"]),
        ("within: null", "within: { kind: without_delay }", []),
        ("within: null", "within: { kind: agreed }", ["A-25"]),
        ("source: there", "source: there\n        not_from: vcf", ["A-28"]),
        ("choices: []", "choices: []\nbypass: { text: By consent., source: here }", ["A-29"]),
    ],
)
def test_a_choice_is_needed_only_where_something_depends_on_it(tmp_path: Path, old: str, new: str, needed: list[str]) -> None:
    """No protocol needs A-04 whose steps share no time, nor A-15 and A-27, whose defaults are the core's own."""
    plain = """\
key: plain
name: Plain
version: undated
reference: A document that nobody wrote
danger: { text: Call the police., source: ours }
vocabulary: {}
roles: { worker: { name: Worker, raiser: true } }
case_stages: { any_stage: Any }
areas: { any: Any }
choices: []
chase: { kind: elapsed_hours, amount: 24 }
ladders:
  - id: P-1
    name: Plain
    case_stage: any_stage
    areas: [any]
    source: here
    steps:
      - number: 1
        action: Talk
        with: { other: [worker] }
        by: { raising: [worker] }
        within: null
        writing: none
        source: there
"""
    assert load_protocol(written(tmp_path, plain)).choices == ()
    told: list[str] = []
    try:
        load_protocol(written(tmp_path, plain.replace(old, new)))
    except ProtocolError as error:
        told = [problem.expected.partition(":")[0] for problem in error.problems]
    assert told == [f"a choice {key}" for key in needed]


CHASE = "chase: {"
AFTER = "  - { id: A-15, name: after, question: Q?, options: [board_decides], default: board_decides, reason: Ours }\nchase: {"
MORE = "  - { id: A-99, name: more, question: Q?, options: [one], default: one, reason: Ours }\nchase: {"
ALIKE = "a name that does not begin as that of {} does: people choose by it"
NOBODY = "a role on the side '{0}', or {0}: [] where the document names nobody"

DOUBTS = [
    # what is written, what is written instead, what is doubted
    ("areas: [own_manager]", "areas: []", ["an area that leads to T-2: nobody can reach it", "a ladder or rule that uses own_manager"]),
    ("advice: { roles: [adviser]", "advice: { roles: [lead]", []),
    ("instead_of: head, ", "instead_of: manager, ", []),
    ("role: committee", "role: lead", ["a ladder or rule that uses committee"]),
    ("coordinator: chair", "coordinator: manager", []),
    ("case_stages: { referral", "case_stages: { closure: Closure, referral", ["a ladder or rule that uses closure"]),
    ("today: { LSCB", "today: { SCB", ["a text that uses the term 'SCB'"]),
    ("conference: Conference }", "conference: Referral and after }", [ALIKE.format("referral")]),
    ("conference: Whether to hold", "conference: Your own manager holds", [ALIKE.format("own_manager")]),
    ("by: { raising: [], other: [head] }", "by: { other: [head] }", [NOBODY.format("raising")]),
    ("by: { raising: [], other: [head] }", "by: { raising: [manager] }", []),
    ("with: { other: [adviser] }", "with: { raising: [adviser] }", [NOBODY.format("other")]),
    ("with: { other: [adviser] }", "with: { raising: [adviser], other: [] }", []),
    ("bypass: {", "protection: {", ["something in the file that depends on A-29"]),
    (CHASE, MORE, ["something in the file that depends on A-99"]),
    (CHASE, AFTER, []),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "doubted"), DOUBTS)
def test_what_looks_like_a_slip_is_doubted(tmp_path: Path, old: str, new: str, doubted: list[str]) -> None:
    doubtful = TESTSHIRE.replace(old, new, 1)
    assert doubtful != TESTSHIRE
    assert [doubt.expected for doubt in check(written(tmp_path, doubtful))] == doubted


def test_an_area_may_lead_to_a_ladder_at_each_of_several_stages(tmp_path: Path) -> None:
    """A-12: the stage of the child's case is the question that tells them apart, and so the stages must read apart."""
    both = TESTSHIRE.replace("areas: [conference]", "areas: [conference, threshold]")
    assert check(written(tmp_path, both)) == ()
    protocol = load_protocol(written(tmp_path, both))
    assert [protocol.ladder_for(stage, "threshold").id for stage in ("referral", "conference")] == ["T-1", "T-3"]


def test_who_decides_and_who_gives_reasons_go_with_their_side(tmp_path: Path) -> None:
    """A-10: where the other side raised it, the ladder is turned round, with everything that a side does on it."""
    ladder = load_protocol(written(tmp_path, TESTSHIRE.replace("[raising, other]", "[raising]"))).ladder("T-1")
    turned = ladder.turned_round()
    decision = turned.step(2).decision
    assert decision is not None
    assert decision.side is Side.RAISING
    assert decision.by in turned.step(2).people(Side.RAISING)
    assert turned.step(1).reasons_from == (Side.OTHER,)
    assert turned.turned_round() == ladder
