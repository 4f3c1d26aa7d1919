"""A filter to be kept: for which list, by which name."""

from marshmallow import fields, validate

from hotline.casework.accounts.saved_filters import FilterGiven
from hotline.schemas.base import Form, Text

PAGES = ("/tickets", "/overdue", "/decisions", "/rectifications", "/tracked", "/statistics", "/supervision")


class FilterForm(Form):
    makes = FilterGiven

    page = fields.String(required=True, validate=validate.OneOf(PAGES, error="这个页面不能保存筛选"))
    name = Text(20, required=True)
    query = Text(2000, empty="", load_default="")
