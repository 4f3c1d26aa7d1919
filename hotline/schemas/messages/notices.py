"""The form for notices that somebody has seen."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from hotline.casework.tickets.notices import Seen
from hotline.schemas.base import Form, Several

NOTICE = validate.Range(0, 2**63 - 1, error="应为{min}至{max}")


class ReadForm(Form):
    """The notices that were seen: some, or all up to the last one."""

    makes = Seen
    last = fields.Integer(validate=NOTICE)
    ids = Several(fields.Integer(validate=NOTICE), validate=validate.Length(max=200))

    @validates_schema
    def check_any(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data:
            raise ValidationError({"last": ["必须填写"]})
