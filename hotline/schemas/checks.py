"""One field by itself, as the forms check it: what is asked on leaving it."""

from hotline.schemas.base import Form
from hotline.schemas.intake.enterprise import CreditCode, Phone


class CreditCodeCheckForm(Form):
    text = CreditCode(40, required=True)


class PhoneCheckForm(Form):
    text = Phone(40, required=True)
