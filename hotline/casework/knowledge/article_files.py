"""Reads `config/` and `knowledge_base/` and loads what they hold; an entry that is wrong is named."""

from collections.abc import Callable, Iterator
from pathlib import Path

import frontmatter
import yaml

from hotline.casework.accounts.config_sync import BadSource, Report, load_categories, load_units, quietly
from hotline.casework.accounts.rule_sync import load_rules
from hotline.casework.knowledge.article_loading import load_articles
from hotline.casework.knowledge.article_source import Source
from hotline.casework.ratings.rated_bodies import load_bodies, load_channels
from hotline.context import Context
from hotline.settings.config_files import read_toml
from hotline.settings.rulebook import rulebook_from


def article_files(folder: Path) -> list[Path]:
    """Every article of a folder, by section and name."""
    return sorted(folder.glob("*/*.md"))


def article_sources(paths: list[Path]) -> Iterator[Source]:
    """What the files hold, one after the other; refuses (`BadSource`) one that cannot be read."""
    return (article_source(path) for path in paths)


def article_source(path: Path) -> Source:
    """One file, its section and code the names of folder and file."""
    place = f"{path.parent.name}/{path.name}"
    try:
        post = frontmatter.loads(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise BadSource(f"{place}：{error}") from None
    return Source(path.parent.name, path.stem, post.metadata, post.content, place)


def load_all(
    ctx: Context, config: Path, articles: Path, *, progress: Callable[[int], object] = quietly
) -> dict[str, Report]:
    """Units, categories, what is rated, articles and the rules that are kept as versions, in this order; all or nothing."""
    rated = read_toml(config / "rated_bodies.toml")
    return {
        "units": load_units(ctx.session, read_toml(config / "units.toml")["unit"]),
        "categories": load_categories(ctx.session, read_toml(config / "categories.toml")["category"]),
        "rated bodies": load_bodies(ctx.session, rated["body"]),
        "rating channels": load_channels(ctx.session, rated["channel"]),
        "articles": load_articles(ctx, article_sources(article_files(articles)), progress=progress),
        "rules": load_rules(ctx, rulebook_from(config).sources),
    }
