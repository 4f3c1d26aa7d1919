"""The unified social credit code 统一社会信用代码: GB 32100-2015, 18 characters with a check character."""

import unicodedata

from hotline.rules.invisible import without_invisible
from hotline.rules.refusals import MalformedCreditCode

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
DOUBTFUL = "统一社会信用代码的校验位不符，请对照营业执照核对"


def check_character(body: str) -> str:
    """The 18th character for the first 17."""
    total = sum(weight * ALPHABET.index(character) for weight, character in zip(WEIGHTS, body, strict=True))
    return ALPHABET[-total % 31]


def check(text: str) -> str:
    """Return the code in its one form: NFKC, capitals, no blanks, dashes or invisible characters.

    Refuse `MalformedCreditCode` for what is no code at all. One whose check character does not fit is kept: `warning`.
    """
    code = "".join(unicodedata.normalize("NFKC", without_invisible(text)).replace("-", "").split()).upper()
    if len(code) != 18:
        raise MalformedCreditCode(f"应为18位，现为{len(code)}位")
    wrong = next((character for character in code if character not in ALPHABET), None)
    if wrong is not None:
        raise MalformedCreditCode(f"含有不允许的字符“{wrong}”")
    if not code[2:8].isdigit():
        raise MalformedCreditCode("第3至8位登记管理机关行政区划码应为数字")
    return code


def warning(code: str | None) -> str | None:
    """Return what people are told of a code (in its one form) whose check character does not fit; None for a good one."""
    return DOUBTFUL if code and check_character(code[:17]) != code[17] else None
