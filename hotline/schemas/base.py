"""What all forms share: Chinese sentences, one shape for what is wrong, text that is really text."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from hotline.rules.deadlines.working_calendar import check_range
from hotline.rules.invisible import is_visible, without_invisible
from hotline.rules.refusals import DateOutOfRange, InvalidInput, Refusal

REQUIRED = "必须填写"
MESSAGES = {"required": REQUIRED, "null": "不能为空", "validator_failed": "填写有误"}
INVALID: dict[Any, str] = {
    fields.String: "应为文字",
    fields.Boolean: "应为是或否",
    fields.Integer: "应为整数",
    fields.List: "应为列表",
    fields.AwareDateTime: "应为带时区的时间，例如 2026-09-30T17:00:00+08:00",
    fields.Date: "应为日期，例如 2026-09-30",
}
for _field, _message in INVALID.items():
    _field.default_error_messages = {**_field.default_error_messages, **MESSAGES, "invalid": _message}
fields.Nested.default_error_messages = {**fields.Nested.default_error_messages, **MESSAGES, "type": "应为对象"}


class Text(fields.String):
    """Text without control characters, trimmed; one in which nothing is to be seen counts as not given, or as `empty` says."""

    def __init__(self, longest: int, *, required: bool = False, empty: str | None = None, **more: Any) -> None:
        super().__init__(required=required, allow_none=not required and empty is None, **more)
        self.longest, self.needed, self.empty = longest, required, empty

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text.isprintable():
            text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
        text = text.strip()
        if not is_visible(text):
            text = ""
        if not text and self.needed:
            raise ValidationError(REQUIRED)
        if len(text) > self.longest:
            raise ValidationError(f"不能超过{self.longest}个字")
        return text or self.empty


class NumberText(Text):
    """A number or a code as it is typed or pasted: without the characters that nobody sees."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        seen = without_invisible(value) if isinstance(value, str) else value
        return super()._deserialize(seen, attr, data, **kwargs)


def possible(at: date) -> Any:
    """The day or the instant; refuses what lies outside any life of this service: it cannot be reckoned with in every zone."""
    try:
        check_range(at)
    except DateOutOfRange as error:
        raise ValidationError(f"应在{error.first}年至{error.last}年之间") from None
    return at


class Day(fields.Date):
    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return possible(super()._deserialize(*args, **kwargs))


class Moment(fields.AwareDateTime):
    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return possible(super()._deserialize(*args, **kwargs))


class Choice(fields.String):
    """A word of the vocabulary by its English code."""

    def __init__(self, words: type[StrEnum], **more: Any) -> None:
        allowed = [str(word) for word in words]
        named = "、".join(f"{word.label}（{word}）" if hasattr(word, "label") else str(word) for word in words)
        super().__init__(validate=validate.OneOf(allowed, error=f"不是可选的值：{named}"), **more)
        self.words = words

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return self.words(text) if text in set(self.words) else text


class Several(fields.List[Any]):
    """A tuple of different values, in the order given."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(dict.fromkeys(super()._deserialize(*args, **kwargs)))


class Form(Schema):
    """A form loads into the dataclass named by `makes`; what it does not know it refuses."""

    makes: Callable[..., Any] = dict

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "不认识的字段", "type": "应为JSON对象"}

    @post_load
    def make(self, data: dict[str, Any], **kwargs: Any) -> Any:
        return self.makes(**data)


def pointers(messages: Any, prefix: str = "") -> dict[str, str]:
    """marshmallow's nested messages as JSON pointers, each with one sentence."""
    if isinstance(messages, Mapping):
        found: dict[str, str] = {}
        for name, inner in messages.items():
            found |= pointers(inner, prefix if name == "_schema" else f"{prefix}/{name}")
        return found
    if isinstance(messages, list):
        return {prefix: "；".join(str(message) for message in messages)}
    return {prefix: str(messages)}


def load(form: Form, data: Any) -> Any:
    """The dataclass, or `InvalidInput` with every wrong place."""
    try:
        return form.load(data)
    except ValidationError as error:
        raise InvalidInput(pointers(error.messages)) from None


def refused_as(error: Refusal) -> ValidationError:
    """A refusal of the rules as marshmallow's own, at the field that is being read."""
    return ValidationError(error.sentence().rstrip("。"))
