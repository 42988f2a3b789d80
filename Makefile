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
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: run-ready  ## from a fall to an acknowledged alert, on this machine; options of `sekur demo` in ARGS="..."
	$(BIN)/sekur demo $(ARGS)

.PHONY: test
test: test-ready lint generated  ## lint, types, import contracts and every test
	@# 5: there are none of these among what ARGS names
	$(BIN)/pytest -n auto -m 'not services' $(ARGS) || test $$? -eq 5
	$(BIN)/pytest -m services $(ARGS) || test $$? -eq 5
	@$(MAKE) test-httpx2 ARGS=

.PHONY: test-httpx2
test-httpx2: develop-ready  ## the fast tests of client and command on httpx2, the maintained fork of httpx
	@setup/venv-httpx2
	PYTHONPATH=tests/as_httpx2 .venv-httpx2/bin/pytest -m 'not services' tests/client tests/cli tests/behaviour $(ARGS)

.PHONY: check
check: develop-ready lint generated  ## lint, types, import contracts and the fast tests, in under two minutes
	$(BIN)/pytest -n auto -m 'not services' $(ARGS)

.PHONY: bench
bench: develop-ready  ## measure us against our references; a benchmark's name in ARGS="..."
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: soak
soak: test-ready  ## the long proofs, as root, under an hour; docs/soak.md is their report. SOAK_SCALE=0.1 for a short run
	$(BIN)/python tests/soak/run.py --report docs/soak.md $(ARGS)

.PHONY: clean
clean:  ## remove .venv and everything that was built or cached
	rm -rf .venv .venv-httpx2 .venv-peers build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: lint
lint: develop-ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@# it looks into the first Python of PATH, whatever else it is told
	PATH="$$PWD/$(BIN):$$PATH" $(BIN)/basedpyright --verifytypes sekur_sdk --ignoreexternal

# Each line exits 1 when what it generates is not what is committed.
.PHONY: generated
generated: develop-ready
	$(BIN)/python tools/generate_sync.py --check
	$(BIN)/python tools/generate_openapi.py --check
	$(BIN)/python tools/generate_services.py --check

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
