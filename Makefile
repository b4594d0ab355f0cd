# Everything runs in .venv; nothing but Python 3.11+, pip and make is needed.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

# Two workers share the two cores: threads of the libraries beneath them would only wait for each other.
PYTEST := POLARS_MAX_THREADS=1 $(BIN)/pytest -q -n 2 --dist worksteal

.PHONY: demo test test-all check docs bench clean

demo: $(STAMP)
	$(BIN)/ossbss run fibre-cut

test: check
	$(PYTEST) -m "not slow"

test-all: check
	$(PYTEST)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(STAMP)
	$(BIN)/python -m sim.testbed.docs

bench: $(STAMP)
	$(BIN)/python -m tests.benchmarks

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test,fast,notebooks,bench]"
	touch $(STAMP)

clean:
	rm -rf .venv runs
