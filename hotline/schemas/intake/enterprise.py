"""Who calls: enterprise and contact. Credit codes, phones and addresses come out in their one form."""

import re
from collections.abc import Mapping
from typing import Any

import phonenumbers
from marshmallow import ValidationError, fields, validate

from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.rules.intake import credit_code, phone
from hotline.rules.refusals import MalformedCreditCode
from hotline.schemas.base import Form, NumberText, Text, refused_as

SHORT_LINE = re.compile(r"\d{5,6}")


def normalise_phone(text: str) -> str:
    """+8613812345678, or +867103512345转8001; refuses (`ValidationError`) what no phone in China could be.

    Short service lines stay as they are. What is no number as a whole may be one with an extension.
    """
    plain = phone.plain(text)
    whole = _one_form(plain)
    if whole is not None:
        return whole
    parts = phone.split_extension(plain)
    main = _one_form(parts[0]) if parts else None
    if parts is None or main is None:
        raise ValidationError("电话号码不对")
    return phone.with_extension(main, parts[1])


def _one_form(plain: str) -> str | None:
    """Return a number without an extension in its one form; None for what is none."""
    if SHORT_LINE.fullmatch(plain):
        return plain
    if re.search(r"[^\d+\-() ]", plain):
        return None
    try:
        number = phonenumbers.parse(plain, "CN")
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) if valid else None


class Phone(NumberText):
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return normalise_phone(text) if text else None


class CreditCode(NumberText):
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return credit_code.check(text) if text else None
        except MalformedCreditCode as error:
            raise refused_as(error) from None


class EnterpriseForm(Form):
    makes = EnterpriseGiven
    name = Text(200, required=True)
    credit_code = CreditCode(40)


class ContactForm(Form):
    makes = ContactGiven
    name = Text(60)
    phone = Phone(40)
    email = fields.Email(allow_none=True, validate=validate.Length(max=120), error_messages={"invalid": "电子邮箱不对"})
