"""Chinese text in one form, cut into words; document numbers and codes; how words are read aloud (pinyin)."""

import os
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, pairwise, product

import opencc
import rjieba

LONGEST_WORD, LONGEST_READ = 40, 8
HAN = re.compile(r"[\u4e00-\u9fff]+")
# 襄政办发〔2020〕53号, 〔2020〕53号, 2020年53号: year and number make the code, what stands before them is cut as words.
NUMBERED = re.compile(r"[〔\[(【﹝]?\s*((?:19|20)\d\d)\s*(?:[〕\])】﹞]|年)\s*(?:第\s*)?(\d{1,5})\s*号")
# GB/T 39735, ISO 9001-2015, A-24-17, V2.1: letters and digits that hang together by signs or a blank.
CODED = re.compile(r"[a-z]+(?:[/.\-_ ]?[a-z]+)?[/.\-_ ]{0,2}\d+(?:[.\-/_]\d+)*")
STEM = re.compile(r"\D+\d+")  # GB/T 39735 of GB/T 39735-2020: people leave the year out
FRAME = str.maketrans("", "", " /.-_")
MOST_READINGS = 4
_simplified = opencc.OpenCC("t2s")


def normalize(text: str) -> str:
    """The one form of a text: NFKC (half width), small letters, simplified characters."""
    return str(_simplified.convert(unicodedata.normalize("NFKC", text).replace("\0", "").lower()))


def tokenize(folded: str) -> list[str]:
    """The words of a folded text in their order, long ones with the words inside them; punctuation falls away."""
    return [word[:LONGEST_WORD] for word in rjieba.cut_for_search(folded, True) if _says(word)]


def _says(word: str) -> bool:
    """False for punctuation; the first question settles nearly all of them, many times as quickly."""
    return word.isalnum() or (len(word) > 1 and any(letter.isalnum() for letter in word))


def tokenize_once(folded: str) -> list[str]:
    """The text cut into words that follow each other without overlap."""
    return [str(word) for word in rjieba.cut(folded, True)]


def codes_of(folded: str) -> list[str]:
    """Document numbers and codes as single words, however they are punctuated: `#2020-53`, `#gbt39735`."""
    found = [f"{year}-{number}" for year, number in NUMBERED.findall(folded)]
    for code in CODED.findall(folded):
        stem = STEM.match(code)
        found += [part.translate(FRAME)[:LONGEST_WORD] for part in (code, stem[0] if stem else code)]
    return [f"#{code}" for code in dict.fromkeys(found)]


def is_han(text: str) -> bool:
    """True for a text of Chinese characters alone."""
    return HAN.fullmatch(text) is not None


@lru_cache(maxsize=20_000)
def readings(word: str) -> tuple[tuple[str, str], ...]:
    """(the soft pinyin, its initials) of a Chinese word, for each way in which its characters may be read, the usual first."""
    # Not at the top: its tables take 12 MB, which only those processes pay that search or write articles.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import Style, pinyin

    sounds = pinyin(word, style=Style.NORMAL, heteronym=True)
    read = [
        (fuzzy("".join(way)), "".join(sound[0] for sound in way)) for way in islice(product(*sounds), MOST_READINGS)
    ]
    return tuple(dict.fromkeys(read))


def fuzzy(sound: str) -> str:
    """Pinyin without the differences that many people do not hear: zh and z, ch and c, sh and s, -ng and -n."""
    for sharp, plain in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        sound = sound.replace(sharp, plain)
    return sound


def readings_in(folded: Iterable[str]) -> list[str]:
    """How the words of these texts may be typed by their sound: `~yingyezhizhao`, `~yyzz`; two words together as well."""
    found: dict[str, None] = {}
    for text in folded:
        words = [word for word in tokenize_once(text) if is_han(word)]
        for said in [*words, *(one + two for one, two in pairwise(words))]:
            if 2 <= len(said) <= LONGEST_READ:
                found.update(dict.fromkeys(f"~{way}" for reading in readings(said) for way in reading))
    return list(found)


# The instance that the package loads when it is imported; one of our own would hold the same 24 MB again.
_dictionary = rjieba._DEFAULT_JIEBA


def is_known(word: str) -> bool:
    """True for a word of the dictionary; the cutter also guesses words that are in none."""
    return bool(_dictionary.has_word(word))


def add_word(*words: str) -> None:
    """Lets these be words when a text is cut, in this process."""
    for word in words:
        if len(word) > 1 and not is_known(word):
            _dictionary.add_word(word, None, None)
