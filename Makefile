VENV := .venv
PYTHON ?= python3
DONE := $(VENV)/.done

.PHONY: corpus test lint bench clean

corpus: $(DONE)  ## install, then build corpus/ and aligned/ from seeds/
	$(VENV)/bin/samestory build seeds --corpus corpus --aligned aligned --fresh

test: $(DONE)  ## install, then check style, types and behaviour
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/pytest

lint: $(DONE)  ## mend what ruff can mend, show the rest
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(DONE)  ## measure speed and alignment; the figures in docs/BENCHMARKS.md come from here
	# an aligner to compare with, for which a C compiler is needed; where it cannot be built the tables say so
	-$(VENV)/bin/pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(VENV)/bin/python scripts/bench.py
	$(VENV)/bin/python scripts/bench_translation.py
	$(VENV)/bin/python scripts/bench_alignment.py

clean:  ## remove what was installed; corpus/ and aligned/ stay
	rm -rf $(VENV) build src/*.egg-info .mypy_cache .pytest_cache .ruff_cache

$(DONE): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	# torch first and alone, by its exact version: what follows then asks for no other build of it
	$(VENV)/bin/pip install --quiet --constraint constraints.txt torch
	$(VENV)/bin/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@
