"""An HTML page as a list of its nodes, one per line, white space folded and attributes in order."""

import re
from functools import lru_cache
from html.parser import HTMLParser

# Hidden fields that are drawn by chance.
OF_CHANCE = {"csrf_token", "once"}
CSRF = re.compile(r'(name="csrf_token" value=")[^"]*')
RELEASE = re.compile(r"/static/[0-9a-f]{8}/")
KEPT = {"pre", "textarea", "script", "style"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Nodes(HTMLParser):
    """Collects the lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.open: list[str] = []

    def _say(self, text: str) -> None:
        self.lines.append(" " * len(self.open) + text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name") in OF_CHANCE:
            found["value"] = "<of chance>"
        told = "".join(
            f" {name}={folded(value)!r}" if value is not None else f" {name}" for name, value in sorted(found.items())
        )
        self._say(f"<{tag}{told}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """A tag that is closed without having been opened is told; what stayed open inside is closed with it."""
        if tag not in self.open:
            self._say(f"</{tag}> without beginning")
            return
        while self.open.pop() != tag:
            self._say(f"(closed by </{tag}>)")

    def handle_data(self, data: str) -> None:
        kept = bool(self.open) and self.open[-1] in KEPT
        text = data if kept else folded(data)
        if text.strip():
            self._say(repr(text) if kept else text)

    def handle_comment(self, data: str) -> None:
        self._say(f"<!--{folded(data)}-->")

    def handle_decl(self, decl: str) -> None:
        self._say(f"<!{decl}>")


def folded(text: str) -> str:
    """Return the text with each run of white space as one space."""
    return " ".join(text.split())


def page_lines(text: str) -> str:
    """Return the lines of a page."""
    return _lines(CSRF.sub(r"\1", text))


@lru_cache(maxsize=500)
def _lines(text: str) -> str:
    """Refusals look alike for many addresses, and are read once."""
    nodes = Nodes()
    nodes.feed(text)
    nodes.close()
    return RELEASE.sub("/static/<release>/", "\n".join(nodes.lines))
