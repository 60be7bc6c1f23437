# Every target does all its own set-up: python3 >= 3.11 and make are enough.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV := $(or $(shell command -v uv 2>/dev/null),$(CURDIR)/$(BIN)/uv)
SAM := $(UV) tool run --from aws-sam-cli==1.170.0 sam
# checkov's checks that template.yaml skips as a whole, with its reasons, under Metadata.
SKIPPED = $(shell sed -n '/^Metadata:/,/^\# ==/s/.*id: \(CKV[A-Z_0-9]*\).*/\1/p' template.yaml | paste -sd, -)
LAYERS := layers/deps/requirements.txt layers/firebase/requirements.txt layers/feeds/requirements.txt
# The clients that tests/clients drives. Where npm is absent or fails, those in JavaScript are skipped.
CLIENTS := .venv/clients/ready $(if $(shell command -v npm 2>/dev/null),tests/clients/node_modules/ready)
export PYTHONPATH := $(CURDIR):$(CURDIR)/layers/shared
export AWS_DEFAULT_REGION ?= us-east-1
export SAM_CLI_TELEMETRY := 0
# Hundreds of processes start in the tests: where a shell forbids Python to keep what it compiled, each would compile it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check bench build deploy clean

help: ## what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: .venv/ready ## watch the whole product work on a real retailer's year
	@$(BIN)/regulars demo $(ARGS)

# Two processes more than the two cores that it is measured on: many tests wait for a client, a fault's end or a process of their own.
test: .venv/ready $(CLIENTS) ## every test
	@$(BIN)/python -m pytest -q --numprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/ready .venv/checkov/ready $(LAYERS) ## lint, format, types, the dependency rule, the template
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cfn-lint template.yaml
	CKV_SKIP_PACKAGE_UPDATE_CHECK=true .venv/checkov/bin/checkov --file template.yaml --framework cloudformation --skip-download --skip-check $(SKIPPED) --compact --quiet

bench: .venv/ready ## what it is measured by: ratios, each taken in one run
	@$(BIN)/python -m bench $(ARGS)

build: .venv/ready $(LAYERS) ## validate the template and build what goes to AWS (needs python3.13)
	$(SAM) validate --lint
	$(SAM) build

deploy: build ## build, then deploy to AWS with the credentials of your shell: asks for what it needs, and before it changes anything
	$(SAM) deploy --guided $(ARGS)

clean: ## remove everything that was made here
	rm -rf .venv tests/clients/node_modules .aws-sam .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || if command -v uv >/dev/null; then uv venv --quiet --python "$$(command -v $(PYTHON))" .venv; else $(PYTHON) -m venv .venv; fi
	@test -x $(UV) || $(BIN)/python -m pip install --quiet uv
	@test -x $(BIN)/uv || $(UV) pip install --quiet --python $(BIN)/python uv  # the next shell may have none in its PATH
	@$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# An environment of its own: checkov pins old versions of what the product uses (docs/decisions/0015-deploys.md).
.venv/checkov/ready: checkov.lock | .venv/ready
	@test -x .venv/checkov/bin/python || $(UV) venv --quiet --python $(BIN)/python .venv/checkov
	@$(UV) pip install --quiet --python .venv/checkov/bin/python --require-hashes -r checkov.lock
	@touch $@

# One version of Segment's library is in .venv, an older one in a folder of its own.
.venv/clients/ready: tests/clients/segment-python-2.3.4.lock | .venv/ready
	@$(UV) pip install --quiet --python $(BIN)/python --target .venv/clients/segment-python-2.3.4 --require-hashes -r $<
	@touch $@

tests/clients/node_modules/ready: tests/clients/package.json tests/clients/package-lock.json
	-@cd tests/clients && npm ci --ignore-scripts --silent && touch node_modules/ready

# What the Lambda layers hold: a group of the dependencies each, at the versions of the lock.
layers/deps/requirements.txt: GROUP := runtime
layers/firebase/requirements.txt: GROUP := firebase
layers/feeds/requirements.txt: GROUP := feeds
$(LAYERS): requirements.lock pyproject.toml | .venv/ready
	@$(UV) pip compile --quiet --no-header --no-annotate --generate-hashes --python-version 3.13 --python-platform aarch64-manylinux_2_28 --constraint requirements.lock --group $(GROUP) -o $@
