"""The demonstration, made fresh and served by a process of its own, and the browser that looks at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

PASSWORD = "hotline-demo"
STARTS_WITHIN = 120
# A machine without a network of its own: the browser must not try to call home.
QUIET = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    """Where the demonstration is served, and where its data lie."""

    address: str
    data: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(data: Path) -> Iterator[Site]:
    """`hotline demo`, from its first answer to its end."""
    port = _free_port()
    command = [sys.executable, "-m", "hotline", "demo", "--data", str(data), "--port", str(port)]
    log = data.with_suffix(".log").open("w+b")
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        site = Site(f"http://127.0.0.1:{port}", data)
        _wait(process, site, Path(log.name))
        yield site
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _wait(process: subprocess.Popen[bytes], site: Site, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{site.address}/readyz", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the demonstration does not answer: {log.read_text()[-2000:]}")


def chromium(playwright: Playwright) -> Browser:
    """The machine's Chromium, or else the one that Playwright has installed; fails where there is neither."""
    found = os.environ.get("HOTLINE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=found, args=QUIET + as_root)


def open_page(browser: Browser, site: Site, who: str | None, width: int = 1440, **more: object) -> Page:
    """A page of its own, signed in as this person, or a visitor's; `more` is for the browser's context."""
    context = browser.new_context(
        base_url=site.address,
        viewport={"width": width, "height": 900},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        # No colour is looked at half-way to another.
        reduced_motion="reduce",
        **more,  # type: ignore[arg-type]
    )
    page = context.new_page()
    if who is not None:
        sign_in(page, who)
    return page


def sign_in(page: Page, who: str) -> None:
    """From the page of signing in to the first page behind it."""
    if not page.url.endswith("/sign-in"):
        page.goto("/sign-in")
    page.fill("#username", who)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
