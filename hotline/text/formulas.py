"""Text that a spreadsheet would run: told from other text, and made harmless where a file knows text alone (CSV)."""

import unicodedata

SIGNS = frozenset("=+-@")
STARTS = frozenset("\t\r\n")
# Drawn as nothing though they are letters or symbols: the fillers of Hangul and the blank of Braille.
BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
UNSEEN = frozenset("ZCM")
"""The first letters of the categories of what is not seen, or seen with another character only."""


def is_run(text: str) -> bool:
    """Return whether a spreadsheet may take this for a formula or a command, whatever unseen stands before its sign.

    Wide signs count: an input method writes them, and spreadsheets take them for the narrow ones.
    """
    if text[:1] in STARTS:
        return bool(text)
    first = next((c for c in text if unicodedata.category(c)[0] not in UNSEEN and c not in BLANKS), "")
    return unicodedata.normalize("NFKC", first)[:1] in SIGNS if first else False


def guarded(text: str) -> str:
    """Return the text as a CSV file may hold it: what a spreadsheet would run begins with an apostrophe.

    So does what `unguarded` would otherwise shorten.
    """
    return f"'{text}" if is_run(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given."""
    return text[1:] if text.startswith("'") and is_run(text.lstrip("'")) else text
