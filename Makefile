# Everything a person does with this checkout. `make help` lists it.

PYTHON ?= python3
RUN = .venv/bin/python
UV_COMPILE = UV_CACHE_DIR=.local/cache/uv $(RUN) -m uv pip compile --quiet --universal --generate-hashes \
	--python-version 3.11 --custom-compile-command 'make lock' pyproject.toml
PYTEST = $(RUN) -m pytest
# So many processes, each with servers of its own, and one more where tests wait for servers most of the time; the tiers after these
# drive one stack and stay in one.
TWO = --numprocesses 2 --dist worksteal
THREE = --numprocesses 3 --dist worksteal

# Programs are started hundreds of times: each would translate itself anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-tests demo up down status logs test test-unit test-contracts test-integration test-workflows test-browser test-e2e \
	bench docker-env lint format types asyncapi schema lock upgrade clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Find or install everything that is needed; a second time, only look
	@$(PYTHON) -m deploy.local.setup

setup-tests:
	@$(PYTHON) -m deploy.local.setup tests

demo: setup ## Start everything and watch one case from form to sealed confirmation
	@$(RUN) -m deploy.local.demo

up: setup ## Start everything; return when it is ready
	@$(RUN) -m deploy.local up

down: ## Stop everything
	@test ! -x $(RUN) || $(RUN) -m deploy.local down

status: ## Say what runs, and what had to be started again
	@$(RUN) -m deploy.local status

logs: ## Follow the logs; of one program with `make logs of=intake`
	@$(RUN) -m deploy.local logs $(of)

bench: setup ## How fast the parts are, each beside something everybody knows
	@PYTHONPATH=. $(RUN) -m benchmarks

docker-env: ## Make up the passwords and keys that `docker compose up` asks for
	@$(PYTHON) -m deploy.docker_env

test: setup-tests lint types test-unit test-contracts test-integration test-workflows test-browser test-e2e ## Check everything

test-unit: setup ## The rules, without a server
	$(PYTEST) $(TWO) tests/unit tests/test_architecture.py

test-contracts: setup ## What the services say to each other
	$(PYTEST) tests/contracts

test-integration: setup-tests ## Each service against the real RabbitMQ, PostgreSQL, Temporal and SMTP
	$(PYTEST) $(THREE) tests/integration

test-workflows: setup ## A case's workflow in skipped time, and old histories replayed
	$(PYTEST) $(THREE) tests/workflows

test-browser: setup-tests ## Every page of the form in a real browser, as people use it
	$(PYTEST) tests/browser

test-e2e: setup-tests ## The whole stack, driven as people drive it
	$(PYTEST) tests/e2e

.PHONY: test-office
test-office: ## Forms taken through LibreOffice and back; installs it, so it is no part of `make test`
	@$(PYTHON) -m deploy.local.setup tests office
	$(PYTEST) tests/office

lint: setup ## Style, common mistakes, and who may import whom
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	PYTHONPATH=. .venv/bin/lint-imports

types: setup ## Types, strictly
	$(RUN) -m mypy

format: setup ## Write the code as the linter wants it
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

asyncapi: setup ## Write docs/asyncapi.yaml from the messages
	$(RUN) -m services.contracts.asyncapi > docs/asyncapi.yaml

schema: setup ## Write the schemas of protocol and board files, for editors
	$(RUN) -m services.escalator.schema protocol > docs/protocols/protocol.schema.json
	$(RUN) -m services.escalator.schema board > docs/protocols/board.schema.json

.PHONY: pictures
pictures: setup ## Draw the flowchart of every ladder in docs/pictures/protocols
	$(RUN) -m services.escalator.pictures docs/pictures/protocols

lock: ## Write what is made from other files: the locks, changing no version that still fits, and the broker's definitions
	$(UV_COMPILE) --group setup --output-file requirements/uv.txt
	$(UV_COMPILE) --group dev --output-file requirements/dev.txt
	for group in intake escalator notifier records local; do \
		$(UV_COMPILE) --group $$group --constraints requirements/dev.txt --output-file requirements/$$group.txt || exit 1; \
	done
	$(RUN) -m deploy.local.permissions > deploy/rabbitmq/definitions.json
	npm install --package-lock-only --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved

upgrade: ## The same, with the newest versions that fit
	$(UV_COMPILE) --upgrade --group setup --output-file requirements/uv.txt
	$(UV_COMPILE) --upgrade --group dev --output-file requirements/dev.txt
	$(MAKE) lock

clean: down ## Stop everything and remove all that this checkout has made: data, environments, caches
	rm -rf .local .venv node_modules services/kit/web/static/build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
