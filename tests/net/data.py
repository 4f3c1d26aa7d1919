"""The fixed set of data: the demonstration, and tickets with a longer past beside it."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.accounts import accounts, sessions
from hotline.casework.knowledge import article_files
from hotline.casework.ratings import rated_bodies, rating_links
from hotline.demo import demonstration
from hotline.jobs import scheduler
from hotline.models.accounts.staff import Staff
from hotline.models.database import migrate
from hotline.rules.accounts.administration import CONSOLE
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings
from tests.net.frozen import NOW
from tests.net.lives import Lives
from tests.support.cast import HIRED_AT, PASSWORD, PEOPLE, Cast

PREFIX = "life-"
METRICS = "metrics-token-for-the-net"
# A session, unlike a token, asks some people for a second factor, which nobody here has.
WITH_SESSION = ("administrator", "operator")


@dataclass(frozen=True)
class Data:
    """`tokens`: how each person of the demonstration comes in; `codes`: query codes by number; `links`: rating links."""

    app_context: AppContext
    tokens: dict[str, str]
    sessions: dict[str, str]
    codes: dict[str, str]
    links: list[str]
    channel: str


def settings_for(url: str, folder: Path) -> Settings:
    """Return settings with fixed keys, and with a gateway for short messages that cannot be reached."""
    config = folder / "config"
    if not config.exists():
        shutil.copytree(resource("config"), config)
        channels = config / "channels.toml"
        off, on = '[sms]\nurl = ""', '[sms]\nurl = "http://127.0.0.1:9/"'
        written = channels.read_text(encoding="utf-8")
        assert off in written
        channels.write_text(written.replace(off, on), encoding="utf-8")
    keys = ("secret-key-for-the-net-only", "data-key-for-the-net-only")
    more = {"public_url": "https://hotline.example", "metrics_token": METRICS}
    return Settings(url, *keys, config, folder, **more)


def build(url: str, folder: Path) -> Data:
    """Migrate, load, people and enliven an empty database."""
    migrate.upgrade(url)
    app_context = AppContext(settings_for(url, folder))
    with app_context.transaction(NOW) as ctx:
        article_files.load_all(ctx, resource("config"), resource("knowledge_base"))
    # First of all: it looks for articles by their place in the list, to which lives add some.
    demonstration.enliven(app_context, lambda: None)
    lives = Lives(app_context, _hire(app_context))
    lives.go()
    scheduler.run_once(app_context, NOW)
    return _with_tokens(app_context, lives.codes)


def _hire(app_context: AppContext) -> Cast:
    """Hire the cast under names that the demonstration does not use."""
    with app_context.transaction(HIRED_AT) as ctx:
        for username, (name, unit, roles) in PEOPLE.items():
            given = accounts.NewStaff(PREFIX + username.replace("_", "-"), name, PASSWORD, unit, roles)
            accounts.add(ctx, given)
    with app_context.snapshot() as ctx:
        staff = {row.username: accounts.actor_for(row) for row in ctx.session.scalars(select(Staff))}
    return Cast(**{username: staff[PREFIX + username.replace("_", "-")] for username in PEOPLE}, tokens={})


def _with_tokens(app_context: AppContext, codes: dict[str, str]) -> Data:
    tokens, opened = {}, {}
    names = [username for username, *_ in demonstration.PEOPLE]
    with app_context.transaction(NOW) as ctx:
        staff = {row.username: row for row in ctx.session.scalars(select(Staff).order_by(Staff.id))}
        for name in names:
            lasts = timedelta(days=1)
            tokens[name] = accounts.grant_token(ctx.at(NOW), staff[name], label="net", lasts=lasts)
        for name in WITH_SESSION:
            opened[name] = sessions.open_session(ctx, staff[name], label="net")
        channel = rated_bodies.grant_channel_token(ctx.by(CONSOLE).at(NOW), "hall-terminals", days=1)
        rulebook = ctx.rules
    links = [
        rating_links.for_ticket(app_context.keys, number, 1, at=NOW, rulebook=rulebook) for number in list(codes)[-8:]
    ]
    links += [app_context.keys.sign(rating_links.PURPOSE, ["s", body, 1]) for body in ("city-hall", "no-such-body")]
    return Data(app_context, tokens, opened, codes, links, channel)
