"""The words of the hotline, from `config/search.toml`: what is cut as one word, what says nothing, what means the same."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hotline.settings.config_files import BadSettings, read_toml
from hotline.text.words import add_word, normalize


@dataclass(frozen=True)
class Lexicon:
    """`version` changes with the words that texts are cut into: what was indexed by another is indexed again."""

    version: str
    stop: frozenset[str]
    synonyms: Mapping[str, frozenset[str]]
    weight_of_a_synonym: float

    def means(self, folded: str) -> frozenset[str]:
        """What the words of this text are called by others; none that it says itself."""
        found = (others for word, others in self.synonyms.items() if word in folded)
        return frozenset(other for others in found for other in others if other not in folded)

    def telling(self, words: list[str]) -> list[str]:
        """The words, each once, less those that say nothing; all of them where nothing would be left."""
        distinct = list(dict.fromkeys(words))
        return [word for word in distinct if word not in self.stop] or distinct


@lru_cache(maxsize=4)
def lexicon_from(folder: Path) -> Lexicon:
    """Reads `search.toml`; refuses (`BadSettings`) a group of fewer than two words. Its words are words from now on."""
    path = folder / "search.toml"
    raw = read_toml(path)
    try:
        words = [normalize(word) for word in raw["words"]]
        groups = [[normalize(word) for word in group] for group in raw["synonyms"]]
        stop, weight = frozenset(raw["stop"]), float(raw["weight_of_a_synonym"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None
    if any(len(set(group)) < 2 for group in groups):
        raise BadSettings(f"配置文件 {path} 有误：synonyms 的每一组至少要有两个词。")
    add_word(*words)
    others: dict[str, frozenset[str]] = {}
    for group in groups:
        for word in group:
            others[word] = others.get(word, frozenset()) | frozenset(group) - {word}
    return Lexicon(hashlib.sha256("\n".join([*words, *sorted(stop)]).encode()).hexdigest()[:16], stop, others, weight)
