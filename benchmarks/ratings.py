"""`python -m benchmarks.ratings`: ten thousand ratings over HTTP, one in ten bad, some sent twice; none lost, none double.

The floor answers the same number of good ratings with the very statements of one, without rules or words.
"""

import argparse
import pickle
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, select

from benchmarks import http
from benchmarks.floor import Caught, catch
from hotline.app import create_app
from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import load_all
from hotline.casework.ratings import rated_bodies
from hotline.models.database import migrate
from hotline.models.ratings.ratings import Rating
from hotline.models.ratings.rectifications import Rectification
from hotline.rules.accounts.administration import CONSOLE
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings
from tests.support.cast import hire

COUNT, BAD_EVERY, AGAIN_EVERY = 10_000, 10, 20
BODY = "city-hall-registration"
SERVICE, FLOOR = 8103, 8104


def given(position: int) -> dict[str, Any]:
    rating = {"body": BODY, "occasion": f"visit-{position}", "level": "satisfied"}
    bad = {"level": "dissatisfied", "reasons": ["too_slow"], "remark": "等了两个小时"}
    return {**rating, **bad} if position % BAD_EVERY == 0 else rating


def messages(token: str) -> list[bytes]:
    """All ratings, and some of them a second time right after the first."""
    found = []
    for position in range(1, COUNT + 1):
        sent = http.message("POST", "/api/v1/ratings", token, orjson.dumps(given(position)))
        found += [sent, sent] if position % AGAIN_EVERY == 0 else [sent]
    return found


def caught_rating(app: Any, app_context: AppContext, token: str) -> Caught:
    """The statements of one good rating, to be run again under other occasions."""

    def ask(position: int) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        answer = app.test_client().post("/api/v1/ratings", json=given(position), headers=headers)
        if answer.status_code != 201:
            raise RuntimeError(answer.text)

    ask(-1)
    caught = catch(app_context.database, lambda: ask(-2))
    with app_context.snapshot() as ctx:
        caught.number = ctx.session.scalars(select(Rating.once).where(Rating.occasion == "visit--2")).one()
    return caught


def measure(url: str, folder: Path) -> None:
    settings = Settings(url, "secret-for-benchmarks", "data-key-for-benchmarks", resource("config"), folder)
    migrate.upgrade(url)
    app = create_app(settings)
    app_context: AppContext = app.extensions["hotline"]
    with app_context.transaction() as ctx:
        load_all(ctx, settings.config, resource("knowledge_base"))
        token = rated_bodies.grant_channel_token(ctx.by(CONSOLE), "hall-terminals", days=1)
    hire(app_context)
    path = folder / "caught"
    path.write_bytes(pickle.dumps({"/rate": caught_rating(app, app_context, token)}))
    environment = {
        "HOTLINE_DATABASE_URL": url,
        "HOTLINE_SECRET_KEY": settings.secret_key,
        "HOTLINE_DATA_KEY": settings.data_key,
        "FLOOR_REQUESTS": str(path),
    }
    sent = messages(token)
    with http.serving("hotline.wsgi:app", SERVICE, environment):
        service = _timed(lambda: http.send_all(SERVICE, sent))
    with app_context.snapshot() as ctx:
        visits = Rating.occasion.not_like("visit--%")
        kept = ctx.session.scalar(select(func.count()).where(visits)) or 0
        cases = ctx.session.scalar(select(func.count(Rectification.id))) or 0
    with http.serving("benchmarks.floor_server:app", FLOOR, environment):
        floor = _timed(lambda: http.send_all(FLOOR, [http.message("GET", "/rate")] * COUNT))
    engine = app_context.database.engine.dialect.name
    print(f"{engine}: {len(sent):,} sent, {kept:,} kept, {cases:,} cases of {COUNT // BAD_EVERY:,} bad ones")
    print(f"{service:.1f} s, {len(sent) / service * 60:,.0f} a minute; floor {COUNT / floor * 60:,.0f} a minute")
    print(f"ratio {len(sent) / service * floor / COUNT:.0%}")
    if (kept, cases) != (COUNT, COUNT // BAD_EVERY):
        raise SystemExit("a rating was lost, or counted twice")
    app_context.database.dispose()


def _timed(ctx: Any) -> float:
    begin = time.perf_counter()
    ctx()
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ratings", description=__doc__)
    parser.add_argument("--postgresql", help="the address of an empty database; without it SQLite is measured")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(arguments.postgresql or f"sqlite:///{folder}/hotline.db", Path(folder))


if __name__ == "__main__":
    main()
