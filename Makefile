# Two commands do everything on a fresh machine with Python 3.11 or newer: make start, make test.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: start setup test test-setup lint bench lighthouse gallery fonts translations faults release-check

start: setup            ## environment, database, keys, bundled courses, server
	@$(BIN)/university serve --port $(PORT)

setup: .venv/.ready     ## the environment alone

test: test-setup        ## everything, on real engines: SQLite, PostgreSQL, SMTP, Chromium
	$(BIN)/pytest -n 2 --dist worksteal

lint: test-setup        ## format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: test-setup       ## timings, printed, never asserted, beside other makers of PDF
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/benchmarks/requirements.txt
	$(BIN)/python -m tests.benchmarks

lighthouse: test-setup  ## Lighthouse on the pages people come to first, on a phone and at a desk (needs npm)
	@npm ci --prefix tests/lighthouse --ignore-scripts --no-audit --no-fund --loglevel=error
	$(BIN)/python -m tests.lighthouse

gallery: test-setup     ## pictures of every page, standing and mail in build/gallery, and those of the README anew
	$(BIN)/python -m tests.gallery

fonts: test-setup       ## the fonts of the pages, cut anew from the published ones (needs npm)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/benchmarks/requirements.txt
	$(BIN)/python -m tests.fonts

faults: test-setup      ## kill it, fill its disk, put its clock wrong, restore it …: every fault at full length, in ten minutes
	timeout 600 $(BIN)/pytest -n 2 --dist worksteal --faults=full \
		tests/faults tests/claims/test_confirming.py tests/jobs/test_worker.py tests/backups

release-check: test-setup ## known faults, bill of materials, locked installation, interpreter
	$(BIN)/python -m tests.release

test-setup: .venv/.ready-for-tests

.venv/.ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@echo "Making the environment in .venv (about a minute the first time) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/.ready-for-tests: .venv/.ready tests/requirements.txt tests/tools.sh tests/credential_verifiers/package-lock.json
	@echo "Adding what the tests need ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@sh tests/tools.sh
	@touch $@

translations: setup     ## brings translations/*.po up to date with the strings in the code
	$(BIN)/pybabel -q extract -F pyproject.toml -k marked -k N_ --no-location --sort-output --omit-header \
		--project=university -o .venv/messages.pot university certificates
	$(BIN)/pybabel -q update -D messages -i .venv/messages.pot -d university/translations \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --omit-header
