"""What an administrator sends about accounts."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from hotline.casework.accounts.account_admin import PersonGiven, RoleGiven
from hotline.rules.vocabulary import Role
from hotline.schemas.base import REQUIRED, Choice, Form, Several, Text
from hotline.schemas.intake.enterprise import Phone
from hotline.schemas.queries import PageQuery

ACCOUNT = validate.Regexp(r"^[a-z0-9][a-z0-9._-]{1,63}$", error="只能用小写字母、数字、点、横线，2至64个字符")


class MailAddress(fields.Email):
    """An address to which messages go."""

    def __init__(self) -> None:
        super().__init__(
            allow_none=True, load_default=None, validate=validate.Length(max=120, error="不能超过{max}个字")
        )

    default_error_messages = {"invalid": "电子邮箱不对"}


class _Person(Form):
    name = Text(64, required=True)
    unit = Text(64, required=True)
    email = MailAddress()
    phone = Phone(40, load_default=None)


class PersonForm(_Person):
    makes = PersonGiven


class HiringForm(_Person):
    """A person with the account and the roles they begin with."""

    username = Text(64, required=True, validate=ACCOUNT)
    roles = Several(Choice(Role), required=True)
    over = Text(64, load_default=None)

    @validates_schema
    def check_roles(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data.get("roles"):
            raise ValidationError({"roles": [REQUIRED]})


class RoleForm(Form):
    makes = RoleGiven
    role = Choice(Role, required=True)
    over = Text(64, load_default=None)


class PeopleQuery(PageQuery):
    """`state`: active, disabled or unused; without it all."""

    q = Text(64)
    unit = Text(64)
    role = Choice(Role)
    state = fields.String(validate=validate.OneOf(["active", "disabled", "unused"], error="只能是 {choices}"))
