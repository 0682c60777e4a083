# The front door. Every target makes .venv by itself; nothing else is installed.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/ready
TOOL := $(BIN)/mutmut-dashboard
SCRIPTS_READY := dashboard/node_modules/.package-lock.json
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help mutate test coverage dashboard triage check bench bench-page bench-analytics lint format lock clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nARGS="..." reaches the program behind a target, e.g. make mutate ARGS="--target byok_handler"\n'

##@ Find the holes
mutate: $(READY) ## Run the property suites under mutmut, render the dashboard, print where it lies
	@$(TOOL) run $(ARGS)

dashboard: $(READY) ## Render the dashboard again from the last run
	@$(TOOL) report $(ARGS)

triage: $(READY) ## Open the dashboard and save what you decide there; Ctrl-C ends it
	@$(TOOL) triage $(ARGS)

coverage: $(READY) ## Measure lines and branches by both suites, hold them against the floors
	@$(TOOL) coverage $(ARGS)

check: $(READY) ## Hold the last run and the decisions against floors and ceilings
	@$(TOOL) check $(ARGS)

##@ Work on this project
test: $(READY) ## Run the whole test suite
	@$(BIN)/pytest $(ARGS)

bench-page: $(READY) ## Render a run of 100,000 mutants and hold its page against the limits
	@$(BIN)/python dashboard/bench/page_size.py $(ARGS)

lint: $(READY) $(SCRIPTS_READY) ## Check style (ruff) and types (mypy, strict; the page's scripts by tsc)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@dashboard/node_modules/.bin/tsc --project dashboard/tsconfig.json

format: $(READY) ## Put the code into shape
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: $(READY) ## Compare with plain mutmut on the same stage (takes minutes)
	@$(BIN)/python dashboard/bench/against_mutmut.py $(ARGS)

bench-analytics: $(READY) ## Time the analytics store beside raw SQL on 100,000 executions
	@PYTHONPATH=backend $(BIN)/python backend/bench/analytics.py $(ARGS)

lock: $(READY) ## Resolve requirements.lock again (needs uv)
	@uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--quiet --upgrade --output-file requirements.lock

clean: ## Remove the environment and everything generated
	rm -rf .venv .mutation dashboard/site dashboard/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Only for checking the page's scripts; the page itself is made without node.
$(SCRIPTS_READY): dashboard/package-lock.json dashboard/package.json
	@command -v npm >/dev/null 2>&1 || { echo "make: npm is not on the PATH. Install Node.js 20 or newer with npm, e.g. Debian's packages nodejs and npm." >&2; exit 1; }
	@cd dashboard && npm ci --silent
	@touch $(SCRIPTS_READY)

# The lock is complete, so nothing is resolved: pip would look for `coverage[toml]` beyond the pin and end.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer found. Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up .venv (once)"
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python "$(PYTHON)" .venv && \
		uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes --no-deps -r requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . ; \
	else \
		"$(PYTHON)" -m venv .venv && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ; \
	fi
	@touch $(READY)
