"""What somebody asks of the knowledge base: its words and what else they are called, codes, sounds, slips of typing."""

import re
from dataclasses import dataclass
from itertools import pairwise

from hotline.text.lexicon import Lexicon
from hotline.text.words import HAN, codes_of, fuzzy, is_known, normalize, readings, tokenize, tokenize_once

LONGEST = 200
SAID, CODE, READ, SOUNDS_LIKE = 1.0, 3.0, 1.0, 0.6
SLIPS = range(2, 6)
BETWEEN_CHARACTERS = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Question:
    """`words`: what to look for in the index, each with its weight; `said`: those of them that were said themselves.

    `pairs` and `characters` compare what was found.
    """

    words: dict[str, float]
    said: tuple[str, ...]
    pairs: frozenset[str]
    characters: frozenset[str]


def understood(text: str, lexicon: Lexicon) -> Question:
    """Any text is a question; one without letters asks for nothing."""
    folded = BETWEEN_CHARACTERS.sub("", normalize(text[:LONGEST]))
    telling = lexicon.telling(tokenize(folded))
    words = _synonyms(folded, lexicon)
    words |= dict.fromkeys(_slips(folded, lexicon), SOUNDS_LIKE)
    words |= dict.fromkeys(_typed_sounds(folded), READ)
    words |= dict.fromkeys(telling, SAID) | dict.fromkeys(codes_of(folded), CODE)
    runs = HAN.findall(folded)
    pairs = frozenset(one + two for run in runs for one, two in pairwise(run))
    return Question(words, tuple(telling), pairs, frozenset("".join(runs)) - lexicon.stop)


def _synonyms(folded: str, lexicon: Lexicon) -> dict[str, float]:
    found: dict[str, float] = {}
    for other in lexicon.means(folded):
        parts = tokenize(other)
        for part in parts:
            found[part] = max(found.get(part, 0.0), lexicon.weight_of_a_synonym / len(parts))
    return found


def _typed_sounds(folded: str) -> list[str]:
    """Letters may be pinyin or its initials, typed in one piece or word by word: `~yyzz`, `~yingyezhizhao`."""
    typed = LATIN.findall(folded)
    joined = ["".join(typed[at:to]) for at in range(len(typed)) for to in range(at + 1, len(typed) + 1)]
    return [f"~{way}" for sound in joined for way in (sound, fuzzy(sound))]


def _slips(folded: str, lexicon: Lexicon) -> list[str]:
    """Chinese is typed by its sound, so a slip is another character of the same: the sounds around what is no known word."""
    found: dict[str, None] = {}
    for run in HAN.findall(folded):
        loose = _loose(run, lexicon)
        for at in range(len(run)):
            for length in SLIPS:
                if at + length <= len(run) and any(at <= place < at + length for place in loose):
                    found.update(dict.fromkeys(f"~{whole}" for whole, _ in readings(run[at : at + length])[:2]))
    return list(found)


def _loose(run: str, lexicon: Lexicon) -> list[int]:
    """The places of characters that stand alone, or in what only looks like a word."""
    places: list[int] = []
    at = 0
    for word in tokenize_once(run):
        if (len(word) == 1 and word not in lexicon.stop) or not is_known(word):
            places += range(at, at + len(word))
        at += len(word)
    return places
