"""Every page of the site, found by following links as each person does, one address for each kind of page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from hotline.app import create_app
from tests.browser.site import PASSWORD, Site
from tests.conftest import settings_for

# Whoever comes first shows a page; a ticket's file is shown by each of them.
PEOPLE = (None, "operator", "dispatcher", "handler", "leader", "reviewer", "supervisor", "editor", "administrator")
SHOWN_BY_EACH = ("tickets.read",)
# What is fetched, not looked at.
FILES = {
    "article_conflicts.export_xlsx",
    "article_conflicts.export_zip",
    "attachments.read_attachment",
    "bootstrap.static",
    "exports.export",
    "imports.bad_rows",
    "imports.template",
    "health.healthz",
    "health.readyz",
    "metrics.show",
    "sign_in.time_left",
    "static_files.static_file",
}
LINK = re.compile(r'<a [^>]*?href="([^"#]+)')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Found:
    """A page: who looks at it, the name of its view, its address."""

    who: str | None
    kind: str
    path: str


LINKED_FROM_NOWHERE = (Found(None, "docs.docs", "/api/v1/docs"), Found("operator", "components.show", "/components"))


class Reader:
    """A reader without scripts, with cookies."""

    def __init__(self, site: Site, who: str | None) -> None:
        self.site = site
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        if who is not None:
            token = TOKEN.search(self.text("/sign-in"))
            assert token
            fields = {"username": who, "password": PASSWORD, "csrf_token": token.group(1)}
            self.opener.open(Request(f"{site.address}/sign-in", urlencode(fields).encode())).close()

    def text(self, path: str) -> str:
        """A page as it came, or nothing where it is not HTML or was refused."""
        try:
            with self.opener.open(self.site.address + path) as answer:
                kind = answer.headers.get_content_type()
                return answer.read().decode() if kind == "text/html" else ""
        except HTTPError:
            return ""


def _app(site: Site) -> Flask:
    return create_app(settings_for(f"sqlite:///{site.data}/hotline.db", site.data))


def page_kinds(site: Site) -> set[str]:
    """The names of all views that show a page."""
    rules = _app(site).url_map.iter_rules()
    kinds = {rule.endpoint for rule in rules if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api")}
    return kinds - FILES


def every_page(site: Site) -> Iterator[Found]:
    """Every page that can be reached."""
    routes = _app(site).url_map.bind("127.0.0.1")
    yield from LINKED_FROM_NOWHERE
    shown: set[str] = set()
    for who in PEOPLE:
        reader = Reader(site, who)
        seen: set[str] = set()
        waiting = ["/", "/sign-in"] if who is None else ["/desk"]
        while waiting:
            path = waiting.pop(0)
            kind = _kind(path, routes)
            if kind is None or kind in seen:
                continue
            text = reader.text(path)
            if not text:
                continue
            seen.add(kind)
            waiting += [_inside(unescape(link), path) for link in LINK.findall(text)]
            if kind not in shown or kind in SHOWN_BY_EACH:
                shown.add(kind)
                yield Found(who, kind, path)


def _inside(link: str, path: str) -> str:
    parts = urlsplit(urljoin(path, link))
    return "" if parts.netloc else parts.path + (f"?{parts.query}" if parts.query else "")


def _kind(path: str, routes: MapAdapter) -> str | None:
    try:
        return routes.match(urlsplit(path).path, method="GET")[0]
    except HTTPException:
        return None
