"""Signing in."""

from hotline.forms.base import Form, Text


class SignInForm(Form):
    username = Text(64, required=True)
    password = Text(200, required=True)
