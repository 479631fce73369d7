# Fairway. `make` alone lists what there is; every target sets up what it needs first.
# GNU make 4 and Python 3.11 or newer (with its venv module) are all that has to be there.

SHELL := /bin/sh
.SUFFIXES:
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
RUFF := $(VENV)/bin/ruff

# --- what can be set on the command line ---------------------------------------------------
PYTHON ?=
PORT ?= 8000
DATA ?= ./data
DAY ?= typical
SPEED ?= 60
FOR ?=
ONLY ?=
JOBS ?= 2
ARGS ?=
UPGRADE ?=

.PHONY: help setup demo serve test test-all check lint types web-check bench lock format clean

help: ## this list
	@printf 'Fairway: make TARGET [NAME=value ...]\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

# --- set-up --------------------------------------------------------------------------------
# The first Python that is new enough and can make a virtual environment. The newest are tried
# last: packages with compiled parts follow a new Python by some months.
define find_python
for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14 python; do \
  if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
    >/dev/null 2>&1; then break; fi; \
  python=; \
done; \
if [ -z "$$python" ]; then \
  echo 'Fairway needs Python 3.11 or newer with its venv module (Debian: python3-venv).' >&2; \
  echo 'Name one with: make setup PYTHON=/path/to/python3' >&2; \
  exit 1; \
fi
endef

# Half-made environments (an interrupted set-up, a Python since removed) are made anew.
$(VENV)/.locked: requirements/dev.txt
	@if ! $(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	  $(find_python); \
	  echo "setup: $$python makes $(VENV)"; \
	  "$$python" -m venv --clear $(VENV) || exit 1; \
	fi
	@echo 'setup: installing the locked packages (a minute or two the first time)'
	@$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@echo 'setup: installing Fairway itself, editable'
	@FAIRWAY_SKIP_WEB=1 $(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.installed ## make .venv, install the locked packages, build the web console
	@$(PY) api/web/hatch_build.py

# --- running -------------------------------------------------------------------------------
demo: setup ## a sample day on a simulated clock: PORT=8000 DATA=./data DAY=typical SPEED=60 FOR=
	@$(VENV)/bin/fairway demo --port $(PORT) --data $(DATA) --day $(DAY) --speed $(SPEED) \
	  $(if $(FOR),--for $(FOR))

serve: setup ## the service itself: PORT=8000 DATA=./data
	@$(VENV)/bin/fairway serve --port $(PORT) --data $(DATA)

# --- judging -------------------------------------------------------------------------------
# The console's own unit tests, then pytest twice: what drives a browser or kills processes has
# the machine to itself. All run even if one fails. Exit code 5 of pytest says that nothing was
# collected: ARGS may choose tests of one run only, but not of none. $(1) narrows what is run, $(2)
# are more words for pytest.
define run_tests
web=0; alone=0; rest=0; \
$(PY) api/web/hatch_build.py test || web=$$?; \
$(PY) -m pytest -m "(console or faults) and not bench $(1)" $(2) $(ARGS) || alone=$$?; \
$(PY) -m pytest -n $(JOBS) --dist loadfile -m "not console and not faults and not bench $(1)" \
  $(2) $(ARGS) || rest=$$?; \
[ $$alone -ne 5 ] || [ $$rest -eq 5 ] || alone=0; \
[ $$rest -ne 5 ] || [ $$alone -eq 5 ] || rest=0; \
[ $$web -eq 0 ] && [ $$alone -eq 0 ] && [ $$rest -eq 0 ]
endef

test: setup ## the tests, under ten minutes: JOBS=2 ARGS='-k tide'
	@$(call run_tests,and not slow)

test-all: setup ## the tests and the long fault and fuzz rounds, with cases drawn anew
	@$(call run_tests,,--hypothesis-profile=exploring)

lint: setup ## format, lint, layers
	@$(RUFF) format --check --quiet . || \
	  { echo 'check: "make format" puts these files in form:' >&2; $(RUFF) format --check .; exit 1; }
	@$(RUFF) check .
	@$(VENV)/bin/lint-imports --no-logo

types: setup ## types
	@$(VENV)/bin/basedpyright

web-check: setup ## types of the web console
	@$(PY) api/web/hatch_build.py check

check: lint types web-check test ## what CI runs: lint, types, web-check, test

bench: setup ## measurements, one JSON object a line: ONLY=group
	@$(PY) -m tests.bench $(if $(ONLY),--only $(ONLY))

# --- keeping -------------------------------------------------------------------------------
format: setup ## put the Python files in form
	@$(RUFF) format .
	@$(RUFF) check --fix --quiet . || true

# Pins stay where they are unless they no longer fit, or UPGRADE=1. Nothing of the machine, and
# no address of an index, may get into the files.
UV := $(PY) -m uv
COMPILE := $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 \
  --fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links \
  --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

lock: $(VENV)/.locked ## write requirements/*.txt from pyproject.toml: UPGRADE=1
	@$(UV) --version >/dev/null 2>&1 || $(PIP) install --quiet 'uv>=0.13'
	@$(COMPILE) -o requirements/run.txt
	@$(COMPILE) --extra dev -c requirements/run.txt -o requirements/dev.txt

clean: ## remove what was built and installed; DATA stays
	rm -rf $(VENV) build dist api/static api/web/node_modules .pytest_cache .ruff_cache .hypothesis \
	  .import_linter_cache .coverage htmlcov
	find dispatch scheduler agencies api tests -name __pycache__ -type d -exec rm -rf {} +
