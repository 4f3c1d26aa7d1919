"""An article as a file brings it, of whatever kind: read into what a version says, or refused with place and reason."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import String

from hotline.casework.accounts.config_sync import BadSource
from hotline.casework.knowledge.drafting import Content
from hotline.models.knowledge.articles import ArticleVersion
from hotline.rules.deadlines.working_calendar import check_range
from hotline.rules.knowledge.article import (
    LONGEST_BODY,
    ArticleState,
    Level,
    Visibility,
    check_dates,
    is_code,
    is_web_address,
)
from hotline.rules.refusals import DateOutOfRange, InvalidInput

DATES = ("effective_from", "effective_to", "next_review_on")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
LISTS = ("questions", "keywords")
NEEDED = (*(field.name for field in fields(Content) if field.default is MISSING and field.name != "body"), "visibility")
"""`visibility` too: nothing becomes public because a word is missing."""
BESIDE = ("review_state", "state")
"""What a file may say beyond a version: whether the rules of its time were confirmed, and that it is not in use."""
REVIEW_STATES = ("confirmed", "to_confirm")
COLUMNS = ArticleVersion.metadata.tables[ArticleVersion.__tablename__].c
LONGEST = {column.name: column.type.length for column in COLUMNS if isinstance(column.type, String)}
LONGEST["body"] = LONGEST_BODY
STATES = (ArticleState.PUBLISHED, ArticleState.SUSPENDED, ArticleState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Source:
    """One entry: its section and code, its fields and its body. `place` says where it stands, for whoever has to mend it."""

    section: str
    code: str
    matter: Mapping[str, Any]
    body: str
    place: str

    @property
    def state(self) -> ArticleState:
        """In which state it begins, where it is new."""
        return ArticleState(self.matter.get("state", ArticleState.PUBLISHED))

    @property
    def review_state(self) -> str:
        return str(self.matter.get("review_state", "confirmed"))


def hash_of(content: Content) -> str:
    """The same for two files exactly when they say the same, however they are written."""
    said = json.dumps(content.stored(), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def content_of_source(source: Source) -> Content:
    """What the entry says; refuses (`BadSource`) with its place what is missing, unknown or wrong."""
    try:
        return _content(source)
    except (InvalidInput, DateOutOfRange) as wrong:
        raise BadSource(f"{source.place}：{wrong.sentence()}") from None
    except (TypeError, ValueError) as wrong:
        raise BadSource(f"{source.place}：{wrong}。") from None


def _content(source: Source) -> Content:
    if not is_code(source.code) or not is_code(source.section):
        raise ValueError("代码和栏目只能用小写字母、数字和连字符")
    matter = {name: value for name, value in source.matter.items() if name not in BESIDE} | {"body": source.body}
    _check_words(source.matter)
    names = {field.name for field in fields(Content)}
    if unknown := sorted(str(name) for name in set(matter) - names):
        raise ValueError(f"不认识的字段 {'、'.join(unknown)}")
    if missing := [name for name in (*NEEDED, "body") if matter.get(name) in (None, "")]:
        raise ValueError(f"缺少 {'、'.join(missing)}")
    content = Content(**{name: _value(name, value) for name, value in matter.items()})
    check_dates(content.effective_from, content.effective_to, content.next_review_on)
    return content


def _value(name: str, value: Any) -> Any:
    if name in DATES:
        return _day(name, value)
    if name in LISTS:
        if not isinstance(value, list):
            raise ValueError(f"{name} 应为列表")
        items = (" ".join(_text(name, item).split()) for item in value)
        return tuple(dict.fromkeys(item for item in items if item))
    text = _text(name, value)
    return Visibility(text) if name == "visibility" else text


def _day(name: str, value: Any) -> date | None:
    if value in (None, "") and name == "effective_to":
        return None
    if type(value) is not date:
        raise ValueError(f"{name} 不是日期：{str(value)[:40]}")
    check_range(value)
    return value


def _text(name: str, value: Any) -> str:
    if isinstance(value, list | dict):
        raise ValueError(f"{name} 应为文字")
    text = "" if value is None else str(value).strip()
    if CONTROLS.search(text):
        raise ValueError(f"{name} 含有控制字符")
    longest = LONGEST.get(name)
    if longest is not None and len(text) > longest:
        raise ValueError(f"{name} 不能超过{longest}个字")
    return text


def _check_words(matter: Mapping[str, Any]) -> None:
    """Words of a fixed list, and the address that becomes a link."""
    allowed = {"level": tuple(Level), "visibility": tuple(Visibility), "review_state": REVIEW_STATES, "state": STATES}
    for name, words in allowed.items():
        if name in matter and matter[name] not in words:
            raise ValueError(f"{name} 只能是 {'、'.join(words)}")
    if matter.get("source_url") and not is_web_address(str(matter["source_url"])):
        raise ValueError("source_url 应为 http 或 https 地址")
