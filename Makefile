# Each target sets itself up. Set-up speaks on stderr, so that stdout is only what was asked for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NODE_READY := tests/addon/node_modules/.ready
ARGS ?=
BUILD_FILE := cloudbuild.yaml
UV := 0.13.9
# The headless shell is the same browser without its toolbars: twice as quick, but not in every Debian.
APT_INSTALL := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
CHROMIUM_OF_DEBIAN = { echo "Installing Debian's chromium for the browser tests" >&2; apt-get update -qq; \
  $(APT_INSTALL) chromium-headless-shell || command -v chromium || $(APT_INSTALL) chromium; } >/dev/null

help: ## What you can do here
	@grep -hE '^[a-z-]+: *.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /: /'

setup: $(READY) ## Make .venv and install what is pinned in requirements.txt

demo: $(READY) ## Try everything with no account: make demo [ARGS=--check]
	@PYTHONPATH=functions $(BIN)/python -m sandbox.demo $(ARGS)

sandbox: $(READY) ## Only the simulators; prints one JSON line with their addresses
	@PYTHONPATH=functions $(BIN)/python -m sandbox $(ARGS)

catalog: $(READY) ## What can be exported, as JSON
	@PYTHONPATH=functions $(BIN)/python -c 'import json; from counterfoil import catalog; print(json.dumps(catalog.as_json(), indent=1))'

openapi: $(READY) ## The API as an OpenAPI document
	@PYTHONPATH=functions $(BIN)/python -m counterfoil.openapi.document

test: $(READY) $(NODE_READY) chromium ## All tests: unit, contract, real clients, real browser
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)
	cd tests/addon && node --test

lint: $(READY) $(NODE_READY) ## Format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	cd tests/addon && npx --no-install tsc --project tsconfig.json

check: lint test ## Format, lint, types and all tests

addon: $(READY) $(NODE_READY) ## What clasp would push, checked: make addon [ARGS="--host https://your.backend.example/"]
	@cd tests/addon && npx --no-install tsc --project tsconfig.json
	@$(BIN)/python -m tests.addon_push $(ARGS)

bench: $(READY) ## Measure: make bench ARGS=spine, entities, reports, faults, rotations, imports, packs or load
	@PYTHONPATH=functions:. $(BIN)/python -m bench $(ARGS)

live-check: $(READY) ## What keys of an Intuit sandbox company can settle (docs/live-checks.md)
	@PYTHONPATH=functions:. $(BIN)/python -m deploy.live_check

pin: ## Pin the images of cloudbuild.yaml by digest (asks their registries); ARGS=--check only tells
	@$(PYTHON) -m deploy.images $(ARGS)

pinned: ## Stops where an image of cloudbuild.yaml has no digest (asks nobody)
	@! grep -nE '^ *name: +[a-z0-9./-]+:[A-Za-z0-9_.-]+ *$$' $(BUILD_FILE) || \
	{ echo "These images are not pinned by digest: run make pin and commit $(BUILD_FILE)." >&2; exit 1; }

audit: $(READY) $(NODE_READY) ## Known weaknesses of what is locked (asks the advisory databases)
	@$(BIN)/python -m pip install -q uv==$(UV) >&2
	$(BIN)/uv tool run -q pip-audit==2.9.0 --strict --require-hashes --disable-pip -r requirements.txt
	cd tests/addon && npm audit

screens: $(READY) chromium ## A picture of every screen, under screens/
	@PYTHONPATH=functions:. $(BIN)/python -m tests.browser.screens $(ARGS)

lock: $(READY) ## Pin anew what requirements.in and those of functions/ name
	@$(BIN)/python -m pip install -q uv==$(UV) >&2
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements.txt functions/requirements.in -o functions/requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements.txt functions/requirements-managed.in -o functions/requirements-managed.txt

$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Counterfoil needs Python 3.11 or newer; name one with make PYTHON=python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV) (once; about a minute)" >&2
	@$(PYTHON) -m venv $(VENV) >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt >&2
	@touch $@

$(NODE_READY): tests/addon/package-lock.json
	@command -v npm >/dev/null || { echo "The add-on's checks need Node 20 or newer with npm." >&2; exit 1; }
	@cd tests/addon && npm ci --silent --no-audit --no-fund >&2
	@touch $@

chromium: $(READY)
	@command -v chromium-headless-shell >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && $(CHROMIUM_OF_DEBIAN); then :; \
	elif command -v chromium >/dev/null || { [ -x $(BIN)/playwright ] && $(BIN)/playwright install chromium >/dev/null 2>&1; }; then :; \
	else \
	  echo "The browser tests want Chromium: apt-get install chromium (they are skipped without it)" >&2; \
	fi

.PHONY: help setup demo sandbox catalog openapi addon test lint check bench pin pinned audit live-check screens lock chromium
.DEFAULT_GOAL := help
