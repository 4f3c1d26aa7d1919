"""The pages: one thin file for each audience, drawn on the server, readable on a phone and with the keyboard alone."""

from flask import Flask
from flask_bootstrap import Bootstrap5

from hotline.pages import checks, components, exports, saved_filters, static_files
from hotline.pages.account import account, login
from hotline.pages.admin import accounts, administrator, calendar, units
from hotline.pages.centre import call_backs, dispatch, loop, supervisor, wall_lists
from hotline.pages.frame import install_frame
from hotline.pages.knowledge import article_conflicts, article_use, editing, freshness, knowledge
from hotline.pages.operator import operator
from hotline.pages.public import legal_zone, public, public_articles, rating
from hotline.pages.replica_reads import install_replica_reads
from hotline.pages.tickets import tickets
from hotline.pages.unit import reply_templates, unit

BLUEPRINTS = (
    public.pages,
    public_articles.pages,
    legal_zone.pages,
    rating.pages,
    checks.pages,
    loop.pages,
    static_files.pages,
    login.pages,
    account.pages,
    operator.pages,
    dispatch.pages,
    editing.pages,
    article_conflicts.pages,
    article_use.pages,
    freshness.pages,
    tickets.pages,
    unit.pages,
    reply_templates.pages,
    supervisor.pages,
    wall_lists.pages,
    saved_filters.pages,
    exports.pages,
    call_backs.pages,
    knowledge.pages,
    administrator.pages,
    components.pages,
    accounts.pages,
    units.pages,
    calendar.pages,
)


def install_pages(app: Flask) -> None:
    """Puts the pages into the application."""
    Bootstrap5(app)
    install_frame(app)
    install_replica_reads(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
