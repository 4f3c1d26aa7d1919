"""What is asked of the log of the administration."""

from hotline.queries.accounts.audit_log import LogFilters
from hotline.rules.accounts.administration import AdminDeed
from hotline.schemas.base import Choice, Text
from hotline.schemas.queries import PageQuery


class LogQuery(PageQuery):
    makes = LogFilters
    subject = Text(64)
    deed = Choice(AdminDeed)
