"""After an import of a calendar: what was begun by the old one meanwhile is counted again."""

from datetime import datetime

from hotline.app_context import Office
from hotline.casework.deadlines.calendar import recompute_lately_imported


def run(office: Office, now: datetime) -> int:
    """Answers how many dues moved; nothing is looked at two hours after the last import."""
    with office.deed(now) as work:
        return recompute_lately_imported(work.session, now=work.now, rulebook=work.rulebook)
