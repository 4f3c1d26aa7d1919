"""One field by itself, as the forms check it: what is asked on leaving it."""

from hotline.forms.base import Form
from hotline.forms.enterprise import CreditCode, Phone


class CreditCodeCheckForm(Form):
    text = CreditCode(40, required=True)


class PhoneCheckForm(Form):
    text = Phone(40, required=True)
