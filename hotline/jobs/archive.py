"""The archive's job."""

from datetime import datetime

from hotline.app_context import Office
from hotline.casework.handling.archiving import archive_batch


def run(office: Office, now: datetime) -> int:
    """Archives what was closed 30 working days ago; answers how many tickets were looked at."""
    total = 0
    while True:
        with office.deed(now) as work:
            count = archive_batch(work.session, now=work.now, rulebook=work.rulebook)
        if not count:
            return total
        total += count
