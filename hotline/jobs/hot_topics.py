"""The watch for hot topics."""

from datetime import datetime

from hotline.casework.hot_topics import tell_hot_topics
from hotline.office import Office


def run(office: Office, now: datetime) -> int:
    """Answers how many topics are hot; each is told once a week, whoever runs this and however often."""
    with office.deed(now) as work:
        return tell_hot_topics(work.session, now=work.now, rulebook=work.rulebook)
