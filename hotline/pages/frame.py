"""What all pages share: the frame with its menu, forged posts refused, instants and Markdown as people read them."""

from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

import nh3
from flask import Flask, request
from flask_wtf.csrf import CSRFProtect
from markdown_it import MarkdownIt
from markupsafe import Markup

from hotline import clock
from hotline.pages import static_files
from hotline.rules import reason_codes, vocabulary
from hotline.rules.actors import Actor
from hotline.rules.deadlines import due_counts
from hotline.rules.deadlines.relative_time import relative_time
from hotline.rules.knowledge.freshness import WATCH_ARTICLES
from hotline.rules.vocabulary import CENTRE_ROLES, UNIT_ROLES, Role, Word
from hotline.web.access import API, app_context, public, visitor

csrf = CSRFProtect()
markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
# Outsourced operators export nothing (amendment 8).
EXPORTERS = CENTRE_ROLES | UNIT_ROLES | {Role.INSPECTOR}
# Whoever signs in begins at the first page of this order that is theirs.
MENU: tuple[tuple[str, str, frozenset[Role] | None], ...] = (
    ("/operator", "接听登记", frozenset({Role.OPERATOR, Role.OUTSOURCED_OPERATOR})),
    ("/dispatch", "分拨", frozenset({Role.DISPATCHER})),
    ("/unit", "承办工作台", UNIT_ROLES),
    ("/supervision", "督办", frozenset({Role.SUPERVISOR, Role.INSPECTOR})),
    ("/call-backs", "回访", frozenset({Role.REVIEWER, Role.SUPERVISOR})),
    ("/rectifications", "差评整改", UNIT_ROLES | {Role.REVIEWER, Role.SUPERVISOR, Role.INSPECTOR}),
    ("/editing", "知识编写", frozenset({Role.EDITOR})),
    ("/freshness", "知识时效", WATCH_ARTICLES),
    ("/enterprises", "企业", CENTRE_ROLES),
    ("/admin", "系统管理", frozenset({Role.ADMINISTRATOR})),
    ("/tickets", "工单", None),
    ("/knowledge", "知识库", None),
    ("/statistics", "统计", UNIT_ROLES | {Role.REVIEWER, Role.SUPERVISOR, Role.INSPECTOR}),
    ("/imports", "批量导入", frozenset({Role.SUPERVISOR})),
    ("/rated-bodies", "评价对象", frozenset({Role.SUPERVISOR, Role.REVIEWER, Role.ADMINISTRATOR})),
)


def menu_for(actor: Actor | None) -> list[tuple[str, str]]:
    """The pages that this person works with."""
    if actor is None:
        return []
    return [(path, label) for path, label, roles in MENU if roles is None or roles & actor.roles]


def plain_time(text: str | None) -> str:
    """`2026-09-30T17:00:00+08:00` as 2026-09-30 17:00, for attributes."""
    return text[:16].replace("T", " ") if text else "—"


def shown_time(text: str | None) -> str:
    """`2026-09-30T17:00:00+08:00` as 2026-09-30 17:00, with the instant for scripts that say how long ago that is."""
    if not text:
        return "—"
    return Markup('<time datetime="%s">%s</time>') % (text, plain_time(text))


def time_ago(text: str | None) -> str:
    """Say how long ago this instant was, or how far ahead it lies; nothing for no instant, or a day without an hour."""
    at = datetime.fromisoformat(text) if text else None
    return relative_time(at, clock.now()) if at and at.tzinfo else ""


def rendered(text: str) -> Markup:
    """Markdown as safe HTML."""
    return Markup(nh3.clean(markdown.render(text)))


def url_with(path: str, query: dict[str, Any] | None = None, **changed: Any) -> str:
    """The path with what the address asks for, as it was changed: what is None or empty is left out."""
    asked = {name: value for name, value in {**(query or {}), **changed}.items() if value not in (None, "")}
    return f"{path}?{urlencode(asked)}" if asked else path


def words(name: str) -> list[Word]:
    """The words of a vocabulary, for a choice: `words("ResultKind")`."""
    return list(next(getattr(home, name) for home in (vocabulary, reason_codes, due_counts) if hasattr(home, name)))


def install_frame(app: Flask) -> None:
    """Filters, the menu, the static files, and the check of every post that comes from a page."""
    csrf.init_app(app)
    styles = partial(app.view_functions["bootstrap.static"])
    app.view_functions["bootstrap.static"] = public(styles)
    app.jinja_env.filters.update(time=shown_time, plain_time=plain_time, ago=time_ago, markdown=rendered)
    app.jinja_env.globals.update(words=words, address_of=url_with, static=static_files.address)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_refuse_forged)
    app.context_processor(_frame)


def _refuse_forged() -> None:
    if request.method == "POST" and not request.path.startswith(API):
        csrf.protect()


def _frame() -> dict[str, Any]:
    person = visitor()
    roles = person.roles if person else frozenset()
    return {
        "visitor": visitor(),
        "menu": menu_for(visitor()),
        "here": request.path,
        "may_export": bool(roles & EXPORTERS),
        "limits": app_context().rulebook.limits,
    }


def text_in(typed: dict[str, Any], name: str) -> str:
    """What was typed in this field; nothing where no text came under its name."""
    value = typed.get(name)
    return value if isinstance(value, str) else ""


def parse_form(form: Any) -> dict[str, Any]:
    """The fields of a page as the forms want them: `enterprise.name` inside, `reasons[]` as a list, empty ones left out.

    Refuses `InvalidInput` for a field that is said to lie in one that holds text.
    """
    found: dict[str, Any] = {}
    for name in form:
        values = [value for value in form.getlist(name) if value.strip()]
        if not values or name == "csrf_token":
            continue
        place, *path = name.removesuffix("[]").split(".")
        target = found
        for part in path:
            if not isinstance(target.get(place), dict):
                target[place] = {}
            target, place = target[place], part
        target[place] = values if name.endswith("[]") else values[0]
    return found
