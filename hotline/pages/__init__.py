"""The pages: one thin file for each audience, drawn on the server, readable on a phone and with the keyboard alone."""

from flask import Flask
from flask_bootstrap import Bootstrap5

from hotline.pages import (
    account,
    administrator,
    article_conflicts,
    article_use,
    calendar,
    call_backs,
    checks,
    components,
    dispatch,
    editing,
    exports,
    freshness,
    knowledge,
    legal_zone,
    loop,
    operator,
    personnel,
    public,
    public_articles,
    rating,
    reply_templates,
    saved_filters,
    sign_in,
    static_files,
    supervisor,
    tickets,
    unit,
    units,
    wall_lists,
)
from hotline.pages.frame import install_frame
from hotline.pages.listing import install_listing

BLUEPRINTS = (
    public.pages,
    public_articles.pages,
    legal_zone.pages,
    rating.pages,
    checks.pages,
    loop.pages,
    static_files.pages,
    sign_in.pages,
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
    personnel.pages,
    units.pages,
    calendar.pages,
)


def install_pages(app: Flask) -> None:
    """Puts the pages into the application."""
    Bootstrap5(app)
    install_frame(app)
    install_listing(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
