"""All tables, so that one import knows the whole schema."""

from hotline.models.accounts import audit_log, logins, saved_filters, staff, units
from hotline.models.call_backs import call_backs
from hotline.models.database import jobs
from hotline.models.database.base import Record
from hotline.models.deadlines import calendar_days, clocks, rule_versions
from hotline.models.handling import assists, reply_templates, requests, tracked
from hotline.models.intake import enterprises, imports
from hotline.models.knowledge import article_conflicts, article_index, article_tasks, article_use, articles, policies
from hotline.models.messages import notices
from hotline.models.ratings import ratings, rectifications
from hotline.models.supervision import orders
from hotline.models.tickets import attachments, objections, reminders, tickets, timeline

TABLES = (
    audit_log,
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
    imports,
    jobs,
    notices,
    orders,
    ratings,
    rule_versions,
)
MORE_TABLES = (
    article_tasks,
    objections,
    policies,
    rectifications,
    reminders,
    reply_templates,
    requests,
    saved_filters,
    logins,
    staff,
    tickets,
    timeline,
    tracked,
    units,
)
metadata = Record.metadata
