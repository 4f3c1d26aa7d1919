"""The words for how long ago something was: the script says what the rule says, wherever the browser believes to be."""

import random
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser

from hotline.rules.deadlines.relative_time import relative_time
from tests.browser.site import Site
from tests.rules.deadlines.test_relative_time import CASES, shanghai

ASK = """async (pairs) => {
  const script = document.querySelector('script[src*="page.js"]').src.replace("page.js", "times.js");
  const { relative } = await import(script);
  return pairs.map(([at, now]) => relative(Date.parse(at), Date.parse(now)));
}"""


def test_the_script_says_what_the_rule_says(browser: Browser, site: Site) -> None:
    chances = random.Random(9)
    begun = datetime(2026, 11, 24, tzinfo=UTC)
    pairs = [(shanghai(at), shanghai(now)) for at, now, _ in CASES]
    for _ in range(500):
        now = begun + timedelta(minutes=chances.randrange(500_000))
        pairs.append((now + timedelta(seconds=chances.randrange(-500_000, 500_000)), now))
    context = browser.new_context(base_url=site.address, timezone_id="America/New_York")
    page = context.new_page()
    page.goto("/")
    said = page.evaluate(ASK, [[at.isoformat(), now.isoformat()] for at, now in pairs])
    context.close()
    assert said == [relative_time(at, now) for at, now in pairs]
