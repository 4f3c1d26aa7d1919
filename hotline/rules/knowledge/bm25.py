"""How well an article answers what is asked: Okapi BM25 over its words (Robertson and Zaragoza 2009), the title counting more.

What a word is worth in one article (`impact`) is stored when the article is indexed; how rare it is (`rarity`) is known when
somebody asks. The best by words are then compared by the pairs of characters and the characters themselves (`closeness`), which
know nothing of words and so do not mind where one ends.
"""

import math
from collections.abc import Mapping, Sequence

SATURATION, LENGTH_COUNTS, USUAL_LENGTH = 1.2, 0.75, 80
TITLE, QUESTION = 2, 2
ALL_IN_THE_TITLE = 1.5
"""An article whose title says every word of the question is worth so many times more."""
UNITS_OF_AN_IMPACT = 1000
"""An impact is kept as a whole number of thousandths."""
PAIRS_COUNT, CHARACTERS_COUNT = 0.8, 0.8
USUAL_CHARACTERS = 120


def saturated(frequency: float, length: float, usual: float) -> float:
    """What a word that occurs so often in a text of this length is worth; at most 1 + SATURATION."""
    pressed = SATURATION * (1 - LENGTH_COUNTS + LENGTH_COUNTS * length / usual)
    return frequency * (1 + SATURATION) / (frequency + pressed)


def impacts(title: Sequence[str], questions: Sequence[str], body: Sequence[str]) -> dict[str, int]:
    """The words of an article with what each is worth in it, in thousandths."""
    often: dict[str, int] = {}
    for words, counts in ((title, TITLE), (questions, QUESTION), (body, 1)):
        for word in words:
            often[word] = often.get(word, 0) + counts
    length = len(title) + len(questions) + len(body)
    # Most words occur once or twice: what that is worth is reckoned once.
    worth = {n: round(UNITS_OF_AN_IMPACT * saturated(n, length, USUAL_LENGTH)) for n in set(often.values())}
    return {word: worth[count] for word, count in often.items()}


def rarity(articles: int, total: int) -> float:
    """What a word is worth that occurs in so many of all articles: the rarer, the more, and never less than nothing."""
    return math.log(1 + (max(0, total - articles) + 0.5) / (articles + 0.5))


def closeness(pairs: frozenset[str], characters: frozenset[str], texts: Mapping[int, str]) -> dict[int, float]:
    """How near each text comes to what was asked, counted by pairs of characters and by characters.

    How rare these are is taken among `texts` alone, which are the best by words already.
    """
    near = dict.fromkeys(texts, 0.0)
    for units, counts in ((pairs, PAIRS_COUNT), (characters, CHARACTERS_COUNT)):
        for unit in units:
            often = {key: found for key, text in texts.items() if (found := text.count(unit))}
            worth = counts * rarity(len(often), len(texts))
            for key, found in often.items():
                near[key] += worth * saturated(found, len(texts[key]), USUAL_CHARACTERS)
    return near
