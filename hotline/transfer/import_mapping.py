"""The mapping of columns to fields, how each is known, and the questions a person answers before anything goes in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from hotline.rules.intake.import_columns import FIELDS, REQUIRED, ImportColumns
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import Satisfaction, Word

UNRATED = "unrated"
LEVELS = frozenset({*map(str, Satisfaction), UNRATED})


class How(Word):
    """The ground on which a column is known."""

    NAMED = "named", "按标题识别"
    CHOSEN = "chosen", "人工指定"
    LEFT_OUT = "left_out", "经同意不导入"
    TWICE = "twice", "与另一列对应同一字段"
    UNKNOWN = "unknown", "不认识"
    UNTITLED = "untitled", "没有标题"


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """A person's answers about a file.

    `columns`: heading -> field, None for a column that is left out with consent. `satisfaction`: word as in the file -> level
    (or `unrated`). `drop_unknown`: leave out every column that is not understood, except one that may be a misnamed field.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    satisfaction: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None
    drop_unknown: bool = False

    def __post_init__(self) -> None:
        for heading, name in self.columns.items():
            if name is not None and name not in FIELDS:
                raise InvalidInput({"/columns": f"“{heading}”列不能对应“{name}”，可选：{'、'.join(FIELDS)}"})
        for word, level in self.satisfaction.items():
            if level not in LEVELS:
                raise InvalidInput(
                    {"/satisfaction": f"满意度“{word}”不能对应“{level}”，可选：{'、'.join(sorted(LEVELS))}"}
                )

    def as_json(self) -> dict[str, Any]:
        """Return the choices as a job or a form keeps them."""
        return {**asdict(self), "columns": dict(self.columns), "satisfaction": dict(self.satisfaction)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "ImportChoices":
        """Return the choices that `as_json` gave."""
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file; `similar`: the field that an unknown heading resembles and that no other column is."""

    heading: str
    field: str | None
    how: How
    similar: str | None = None

    @property
    def understood(self) -> bool:
        return self.how in (How.NAMED, How.CHOSEN, How.LEFT_OUT)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The columns in the order of the file; `strange`: choices about headings that the file does not have."""

    columns: tuple[Column, ...]
    strange: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The required fields that no column is."""
        there = {column.field for column in self.columns}
        return tuple(name for name in REQUIRED if name not in there)

    @property
    def unknown(self) -> tuple[Column, ...]:
        """The columns that need a word: a field, or consent to leave them out."""
        return tuple(column for column in self.columns if not column.understood and column.how is not How.UNTITLED)

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each thing that keeps the file out."""
        for column in self.unknown:
            yield _fault(column)
        for name in self.missing:
            yield f"缺少必需的列：{FIELDS[name]}（{name}）"
        for heading in self.strange:
            yield f"文件里没有“{heading}”列"


def _fault(column: Column) -> str:
    if column.how is How.TWICE:
        return f"“{column.heading}”列和另一列都对应{FIELDS[column.field or '']}，请指定用哪一列"
    if column.similar is None:
        return f"不认识“{column.heading}”列，请指定它是什么，或同意不导入"
    return f"不认识“{column.heading}”列，是不是 {column.similar}（{FIELDS[column.similar]}）？请指定，或逐列同意不导入"


def map_columns(headings: Sequence[str], choices: ImportChoices, names: ImportColumns) -> ColumnMapping:
    """Return what each column is, by the choices first and then by its heading; nothing is guessed."""
    keys = tuple(column_keys(headings))
    columns = [_column(key, choices.columns, names) for key in keys]
    there: Counter[str | None] = Counter(column.field for column in columns)
    fixed: Counter[str | None] = Counter(column.field for column in columns if column.how is How.CHOSEN)
    settled = tuple(_settled(column, there, fixed, choices.drop_unknown) for column in columns)
    return ColumnMapping(settled, tuple(heading for heading in choices.columns if heading not in keys))


def column_keys(headings: Sequence[str]) -> Iterator[str]:
    """Yield the heading of each column as choices name it: of equal ones the later have their position."""
    seen: set[str] = set()
    for position, heading in enumerate(headings, start=1):
        yield f"{heading}【第{position}列】" if heading in seen else heading
        seen.add(heading)


def _column(key: str, chosen: Mapping[str, str | None], names: ImportColumns) -> Column:
    if key in chosen:
        return Column(key, chosen[key], How.CHOSEN if chosen[key] else How.LEFT_OUT)
    if is_untitled(key):
        return Column(key, None, How.UNTITLED)
    name = names.field_of(key)
    return Column(key, name, How.NAMED) if name else Column(key, None, How.UNKNOWN, names.similar_field(key))


def is_untitled(heading: str) -> bool:
    """Return whether this stands for a column without a heading."""
    return heading.startswith("第") and heading.endswith("列（无标题）")


def _settled(column: Column, there: Counter[str | None], fixed: Counter[str | None], drop_unknown: bool) -> Column:
    if column.how is How.UNKNOWN:
        similar = column.similar if column.similar not in there else None
        left_out = drop_unknown and similar is None
        return Column(column.heading, None, How.LEFT_OUT if left_out else How.UNKNOWN, similar)
    if column.how is How.UNTITLED and drop_unknown:
        return Column(column.heading, None, How.LEFT_OUT)
    if column.field is None or there[column.field] == 1 or (column.how is How.CHOSEN and fixed[column.field] == 1):
        return column
    if fixed[column.field] == 1 and drop_unknown:
        return Column(column.heading, None, How.LEFT_OUT)
    return Column(column.heading, column.field, How.TWICE)
