"""XML of a workbook, read as it comes: names without their prefix, and no declarations of entities."""

from collections.abc import Callable, Iterator
from xml.parsers import expat

from hotline.rules.refusals import BadFile

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
)
Attributes = dict[str, str]


class _Names(dict[str, str]):
    """The local name for each name of the spreadsheet's own language; nothing for others."""

    def __missing__(self, name: str) -> str:
        space, _, local = name.rpartition("}")
        self[name] = local if space in MAIN else ""
        return self[name]


def xml_parser() -> tuple[expat.XMLParserType, dict[str, str]]:
    """Return a parser and the table of local names. Entities cannot be declared, so none can grow."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser, _Names()


def _refuse_doctype(*declaration: object) -> None:
    raise BadFile("工作簿的XML含有DTD声明，为安全起见不读取，请另存为新的 .xlsx 再导入")


def elements(content: bytes) -> Iterator[tuple[str, Attributes]]:
    """Return (local name, attributes) of each element in the order in which they begin."""
    found: list[tuple[str, Attributes]] = []
    parser, names = xml_parser()
    parser.StartElementHandler = lambda name, attributes: found.append((names[name], attributes))
    parser.Parse(content, True)
    return iter(found)


def on_elements(
    parser: expat.XMLParserType, start: Callable[[str, Attributes], None], end: Callable[[str], None] | None = None
) -> None:
    """Set who is told of elements."""
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end


def attribute(attributes: Attributes, local: str) -> str:
    """Return an attribute of whatever prefix by its local name."""
    return next((value for name, value in attributes.items() if name.rpartition("}")[2] == local), "")
