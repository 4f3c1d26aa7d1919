"""Columns that are recognised by their exact names: what is missing, twice there or not known is refused before any row."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from hotline.rules.refusals import BadFile
from hotline.transfer.cells import Line, is_filled
from hotline.transfer.import_mapping import is_untitled
from hotline.transfer.table_file import TableFile

ALIKE = 0.72


def named_columns(
    table: TableFile, names: Collection[str], required: Sequence[str], *, drop_unknown: bool = False
) -> tuple[str | None, ...]:
    """Return the name of each column, None for one that is left out with consent.

    Refuses `BadFile` with every fault. A heading that resembles a missing name is no unknown column but a misnamed one: consent
    does not cover it.
    """
    columns = tuple(_name(heading, names) for heading in table.headings)
    faults = [f"缺少列 {'、'.join(missing)}"] if (missing := [name for name in required if name not in columns]) else []
    faults += [f"列 {name} 出现了不止一次" for name in dict.fromkeys(columns) if name and columns.count(name) > 1]
    for heading, name in zip(table.headings, columns, strict=True):
        similar = (
            [] if name else get_close_matches(heading.casefold(), [n for n in names if n not in columns], 1, ALIKE)
        )
        if similar:
            faults.append(f"不认识“{heading}”列，是不是 {similar[0]}？请改正列名")
        elif name is None and not drop_unknown and not is_untitled(heading):
            faults.append(f"不认识“{heading}”列，请改正列名，或同意不导入它")
    if faults:
        raise BadFile("；".join(faults))
    return columns


def surplus(line: Line, headings: Sequence[str], columns: Sequence[str | None], *, drop_unknown: bool) -> str | None:
    """Return what is wrong with a row that has cells where there are no headings."""
    if line.more:
        return f"比标题多出{line.more}格内容"
    for heading, name, cell in zip(headings, columns, line.cells, strict=True):
        if name is None and is_untitled(heading) and is_filled(cell) and not drop_unknown:
            return f"{heading}有内容，请写上标题或删去"
    return None


def _name(heading: str, names: Collection[str]) -> str | None:
    return heading.casefold() if heading.casefold() in names else None
