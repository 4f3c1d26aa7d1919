"""After an import of a calendar: what was begun by the old one meanwhile is counted again."""

from datetime import datetime

from hotline.app_context import AppContext
from hotline.casework.deadlines.calendar import recompute_lately_imported


def run(app_context: AppContext, now: datetime) -> int:
    """Answers how many dues moved; nothing is looked at two hours after the last import."""
    with app_context.transaction(now) as ctx:
        return recompute_lately_imported(ctx)
