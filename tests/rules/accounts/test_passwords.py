"""Passwords: length, the name, and what everybody tries first; no capitals, digits or signs are asked for."""

import pytest

from hotline.rules.accounts.passwords import PasswordRules
from hotline.rules.refusals import InvalidInput
from hotline.settings.config_files import resource
from hotline.settings.rulebook import passwords_from

RULES: PasswordRules = passwords_from(resource("config"))


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "至少12"),
        ("elevenchars", "至少12"),
        ("x1" * 70, "不能超过128"),
        ("operator-is-great", "包含账号"),
        ("0per@OPERATOR--9", "包含账号"),
        ("aaaaaaaaaaaaaaaa", "重复或连续"),
        ("abababababab", "重复或连续"),
        ("123456789012", "重复或连续"),
        ("abcdefghijklmnop", "重复或连续"),
        ("nmlkjihgfedcba", "重复或连续"),
        ("Password-2026", "太常见"),
        ("P@ssw0rd1234!", "太常见"),
        ("P@$$word--2026", "太常见"),
        ("admin@12345678", "太常见"),
        ("ａｄｍｉｎ１２３４５６７８", "太常见"),
        ("woaini5201314", "太常见"),
        ("qwertyuiop12", "太常见"),
        ("1qaz2wsx3edc", "太常见"),
        ("mima mima 2026", "太常见"),
        ("19840512 8834", "太常见"),
        ("hotline-demo", "太常见"),
        ("襄阳市企业服务热线12345", "太常见"),
        ("我的密码我的密码2026！", "太常见"),
    ],
)
def test_what_is_guessed_first_is_denied(password: str, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        RULES.check(password, "operator")
    assert why in refused.value.pointers()["/password"]


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "tan sheng mu xing",
        "kupfer lampe nordwind",
        "落霞与孤鹜齐飞秋水共长天",
        "passwordless ferry",
        "  blanks count too  ",
        "x9$Lq!v2#Rt7",
    ],
)
def test_every_other_password_will_do_whatever_it_is_made_of(password: str) -> None:
    RULES.check(password, "operator")
    assert len(password) >= RULES.shortest


def test_the_list_is_lower_case_so_that_every_word_of_it_can_be_met() -> None:
    assert len(RULES.words) > 200
    assert [word for word in RULES.words if word != "".join(c for c in word.casefold() if c.isalnum())] == []


def test_the_rule_does_not_print_its_words() -> None:
    assert "qwerty" not in repr(RULES)
