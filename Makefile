# `make serve` and `make test` do all their set-up themselves, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
NGINX := $(shell command -v nginx || ls /usr/sbin/nginx 2>/dev/null)
POSTGRES := $(shell command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
# Test files are shared out among one process more than there are cores, four at most: each waits
# for servers and browsers half of its time.
CORES := $(shell getconf _NPROCESSORS_ONLN)
PARALLEL := -n $(shell echo $$(($(CORES) < 4 ? $(CORES) + 1 : 4))) --dist loadscope
export OMP_WAIT_POLICY ?= passive

.PHONY: serve ingest test check slow bench clean help

help: ## what can be done
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

serve: $(VENV)/.installed ## install if needed, index the starter sheets once, serve on port 7860
	$(BIN)/chartiste serve

ingest: $(VENV)/.installed ## index data/corpus
	$(BIN)/chartiste ingest data/corpus

test: $(VENV)/.test chromium nginx postgres ## everything: style, types, tests (a real browser included)
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -m "not slow" $(PARALLEL)

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

slow: $(VENV)/.slow ## the tests that take minutes: kill -9, load, larger corpora
	$(BIN)/python -m pytest -m slow

bench: $(VENV)/.test ## figures of speed, memory and accuracy on this machine
	$(BIN)/python -m tests.bench.performance

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 ou plus récent est nécessaire (PYTHON=python3.12 make …)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -q && apt-get install -q -y --no-install-recommends python3-venv; \
	  else echo "Le module venv manque : sudo apt install python3-venv"; exit 1; fi; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installation (quelques minutes la première fois)…"
	$(PIP) install --quiet --editable '.[models,eval]'
	@touch $@

$(VENV)/.test: pyproject.toml $(VENV)/.installed
	$(PIP) install --quiet --editable '.[models,test]'
	@touch $@

$(VENV)/.slow: pyproject.toml $(VENV)/.test
	$(PIP) install --quiet --editable '.[models,test,ray]'
	@touch $@

.PHONY: chromium
chromium:
	@if [ -n "$(CHROMIUM)" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q && apt-get install -q -y --no-install-recommends chromium fonts-dejavu-core; \
	else echo "chromium manque : les tests du navigateur seront sautés (sudo apt install chromium)."; fi

.PHONY: nginx
nginx: # installed without being started
	@if [ -n "$(NGINX)" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q && RUNLEVEL=1 apt-get install -q -y --no-install-recommends nginx-light; \
	else echo "nginx manque : ses tests seront sautés (sudo apt install nginx-light)."; fi

.PHONY: postgres
postgres: # installed without being started
	@if [ -n "$(POSTGRES)" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q && RUNLEVEL=1 apt-get install -q -y --no-install-recommends postgresql; \
	else echo "PostgreSQL manque : ses tests seront sautés (sudo apt install postgresql)."; fi

clean: ## forget the virtual environment and the caches, never the store
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
