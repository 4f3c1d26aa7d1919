"""How alike two texts are: the pairs of characters that they share, the rare ones counting more.

Pairs of characters need no dictionary and find names of places and firms. The measure is the cosine over their weights, 0 to 1;
on real petitions what lies above `ALIKE` is nearly always about the same matter; above `AKIN`, about something like it.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

ALIKE, AKIN = 0.25, 0.12
Pairs = frozenset[str]


def pairs_of(text: str) -> Pairs:
    """The pairs of neighbouring letters, digits and characters, in their one form."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def weights_of(texts: Iterable[Pairs]) -> Mapping[str, float]:
    """What each pair weighs among these texts: the rarer, the more."""
    known = list(texts)
    found = Counter(pair for text in known for pair in text)
    return {pair: math.log(1 + len(known) / count) for pair, count in found.items()}


def similarity(one: Pairs, other: Pairs, weights: Mapping[str, float]) -> float:
    """The cosine of two texts; 0 where one says nothing."""
    whole = _weigh(one, weights) * _weigh(other, weights)
    return _weigh(one & other, weights) / math.sqrt(whole) if whole else 0.0


def _weigh(pairs: Pairs, weights: Mapping[str, float]) -> float:
    return sum(weights.get(pair, 0.0) for pair in pairs)


def clusters(texts: Mapping[int, Pairs], alike: float = ALIKE) -> list[list[int]]:
    """The keys of texts that hang together, each group in order, the largest first; what stands alone is left out."""
    weights, keys = weights_of(texts.values()), sorted(texts)
    group = {key: key for key in keys}
    for at, key in enumerate(keys):
        for other in keys[at + 1 :]:
            if group[other] != group[key] and similarity(texts[key], texts[other], weights) >= alike:
                gone, kept = group[other], group[key]
                group.update({member: kept for member, root in group.items() if root == gone})
    found: dict[int, list[int]] = {}
    for key in keys:
        found.setdefault(group[key], []).append(key)
    return sorted((members for members in found.values() if len(members) > 1), key=lambda members: -len(members))
