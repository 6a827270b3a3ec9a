# Chorus. `make demo` runs all of it on this machine; `make test` and `make check` are what CI runs.
# Needs git, make and Python 3.11 or newer with venv; everything else is installed below this folder.

PYTHON ?= python3
PORT ?= 8000
WALL_PORT ?= 8001
DATA ?= demo-data
BROKER ?= auto
RESET ?=
NETWORKS ?=
LOCAL_PORT ?= 8010

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# The machine's own Python is used, never one that is fetched, and always the one in .venv.
SYNC := env -u VIRTUAL_ENV UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=$(VENV) $(UV) sync --frozen --quiet
OUR_CODE := config networks accounts campaign scheduler tests tools $(wildcard bench) manage.py
TEMPLATES = $(shell find templates -name '*.html')

.PHONY: demo sync frontend catalogues messages test test-real check fmt help

help:
	@echo "make demo       run Chorus with a sample campaign (PORT=8000 WALL_PORT=8001 DATA=demo-data RESET=1 BROKER=auto)"
	@echo "                with NETWORKS=local also a server of each network here, to connect accounts without any (LOCAL_PORT=8010)"
	@echo "make test       all tests, on SQLite and, where they answer, on PostgreSQL and Redis"
	@echo "make check      linters, types, layers, templates, migrations"
	@echo "make test-real  the tests against real third-party servers"
	@echo "make messages   bring new strings into the catalogues of locale/"
	@echo "make fmt        put code and templates into shape"

# The local servers belong to the tests, so they need the tools of `make sync`.
demo: $(VENV)/.ready $(if $(NETWORKS),$(VENV)/.tools) frontend catalogues
	@exec $(BIN)/python manage.py demo --end-with-parent --port '$(PORT)' --wall-port '$(WALL_PORT)' \
	  --data '$(DATA)' --broker '$(BROKER)' --networks '$(NETWORKS)' --local-port '$(LOCAL_PORT)' $(if $(filter-out 0 no,$(RESET)),--reset)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Chorus needs Python 3.11 or newer: install it, or name it with PYTHON=.")'
	@echo "Installing Python packages into $(VENV)."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14'

# What runs. --inexact leaves the tools of `make sync` where they are.
$(VENV)/.ready: $(UV) pyproject.toml uv.lock
	@$(SYNC) --no-dev --inexact
	@touch $@

# What runs, and the tools for tests and checks.
$(VENV)/.tools: $(UV) pyproject.toml uv.lock
	@$(SYNC)
	@touch $(VENV)/.ready $@

sync: $(VENV)/.tools frontend catalogues

frontend: $(UV)
	@$(BIN)/python tools/frontend.py

# What pages say in other languages than English: locale/*/LC_MESSAGES/django.po, compiled.
catalogues: $(VENV)/.ready
	@$(BIN)/python tools/catalogues.py

# Brings new strings into the catalogues; needs gettext on this machine.
messages: sync
	$(BIN)/python manage.py makemessages -l fi -l fr -l pt --no-obsolete --add-location file \
	  -i node_modules -i .venv -i 'static/*' -i tests -i bench

test: sync
	@exec $(BIN)/python -m tests.run $(ARGS)

test-real: sync
	$(BIN)/python -m tests.real $(ARGS)

check: sync
	$(BIN)/ruff check $(OUR_CODE)
	$(BIN)/ruff format --check $(OUR_CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

fmt: sync
	$(BIN)/ruff check --fix-only $(OUR_CODE)
	$(BIN)/ruff format $(OUR_CODE)
	-$(BIN)/djade --target-version 5.2 $(TEMPLATES)
