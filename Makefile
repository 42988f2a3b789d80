# The two commands of a newcomer are `make demo` and `make test`; each does its own set-up (setup/).
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
.NOTPARALLEL:

PYTHON ?= python3
export PYTHON
# a user's own pip or Python settings must not leak into .venv
export PIP_USER := 0
unexport PYTHONPATH PYTHONHOME

BIN := .venv/bin

.PHONY: help
help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: run-ready  ## from a fall to an acknowledged alert, on this machine; options of `sekur demo` in ARGS="..."
	$(BIN)/sekur demo $(ARGS)

.PHONY: test
test: test-ready lint generated  ## lint, types, import contracts and every test
	$(BIN)/pytest $(ARGS)

.PHONY: check
check: develop-ready lint generated  ## lint, types, import contracts and the fast tests, in under two minutes
	$(BIN)/pytest -m 'not services' $(ARGS)

.PHONY: bench
bench: develop-ready  ## measure us against our references; a benchmark's name in ARGS="..."
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: clean
clean:  ## remove .venv and everything that was built or cached
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: lint
lint: develop-ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Each line exits 1 when what it generates is not what is committed.
.PHONY: generated
generated: develop-ready
	$(BIN)/python tools/generate_sync.py --check

.PHONY: run-ready develop-ready test-ready
run-ready:
	@setup/debian-packages demo
	@setup/venv run

develop-ready:
	@setup/debian-packages demo
	@setup/venv develop

test-ready:
	@setup/debian-packages test
	@setup/venv develop
