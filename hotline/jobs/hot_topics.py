"""The watch for hot topics."""

from hotline.casework.supervision.hot_topics import tell_hot_topic
from hotline.jobs.run import Run
from hotline.queries.dashboards.hot_topics import reports_by_category
from hotline.rules.tickets.hot_topics import topics_of


def run(job: Run) -> int:
    """Answers how many topics were told; each is told once a week, whoever runs this and however often.

    The texts are compared while no transaction is open, so that nobody who works waits for it.
    """
    with job.snapshot() as ctx:
        rules, kinds = ctx.rules.hot_topics, reports_by_category(ctx, ctx.rules.hot_topics)
    topics = [topic for reports in kinds for topic in topics_of(reports, rules)]
    if not topics:
        return 0
    with job.transaction() as ctx:
        return sum(tell_hot_topic(ctx, topic) for topic in topics)
