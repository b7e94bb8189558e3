"""The shape of the project: what may import what, and that a file's name says its role."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
SERVICES = ("intake", "escalator", "notifier", "records")
EXPECTED = ("__init__.py", "__main__.py", "settings.py", "api.py", "handlers.py", "tables.py", "migrations")


def modules(folder: str) -> Iterator[Path]:
    return (ROOT / folder).rglob("*.py")


def test_the_import_rules_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0, capsys.readouterr().out


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_files_under_their_names(service: str) -> None:
    folder = ROOT / "services" / service
    assert [name for name in EXPECTED if not (folder / name).exists()] == []
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
    assert [word for word in ("Owns", "Hears", "Says") if word not in docstring] == []


def test_only_the_bus_imports_the_broker_library() -> None:
    importers = {path.relative_to(ROOT).as_posix() for path in modules("services") if "import aio_pika" in path.read_text()}
    assert importers == {"services/kit/bus.py"}


def test_the_time_comes_from_one_function() -> None:
    def asks(path: Path) -> bool:
        text = path.read_text()
        return "datetime.now(" in text or "time.time(" in text or "utcnow(" in text

    assert {path.relative_to(ROOT).as_posix() for path in modules("services") if asks(path)} == {"services/kit/clock.py"}


def test_modules_stay_small() -> None:
    long = {path.relative_to(ROOT).as_posix() for path in modules("services") if len(path.read_text().splitlines()) > 350}
    assert long == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for folder in ("services", "deploy", "tests")
        for path in modules(folder)
        if path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []
