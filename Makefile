# Everything here sets itself up: a fresh clone needs only Python 3.11 (or newer) and make.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
WORKERS ?= 3

.PHONY: run test quick bench check format messages lock clean browser services

run: .venv/.ready instance/secret-key
	@LMS_SECRET_KEY="$$(cat instance/secret-key)" LMS_BASE_URL="http://127.0.0.1:$(PORT)" sh -c '$(BIN)/lms demo && exec $(BIN)/lms serve --port $(PORT)'

# What was compiled once is kept for the other workers and the second engine, whatever the shell says.
test: export PYTHONDONTWRITEBYTECODE :=
test: .venv/.ready-dev browser services
	$(BIN)/pytest -n $(WORKERS) --dist worksteal
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --database postgresql

# The tests that need neither a browser nor PostgreSQL nor patience.
quick: export PYTHONDONTWRITEBYTECODE :=
quick: .venv/.ready-dev
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not browser and not slow"

# Each figure of the site beside the limit of this machine; make bench BENCH=--quick is a first look.
bench: .venv/.ready-dev
	$(BIN)/python -m bench $(BENCH)

check: .venv/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry . --extend-exclude bench
	$(BIN)/deptry tests bench --exclude .venv --ignore DEP002,DEP004
	$(BIN)/djlint lms --lint --quiet
	$(BIN)/python tests/browser_list.py
	$(BIN)/python tests/messages.py --check

format: .venv/.ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Collect the texts of the source; then translate what is new in lms/translations/id, and run it again.
messages: .venv/.ready-dev
	$(BIN)/python tests/messages.py

# Renew the pinned versions, for each Python from 3.11 on; uv writes no index address into the files.
lock: .venv/.ready-dev
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra postgres --extra redis --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

instance/secret-key:
	@$(PYTHON) -c "import config, pathlib; config.development_secret(pathlib.Path('instance'))"

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 or newer is needed: make run PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.ready-dev: requirements-dev.lock .venv/.ready
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# A real Chromium, and a library that the browser driver needs, by the system's package manager where they are missing.
# Its headless shell takes about a third less computing, being without the window around the pages. Of the version that goes
# with a Chromium that is there, nothing else changes; where the system has none, the whole browser does it too.
HAS_SHELL = command -v chromium-headless-shell >/dev/null && $(BIN)/playwright --version >/dev/null 2>&1
HAS_BROWSER = { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null && $(BIN)/playwright --version >/dev/null 2>&1
GET = DEBIAN_FRONTEND=noninteractive apt-get install -y -q >/dev/null 2>&1
INSTALL_SHELL = apt-get update -q >/dev/null 2>&1; $(GET) libatomic1 fonts-liberation chromium-headless-shell$$(dpkg-query -W -f "=\$${Version}" chromium-common 2>/dev/null)
INSTALL = apt-get update -q >/dev/null && $(GET) chromium libatomic1

browser: .venv/.ready-dev
	@{ $(HAS_SHELL); } \
	|| { [ "$$(id -u)" = 0 ] && { $(INSTALL_SHELL); } && $(HAS_SHELL); } \
	|| { $(HAS_BROWSER); } \
	|| { [ "$$(id -u)" = 0 ] && { $(INSTALL); } && $(HAS_BROWSER); } \
	|| { sudo -n true 2>/dev/null && sudo -n sh -c '{ $(INSTALL_SHELL); } || { $(INSTALL); }' && $(HAS_BROWSER); } \
	|| { echo "The browser tests need Chromium. Install it with: sudo apt-get install chromium libatomic1"; exit 1; }

# A real Redis for the test of two servers; where it cannot be installed, that test says so and is skipped.
INSTALL_REDIS = apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q redis-server >/dev/null

services:
	@command -v redis-server >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && { $(INSTALL_REDIS); } } \
	|| { sudo -n true 2>/dev/null && sudo -n sh -c '$(INSTALL_REDIS)'; } \
	|| echo "Without Redis the test of two servers is skipped. Install it with: sudo apt-get install redis-server"

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache
