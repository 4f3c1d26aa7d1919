"""What is asked of the log of the administration."""

from hotline.rules.accounts.administration import AdminDeed
from hotline.schemas.base import Choice, Text
from hotline.schemas.queries import PageQuery


class LogQuery(PageQuery):
    subject = Text(64)
    deed = Choice(AdminDeed)
