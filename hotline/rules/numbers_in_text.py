"""Numbers and addresses of persons in free text, however they are written: where they stand, and how much of them is hidden.

A text is read from left to right, each sign a bounded number of times: every repetition is possessive, every group of digits
begins a few patterns of at most five groups. Wide signs and digits of other scripts count as narrow ones, and what nobody sees
between two digits counts for nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from hotline.rules.invisible import is_invisible

SHORT, LONG, OF_ADDRESS = "*" * 4, "*" * 8, "*" * 3
ANYTHING = re.compile(r"[\d@＠]")
BETWEEN = " \t().·・•_‐‑‒–—―−-"
RUN = re.compile(rf"[0-9]++(?:[{BETWEEN}]{{1,3}}+[0-9]++)*+")
GROUP = re.compile(r"[0-9]++")
ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-](?P<hidden>[\w.+-]*+)(?=@[\w-]++(?:\.[\w-]++)++)", re.ASCII)
EXTENSION = re.compile(
    r"(?:\s{0,2}+(?:转接?|转?分机号?|;?ext(?:ension)?=?)[.:\s]{0,2}+|[#*])([0-9]{2,6})(?![0-9])", re.IGNORECASE
)
MOBILE = re.compile(r"1[3-9]")
MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5)})
AREA = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})")
AREA_ABROAD = re.compile(r"(?:10|2[0-9]|[3-9][0-9]{2})")
LINE_GROUPS = frozenset({(7,), (8,), (3, 4), (4, 4)})
CARD_GROUPS = frozenset({(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3)})
DAY = re.compile(r"(?:19|20)[0-9]{6}")
MOST_GROUPS = 5
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of digits with little between them, from one place in a run on; `text` is the whole text in narrow signs."""

    text: str
    at: list[tuple[int, int]]

    def lengths(self, begin: int, count: int, cut: int = 0) -> tuple[int, ...]:
        """Return how long some groups are, the first without the digits that are cut."""
        ends = self.at[begin : begin + count]
        return tuple(end - start - (cut if place == 0 else 0) for place, (start, end) in enumerate(ends))

    def digits(self, place: int) -> str:
        start, end = self.at[place]
        return self.text[start:end]

    def between(self, place: int) -> str:
        """Return what stands between this group and the next one."""
        return self.text[self.at[place][1] : self.at[place + 1][0]]

    def whole(self, begin: int, count: int) -> bool:
        """Return whether these groups are there, and neither end of several is what was left of a hidden number."""
        last = begin + count - 1
        if last >= len(self.at):
            return False
        return count == 1 or not (self._is_tail(begin) or self._is_head(last))

    def _is_tail(self, place: int) -> bool:
        """Four digits at most stay at the end."""
        start, end = self.at[place]
        return end - start <= 4 and self._stars_before(start)

    def _is_head(self, place: int) -> bool:
        """At the beginning there stay six digits at most, or seven with the code of the country."""
        start, end = self.at[place]
        short = end - start <= (7 if self.text.startswith("0086", start) else 6)
        return short and self._stars_after(end)

    def _stars_before(self, place: int) -> bool:
        begin = place
        while begin and self.text[begin - 1] == "*":
            begin -= 1
        before = self.text[max(0, begin - 4) : begin].rstrip(BETWEEN)
        return place - begin >= len(OF_ADDRESS) and before[-1:].isdecimal()

    def _stars_after(self, place: int) -> bool:
        end = place
        while self.text[end : end + 1] == "*":
            end += 1
        return end - place >= len(OF_ADDRESS) and self.text[end : end + 1].isdecimal()


Found = tuple[int, list[Span]]
"""How many groups a number takes, and what of it is hidden."""


def hide_numbers(text: str) -> str:
    """Return the text with the middle of telephone, identity and card numbers hidden. Hiding twice changes nothing."""
    return _with_stars(text, _numbers)


def hide_addresses(text: str) -> str:
    """Return the text with all but the first sign of the names in mail addresses hidden."""
    return _with_stars(text, _addresses)


def _with_stars(text: str, find: Callable[[str], Iterable[Span]]) -> str:
    if ANYTHING.search(text) is None:
        return text
    plain, places = _folded(text)
    parts, done = [], 0
    for start, end, stars in find(plain):
        begin, stop = (start, end) if places is None else _original(places, start, end)
        parts += [text[done:begin], stars]
        done = stop
    return "".join([*parts, text[done:]]) if parts else text


def _original(places: list[int], start: int, end: int) -> tuple[int, int]:
    return places[start], places[end - 1] + 1 if end > start else places[start]


def _folded(text: str) -> tuple[str, list[int] | None]:
    """Return the text in narrow signs without what nobody sees, and where each of them stood (None: in the same place)."""
    signs = [_narrow(character) for character in text]
    places = [place for place, sign in enumerate(signs) if sign]
    return "".join(signs), None if len(places) == len(text) else places


@lru_cache(maxsize=8192)
def _narrow(character: str) -> str:
    if character.isascii():
        return character
    if is_invisible(character):
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    narrow = unicodedata.normalize("NFKC", character)
    return narrow if len(narrow) == 1 else character


def _addresses(plain: str) -> Iterator[Span]:
    for found in ADDRESS.finditer(plain):
        yield *found.span("hidden"), OF_ADDRESS


def _numbers(plain: str) -> Iterator[Span]:
    for run in RUN.finditer(plain):
        groups = Groups(plain, [group.span() for group in GROUP.finditer(plain, *run.span())])
        place = 0
        while place < len(groups.at):
            count, spans = _number_at(groups, place) or (1, [])
            place += count
            yield from spans


def _number_at(groups: Groups, place: int) -> Found | None:
    """Return the number that begins with this group; a line with its extension."""
    found = _person(groups, place) or _mobile(groups, place)
    return found or _with_extension(groups, place, _line(groups, place) or _line_from_abroad(groups, place))


def _hidden(groups: Groups, begin: int, last: int, stars: str = SHORT) -> list[Span]:
    """Return what is hidden from a place in the text on: all but the last four digits of the group that ends it."""
    return [(begin, groups.at[last][1] - 4, stars)]


def _person(groups: Groups, place: int) -> Found | None:
    """An identity card 420601 19900101 1234, or a bank card."""
    start, end = groups.at[place]
    if groups.text[start - 1 : start].isalpha() and groups.text[start - 1 : start].isascii():
        return None
    letter = groups.text[end : end + 1]
    length, closed = end - start, not (letter.isascii() and letter.isalpha())
    if length == 18 and closed:
        return 1, _hidden(groups, start + 6, place, LONG)
    if length == 17 and _ends_in_x(groups.text, end):
        return 1, [(start + 6, end - 3, LONG)]
    if 16 <= length <= 19 and closed:
        return 1, _hidden(groups, start + 4, place, LONG)
    return _person_in_groups(groups, place)


def _person_in_groups(groups: Groups, place: int) -> Found | None:
    start, _ = groups.at[place]
    if groups.whole(place, 3) and DAY.fullmatch(groups.digits(place + 1)):
        lengths, (_, end) = groups.lengths(place, 3), groups.at[place + 2]
        if lengths == (6, 8, 4):
            return 3, [(start + 6, end - 4, LONG)]
        if lengths == (6, 8, 3) and _ends_in_x(groups.text, end):
            return 3, [(start + 6, end - 3, LONG)]
    for count in (5, 4):
        if (
            groups.whole(place, count)
            and groups.lengths(place, count) in CARD_GROUPS
            and groups.digits(place)[:2] == "62"
        ):
            return count, [
                (start + 4, groups.at[place + count - 1][1] - min(4, groups.lengths(place, count)[-1]), LONG)
            ]
    return None


def _ends_in_x(text: str, end: int) -> bool:
    after = text[end + 1 : end + 2]
    return text[end : end + 1] in ("X", "x") and not (after.isascii() and after.isalnum())


def _mobile(groups: Groups, place: int) -> Found | None:
    """138 1234 5678, also with the code of the country before it: +86138..., 0086138...."""
    start, first = groups.at[place][0], groups.digits(place)
    for code in ("", "86", "0086"):
        if not first.startswith(code) or not MOBILE.match(first, len(code)):
            continue
        for count in (1, 2, 3):
            lengths = groups.lengths(place, count, len(code))
            if groups.whole(place, count) and lengths in MOBILE_GROUPS and _is_no_fraction(groups, place, lengths):
                return count, _hidden(groups, start + len(code) + 3, place + count - 1)
    return None


def _is_no_fraction(groups: Groups, place: int, lengths: tuple[int, ...]) -> bool:
    """138.12345678 is an amount; 138.1234.5678 is none."""
    return len(lengths) != 2 or groups.between(place) != "."


def _line(groups: Groups, place: int) -> Found | None:
    """0710-3456789, (0710) 3456789, 07103456789."""
    (start, _), first = groups.at[place], groups.digits(place)
    if not first.startswith("0"):
        return None
    if 10 <= len(first) <= 12:
        return 1, _hidden(groups, start + (3 if len(first) == 10 else 4), place)
    for count in (2, 3):
        if not groups.whole(place, count) or groups.lengths(place + 1, count - 1) not in LINE_GROUPS:
            continue
        dashed = len(first) in (3, 4) and groups.between(place) == "-" and count == 2
        if dashed or AREA.fullmatch(first):
            return count, _hidden(groups, groups.at[place + 1][0], place + count - 1)
    return None


def _line_from_abroad(groups: Groups, place: int) -> Found | None:
    """+86 710 3456789: without the 0 of the area, but with the code of the country before it."""
    start, first = groups.at[place][0], groups.digits(place)
    plus = groups.text[start - 1 : start] == "+"
    code = next((code for code in ("0086", "86") if first.startswith(code) and (plus or code == "0086")), None)
    if code is None:
        return None
    begin, cut = (place, len(code)) if len(first) > len(code) else (place + 1, 0)
    if begin >= len(groups.at):
        return None
    area = AREA_ABROAD.match(groups.digits(begin), cut)
    if area is None:
        return None
    rest = len(groups.digits(begin)) - area.end()
    if rest in (7, 8) and groups.whole(place, begin - place + 1):
        return begin - place + 1, _hidden(groups, groups.at[begin][0] + area.end(), begin)
    for count in (1, 2):
        if (
            not rest
            and groups.whole(place, begin - place + 1 + count)
            and groups.lengths(begin + 1, count) in LINE_GROUPS
        ):
            return begin - place + 1 + count, _hidden(groups, groups.at[begin + 1][0], begin + count)
    return None


def _with_extension(groups: Groups, place: int, found: Found | None) -> Found | None:
    """Return a line with the extension that follows it, which leads to one person as the line does to a house."""
    if found is None:
        return None
    count, spans = found
    after = place + count
    said = EXTENSION.match(groups.text, groups.at[after - 1][1])
    if said is not None:
        return count, [*spans, (*said.span(1), SHORT)]
    if after >= len(groups.at) or groups.between(after - 1) != "-" or not 2 <= len(groups.digits(after)) <= 6:
        return found
    another = _mobile(groups, after) or _line(groups, after) or _line_from_abroad(groups, after)
    return found if another else (count + 1, [*spans, (*groups.at[after], SHORT)])
