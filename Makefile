# Each target does all of its own set-up in .venv; `make demo` and `make test` work first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2
SOAK_SECONDS ?= 60
FUZZ ?= 50
SCHEMATHESIS ?= 30

.PHONY: help setup node demo test soak embargo updates faults conformance fuzz hostile levels chaos check lint types imports bench lock clean

help:  ## Show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

setup: $(READY)  ## Make .venv with the exact versions of constraints.txt

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Corridor needs Python 3.11 or newer; say which with: make PYTHON=python3.12 setup")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,lint,maintain,postgresql]'
	touch $(READY)

# Where npm is missing, the tests of this client are left out, and say so.
node:  ## Install the packages of the client under Node.js that tests/interop asks a node with
	cd tests/interop/node && npm ci --no-progress

demo: $(READY)  ## Run eight nodes and an observatory on real figures
	$(BIN)/corridor demo

# One seed of hashes, so that all workers name their tests alike.
test: $(READY)  ## Run the tests
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -n $(WORKERS) -q

soak: $(READY)  ## Four workers under load while releases come, for a minute or SOAK_SECONDS
	CORRIDOR_SOAK_SECONDS=$(SOAK_SECONDS) $(BIN)/python -m pytest tests/soak -s

embargo: $(READY)  ## Ask two nodes, one of which holds figures back, 2,000 times the same
	CORRIDOR_EMBARGO_REQUESTS=2000 $(BIN)/python -m pytest tests/rest/test_embargo.py -q

updates: $(READY)  ## Publish 500 releases while a reader polls for what changed
	CORRIDOR_UPDATES=500 $(BIN)/python -m pytest tests/rest/test_no_lost_update.py -q

faults: $(READY)  ## Kill commands at every place; let twenty of each kind of operation fail
	FAULTS_PLACES=all FAULTS_EACH=20 $(BIN)/python -m pytest tests/faults -n $(WORKERS) -q

conformance: $(READY)  ## Ask for every type in every form; 10,000 generated requests; SCHEMATHESIS=30 examples an operation
	CONFORMANCE=all SCHEMATHESIS=$(SCHEMATHESIS) $(BIN)/python -m pytest tests/conformance tests/tck -n $(WORKERS) -q

fuzz: $(READY)  ## Draw many more examples for readers and writers (FUZZ=50)
	FUZZ=$(FUZZ) $(BIN)/python -m pytest -n $(WORKERS) -q tests/formats

hostile: $(READY)  ## Every hostile file through check, publish and a harvested partner
	HOSTILE=all $(BIN)/python -m pytest tests/hostile -n $(WORKERS) -q -s

levels: $(READY)  ## Kill every process between countries, observatories and hub; change every byte of a bundle
	LEVELS=all EXCHANGE_STEP=1 $(BIN)/python -m pytest tests/federation/levels tests/federation/exchange -n $(WORKERS) -q

chaos: $(READY)  ## All faults of the chaos partner at all stages, with two seeds
	CHAOS=all $(BIN)/python -m pytest tests/federation/chaos -q -s

lint: $(READY)  ## Ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## Mypy, strict
	$(BIN)/mypy

imports: $(READY)  ## The import contracts
	$(BIN)/lint-imports

check: lint types imports test  ## Everything a change must pass

bench: $(READY)  ## Print measured ratios, one JSON line each
	$(BIN)/python -m benchmarks

lock: $(READY)  ## Write the versions in .venv to constraints.txt
	$(BIN)/python scripts/lock.py > constraints.new && mv constraints.new constraints.txt

clean:  ## Remove what the targets made
	rm -rf $(VENV) tests/interop/node/node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
