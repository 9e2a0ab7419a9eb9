# `make run` starts everything, `make test` tests everything; the rest is for people who change it.
.PHONY: run dev install install-test test e2e check fix schema bench lock clean

# The first Python that is new enough, or the one you name: make run PYTHON=/path/to/python3
FIND_PYTHON = for python in $${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; [ "$$python" ] || { echo 'Python 3.11 or newer is needed: make run PYTHON=...' >&2; exit 1; }
INSTALL = PYTHON="$(PYTHON)"; $(FIND_PYTHON); "$$python" chatproject/install.py
NPM = $(BIN)/python chatproject/install.py npm
BIN = .venv/bin

run: install
	@exec $(BIN)/python manage.py up

# The server restarts when Python changes; Vite serves the client with hot reload on port 5173.
dev: install
	@$(BIN)/python chatproject/install.py npm run dev >&2 & \
	trap "kill $$!" EXIT; $(BIN)/python manage.py up --reload

install:
	@$(INSTALL) run

install-test:
	@$(INSTALL) test
	@$(BIN)/python -m tests.browser

test: install-test
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not e2e'
	$(NPM) run test
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m e2e

e2e: install-test
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m e2e

check: install-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py lintmigrations --warnings-as-errors --no-cache --quiet ok ignore \
		--include-apps accounts connections presence media notifications chat calls statuses \
		moderation exports
	$(BIN)/python manage.py schema --check
	$(NPM) run check

fix: install-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema:
	$(BIN)/python manage.py schema

bench: install-test
	$(BIN)/python -m bench

# Takes the newest versions the .in files allow.
lock:
	for name in requirements requirements-dev requirements-node; do \
		$(BIN)/uv pip compile --upgrade --universal --generate-hashes --python-version 3.11 \
			--no-emit-index-url --no-header --quiet $$name.in -o $$name.txt || exit 1; \
	done

# Leaves var/, where the data is.
clean:
	rm -rf .venv web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache
