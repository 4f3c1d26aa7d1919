"""Numbers that people say on the phone: QS for tickets, DB for supervision orders, CP for rectifications; and query codes."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date

from hotline.rules.invisible import without_invisible

TICKET, ORDER, RECTIFICATION = "QS", "DB", "CP"
QUERY_CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
QUERY_CODE_LENGTH = 6
WHOLE = re.compile(TICKET + r"\d{14,}", re.ASCII)


def format_number(prefix: str, day: date, sequence: int) -> str:
    """QS20261124000123: prefix, day, running number of that day (six digits, more when they do not suffice)."""
    return f"{prefix}{day:%Y%m%d}{sequence:06d}"


def normalise(text: str) -> str:
    """A number as people type it, in its one form."""
    return "".join(unicodedata.normalize("NFKC", without_invisible(text)).split()).upper()


def is_number(text: str) -> bool:
    """Whether this (in its one form) is the whole number of a ticket."""
    return WHOLE.fullmatch(text) is not None


def new_query_code(choice: Callable[[Sequence[str]], str]) -> str:
    """Six characters that cannot be mistaken for each other (no 0/O, 1/I/L); `choice` must be unpredictable."""
    return "".join(choice(QUERY_CODE_ALPHABET) for _ in range(QUERY_CODE_LENGTH))


def normalise_query_code(text: str) -> str:
    """The code as it was given out: capitals, no blanks or dashes."""
    return normalise(text).replace("-", "")
