"""The watch for hot topics."""

from datetime import datetime

from hotline.app_context import Office
from hotline.casework.supervision.hot_topics import tell_hot_topic
from hotline.queries.dashboards.hot_topics import reports_by_category
from hotline.rules.tickets.hot_topics import topics_of


def run(office: Office, now: datetime) -> int:
    """Answers how many topics were told; each is told once a week, whoever runs this and however often.

    The texts are compared while no transaction is open, so that nobody who works waits for it.
    """
    with office.reading(now) as work:
        rules, kinds = work.rulebook.hot_topics, reports_by_category(work.session, work.rulebook.hot_topics, now)
    topics = [topic for reports in kinds for topic in topics_of(reports, rules)]
    if not topics:
        return 0
    with office.deed(now) as work:
        return sum(tell_hot_topic(work.session, topic, now=work.now, rulebook=work.rulebook) for topic in topics)
