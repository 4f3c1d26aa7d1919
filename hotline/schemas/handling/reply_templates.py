"""A template of replies, as its writers send it."""

from hotline.casework.handling.reply_templates import Writing
from hotline.schemas.base import Form, Text


class WritingForm(Form):
    makes = Writing
    name = Text(80, required=True)
    text = Text(2000, required=True)
