"""What is left of personal data for whoever does not need it."""

import re

PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}-?)\d{3,4}(\d{4})(?!\d)")
IDENTITY_CARD = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
CARD = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{8,11}(\d{4})(?![0-9A-Za-z])")
EMAIL = re.compile(r"([\w.+-])[\w.+-]*(@[\w-]+(?:\.[\w-]+)+)", re.ASCII)


def mask_name(name: str) -> str:
    """王小明 -> 王**."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_phone(phone: str) -> str:
    """13812345678 -> 138****5678; the last four digits of any other number stay."""
    masked = mask_in_text(phone)
    if masked != phone:
        return masked
    return "*" * max(0, len(phone) - 4) + phone[-4:] if len(phone) > 4 else "*" * len(phone)


def mask_email(email: str) -> str:
    return EMAIL.sub(r"\1***\2", email)


def mask_in_text(text: str) -> str:
    """Phones, identity cards, card numbers and e-mail addresses in free text."""
    text = IDENTITY_CARD.sub(r"\1********\2", text)
    text = CARD.sub(r"\1********\2", text)
    text = PHONE.sub(r"\1****\2", text)
    text = LANDLINE.sub(r"\1****\2", text)
    return mask_email(text)
