"""Chinese cut into words, for what is stored and for what is asked alike."""

import rjieba


def words_of(text: str) -> list[str]:
    """The words of a text, each once and in lower case; blanks and punctuation fall away."""
    words = (word for word in rjieba.cut_for_search(text.lower(), True) if any(c.isalnum() for c in word))
    return list(dict.fromkeys(words))
