"""Characters that nobody sees: taken out of numbers, and no text consists of them alone."""

import re
import unicodedata

BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159")
"""Drawn as nothing though Unicode calls them letters, marks or symbols: Hangul fillers, the empty Braille pattern and others."""
SELECTORS = re.compile("[\u180b-\u180f\u2065\ufe00-\ufe0f\ufff0-\ufff8\U000e0000-\U000e0fff]")
"""Variation selectors, tag characters, and what Unicode keeps free for more of their kind."""


def is_invisible(character: str) -> bool:
    """Return whether this character takes no place: direction marks, zero-width ones, fillers, soft hyphens. Blanks do."""
    category = unicodedata.category(character)
    return category in ("Cf", "Cc", "Cs") or character in BLANK_LETTERS or SELECTORS.match(character) is not None


def without_invisible(text: str) -> str:
    """Return the text without the characters that nobody sees; its blanks stay."""
    return (
        text
        if text.isascii() and text.isprintable()
        else "".join(c for c in text if not is_invisible(c) or c in "\t\n\r")
    )


def is_visible(text: str) -> bool:
    """Return whether there is anything to be seen in this text."""
    return any(not character.isspace() and not is_invisible(character) for character in text)
