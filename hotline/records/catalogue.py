"""All tables, so that one import knows the whole schema."""

from hotline.records import (
    articles,
    assists,
    attachments,
    calendar_days,
    call_backs,
    clocks,
    enterprises,
    jobs,
    notices,
    objections,
    orders,
    ratings,
    rectifications,
    reminders,
    requests,
    staff,
    tickets,
    timeline,
    tracked,
    units,
)
from hotline.records.base import Record

TABLES = (
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
MORE_TABLES = (objections, rectifications, reminders, requests, staff, tickets, timeline, tracked, units)
metadata = Record.metadata
