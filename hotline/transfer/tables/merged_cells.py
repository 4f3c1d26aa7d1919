"""Cells of a sheet that are merged: what the first of them holds is not known of the others."""

from collections.abc import Sequence
from typing import NamedTuple

from hotline.transfer.cells import Cell, CellError, is_filled


class Merge(NamedTuple):
    """A rectangle; rows count from 1, columns from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class MergedCells:
    """The merges of a sheet while its rows go by in their order."""

    def __init__(self, merges: Sequence[Merge], width: int) -> None:
        self.waiting = sorted((merge for merge in merges if merge.first_column < width), reverse=True)
        self.width = width
        self.open: list[tuple[Merge, bool]] = []

    def cover(self, number: int, cells: list[Cell]) -> None:
        """Put an error into each empty cell that is covered by a filled one, for a value must not be lost or guessed."""
        if not self.waiting and not self.open:
            return
        while self.waiting and self.waiting[-1].first_row <= number:
            merge = self.waiting.pop()
            first = cells[merge.first_column] if merge.first_column < len(cells) else None
            self.open.append((merge, merge.first_row == number and is_filled(first)))
        self.open = [(merge, filled) for merge, filled in self.open if merge.last_row >= number]
        for merge, filled in self.open:
            if filled:
                self._cover(merge, number, cells)

    def _cover(self, merge: Merge, number: int, cells: list[Cell]) -> None:
        last = min(merge.last_column, self.width - 1)
        cells.extend([None] * (last + 1 - len(cells)))
        for column in range(merge.first_column, last + 1):
            if (number, column) != merge[:2] and not is_filled(cells[column]):
                cells[column] = CellError(f"与第{merge.first_row}行的单元格合并，没有自己的内容")
