"""The one strict reading of JSON: endless numbers and endless nesting are refused, not crashed on."""

import json
import math
from typing import Any

from hotline.rules.refusals import InvalidInput

DEEPEST = 32
"""No form nests half as deep."""
LARGEST, LONGEST_NUMBER = 2**63 - 1, 400
"""Whole numbers as the databases hold them; a number written with more characters than this is no number of ours."""
MALFORMED = "请求内容不是有效的JSON"


def check_json(body: bytes) -> None:
    """Refuse (`InvalidInput`) a body that is not JSON in UTF-8, or that means something else to different readers."""
    try:
        found = json.loads(
            body.decode(),
            parse_int=_whole,
            parse_float=_broken,
            parse_constant=_constant,
            object_pairs_hook=_fields,
        )
    except ValueError:
        raise InvalidInput({"": MALFORMED}) from None
    except RecursionError:
        raise _too_deep() from None
    _check_values(found)


def _too_deep() -> InvalidInput:
    return InvalidInput({"": f"JSON嵌套超过{DEEPEST}层"})


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER or not -LARGEST - 1 <= int(text) <= LARGEST:
        raise InvalidInput({"": f"数字“{text[:20]}…”超出范围，整数应在64位以内"})
    return int(text)


def _broken(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise InvalidInput({"": f"数字“{text[:20]}”超出范围"})
    return number


def _constant(text: str) -> float:
    raise InvalidInput({"": f"“{text}”不是JSON的数字"})


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput({f"/{twice[:80]}": f"字段“{twice[:80]}”写了不止一次"})
    return found


def _check_values(found: Any) -> None:
    """Each level in turn: how deep it goes, and whether its texts are texts."""
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise _too_deep()
        for value in level:
            if isinstance(value, str):
                check_text(value)
        level = [inner for value in level for inner in _inside(value)]


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def check_text(text: str, pointer: str = "") -> None:
    """Refuse (`InvalidInput`) a text that no database holds: a NUL, or half of a pair of surrogates."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise InvalidInput({pointer: "文字里有不能保存的字符（NUL或不成对的代理字符）"})
