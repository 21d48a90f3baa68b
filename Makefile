# Weitan: the commands a newcomer needs. Python 3.11 or later and make; nothing else.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
REQUIREMENTS := requirements.txt requirements-dev.txt

export PORT

.PHONY: help install run serve test check bench lock

help: ## what can be made here
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

install: .venv/installed ## .venv with all that running and developing need

# Made again only when the pinned requirements change.
.venv/installed: $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Weitan needs Python 3.11 or later; say which: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || \
		{ echo "Python cannot make a virtual environment here." \
			"On Debian or Ubuntu: apt-get install python3-venv" >&2; rm -rf .venv; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check \
		$(foreach file,$(REQUIREMENTS),--requirement $(file))
	@touch $@

run: install ## the demo city on http://127.0.0.1:8000 (PORT), scheduler and partner; Ctrl-C stops it
	@exec $(BIN)/flask --app wsgi up

serve: install ## the server alone, on the migrated database of DATABASE_URL
	@exec $(BIN)/gunicorn --config gunicorn.conf.py --bind 127.0.0.1:$(PORT) wsgi:application

test: install ## every test, on SQLite and on a PostgreSQL that it starts itself
	@exec $(BIN)/python -m pytest -n 2 --dist worksteal

check: install ## format, lint, types, import contract, rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/flask --app wsgi rules check

bench: install ## the benchmarks on PostgreSQL beside their floors; BENCH_SCALE=0.05 for a quick look
	@exec $(BIN)/python -m bench

lock: ## pin the requirements anew from pyproject.toml (needs uv)
	.ci/lock
