"""What fills the places of the routes: taken from the tables themselves, by their names."""

from typing import Any

from sqlalchemy import Connection, create_engine, text

from tests.net.data import Data

# Told apart: what a page of a ticket depends on most.
KINDS = """SELECT number, state, confidential, anonymous, type, due_at IS NOT NULL FROM tickets ORDER BY id"""
MOST = 26
ARTICLES = """SELECT code FROM articles ORDER BY state, section, code"""


def values_of(url: str, data: Data) -> dict[str, list[Any]]:
    """Return the values of each place, the commonest name for it first."""
    engine = create_engine(url)
    with engine.connect() as here:
        found: dict[str, list[Any]] = {
            "number": [*_tickets(here), "QS20000101000001"],
            "clock_id": [*_column(here, "SELECT MIN(id) FROM clocks GROUP BY kind, late, paused_at IS NULL"), 10**9],
            "attachment": _pairs(here, "attachments a", "a.id"),
            "order": _pairs(here, "orders a", "a.number"),
            "request_id": _pairs(here, "requests a", "a.id"),
            "assist_id": _pairs(here, "assists a", "a.id"),
            "item_id": _pairs(here, "tracked_items a", "a.id"),
            "case_number": _column(here, "SELECT number FROM rectifications")[::3],
            "case": _pairs(here, "rectifications a", "a.number"),
            "article": [*_articles(here), "no-such-article"],
            "conflict": list(here.execute(text(CONFLICTS)).all()),
            "unit": ["market-supervision", "tax", "hotline-centre", "no-such-unit"],
            "username": ["leader", "life-handler", "administrator", "no-such-person"],
            "body": _column(here, "SELECT code FROM rated_bodies ORDER BY code")[:4],
            "section": ["legal", "enterprise", *_column(here, "SELECT DISTINCT section FROM articles")],
            "event": ["opening", "closing", "no-such-event"],
            "error_id": _column(here, "SELECT id FROM article_errors"),
            "policy_id": _column(here, "SELECT id FROM policies"),
            "search_id": _column(here, "SELECT id FROM empty_searches"),
            "delivery_id": _column(here, "SELECT id FROM deliveries")[:3],
            "rating_id": _column(here, "SELECT id FROM ratings WHERE verified = false")[:3],
            "template_id": _column(here, "SELECT id FROM reply_templates"),
            "filter_id": _column(here, "SELECT id FROM saved_filters"),
            "call_id": _column(here, "SELECT id FROM calls"),
            "sign_in_id": _column(here, "SELECT MIN(id) FROM sign_ins"),
            "token": [*data.links, "no-such-token"],
        }
    engine.dispose()
    return found


CONFLICTS = """SELECT a.code, c.id FROM article_conflicts c JOIN articles a ON a.id = c.article_id ORDER BY c.id"""


def _column(here: Connection, query: str) -> list[Any]:
    return sorted(value for (value,) in here.execute(text(query)) if value is not None)


def _pairs(here: Connection, table: str, what: str) -> list[tuple[str, Any]]:
    """Tickets with what hangs on them."""
    query = f"SELECT t.number, {what} FROM {table} JOIN tickets t ON t.id = a.ticket_id ORDER BY a.id"
    rows = [tuple(row) for row in here.execute(text(query))]
    return rows[:: max(1, len(rows) // 4)][:6]


def _tickets(here: Connection) -> list[str]:
    """One ticket of each kind, as many as are worth the time."""
    seen: dict[Any, str] = {}
    for number, *kind in here.execute(text(KINDS)):
        seen.setdefault(tuple(map(str, kind)), number)
    busiest = "SELECT number FROM tickets ORDER BY timeline_length DESC, id LIMIT 6"
    return list(dict.fromkeys([*list(seen.values())[:MOST], *(number for (number,) in here.execute(text(busiest)))]))


def _articles(here: Connection) -> list[str]:
    """A few of each state."""
    codes = [code for (code,) in here.execute(text(ARTICLES))]
    busy = [
        code
        for (code,) in here.execute(
            text("SELECT DISTINCT code FROM articles a JOIN article_events e ON e.article_id = a.id")
        )
    ]
    return sorted({*codes[:3], *codes[:: max(1, len(codes) // 3)], *busy})
