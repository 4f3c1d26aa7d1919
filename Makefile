# demo: a working site on http://127.0.0.1:8000.  test: the whole suite on SQLite and PostgreSQL.
# soak: faults by chance for MINUTES (10), by SEED.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
MINUTES ?= 10
SEED ?=

.PHONY: demo test check bench soak libfaketime clean

demo: $(VENV)/.installed
	$(BIN)/hotline demo

test: $(VENV)/.installed-tests libfaketime check
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.installed-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg

bench: $(VENV)/.installed-tests
	$(BIN)/python -m benchmarks

soak: $(VENV)/.installed-tests
	$(BIN)/python -m tests.faults.soak --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

# The tests that set the clock need it. Whoever is not root installs it by hand; the test that misses it says so and fails.
libfaketime:
	@ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || [ "$$(id -u)" != 0 ] \
	  || apt-get install -y -qq --no-install-recommends faketime

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: setup.cfg constraints.txt $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-tests: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf $(VENV) var build dist *.egg-info
