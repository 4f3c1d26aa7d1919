"""Rules as dated versions: what was in force from when on, kept for good."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Record


class RuleVersion(Record):
    """A version of the rules, in force from `begins_at` on.

    `content`: the kinds of rule that changed with it, as `config/` states them; every other stays as the version before left
    it. `digests`: of every kind as it holds by this version.
    """

    __tablename__ = "rule_versions"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begins_at: Mapped[datetime]
    digests: Mapped[dict[str, Any]]
    content: Mapped[dict[str, Any]]
