# The two commands of a newcomer are `make build` and `make ui`; everything they need is installed into .venv by themselves.
# Needs only make and one of Python 3.11, 3.12 or 3.13.
PYTHON_FOUND = $(shell for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; done)
BIN = .venv/bin
export PYTHONUTF8 = 1

.PHONY: help install build live test test-nightly ui check lock clean
help:
	@echo "make build         install into .venv, then make the two sample releases in data/releases/"
	@echo "make live          ask the real sources and build a release of what they answer in data/live/"
	@echo "make ui            the Dagster UI on http://127.0.0.1:3000"
	@echo "make test          lint, types and tests"
	@echo "make test-nightly  the slow tests too"
	@echo "make lock          renew requirements.lock (the one target that resolves versions)"
	@echo "make clean         remove what 'make build' made (payloads, lake, releases, Dagster home)"

# Rebuilt only when the lock or the package's own metadata changes.
.venv/installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON_FOUND)" || { echo "No Python 3.11, 3.12 or 3.13 with venv found. Install one, or name it: make build PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Installing into .venv with $(PYTHON_FOUND) (about a minute, once)"
	@rm -rf .venv && $(PYTHON_FOUND) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

install: .venv/installed

build: .venv/installed
	@$(BIN)/almanac build

live: .venv/installed
	@$(BIN)/almanac live

ui: .venv/installed
	@$(BIN)/almanac ui

check: .venv/installed
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

test: check
	$(BIN)/python -m pytest -m "not slow"

test-nightly: check
	$(BIN)/python -m pytest

lock:
	@python3 -m venv .lock-venv && .lock-venv/bin/pip install --quiet uv
	.lock-venv/bin/uv pip compile --upgrade --universal --fork-strategy fewest --python-version 3.11 --no-header --no-emit-index-url \
		--no-annotate --generate-hashes --only-binary :all: --quiet requirements.in -o requirements.lock
	@rm -rf .lock-venv

clean:
	rm -rf data/raw data/lake data/releases .dagster
