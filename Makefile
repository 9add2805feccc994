# `make demo` and `make test` do all their own set-up; the second run skips what is done.
# Works with GNU make 3.81 (macOS) and later, as root and as an ordinary user.

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
LOCK := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
# An environment that was moved, or whose Python was upgraded away, is made again.
ENVIRONMENT_WORKS := $(shell (test "$$(cat $(VENV)/made)" = "$(CURDIR)" && $(BIN)/python -c 'print("yes")') 2>/dev/null)

.PHONY: help demo test explore lint style layers types migrations browser screens bench lock clean FORCE

help:
	@echo 'make demo     a shop with parcels on their way, on port 8000 (PORT=8001 for another)'
	@echo 'make test     everything CI runs'
	@echo 'make explore  the property tests on new examples, many more of them'
	@echo 'make lint     the part of it that does not run the code'
	@echo 'make screens  pictures of every page and state, in screens/'
	@echo 'make bench    the benchmarks'
	@echo 'make lock     pin the dependencies of pyproject.toml anew'
	@echo 'make clean    remove what the above made; keeps data/, a shop may be in it'

demo: $(VENV)/installed
	@$(BIN)/aftermile demo --port $(PORT)

# What checks the code loads the settings, and these make keys: not in the data folder of a shop.
test explore lint types migrations: export AFTERMILE_DATA_DIR = $(CURDIR)/$(VENV)/data
# Containers often forbid Python to keep what it compiled: each of the hundreds of programs started here would begin
# with a second of compiling.
test explore lint types migrations screens bench: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/installed-dev
	@$(MAKE) --no-print-directory -j 2 lint browser
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 20

explore: $(VENV)/installed-dev
	HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -n 2 --dist loadfile -m hypothesis

lint: types style layers migrations

style: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

layers: $(VENV)/installed-dev
	$(BIN)/lint-imports

types: $(VENV)/installed-dev
	$(BIN)/mypy

migrations: $(VENV)/installed-dev
	DJANGO_SETTINGS_MODULE=aftermile.project.settings $(BIN)/python -W ignore::RuntimeWarning \
	  -m django makemigrations --check --dry-run

# Without one the browser tests fail and say so.
browser:
	@if ! $(VENV)/bin/python -m tests.browser.chromium >/dev/null 2>&1 && [ "$$(id -u)" = 0 ] \
	    && command -v apt-get >/dev/null; then \
	  echo 'Installing Chromium, with letters for every language ...'; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    chromium fonts-noto-core fonts-noto-cjk >/dev/null; \
	fi

screens: $(VENV)/installed-dev browser
	$(BIN)/python -m tests.browser.screens

bench: $(VENV)/installed-dev
	$(BIN)/python -m bench

# The second is bound to the first, so that both environments hold the same versions.
lock: $(VENV)/made
	@command -v uv >/dev/null || test -x $(BIN)/uv || $(PIP) install uv
	PATH="$(CURDIR)/$(BIN):$$PATH" uv $(LOCK) pyproject.toml --extra build --extra parquet --extra dev -o requirements-dev.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" uv $(LOCK) pyproject.toml --extra build --extra parquet -c requirements-dev.lock \
	  -o requirements.lock

clean:
	rm -rf $(VENV) .demo build src/*.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis \
	  .schemathesis bench/results

$(VENV)/made: $(if $(ENVIRONMENT_WORKS),,FORCE)
	@found=''; \
	for each in $(PYTHON) python3.14 python3.13 python3.12 python3.11; do \
	  if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    found="$$each"; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'Aftermile needs Python 3.11 or newer, and none was found.'; \
	  echo 'Install it (Debian: apt-get install python3 python3-venv; macOS: brew install python),'; \
	  echo 'or name it: make demo PYTHON=/path/to/python3'; \
	  exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  package="$$("$$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing $$package, which Debian keeps apart from Python ..."; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$$package" >/dev/null; \
	  else \
	    echo "Python's module venv is missing. On Debian: sudo apt-get install $$package"; \
	    exit 1; \
	  fi; \
	fi; \
	echo "Making an environment in $(VENV) with $$("$$found" --version) ..."; \
	rm -f $(VENV)/installed $(VENV)/installed-dev; \
	"$$found" -m venv --clear $(VENV)
	@echo "$(CURDIR)" > $@

$(VENV)/installed: $(VENV)/made requirements.lock pyproject.toml
	@echo 'Installing the locked dependencies ...'
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/made requirements-dev.lock pyproject.toml
	@echo 'Installing the locked dependencies, with those of development ...'
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
