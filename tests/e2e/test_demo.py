"""The demonstration itself, step by step, ends with a written confirmation that holds the case."""

import io
import json
from pathlib import Path

import pypdf

from deploy.local.demo import Demonstration
from deploy.local.stack import Stack
from deploy.local.world import World
from tests.e2e.people import history, run


def test_one_case_from_the_form_to_the_sealed_confirmation(stack: Stack, world: World, tmp_path: Path) -> None:
    pdf = Demonstration(world, tmp_path).run()
    reader = pypdf.PdfReader(io.BytesIO(pdf.read_bytes()))
    shown = "\n".join(page.extract_text() for page in reader.pages)
    assert pdf.stem in shown
    assert "Robin Sample" in shown
    assert "Asha Rees, class teacher" in shown  # a mail server on the way escapes the line that begins with From
    assert "an Initial Assessment starts tomorrow" in " ".join(shown.split())
    (content,) = next(iter(reader.attachments.values()))
    assert pdf.stem in json.dumps(json.loads(content))

    topics = [topic for topic, _ in history(stack, pdf.stem)]
    assert topics.count("escalator.case_opened") == 1
    assert topics.count("escalator.deadline_missed") == 1
    assert topics.count("escalator.outcome_confirmed") == 2
    assert topics.count("escalator.case_closed") == 1
    assert topics.count("records.record_issued") == 1


def test_the_history_verifies(stack: Stack) -> None:
    checked = run("services.records", "verify", "--json", CONCORD_DATABASE_URL=stack.postgresql.service_url("records"))
    assert checked.returncode == 0, checked.stderr
    verdict = json.loads(checked.stdout)
    assert verdict["ok"]
    assert verdict["entries"] > 0


def test_no_log_holds_what_people_wrote(stack: Stack) -> None:
    for word in ("Robin Sample", "without a coat", "14 March 2019"):
        holders = [log.name for log in stack.logs.glob("*.log") if word in log.read_text(errors="replace")]
        assert holders == []
