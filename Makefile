# Safe Passage: what can be done here. A bare `make` lists it.
SHELL := /bin/sh
BIN := .venv/bin
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help demo board test check proof bench docs lock clean setup

help:  ## list what can be done
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*## */\t/' | expand -t 12

demo:  ## set up, then plan the Aleppo case and write its report
	@scripts/setup.sh user
	@$(BIN)/safepassage demo

board:  ## open the operations room on a drill of the demo's plan
	@scripts/setup.sh user
	@test -f out/aleppo-2016/plan.json || $(BIN)/safepassage demo
	@$(BIN)/safepassage drill cases/aleppo-2016 out/aleppo-2016/plan.json -o out/aleppo-2016/drill-$$(date +%Y%m%d-%H%M%S)

test:  ## set up, then run every check and test (what CI runs)
	@scripts/setup.sh dev
	@$(MAKE) --no-print-directory check

setup:  ## set up for development without running anything
	@scripts/setup.sh dev

check:  ## the checks and tests, quickest first
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell README.md CHANGELOG.md CONTRIBUTING.md docs src tests benchmarks cases
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --durations 25

proof:  ## the full numbers of the issues: long, can be stopped and taken up again
	@scripts/setup.sh dev
	$(BIN)/python scripts/proof.py

bench:  ## measure beside peers, results to benchmarks/results.csv
	@scripts/setup.sh dev
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.txt
	$(BIN)/python scripts/bench.py

docs:  ## build the pages under docs/_build/html
	@scripts/setup.sh dev
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo docs/_build/html/index.html

lock:  ## resolve the lock files anew (hashes, no index address)
	@scripts/lock.sh

clean:  ## remove what was made here
	rm -rf .venv out docs/_build build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
