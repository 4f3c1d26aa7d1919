# demo: a working site on http://127.0.0.1:8000.  test: the whole suite on SQLite and PostgreSQL.
# screenshots: every page at two widths, into var/screenshots.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test check bench screenshots browser clean

demo: $(VENV)/.installed
	$(BIN)/hotline demo

test: $(VENV)/.installed-tests check browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.installed-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg

screenshots: $(VENV)/.installed-tests browser
	$(BIN)/python -m tests.browser.screenshots var/screenshots

bench: $(VENV)/.installed-tests
	$(BIN)/python -m benchmarks

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

clean:
	rm -rf $(VENV) var build dist *.egg-info
