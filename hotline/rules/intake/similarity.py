"""How alike two texts are: the pairs of characters that they share, the rare ones counting more.

Pairs of characters need no dictionary and find names of places and firms. The measure is the cosine over their weights, 0 to 1;
on real petitions what lies above `SAME` is nearly always about the same matter; above `SIMILAR`, about something like it.
"""

import heapq
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

SAME, SIMILAR = 0.25, 0.12
HELD_BY_MOST, COMPARED = 20, 6
"""A pair that more groups hold is a common phrase, and leads to none of them; a text is compared with so many groups."""
Pairs = frozenset[str]


def pairs_of(text: str) -> Pairs:
    """The pairs of neighbouring letters, digits and characters, in their one form."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def weights_of(texts: Iterable[Pairs]) -> Mapping[str, float]:
    """What each pair weighs among these texts: the rarer, the more."""
    all_texts = list(texts)
    found = Counter(pair for text in all_texts for pair in text)
    return {pair: math.log(1 + len(all_texts) / count) for pair, count in found.items()}


def similarity(one: Pairs, other: Pairs, weights: Mapping[str, float]) -> float:
    """The cosine of two texts; 0 where one says nothing."""
    whole = _weigh(one, weights) * _weigh(other, weights)
    return _weigh(one & other, weights) / math.sqrt(whole) if whole else 0.0


def _weigh(pairs: Pairs, weights: Mapping[str, float]) -> float:
    return sum(weights.get(pair, 0.0) for pair in pairs)


class _Group:
    """Texts of one matter. `shares`: for each pair, what it adds to the likeness with the whole group."""

    def __init__(self) -> None:
        self.members: list[int] = []
        self.shares: dict[str, float] = {}

    def likeness(self, text: Pairs, norm: float, weights: Mapping[str, float]) -> float:
        """The mean of the likeness with each member: what is like one and unlike the others does not belong."""
        shared = sum(weights[pair] * self.shares[pair] for pair in text if pair in self.shares)
        return shared / (norm * len(self.members))

    def add(self, key: int, text: Pairs, norm: float) -> None:
        self.members.append(key)
        for pair in text:
            self.shares[pair] = self.shares.get(pair, 0.0) + 1 / norm


def clusters(texts: Mapping[int, Pairs], alike: float = SAME) -> list[list[int]]:
    """The keys of texts that are like their whole group, each group in order, the largest first; what stands alone is left out.

    A phrase that many begin with makes no group: each text joins the group that it is the most like, over all its members.
    It is compared with the few groups that share the most uncommon pairs with it, so that the cost grows with the texts, not
    with their square.
    """
    weights = weights_of(texts.values())
    groups: list[_Group] = []
    holders: dict[str, list[int]] = {}
    for key in sorted(texts):
        text, norm = texts[key], math.sqrt(_weigh(texts[key], weights))
        if not norm:
            continue
        near = [(groups[at].likeness(text, norm, weights), -at) for at in _nearest(text, holders, weights)]
        likeness, at = max(near, default=(0.0, 0))
        if likeness < alike:
            at = -len(groups)
            groups.append(_Group())
        group = groups[-at]
        for pair in text - group.shares.keys():
            holders.setdefault(pair, []).append(-at)
        group.add(key, text, norm)
    return sorted((group.members for group in groups if len(group.members) > 1), key=lambda members: -len(members))


def _nearest(text: Pairs, holders: Mapping[str, list[int]], weights: Mapping[str, float]) -> list[int]:
    """The groups with which this text shares the most that is uncommon."""
    shared: dict[int, float] = {}
    for pair in text:
        held = holders.get(pair, ())
        if len(held) <= HELD_BY_MOST:
            for at in held:
                shared[at] = shared.get(at, 0.0) + weights[pair]
    return heapq.nlargest(COMPARED, sorted(shared), key=lambda at: shared[at])
