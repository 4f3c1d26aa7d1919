"""Signing in, and what one changes about one's own account."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from hotline.schemas.base import REQUIRED, Form, Text

LONGEST_PASSWORD, LONGEST_CODE = 200, 20


class Password(fields.String):
    """Every character counts, blanks too: nothing is trimmed, nothing cut off."""

    def __init__(self) -> None:
        super().__init__(required=True)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        if not text:
            raise ValidationError(REQUIRED)
        if len(text) > LONGEST_PASSWORD:
            raise ValidationError(f"不能超过{LONGEST_PASSWORD}个字")
        return text


class SignInForm(Form):
    """`code`: of the telephone, or a recovery code, where a second factor is on."""

    username = Text(64, required=True)
    password = Password()
    code = Text(LONGEST_CODE)


class CodeForm(Form):
    code = Text(LONGEST_CODE, required=True)


class OwnPasswordForm(Form):
    password = Password()


class NewPasswordForm(Form):
    """The old one, and the new one twice."""

    old = Password()
    new = Password()
    again = Password()

    @validates_schema
    def check_again(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("new") != data.get("again"):
            raise ValidationError("两次输入的新密码不一致", "again")
