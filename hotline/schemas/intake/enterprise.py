"""Who calls: enterprise and contact. Credit codes, phones and addresses come out in their one form."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import phonenumbers
from marshmallow import ValidationError, fields, validate

from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.rules.intake import credit_code
from hotline.rules.refusals import MalformedCreditCode
from hotline.schemas.base import Form, Text, refused_as

SHORT_LINE = re.compile(r"\d{5,6}")


def normalise_phone(text: str) -> str:
    """+8613812345678; refuses (`ValidationError`) what no phone in China could be. Short service lines stay as they are."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if SHORT_LINE.fullmatch(plain):
        return plain
    try:
        number = phonenumbers.parse(plain, "CN")
    except phonenumbers.NumberParseException:
        raise ValidationError("电话号码不对") from None
    if not phonenumbers.is_valid_number(number) or re.search(r"[^\d+\-() ]", plain):
        raise ValidationError("电话号码不对")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class Phone(Text):
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return normalise_phone(text) if text else None


class CreditCode(Text):
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
