"""The cells of one row as the fields of a matter: each field by its own reader."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from marshmallow import ValidationError

from hotline.context import Context
from hotline.rules.intake.import_columns import FIELDS, ImportColumns, normal_word
from hotline.rules.vocabulary import Satisfaction, TicketType
from hotline.schemas.intake.history import YES_NO, PastMatterForm
from hotline.transfer.cells import Cell
from hotline.transfer.import_mapping import UNRATED
from hotline.transfer.import_names import TYPES, Names, category_names, unit_names
from hotline.transfer.import_times import read_time
from hotline.transfer.import_values import is_masked, number_of, phone_of, text_of

NUMBERED = re.compile(r"(\d+)(?:\.0)?(?:分|星|颗星|级)?")
DIFFICULT = {**YES_NO, "疑难": True, "一般": False, "普通": False}
DAY_ENDS = (time(0), time(17, 30))


@dataclass
class CellReader:
    """Readers of the cells of one file.

    `remarks` counts what was read as something else than it says, `unanswered` words of satisfaction that nobody has explained.
    With `asks` such a word counts as nothing, because the file waits for the answer; without it the row is refused.
    """

    names: ImportColumns
    units: Names
    categories: Names
    satisfaction: Mapping[str, str]
    asks: bool = False
    unanswered: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    fields: Mapping[str, Any] = field(default_factory=lambda: PastMatterForm().fields)

    @classmethod
    def of(cls, ctx: Context, satisfaction: Mapping[str, str], *, asks: bool = False) -> "CellReader":
        """Return the readers with the units and categories as they stand."""
        answers = {_numbered(normal_word(word)): level for word, level in satisfaction.items()}
        return cls(ctx.rules.import_columns, unit_names(ctx), category_names(ctx), answers, asks)

    def read(self, name: str, cell: Cell) -> Any:
        """Return the value of a field, None where nothing is said. Refuses ValidationError."""
        if cell is None:
            return None
        return READERS[name](self, name, cell)

    def text(self, name: str, cell: Cell) -> str | None:
        """Return text as it stands."""
        text = text_of(cell)
        return None if text is None else self._fitting(name, text)

    def said(self, name: str, cell: Cell) -> str | None:
        """Return text, None where it says that there is nothing (无, -)."""
        text = text_of(cell)
        if text is None or self._is_nothing(name, text):
            return None
        return self._fitting(name, text)

    def number(self, name: str, cell: Cell) -> str | None:
        """Return a number that is a text; 无 and - are no numbers."""
        text = number_of(cell)
        if text is None or self._is_nothing(name, text):
            return None
        return self._fitting(name, text)

    def phone(self, name: str, cell: Cell) -> str | None:
        """Return a telephone; one whose digits are hidden counts as none."""
        text = number_of(cell)
        if text is None or self._is_nothing(name, text):
            return None
        if is_masked(text):
            self.remarks["联系电话只有掩码（如 139****1234），按没有电话导入"] += 1
            return None
        return phone_of(text)

    def time(self, name: str, cell: Cell) -> datetime | date | None:
        """Return an instant, or a day where no time of day is written."""
        if isinstance(cell, str) and (not cell.strip() or self._is_nothing(name, cell)):
            return None
        text = cell if not isinstance(cell, str) else number_of(cell)
        return None if text is None else read_time(text)

    def day(self, name: str, cell: Cell) -> date | None:
        """Return a day. Refuses a time of day on it: a due before the close of that day would be lost."""
        found = self.time(name, cell)
        if isinstance(found, datetime):
            if found.time() not in DAY_ENDS:
                raise ValidationError(f"只能是日期，却写明了时刻（{found:%Y-%m-%d %H:%M}）")
            return found.date()
        return found

    def unit(self, name: str, cell: Cell) -> str | None:
        """Return the code of a unit."""
        text = self.said(name, cell)
        return None if text is None else self.units.code_of(text)

    def category(self, name: str, cell: Cell) -> str | None:
        """Return the code of a category."""
        text = self.said(name, cell)
        return None if text is None else self.categories.code_of(text)

    def type(self, name: str, cell: Cell) -> TicketType | None:
        """Return the type of a matter."""
        text = text_of(cell)
        return None if text is None or self._is_nothing(name, text) else TicketType(TYPES.code_of(text))

    def yes_no(self, name: str, cell: Cell) -> bool | None:
        """Return whether a matter is difficult."""
        if isinstance(cell, bool):
            return cell
        text = text_of(cell)
        if text is None or self._is_nothing(name, text):
            return None
        answer = DIFFICULT.get(text.lower())
        if answer is None:
            raise ValidationError(f"应为是或否：{text[:40]}")
        return answer

    def level(self, name: str, cell: Cell) -> Satisfaction | None:
        """Return the level of satisfaction; refuses `NoAnswer` for a word that nobody has explained."""
        word = satisfaction_word(cell)
        if word is None:
            return None
        chosen = self.satisfaction.get(word)
        if chosen is not None:
            return None if chosen == UNRATED else Satisfaction(chosen)
        if self.names.is_level(word):
            return self.names.level_of(word)
        self.unanswered[word[:40]] += 1
        if not self.asks:
            raise ValidationError(f"“{word[:40]}”是哪一级满意度，须先指定")
        return None

    def _fitting(self, name: str, text: str) -> str | None:
        """Return the text as its field keeps it, None when there is nothing to be seen in it; refuse one that is too long."""
        fitting: str | None = self.fields[name].deserialize(text)
        return fitting

    def _is_nothing(self, name: str, text: str) -> bool:
        if not self.names.is_nothing(text):
            return False
        self.remarks[f"{FIELDS[name]}写作“{text.strip()}”，按空白导入"] += 1
        return True


def satisfaction_word(cell: Cell) -> str | None:
    """Return a word of satisfaction as choices name it: `5`, `5分`, `５星` and 5.0 are one."""
    text = str(cell).lower() if isinstance(cell, bool) else text_of(cell)
    return None if text is None else _numbered(normal_word(text))


def _numbered(word: str) -> str:
    number = NUMBERED.fullmatch(word)
    return number[1] if number else word


READERS: Mapping[str, Callable[[CellReader, str, Cell], Any]] = {
    "source_no": CellReader.number,
    "received_at": CellReader.time,
    "title": CellReader.text,
    "content": CellReader.text,
    "type": CellReader.type,
    "category": CellReader.category,
    "difficult": CellReader.yes_no,
    "company_name": CellReader.said,
    "credit_code": CellReader.number,
    "contact_name": CellReader.said,
    "contact_phone": CellReader.phone,
    "unit": CellReader.unit,
    "signed_at": CellReader.time,
    "replied_at": CellReader.time,
    "reply": CellReader.text,
    "satisfied": CellReader.level,
    "superior_no": CellReader.number,
    "superior_due_on": CellReader.day,
}
