"""The part of a text that shows why it was found, with the hits marked."""

import re

LENGTH, BEFORE = 120, 30
MARKDOWN = re.compile(r"[|*#>`\[\]]+|-{2,}|^\s*[-+]\s", re.MULTILINE)


def snippet(body: str, folded: str, marks: tuple[str, ...]) -> list[dict[str, object]]:
    """`[{"text", "hit"}]`: some 120 characters around the place where most of the marks stand together, or the beginning.

    `folded` is the body in its one form, in which the marks are looked for.
    """
    plain, folded = _plain(body), _plain(folded)
    if len(folded) != len(
        plain
    ):  # A sign that is several in its one form: places do not agree, so the one form is shown.
        plain = folded
    hits = _hits(folded, marks)
    start = max(0, _densest(hits) - BEFORE) if hits else 0
    end = start + LENGTH
    parts: list[dict[str, object]] = [{"text": "…" if start else "", "hit": False}]
    at = start
    for begin, stop in hits:
        if begin >= at and stop <= end:
            parts += [{"text": plain[at:begin], "hit": False}, {"text": plain[begin:stop], "hit": True}]
            at = stop
    parts.append({"text": plain[at:end] + ("…" if end < len(plain) else ""), "hit": False})
    return [part for part in parts if part["text"]]


def _plain(body: str) -> str:
    return " ".join(MARKDOWN.sub(" ", body).split())


def _hits(folded: str, marks: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the marks stand, none inside another; single characters only where nothing longer was asked for."""
    taken: list[tuple[int, int]] = []
    long = [mark for mark in marks if len(mark) > 1]
    for mark in sorted(long or marks, key=len, reverse=True):
        at = folded.find(mark)
        while at >= 0:
            if all(at >= stop or at + len(mark) <= begin for begin, stop in taken):
                taken.append((at, at + len(mark)))
            at = folded.find(mark, at + len(mark))
            if len(taken) > 200:
                return sorted(taken)
    return sorted(taken)


def _densest(hits: list[tuple[int, int]]) -> int:
    """The beginning of the stretch that holds the most hits."""

    def held(begin: int) -> int:
        return sum(stop - start for start, stop in hits if begin <= start and stop <= begin + LENGTH - BEFORE)

    return max((begin for begin, _ in hits), key=held)
