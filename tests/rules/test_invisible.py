"""What nobody sees: out of numbers, and no text of its own; extensions of telephones in one form."""

import pytest
from marshmallow import ValidationError

from hotline.rules.intake import credit_code
from hotline.rules.intake.company_name import name_key
from hotline.rules.intake.phone import main_number, takes_messages
from hotline.rules.invisible import is_visible, without_invisible
from hotline.rules.knowledge.freshness import document_key
from hotline.rules.tickets import ticket_number
from hotline.schemas.base import NumberText, Text
from hotline.schemas.intake.enterprise import normalise_phone

UNSEEN = (
    "\u202a",
    "\u200b",
    "\ufeff",
    "\u2060",
    "\u00ad",
    "\u3164",
    "\u2800",
    "\U000e0041",
    "\u200d",
    "\u061c",
    "\ufe0f",
)


@pytest.mark.parametrize("unseen", UNSEEN)
def test_it_is_taken_out_of_every_number(unseen: str) -> None:
    def mixed(text: str) -> str:
        return unseen + unseen.join(text) + unseen

    assert normalise_phone(mixed("13812345678")) == "+8613812345678"
    assert credit_code.check(mixed("91420600MA48XUD545")) == "91420600MA48XUD545"
    assert ticket_number.normalise(mixed("qs20261124000123")) == "QS20261124000123"
    assert ticket_number.normalise_query_code(mixed("abc-def")) == "ABCDEF"
    assert document_key(mixed("鄂发〔2020〕53号")) == document_key("鄂发[2020]53号")
    assert NumberText(6, required=True).deserialize(mixed("ABCDEF")) == "ABCDEF"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_text_of_it_alone_is_none(unseen: str) -> None:
    assert not is_visible(f" {unseen}\u3000{unseen}\n")
    with pytest.raises(ValidationError, match="必须填写"):
        Text(20, required=True).deserialize(f"{unseen} {unseen}")
    assert Text(20).deserialize(unseen) is None
    assert Text(20, required=True).deserialize(f"甲{unseen}") == f"甲{unseen}"


def test_what_is_seen_stays() -> None:
    assert without_invisible("13812345678 甲\t乙\n") == "13812345678 甲\t乙\n"
    assert is_visible("👩‍💻") and is_visible("￥") and is_visible("\ue000")


@pytest.mark.parametrize(
    "text",
    [
        "0710-3512345转8001",
        "0710-3512345-8001",
        "0710-3512345 ext. 8001",
        "0710-3512345#8001",
        "0710-3512345分机8001",
        "（０７１０）３５１２３４５－８００１",
        "0710-3512345 转 分机 8001",
        "+86-710-3512345;ext=8001",
        "0710–3512345（分机：8001）",
        "\u202a0710-3512345 转8001\u202c",
        "+867103512345转8001",
    ],
)
def test_an_extension_is_kept_in_one_form(text: str) -> None:
    phone = normalise_phone(text)
    assert phone == "+867103512345转8001"
    assert main_number(phone) == normalise_phone("0710-3512345")
    assert takes_messages("+867103512345") and not takes_messages(phone)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0710-351-2345", "+867103512345"),
        ("138-1234-5678", "+8613812345678"),
        ("400-820-8820转801", "+864008208820转801"),
        ("12345转1", "12345转1"),
    ],
)
def test_a_group_is_no_extension(text: str, phone: str) -> None:
    assert normalise_phone(text) == phone


@pytest.mark.parametrize(
    "text", ["转8001", "0710-3512345转", "0710-3512345转80018001", "0710-3512345转甲", "8001#0710", "\u200b"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="电话号码不对"):
        normalise_phone(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("襄阳甲乙（集团）有限公司", "襄阳甲乙(集团)有限公司"),
        ("襄阳甲乙〔集团〕有限公司", "襄阳甲乙【集团】 有限公司"),
        ("ＡＢＣ商贸有限公司", "abc商贸 有限公司"),
        ("阿里·买买提商行", "阿里•买买提商行"),
        ("襄阳\u200b甲乙有限公司\ufeff", "襄阳甲乙有限公司。"),
        ("“甲乙”酒店", "甲乙酒店"),
    ],
)
def test_names_are_the_same_in_their_normal_form(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_other_names_are_others_and_a_key_is_never_empty_or_too_long() -> None:
    assert name_key("襄阳甲乙集团有限公司") != name_key("襄阳甲乙（集团）有限公司公司")
    assert name_key("·") and len(name_key("ﷺ" * 200)) == 200
