# make run     the example home: simulated devices, example rules
# make test    everything that is checked: style, types, structure, tests
# make check   style, types and structure alone
# make peers   programs of others against a running home: AppDaemon, Node-RED, hass-cli, ha-mcp; takes minutes
# make bench   the figures of docs/performance.md, measured here
#
# Each makes what it needs in .venv; nothing has to be installed or copied by hand.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
SOURCES := core plugins tests bench docs/examples

.PHONY: run test check peers bench clean

run: $(VENV)/run.stamp
	@$(BIN)/inglenook run --config config.example.yaml

test: check $(VENV)/system.stamp $(VENV)/frontend.stamp
	$(BIN)/python -m pytest

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

peers: $(VENV)/dev.stamp $(PEERS)/peers.stamp
	$(BIN)/python -m pytest tests/peers --timeout 240

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) $(PEERS) data build dist

# Debian's python3 comes without what `-m venv` needs: then virtualenv or the package python3-venv help.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "inglenook needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3 run"; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); $(PYTHON) -m virtualenv -q $(VENV) 2>/dev/null; } \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); } \
	  || { rm -rf $(VENV); $(PYTHON) -m pip install -q --user virtualenv && $(PYTHON) -m virtualenv -q $(VENV); } \
	  || { $(PYTHON) -m pip install -q --user --break-system-packages virtualenv && $(PYTHON) -m virtualenv -q $(VENV); } \
	  || { echo "cannot make a virtual environment; install the package python3-venv"; exit 1; }

$(VENV)/run.stamp: pyproject.toml | $(BIN)/python
	@echo "installing inglenook into $(VENV) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/dev.stamp: pyproject.toml | $(BIN)/python
	@echo "installing inglenook and what its tests need into $(VENV) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e . --group dev
	@touch $@ $(VENV)/run.stamp

NODE_TESTS := tests/micropython tests/clients/js

# What the tests need beside Python packages; as root it is installed, otherwise the tests that need it say so.
$(VENV)/system.stamp: $(NODE_TESTS:%=%/package.json) | $(BIN)/python
	@command -v systemd-analyze >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq systemd; } \
	  || echo "systemd-analyze is not here: the test of the systemd unit is skipped"
	@command -v chromedriver >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium chromium-driver; } \
	  || echo "chromium and chromium-driver are not here: the tests in a browser are skipped"
	@command -v npm >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq nodejs npm; } \
	  || echo "npm is not here: the tests of the device under MicroPython and of the client in Node are skipped"
	@if command -v npm >/dev/null; then for folder in $(NODE_TESTS); do \
	  npm install --silent --no-audit --no-fund --no-package-lock --prefix $$folder || exit 1; done; fi
	@touch $@

# The web frontend that the tests in a browser use; without a network they say so, and it is tried again the next time.
$(VENV)/frontend.stamp: core/inglenook/web/frontend/install.py | $(VENV)/dev.stamp
	@$(BIN)/inglenook frontend install --config config.example.yaml --data $(VENV) && touch $@ \
	  || echo "no web frontend is here: the tests that need it are skipped"

# Each program of others has an environment of its own: what they need does not fit together.
PROGRAMS := $(wildcard tests/peers/requirements/*.txt)

$(PEERS)/peers.stamp: $(PROGRAMS) tests/peers/node-red/package.json $(VENV)/dev.stamp $(VENV)/system.stamp
	@echo "installing programs of others into $(PEERS) …"
	@for file in $(PROGRAMS); do venv=$(PEERS)/$$(basename $$file .txt); \
	  $(BIN)/python -m venv --without-pip $$venv && \
	  $(BIN)/python -m pip --python $$venv/bin/python install -q --disable-pip-version-check -r $$file || exit 1; done
	@if command -v npm >/dev/null; then npm install --silent --no-audit --no-fund --no-package-lock --prefix tests/peers/node-red; \
	  else echo "npm is not here: the tests of Node-RED are skipped"; fi
	@touch $@
