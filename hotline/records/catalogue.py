"""All tables, so that one import knows the whole schema."""

from hotline.records import (
    articles,
    attachments,
    calendar_days,
    call_backs,
    clocks,
    enterprises,
    jobs,
    notices,
    orders,
    ratings,
    rectifications,
    requests,
    staff,
    tickets,
    timeline,
    units,
)
from hotline.records.base import Record

TABLES = (articles, attachments, calendar_days, call_backs, clocks, enterprises, jobs, notices, orders, ratings)
MORE_TABLES = (rectifications, requests, staff, tickets, timeline, units)
metadata = Record.metadata
