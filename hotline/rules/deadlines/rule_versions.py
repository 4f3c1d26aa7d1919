"""Rules have dates: versions numbered from 1, each in force from an instant until the next one begins.

A version holds what changed with it; every other kind of rule stays as the version before left it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.rules.vocabulary import Word

Content = Any
"""What a file of `config/` states, as JSON."""


class RuleKind(Word):
    LIMITS = "limits", "时限"
    LADDER = "ladder", "预警升级"
    CATEGORIES = "categories", "事项类别"
    UNITS = "units", "单位"
    REASONS = "reasons", "理由代码"


Sources = Mapping[str, Content]
"""What is stated of each kind, by its name."""
Digests = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VersionBegins:
    """A version and the instant from which on it is in force."""

    version: int
    begins_at: datetime


def digest_of(content: Content) -> str:
    """Return the digest by which the same content is known again, in whatever order its names stand."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def version_in_force(versions: Iterable[VersionBegins], now: datetime) -> int | None:
    """Return the last version that has begun; the first also holds for everything before it. None without any."""
    ordered = sorted(versions, key=lambda begins: begins.version)
    begun = [found.version for found in ordered if found.begins_at <= now]
    if begun:
        return begun[-1]
    return ordered[0].version if ordered else None


def digests_of(sources: Sources) -> dict[str, str]:
    """Return the digest of each kind, by its name."""
    return {str(kind): digest_of(content) for kind, content in sources.items()}


def kinds_changed(sources: Sources, digests: Digests) -> dict[str, Content]:
    """Return what is stated otherwise than by these digests, by the name of its kind."""
    mine = digests_of(sources)
    return {str(kind): content for kind, content in sources.items() if digests.get(str(kind)) != mine[str(kind)]}
