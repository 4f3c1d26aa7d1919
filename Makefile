# demo: a working site on http://127.0.0.1:8000.  test: the whole suite on SQLite and PostgreSQL.
# screenshots: every page at two widths, into var/screenshots.
# soak: faults by chance for MINUTES (10), by SEED.
# hosts: several hosts over one PostgreSQL in network namespaces, cut off from each other; needs root.
# trials: clocks and what else can be known a second way, on tens of thousands of random cases, by SEED; on both engines.
# fuzz: the API and the forms with far more hostile input than the suite takes time for.
# net: all that the outside sees, into the folder OUT (var/net), to be compared with another run of it.
# audit: known holes in the pinned packages; needs the network, and fails when it cannot ask.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
AUDIT = $(VENV)-audit
MINUTES ?= 10
SEED ?=
OUT ?= var/net

.PHONY: demo test check audit net bench fuzz trials soak hosts screenshots browser libfaketime clean

demo: $(VENV)/.installed
	$(BIN)/hotline demo

test: $(VENV)/.installed-tests check browser libfaketime
	$(BIN)/python -m pytest -n 3 --dist worksteal

check: $(VENV)/.installed-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg
	$(BIN)/python -m tests.house_rules.house
	$(BIN)/python -m pip check --disable-pip-version-check

audit: $(VENV)/.installed-audit
	@$(AUDIT)/bin/pip-audit --strict --no-deps --disable-pip -r constraints.txt || \
	  { echo "audit: a package has a known hole, or the service that knows them could not be asked (see above)." >&2; exit 1; }

screenshots: $(VENV)/.installed-tests browser
	$(BIN)/python -m tests.browser.screenshots var/screenshots

bench: $(VENV)/.installed-tests
	$(BIN)/python -m benchmarks

soak: $(VENV)/.installed-tests
	$(BIN)/python -m tests.faults.soak --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

trials: $(VENV)/.installed-tests
	$(BIN)/python -m tests.trials $(if $(SEED),--seed $(SEED))

net: $(VENV)/.installed-tests
	$(BIN)/python -m tests.net $(OUT)

hosts: $(VENV)/.installed-tests libfaketime
	$(BIN)/python -m tests.faults.hosts

# The tests that set the clock need it. Whoever is not root installs it by hand; the test that misses it says so and fails.
libfaketime:
	@ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || [ "$$(id -u)" != 0 ] \
	  || apt-get install -y -qq --no-install-recommends faketime

fuzz: $(VENV)/.installed-tests
	HOTLINE_FUZZ_EXAMPLES=60 $(BIN)/python -m pytest tests/api/test_fuzzing.py tests/pages/test_hostile_forms.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: setup.cfg constraints.txt $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-tests: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

# A Chromium and a Chinese font: Debian's, where they can be installed, or else the browser that Playwright brings.
SUDO = $(shell [ "$$(id -u)" = 0 ] || echo sudo)
browser: $(VENV)/.installed-tests
	@command -v chromium >/dev/null && fc-list :lang=zh | grep -q . \
	|| { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -yqq --no-install-recommends chromium fonts-wqy-microhei; } \
	|| $(BIN)/playwright install --with-deps chromium

# In an environment of its own: what audits must not change what is audited.
$(VENV)/.installed-audit: $(VENV)/bin/python
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit ~= 2.10'
	touch $@

clean:
	rm -rf $(VENV) $(AUDIT) var build dist *.egg-info
