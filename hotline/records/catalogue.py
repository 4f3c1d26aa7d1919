"""All tables, so that one import knows the whole schema."""

from hotline.records import (
    article_conflicts,
    article_index,
    article_tasks,
    article_use,
    articles,
    assists,
    attachments,
    calendar_days,
    call_backs,
    clocks,
    enterprises,
    jobs,
    notices,
    orders,
    policies,
    ratings,
    rectifications,
    reminders,
    requests,
    staff,
    tickets,
    timeline,
    units,
)
from hotline.records.base import Record

TABLES = (
    article_conflicts,
    article_index,
    article_use,
    articles,
    assists,
    attachments,
    calendar_days,
    call_backs,
    clocks,
    enterprises,
    jobs,
    notices,
    orders,
    ratings,
)
MORE_TABLES = (article_tasks, policies, rectifications, reminders, requests, staff, tickets, timeline, units)
metadata = Record.metadata
