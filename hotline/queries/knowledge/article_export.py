"""The whole base as it stands, for files: the current version of every article, by section and code."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

try:
    from yaml import CSafeDumper as Dumper
except ImportError:
    from yaml import SafeDumper as Dumper

from hotline.models.knowledge.articles import SAID, Article, ArticleVersion
from hotline.rules.knowledge.article import ArticleState

AT_ONCE = 500
LONGEST_LINE = 2**30


@dataclass(frozen=True, slots=True)
class Exported:
    """An article in the form in which a file carries it; drafts and earlier versions stay behind."""

    section: str
    code: str
    matter: dict[str, Any]
    body: str

    @property
    def path(self) -> str:
        return f"{self.section}/{self.code}.md"

    def markdown(self) -> str:
        """Front matter and body: what `load` reads, always the same bytes for the same article."""
        matter = yaml.dump(self.matter, Dumper=Lines, allow_unicode=True, sort_keys=False, width=LONGEST_LINE)
        return f"---\n{matter}---\n\n{self.body}\n"


class Lines(Dumper):  # type: ignore[misc]
    """Text of several lines in double quotes, so that no line of it can be taken for the end of the front matter."""

    def represent_str(self, text: str) -> Any:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style='"' if "\n" in text else None)

    def represent_day(self, day: date) -> Any:
        return self.represent_scalar("tag:yaml.org,2002:timestamp", day.isoformat())


Lines.add_representer(str, Lines.represent_str)
Lines.add_multi_representer(date, Lines.represent_day)


def exported(session: Session) -> Iterator[Exported]:
    """Every article that was ever published; one that is not in use says so, and comes back as such."""
    query = select(Article, ArticleVersion).join(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    query = query.order_by(Article.section, Article.code).execution_options(yield_per=AT_ONCE)
    for article, version in session.execute(query):
        matter = {name: getattr(version, name) for name in SAID if name != "body"}
        matter["review_state"] = article.review_state
        if article.state is not ArticleState.PUBLISHED:
            matter["state"] = str(article.state)
        yield Exported(article.section, article.code, matter, version.body)
