"""What is asked of the log of the administration."""

from hotline.forms.base import Choice, Text
from hotline.forms.queries import PageQuery
from hotline.rules.administration import AdminDeed


class LogQuery(PageQuery):
    subject = Text(64)
    deed = Choice(AdminDeed)
