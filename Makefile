PYTHON ?= python3
BIN := .venv/bin

# Where it is set, every process that a test starts would compile csq anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test types runs fuzz bench clean

# What a newcomer sees first: an environment, csq in it, and the examples scored.
demo: .venv/csq
	$(BIN)/csq score examples --period 2025-07..2025-08

test: .venv/csq-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) -j2 types runs

# Types are checked on one core: beside the tests that is whatever core waits.
types: .venv/csq-test
	$(BIN)/mypy

runs: .venv/csq-test
	$(BIN)/pytest -n auto

# 20,000 small exports with slips in them: each is read or refused, and its books add up.
fuzz: .venv/csq-test
	$(BIN)/python tests/fuzz/mutants.py 20000

bench: .venv/csq-test
	$(BIN)/pip install --quiet -c .ci/constraints.txt '.[bench]'
	$(BIN)/python tests/benchmarks/run.py
	$(BIN)/python tests/benchmarks/read_workbook.py

.venv/csq: pyproject.toml .ci/constraints.txt $(shell find src templates metrics.yaml -type f)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c .ci/constraints.txt .
	touch $@

.venv/csq-test: pyproject.toml .ci/constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf .venv dist build
