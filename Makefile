# Every target does all its own set-up: python3 >= 3.11 and make are enough.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV := $(or $(shell command -v uv 2>/dev/null),$(CURDIR)/$(BIN)/uv)
SAM := $(UV) tool run --from aws-sam-cli==1.170.0 sam
export PYTHONPATH := $(CURDIR):$(CURDIR)/layers/shared
export AWS_DEFAULT_REGION ?= us-east-1
export SAM_CLI_TELEMETRY := 0

.PHONY: help demo test check bench build deploy clean

help: ## what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: .venv/ready ## watch the whole product work on a real retailer's year
	@$(BIN)/regulars demo $(ARGS)

test: .venv/ready ## every test
	@$(BIN)/python -m pytest -q --numprocesses 2 --dist loadfile $(ARGS)

check: .venv/ready layers/deps/requirements.txt ## lint, format, types, the dependency rule, the template
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cfn-lint template.yaml

bench: .venv/ready ## what it is measured by: ratios, each taken in one run
	@$(BIN)/python -m bench $(ARGS)

build: .venv/ready layers/deps/requirements.txt ## validate the template and build what goes to AWS (needs python3.13)
	$(SAM) validate --lint
	$(SAM) build

deploy: build ## build, then deploy to AWS with the credentials of your shell: asks for what it needs, and before it changes anything
	$(SAM) deploy --guided $(ARGS)

clean: ## remove everything that was made here
	rm -rf .venv .aws-sam .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || if command -v uv >/dev/null; then uv venv --quiet --python "$$(command -v $(PYTHON))" .venv; else $(PYTHON) -m venv .venv; fi
	@test -x $(UV) || $(BIN)/python -m pip install --quiet uv
	@$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# What the Lambda layer holds: the runtime dependencies, at the versions of the lock.
layers/deps/requirements.txt: requirements.lock pyproject.toml | .venv/ready
	@$(UV) pip compile --quiet --no-header --no-annotate --generate-hashes --python-version 3.13 --python-platform aarch64-manylinux_2_28 --constraint requirements.lock --group runtime -o $@
