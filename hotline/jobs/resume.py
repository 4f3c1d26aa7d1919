"""The end of suspensions: on its date the handling goes on by itself, at the true instant."""

from datetime import datetime

from hotline.app_context import Office
from hotline.casework.handling.resumption import resume_due


def run(office: Office, now: datetime) -> int:
    """Resumes what has run out; answers how many tickets."""
    total = 0
    while True:
        with office.deed(now) as work:
            count = resume_due(work.session, now=work.now, rulebook=work.rulebook)
        if not count:
            return total
        total += count
