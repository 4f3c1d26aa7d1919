"""Numbers and codes that people say and type, and what is hidden of them."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.rules import masking
from hotline.rules.intake import credit_code
from hotline.rules.refusals import MalformedCreditCode
from hotline.rules.tickets import ticket_number

BODY = st.tuples(
    st.sampled_from(["91", "92", "12", "51"]),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(credit_code.ALPHABET, min_size=9, max_size=9),
).map("".join)


@given(BODY)
def test_a_code_with_its_check_character_is_taken_in_any_writing(body: str) -> None:
    code = body + credit_code.check_character(body)
    assert credit_code.check(code) == code
    assert credit_code.check(f" {code[:8].lower()} {code[8:]} ") == code
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    assert credit_code.check(wide) == code


@given(BODY, st.integers(0, 17), st.sampled_from(credit_code.ALPHABET))
def test_every_single_wrong_character_is_kept_with_a_warning(body: str, place: int, other: str) -> None:
    code = body + credit_code.check_character(body)
    assert credit_code.warning(code) is None
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code and wrong[2:8].isdigit():
        assert credit_code.check(wrong) == wrong
        assert credit_code.warning(wrong) == credit_code.DOUBTFUL


@pytest.mark.parametrize(
    "text", ["", "9142", "91420600MA4ABCDEF", "91420600MA4ABCDEFII", "9142O600MA4ABCDEF1", "🙂" * 18]
)
def test_what_is_no_code_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(MalformedCreditCode) as refused:
        credit_code.check(text)
    assert "统一社会信用代码不对" in refused.value.sentence()


def test_numbers_are_read_as_people_type_them() -> None:
    number = ticket_number.format_number(ticket_number.TICKET, date(2026, 11, 24), 123)
    assert number == "QS20261124000123"
    assert ticket_number.normalise(" ｑｓ2026 1124 000123") == number


def test_a_query_code_has_no_characters_that_look_alike() -> None:
    code = ticket_number.new_query_code(random.Random(1).choice)
    assert len(code) == 6
    assert not set(code) & set("01OIL")
    assert ticket_number.normalise_query_code(f"{code[:3].lower()}-{code[3:]}") == code


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请打13812345678找我", "请打138****5678找我"),
        ("请打138 1234 5678找我", "请打138****5678找我"),
        ("请打+8613812345678找我", "请打+86138****5678找我"),
        ("请打86-138-1234-5678找我", "请打86-138****5678找我"),
        ("座机0710-3456789", "座机0710-***6789"),
        ("身份证420601199001011234。", "身份证420601********1234。"),
        ("邮箱wang.xm@example.com", "邮箱w***@example.com"),
        ("工单QS20261124000123没有变", "工单QS20261124000123没有变"),
    ],
)
def test_personal_numbers_in_text_are_hidden(text: str, masked: str) -> None:
    shown = masking.mask_in_text(text)
    assert shown.replace("*", "") == masked.replace("*", "")
    assert "*" in shown or text == masked


def test_names_and_phones_are_hidden_but_for_what_helps() -> None:
    assert masking.mask_name("王小明") == "王**"
    assert masking.mask_name("王") == "*"
    assert masking.mask_phone("13812345678") == "138****5678"
    assert masking.mask_phone("+8613812345678").endswith("5678")
    assert "1234" not in masking.mask_phone("+8613812345678")
