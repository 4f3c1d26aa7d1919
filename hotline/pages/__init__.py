"""The pages: one thin file for each audience, drawn on the server, readable on a phone and with the keyboard alone."""

from flask import Flask
from flask_bootstrap import Bootstrap5

from hotline.pages import checks, components, exports, saved_filters, static_files
from hotline.pages.account import account, login
from hotline.pages.admin import accounts, administrator, calendar, units
from hotline.pages.centre import (
    call_backs,
    dispatch,
    imports,
    rated_bodies,
    rating_sheet,
    rectifications,
    statistics,
    supervisor,
    unverified_ratings,
    wall_lists,
)
from hotline.pages.frame import install_frame
from hotline.pages.knowledge import article_conflicts, article_use, editing, freshness, knowledge
from hotline.pages.operator import enterprises, operator
from hotline.pages.public import front, legal_zone, public_articles, public_ticket, published, rating, submit
from hotline.pages.replica_reads import install_replica_reads
from hotline.pages.tickets import attachments, clock, ticket_list, ticket_steps, tickets, time_spent
from hotline.pages.unit import reply_templates, unit

BLUEPRINTS = (
    front.pages,
    public_ticket.pages,
    submit.pages,
    public_articles.pages,
    legal_zone.pages,
    rating.pages,
    checks.pages,
    rectifications.pages,
    statistics.pages,
    published.pages,
    unverified_ratings.pages,
    rated_bodies.pages,
    rating_sheet.pages,
    static_files.pages,
    login.pages,
    account.pages,
    operator.pages,
    enterprises.pages,
    dispatch.pages,
    editing.pages,
    article_conflicts.pages,
    article_use.pages,
    freshness.pages,
    ticket_list.pages,
    tickets.pages,
    ticket_steps.pages,
    attachments.pages,
    time_spent.pages,
    clock.pages,
    unit.pages,
    reply_templates.pages,
    supervisor.pages,
    imports.pages,
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
