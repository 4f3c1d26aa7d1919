"""Telephone numbers in their one form: +867103512345, with an extension +867103512345转8001."""

import re
import unicodedata

from hotline.rules.invisible import without_invisible

EXTENSION = "转"
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
TAIL = re.compile(r"(?P<mark>[^0-9+]+)(?P<extension>[0-9]{1,6})\)?$")
NOISE = re.compile(r"[\s.:=()]+")
WORDS = re.compile(r"(?:,|;|-|\*|转|接|分机|分机号|内线|ext|extn|extension|x|#)+")


def plain(text: str) -> str:
    """Return a number as it is read: NFKC, one kind of dash, nothing invisible, no blanks around it."""
    return unicodedata.normalize("NFKC", without_invisible(text)).translate(DASHES).strip()


def split_extension(text: str) -> tuple[str, str] | None:
    """Return number and extension of what says that it has one (转8001, -8001, ext. 8001, #8001, 分机8001); else None."""
    found = TAIL.search(text)
    if found is None or not WORDS.fullmatch(NOISE.sub("", found["mark"]).lower()):
        return None
    return text[: found.start()].strip(), found["extension"]


def with_extension(main: str, extension: str) -> str:
    """Return the one form of a number with an extension."""
    return f"{main}{EXTENSION}{extension}"


def main_number(phone: str) -> str:
    """Return the number (in its one form) without its extension."""
    return phone.partition(EXTENSION)[0]


def takes_messages(phone: str | None) -> bool:
    """Return whether a short message may reach this number: there is one, and it is no extension."""
    return bool(phone) and EXTENSION not in (phone or "")
