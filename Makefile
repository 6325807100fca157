# try   show the bot at work on this machine: no account, no key
# test  set everything up and pass the tests
# lint  format, lint and types, as CI checks them
# sample PersonaBench on the dataset that ships, and its page
# bench speed and scale

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: try test lint sample bench mutants format catalogues pictures lock clean

try: $(VENV)/try.installed
	$(BIN)/rapport try

test: $(VENV)/dev.installed
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(VENV)/dev.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

sample: $(VENV)/bench.installed
	$(BIN)/rapport bench run --sample --out personabench
	$(BIN)/rapport bench report personabench

bench: $(VENV)/dev.installed
	$(BIN)/python -m tests.benchmarks

# Only maintainers need this, and minutes: it lists the faults in the gate that its tests would miss.
mutants: $(VENV)/mutants.installed
	rm -rf mutants
	$(BIN)/mutmut run
	$(BIN)/mutmut results

format: $(VENV)/dev.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# After texts changed: what is new comes into every catalogue, what is gone leaves them.
catalogues: $(VENV)/dev.installed
	$(BIN)/python -m tests.catalogues

# After pages changed; it needs a Chromium.
pictures: $(VENV)/dev.installed
	$(BIN)/python -m tests.pictures
	$(BIN)/python -m tests.benchmark_picture

# Only maintainers need this: it writes versions and hashes anew.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --no-annotate $(UPGRADE) \
	pyproject.toml requirements/build.in

lock: $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) --output-file requirements/run.txt
	$(COMPILE) --constraint requirements/run.txt --extra postgres --output-file requirements/postgres.txt
	$(COMPILE) --constraint requirements/postgres.txt --extra postgres --extra retrieval \
		--output-file requirements/full.txt
	$(COMPILE) --constraint requirements/run.txt --extra try --output-file requirements/try.txt
	$(COMPILE) --constraint requirements/full.txt --extra bench --output-file requirements/bench.txt
	$(COMPILE) --constraint requirements/try.txt --constraint requirements/full.txt \
		--constraint requirements/bench.txt --extra try --extra dev \
		--output-file requirements/dev.txt
	$(COMPILE) --constraint requirements/dev.txt --extra mutants --output-file requirements/mutants.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 13) or sys.exit("Rapport needs Python 3.11 to 3.13. Name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/try.installed: $(VENV)/bin/python requirements/try.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/try.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/bench.installed: $(VENV)/try.installed requirements/bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

$(VENV)/dev.installed: $(VENV)/try.installed requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

$(VENV)/mutants.installed: $(VENV)/dev.installed requirements/mutants.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/mutants.txt
	touch $@

clean:
	rm -rf $(VENV) build mutants *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
