"""The texts of a workbook that its cells refer to by number, kept in a file of their own while it is read."""

import re
from array import array
from tempfile import TemporaryFile

from hotline.rules.refusals import BadFile
from hotline.transfer.tables.package import Package, blocks, unbroken
from hotline.transfer.tables.xml_part import Attributes, xml_parser

ESCAPED = re.compile(r"_x(?:000([9AaDd])|(005[Ff])(?=_x[0-9A-Fa-f]{4}_))_")
LARGEST_TEXT = 1024 * 1024


def unescaped(text: str) -> str:
    """Return a text with its tabs and line breaks, which XML writes as `_x000D_`, and with `_x` where that was meant."""
    return ESCAPED.sub(lambda found: "_" if found[2] else chr(int(found[1], 16)), text) if "_x" in text else text


class TextCollector:
    """The text of one string item: its parts one after the other, without the small print of how it is pronounced."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size, self.wanted, self.spoken = 0, False, 0

    def start(self, name: str) -> None:
        """Note that an element begins."""
        if name == "rPh":
            self.spoken += 1
        self.wanted = name == "t" and not self.spoken

    def end(self, name: str) -> None:
        """Note that an element ends."""
        self.spoken -= name == "rPh"
        self.wanted = False

    def data(self, text: str) -> None:
        """Take text in where it is wanted."""
        if self.wanted:
            self.parts.append(text)
            self.size += len(text)
            if self.size > LARGEST_TEXT:
                raise BadFile("工作簿里有一格的文字超过1兆字")

    def take(self) -> str:
        """Return the text and begin the next one."""
        text = unescaped("".join(self.parts))
        self.parts, self.size = [], 0
        return text


class SharedStrings:
    """The texts by their number. Memory holds eight bytes a text; the texts lie in a temporary file."""

    def __init__(self, package: Package, part: str | None) -> None:
        self.ends = array("Q", [0])
        self.file = TemporaryFile()  # noqa: SIM115
        if part is not None:
            with unbroken("工作簿的共享文本"):
                self._read(package, part)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self):
            raise IndexError(number)
        self.file.seek(self.ends[number])
        return self.file.read(self.ends[number + 1] - self.ends[number]).decode("utf-8", "surrogatepass")

    def close(self) -> None:
        """Let the temporary file go."""
        self.file.close()

    def _read(self, package: Package, part: str) -> None:
        parser, names = xml_parser()
        text = TextCollector()

        def start(name: str, attributes: Attributes) -> None:
            text.start(names[name])

        def end(name: str) -> None:
            text.end(names[name])
            if names[name] == "si":
                self.file.write(content := text.take().encode("utf-8", "surrogatepass"))
                self.ends.append(self.ends[-1] + len(content))

        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text.data
        with package.open(part) as file:
            for block in blocks(file):
                parser.Parse(block)
            parser.Parse(b"", True)
