"""Set-up does only what is missing, and says what to do when something fails."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local import setup, system_packages
from deploy.local.setup import SetupError, Step
from deploy.local.system_packages import Need

NEEDS = [
    Need("RabbitMQ", lambda: True, ("rabbitmq-server",), ("rabbitmq",)),
    Need("fonts", lambda: False, ("fonts-liberation",), ()),
    Need("npm", lambda: False, ("nodejs", "npm"), ("node",)),
]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(setup, "CHECKOUT", tmp_path)
    monkeypatch.setattr(setup, "_LOCAL", tmp_path / ".local")
    monkeypatch.setattr(setup, "_STAMPS", tmp_path / ".local" / "stamps")
    monkeypatch.setattr(setup, "_LOG", tmp_path / ".local" / "logs" / "setup.log")
    return tmp_path


@pytest.fixture
def on_path(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def only(*names: str) -> None:
        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in names else None)

    return only


def test_only_what_is_missing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "needs", lambda: NEEDS)
    assert [need.name for need in system_packages.missing()] == ["fonts", "npm"]


def test_root_installs_with_apt(monkeypatch: pytest.MonkeyPatch, on_path: Callable[..., None]) -> None:
    on_path("apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    update, install = system_packages.commands(NEEDS[1:])
    assert update == ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "update"]
    assert install[-3:] == ["fonts-liberation", "nodejs", "npm"]
    assert "--no-install-recommends" in install


def test_an_ordinary_user_installs_with_sudo(monkeypatch: pytest.MonkeyPatch, on_path: Callable[..., None]) -> None:
    on_path("apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert all(command[0] == "sudo" for command in system_packages.commands(NEEDS))


def test_macos_installs_with_homebrew(monkeypatch: pytest.MonkeyPatch, on_path: Callable[..., None]) -> None:
    on_path("brew")
    monkeypatch.setattr(system_packages, "MACOS", True)
    assert system_packages.commands(NEEDS) == [["brew", "install", "rabbitmq", "node"]]


def test_another_system_is_told_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, on_path: Callable[..., None], checkout: Path
) -> None:
    on_path()
    monkeypatch.setattr(system_packages, "needs", lambda: NEEDS)
    with pytest.raises(SetupError, match=r"Missing: fonts, npm; and .* neither apt-get nor brew.*make setup"):
        setup._install_system_packages()


def test_without_sudo_the_commands_are_shown(
    monkeypatch: pytest.MonkeyPatch, on_path: Callable[..., None], checkout: Path
) -> None:
    on_path("apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system_packages, "needs", lambda: NEEDS)
    with pytest.raises(SetupError, match=r"(?s)needs root.*apt-get install .* npm"):
        setup._install_system_packages()


def test_the_systems_own_needs_are_all_met_here() -> None:
    assert system_packages.missing(["tests"]) == []


def test_a_step_that_is_done_is_not_done_again(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []
    step = Step("Something", lambda: bool(done), lambda: done.append("once"))
    setup._take(step)
    setup._take(step)
    assert done == ["once"]
    assert "done in" in capsys.readouterr().out


def test_a_stamp_holds_until_a_file_changes(checkout: Path) -> None:
    lock = checkout / "lock.txt"
    lock.write_text("one==1")
    setup._stamp("python", setup._hash((lock,)))
    assert setup._is_stamped("python", setup._hash((lock,)))
    lock.write_text("one==2")
    assert not setup._is_stamped("python", setup._hash((lock,)))


def test_what_was_installed_into_a_folder_that_was_made_again_is_gone(checkout: Path) -> None:
    folder = checkout / "node_modules"
    folder.mkdir()
    before = setup._inode(folder)
    folder.rename(checkout / "aside")
    folder.mkdir()
    assert setup._inode(folder) != before


def test_a_command_that_fails_shows_its_words_and_the_remedy(checkout: Path) -> None:
    with pytest.raises(SetupError) as failed:
        setup._run([sys.executable, "-c", "import sys; print('no route to registry'); sys.exit(3)"], "Look at the network.")
    assert "no route to registry" in str(failed.value)
    assert "status 3" in str(failed.value)
    assert "Look at the network." in str(failed.value)


def test_a_failure_ends_set_up_with_status_1(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise SetupError("Do this.")

    monkeypatch.setattr(setup, "steps", lambda _purposes: [Step("Something", lambda: False, fail)])
    assert setup.main() == 1
    assert "Do this." in capsys.readouterr().err


def test_an_old_python_is_told_which_one_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SetupError, match=r"needs Python 3\.11 or later.*\n.*PYTHON=python3\.11"):
        setup._check_python()
