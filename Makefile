# Every target is thin over the plain commands that it prints; README.md shows them.
# Needs git, make and Python 3.11, 3.12 or 3.13, nothing else.

# The runs of pytest take both processors each, one after the other; steps of lint run side by side.
ifndef SIDE_BY_SIDE
.NOTPARALLEL:
endif
.DEFAULT_GOAL := help

# The first interpreter that is new enough. A name on PATH may be a shim without an interpreter behind it, so each is run.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python; do \
	$$p -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 \
	&& echo $$p && break; done)
BIN := .venv/bin
WORKERS ?= 2
COVER := --cov --cov-report= --cov-fail-under=0
# Each worker begins with half of the tests in their order, so that what a file makes is made once, and then helps
# the other.
PARALLEL := -n $(WORKERS) --dist worksteal
# Run a second time as plain Python: policies, the engine, and sums, solvers and functions.
PLAIN := tests/policy tests/engine tests/numerics
# What `make fast` runs, as plain Python; another part with `make fast FAST=tests/charts`.
FAST := tests/documents tests/engine tests/law/test_cases.py tests/measures tests/policy \
	tests/population/core tests/population/survey tests/test_project.py tests/test_staging.py

# Without .pyc files every start of the programme pays for compiling the libraries it imports.
unexport PYTHONDONTWRITEBYTECODE
# uv would install into another environment that happens to be active.
unexport VIRTUAL_ENV UV_PROJECT_ENVIRONMENT
# Offices have certificates of their own, which the system knows and uv would not look for.
export UV_SYSTEM_CERTS := 1
# Threads that wait for work must not spin: tests run in parallel.
export OMP_WAIT_POLICY := passive

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 20

# --- the environment

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed, and none is on PATH" >&2; exit 1; }
	$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's venv module is missing (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }

# uv installs exactly what uv.lock names; where it cannot be had, pip installs what pyproject.toml allows.
# $(1) options for uv, $(2) extras for pip
install = { $(BIN)/python -m pip install --quiet --disable-pip-version-check uv \
	&& $(BIN)/python -m uv sync --frozen --inexact --python $(BIN)/python $(1); } \
	|| $(BIN)/python -m pip install --disable-pip-version-check -e ".$(2)"

.venv/.installed: pyproject.toml uv.lock | $(BIN)/python
	$(call install)
	@touch $@

.venv/.installed-dev: pyproject.toml uv.lock | $(BIN)/python
	$(call install,--extra dask --extra dev,[dask$(comma)dev])
	@touch $@ .venv/.installed

comma := ,

# --- what users make

demo: .venv/.installed ## install, run the main job, and say where its results are
	$(BIN)/microsim run scenarios/h-county-2020.yaml

# Types and layers are checked beside the tests, which wait for each other's kernels now and then.
test: lint-rules lint-format ## what a change has to pass: form, types, and every test that is not slow
	@$(MAKE) --no-print-directory --jobs=3 SIDE_BY_SIDE=yes lint-types lint-layers test-quick

ci: lint-and-docs test-plain test-compiled coverage ## everything that CI runs: slow tests too, and coverage

check-all: .venv/.installed-dev ## `make ci`, and what is longer or needs other programs; writes docs/check-all.md
	$(BIN)/python tools/check_all.py

# -E: every page is read again, since one may link to what changed elsewhere. -n, -W: a link that leads nowhere, a
# docstring that cannot be read and any other warning fails. NOTEBOOKS=cache executes the notebooks that changed.
NOTEBOOKS ?= off
docs: .venv/.installed-dev ## the pages as a site that needs no network: build/docs/index.html
	$(BIN)/python -m sphinx -b html -c docs/site -d build/doctrees -j auto -q -E -n -W --keep-going \
		-D nb_execution_mode=$(NOTEBOOKS) . build/docs
	@echo "the site is in build/docs/index.html; links that lead outside are in build/docs/outside-links.txt, unchecked"

bench: .venv/.installed-dev ## speed against limits and against other engines
	$(BIN)/python -m benchmarks.run

format: .venv/.installed-dev ## put the code in its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fast: .venv/.installed-dev ## what is quick to run again while at work: under a minute, nothing compiled
	$(BIN)/ruff check --quiet .
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q $(PARALLEL) \
		-m "not long and not compiled and not slow" $(FAST)

lint: .venv/.installed-dev ## form, types and layers
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target SIDE_BY_SIDE=yes \
		lint-types lint-layers lint-rules lint-format

lint-and-docs: .venv/.installed-dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target SIDE_BY_SIDE=yes \
		docs lint-types lint-layers lint-rules lint-format

# --- the steps of `make test` and `make ci`; each is a target of its own, so that CI can run all and then say what failed

lint-rules: .venv/.installed-dev
	$(BIN)/ruff check .

lint-format: .venv/.installed-dev
	$(BIN)/ruff format --check .

lint-types: .venv/.installed-dev
	$(BIN)/mypy

lint-layers: .venv/.installed-dev
	$(BIN)/lint-imports

# Not measured: where coverage looks, Python takes half as long again.
test-quick: .venv/.installed-dev
	$(BIN)/python -m pytest $(PARALLEL) -m "not long and not slow" --durations=25 tests microsim

# Coverage cannot see into compiled code, nor into the compiler at work: both are measured as plain Python.
test-plain: .venv/.installed-dev
	rm -f .coverage .coverage.*
	NUMBA_DISABLE_JIT=1 COVERAGE_FILE=.coverage.plain \
		$(BIN)/python -m pytest $(PARALLEL) -m "not long and not compiled" --durations=15 $(COVER) $(PLAIN)

test-compiled: .venv/.installed-dev
	COVERAGE_FILE=.coverage.compiled \
		$(BIN)/python -m pytest $(PARALLEL) -m "not long" --durations=25 $(COVER) tests microsim

coverage: .venv/.installed-dev
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-long: .venv/.installed-dev
	HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest -m long tests

clean: ## remove the environment, caches and results
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* \
		dist build results

.PHONY: help demo fast test ci check-all docs bench format lint lint-and-docs lint-rules lint-format lint-types lint-layers \
	test-quick test-plain test-compiled test-long coverage clean
