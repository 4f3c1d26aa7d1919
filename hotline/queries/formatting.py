"""How values are shown: instants in Asia/Shanghai, words with their Chinese."""

from datetime import datetime
from typing import Any

from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.vocabulary import Word


def instant(at: datetime | None) -> str | None:
    """RFC 3339 with the offset of Asia/Shanghai."""
    return at.astimezone(ZONE).isoformat(timespec="seconds") if at else None


def labelled(name: str, word: Word | None) -> dict[str, Any]:
    """`state` and `state_label` side by side."""
    return {name: str(word) if word else None, f"{name}_label": word.label if word else None}
