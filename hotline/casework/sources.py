"""Reads `config/` and `knowledge_base/` and loads what they hold; an entry that is wrong is named."""

from datetime import datetime
from pathlib import Path

import frontmatter
import yaml
from sqlalchemy.orm import Session

from hotline.casework.knowledge import Source, load_articles
from hotline.casework.loading import BadSource, Report, load_categories, load_units
from hotline.casework.rated_bodies import load_bodies, load_channels
from hotline.settings import read_toml


def article_sources(folder: Path) -> list[Source]:
    """Every article of the folder, by section and name."""
    return [_source(path) for path in sorted(folder.glob("*/*.md"))]


def _source(path: Path) -> Source:
    try:
        post = frontmatter.loads(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadSource(f"{path.parent.name}/{path.name}：{error}") from None
    return Source(path.parent.name, path.stem, post.metadata, post.content)


def load_all(session: Session, config: Path, articles: Path, *, now: datetime) -> dict[str, Report]:
    """Units, categories, what is rated, and articles, in this order; all of it or nothing."""
    rated = read_toml(config / "rated_bodies.toml")
    return {
        "units": load_units(session, read_toml(config / "units.toml")["unit"]),
        "categories": load_categories(session, read_toml(config / "categories.toml")["category"]),
        "rated bodies": load_bodies(session, rated["body"]),
        "rating channels": load_channels(session, rated["channel"]),
        "articles": load_articles(session, article_sources(articles), now=now),
    }
