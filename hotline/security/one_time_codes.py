"""Codes that a telephone makes from a shared secret and the time (RFC 6238): six digits, a new one every thirty seconds."""

import base64
import os
from datetime import datetime

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS, SECONDS = 6, 30
ISSUER = "12345企业服务热线"
SECRET_BYTES = 20
DRIFT = (0, -1, 1)
"""Steps by which the clock of a telephone may be off."""


def new_secret_of_codes() -> str:
    """160 random bits in base32, as it can also be typed by hand."""
    return base64.b32encode(os.urandom(SECRET_BYTES)).decode()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, now or one step off; None for every other code."""
    codes, here = _codes(secret), int(now.timestamp()) // SECONDS
    sent_code = code.encode()
    return next((here + off for off in DRIFT if bytes_eq(codes.generate((here + off) * SECONDS), sent_code)), None)


def code_at(secret: str, now: datetime) -> str:
    """What the telephone shows at this instant."""
    return _codes(secret).generate(int(now.timestamp())).decode()


def address_of(secret: str, username: str) -> str:
    """What the QR code says to the telephone."""
    return _codes(secret).get_provisioning_uri(username, ISSUER)


def _codes(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), SECONDS)
