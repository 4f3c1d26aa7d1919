"""The JSON API: one thin file for each resource."""

from hotline.api import docs, health, metrics
from hotline.api.accounts import sessions
from hotline.api.call_backs import call_backs
from hotline.api.deadlines import due_dates, overdue
from hotline.api.handling import assists, requests, tracking
from hotline.api.intake import calls, enterprises, imports, legal_zone, suggestions
from hotline.api.knowledge import article_conflicts, article_use, freshness, knowledge
from hotline.api.messages import deliveries, notices
from hotline.api.public import public, public_articles
from hotline.api.ratings import ratings, rectifications
from hotline.api.supervision import false_completions, orders
from hotline.api.tickets import tickets

BLUEPRINTS = (
    tickets.tickets,
    sessions.blueprint,
    requests.blueprint,
    assists.blueprint,
    orders.blueprint,
    overdue.blueprint,
    false_completions.blueprint,
    due_dates.blueprint,
    suggestions.blueprint,
    enterprises.blueprint,
    imports.blueprint,
    rectifications.blueprint,
    notices.blueprint,
    deliveries.blueprint,
    calls.calls,
    tracking.tracking,
    call_backs.call_backs,
    ratings.ratings,
    legal_zone.legal_zone,
    public.public_api,
    knowledge.knowledge,
    freshness.freshness,
    article_conflicts.conflicts,
    article_use.use,
    public_articles.public_articles,
    docs.docs,
    health.health,
    metrics.blueprint,
)
