"""The headings by which columns of an imported file are recognised, and the words in a cell that say "nothing"."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from hotline.rules.vocabulary import Satisfaction

FIELDS: Mapping[str, str] = {
    "source_no": "工单编号",
    "received_at": "来电时间",
    "title": "诉求标题",
    "content": "诉求内容",
    "type": "诉求类型",
    "category": "事项类别",
    "difficult": "是否疑难",
    "company_name": "企业名称",
    "credit_code": "统一社会信用代码",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "unit": "承办单位",
    "signed_at": "签收时间",
    "replied_at": "办结时间",
    "reply": "答复内容",
    "satisfied": "满意度",
    "superior_no": "上级工单编号",
    "superior_due_on": "上级办结期限",
}
REQUIRED = ("source_no", "received_at", "title", "content")
# 来电时间（必填）, 电话[选填], 标题*, 编号： are 来电时间, 电话, 标题 and 编号.
# A note that changes the sense stays: 办结时间（要求） is no 办结时间.
SENSE = "要求|计划|预计|应|限|截止|上级|省|原|旧|次"
NOTE = re.compile(
    rf"(?:\((?![^()]*(?:{SENSE}))[^()]*\)|\[(?![^\[\]]*(?:{SENSE}))[^\[\]]*\]|【(?![^【】]*(?:{SENSE}))[^【】]*】)"
)
NO_LETTER = re.compile(r"[\W_]+")
A_TIME = re.compile(r"(?:at|on|time|date|时间|日期|期限)$")
ALIKE = 0.72


def normal_form(text: str) -> str:
    """Return a heading, a name or a word as it is compared: NFKC, small, without notes in brackets, blanks and signs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return NO_LETTER.sub("", NOTE.sub("", plain)) or NO_LETTER.sub("", plain)


def normal_word(text: str) -> str:
    """Return the word of a cell as it is compared: NFKC, small, without blanks; signs stay, for `-` and `/` are words."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True)
class ImportColumns:
    """The content of `config/import_columns.toml`: headings of each field, words for nothing, words of satisfaction.

    Refuses (ValueError) a field that is not known and a heading that stands for two fields.
    """

    headings: Mapping[str, tuple[str, ...]]
    nothing: tuple[str, ...]
    unrated: tuple[str, ...]
    satisfaction: Mapping[str, Satisfaction]

    def __post_init__(self) -> None:
        strange = [field for field in self.headings if field not in FIELDS]
        if strange:
            raise ValueError(f"没有字段 {'、'.join(strange)}")
        fields = self._fields
        for field, names in self.headings.items():
            for name in names:
                if fields[normal_form(name)] != field:
                    raise ValueError(f"“{name}”既是 {field} 又是 {fields[normal_form(name)]}")

    @cached_property
    def _fields(self) -> dict[str, str]:
        """The field by the normal form of each name; the English names and the labels always count."""
        found = {normal_form(name): field for field, label in FIELDS.items() for name in (field, label)}
        for field, names in self.headings.items():
            for name in names:
                found.setdefault(normal_form(name), field)
        return found

    @cached_property
    def _nothing(self) -> frozenset[str]:
        return frozenset(normal_word(word) for word in self.nothing)

    @cached_property
    def _satisfaction(self) -> dict[str, Satisfaction | None]:
        levels: dict[str, Satisfaction | None] = {normal_word(word): None for word in (*self.unrated, *self.nothing)}
        return levels | {normal_word(word): level for word, level in self.satisfaction.items()}

    def field_of(self, heading: str) -> str | None:
        """Return the field that a heading stands for, None for an unknown one."""
        return self._fields.get(normal_form(heading))

    def similar_field(self, heading: str) -> str | None:
        """Return the field whose name an unknown heading resembles (`reply_at`), None when there is none."""
        wanted = normal_form(heading)
        times = [name for name in self._fields if A_TIME.search(name)] if A_TIME.search(wanted) else []
        close = get_close_matches(wanted, times or self._fields, n=1, cutoff=ALIKE)
        return self._fields[close[0]] if close else None

    def is_nothing(self, text: str) -> bool:
        """Return whether the text of a cell says that there is nothing: 无, -, / and others."""
        return normal_word(text) in self._nothing

    def is_level(self, word: str) -> bool:
        """Return whether it is known without asking what a word of satisfaction means; of a number it never is."""
        return normal_word(word) in self._satisfaction

    def level_of(self, word: str) -> Satisfaction | None:
        """Return the level of a word of satisfaction (KeyError for an unknown one), None when nobody has rated."""
        return self._satisfaction[normal_word(word)]
