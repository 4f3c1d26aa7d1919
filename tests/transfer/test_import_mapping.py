"""Which column of a file is which field, and what a person has to say."""

import json

import pytest

from hotline.rules.intake.import_columns import FIELDS, ImportColumns
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import Satisfaction
from hotline.settings.config_files import BadSettings, resource
from hotline.settings.rulebook import import_columns_from
from hotline.transfer.import_mapping import ColumnMapping, How, ImportChoices, map_columns

OLD = "工单编号,来电时间,诉求标题,诉求内容,企业名称,统一社会信用代码,联系人,联系电话,承办单位,办结时间,答复内容,满意度"
BASE = ("工单编号", "来电时间", "诉求标题", "诉求内容")


@pytest.fixture(scope="module")
def names() -> ImportColumns:
    return import_columns_from(resource("config") / "import_columns.toml")


def mapped(names: ImportColumns, *headings: str, **choices: object) -> ColumnMapping:
    return map_columns(headings, ImportChoices(**choices), names)  # type: ignore[arg-type]


def test_a_typical_export_is_understood_by_its_headings(names: ImportColumns) -> None:
    found = mapped(names, *OLD.split(","))
    assert [column.field for column in found.columns] == [
        "source_no", "received_at", "title", "content", "company_name", "credit_code", "contact_name", "contact_phone",
        "unit", "replied_at", "reply", "satisfied",
    ]  # fmt: skip
    assert not list(found.faults())


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        *((name, name) for name in FIELDS),
        *((label, name) for name, label in FIELDS.items()),
        ("来电时间（必填）", "received_at"),
        ("联系电话[手机]", "contact_phone"),
        ("标题 *", "title"),
        ("办结 时间：", "replied_at"),
        ("ＳＯＵＲＣＥ＿ＮＯ", "source_no"),
        ("Replied At", "replied_at"),
        ("满意度(1-5)", "satisfied"),
        ("签收日期", "signed_at"),
        ("省平台工单编号", "superior_no"),
        ("要求办结时间", "superior_due_on"),
        ("办结时间（要求）", None),
        ("状态", None),
        ("备注", None),
    ],
)
def test_headings_are_compared_by_their_normal_form(names: ImportColumns, heading: str, field: str | None) -> None:
    assert names.field_of(heading) == field


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("reply_at", "replied_at"),
        ("replyed_at", "replied_at"),
        ("repliedat time", "replied_at"),
        ("办结时问", "replied_at"),
        ("应办结时间", "replied_at"),
        ("状态", None),
        ("客服工号", None),
        ("诉求标题2", None),
    ],
)
def test_a_misnamed_column_is_proposed(names: ImportColumns, heading: str, field: str | None) -> None:
    found = mapped(names, *BASE, heading)
    assert found.unknown[0].similar == field
    (fault,) = found.faults()
    assert heading in fault and (f"是不是 {field}" in fault) == (field is not None)


def test_a_misnamed_required_column_is_missing_and_proposed(names: ImportColumns) -> None:
    found = mapped(names, *BASE[:3], "conten")
    assert (found.missing, found.unknown[0].similar) == (("content",), "content")


def test_unknown_columns_need_a_word(names: ImportColumns) -> None:
    assert [column.heading for column in mapped(names, *BASE, "状态", "备注").unknown] == ["状态", "备注"]
    assert not list(mapped(names, *BASE, "状态", "备注", columns={"状态": None, "备注": None}).faults())
    assert not list(mapped(names, *BASE, "状态", "备注", drop_unknown=True).faults())
    assert not list(mapped(names, *BASE, "完成于", columns={"完成于": "replied_at"}).faults())


def test_consent_to_all_leaves_out_no_column_that_may_be_a_misnamed_field(names: ImportColumns) -> None:
    assert [c.heading for c in mapped(names, *BASE, "reply_at", "状态", drop_unknown=True).unknown] == ["reply_at"]
    assert not list(mapped(names, *BASE, "reply_at", "状态", drop_unknown=True, columns={"reply_at": None}).faults())
    assert not list(mapped(names, *BASE, "办结时间", "reply_at", drop_unknown=True).faults())


def test_two_headings_for_one_field_wait_for_an_answer(names: ImportColumns) -> None:
    two = (*BASE, "受理时间")
    assert [column.how for column in mapped(names, *two).columns].count(How.TWICE) == 2
    assert len(mapped(names, *two, drop_unknown=True).unknown) == 2
    found = mapped(names, *two, columns={"受理时间": None})
    assert not list(found.faults()) and found.columns[1].field == "received_at"
    assert mapped(names, *two, columns={"受理时间": "received_at"}).unknown[0].heading == "来电时间"
    assert not list(mapped(names, *two, columns={"受理时间": "received_at"}, drop_unknown=True).faults())


def test_equal_headings_are_told_apart_by_their_position(names: ImportColumns) -> None:
    found = mapped(names, *BASE, "联系电话", "联系电话")
    assert [column.heading for column in found.unknown] == ["联系电话", "联系电话【第6列】"]
    assert not list(mapped(names, *BASE, "联系电话", "联系电话", columns={"联系电话【第6列】": None}).faults())


def test_missing_columns_and_choices_about_none_are_named(names: ImportColumns) -> None:
    found = mapped(names, "工单编号", "诉求标题", columns={"备注": None})
    assert found.missing == ("received_at", "content")
    assert [fault for fault in found.faults() if "备注" in fault]


def test_choices_survive_json_and_refuse_what_does_not_exist() -> None:
    choices = ImportChoices({"甲": None, "乙": "title"}, {"1": "dissatisfied", "—": "unrated"}, "表", "gb18030", True)
    assert ImportChoices.from_json(json.loads(json.dumps(choices.as_json()))) == choices
    for wrong in ({"columns": {"甲": "nothing"}}, {"satisfaction": {"1": "good"}}):
        with pytest.raises(InvalidInput):
            ImportChoices(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["1", "5", "3分", "A", "一般", "100", "优"])
def test_a_scale_is_never_guessed(names: ImportColumns, word: str) -> None:
    assert not names.is_level(word)


def test_known_words_of_satisfaction(names: ImportColumns) -> None:
    known = {
        "满意": "satisfied",
        "基本 满意": "basically_satisfied",
        "非常满意": "very_satisfied",
        "不满意": "dissatisfied",
    }
    assert {word: names.level_of(word) for word in known} == {
        word: Satisfaction(level) for word, level in known.items()
    }
    assert names.is_level("未评价") and names.level_of("未评价") is None


@pytest.mark.parametrize(
    "wrong",
    ['title = ["编号"]\nsource_no = ["编号"]', 'nothing = ["甲"]', "title = 3", 'reply = ["标题"]\ntitle = ["标题"]'],
)
def test_a_heading_for_two_fields_is_refused_at_the_start(tmp_path: object, wrong: str) -> None:
    path = tmp_path / "import_columns.toml"  # type: ignore[operator]
    path.write_text(f"[headings]\n{wrong}\n[words]\nnothing = []\nunrated = []\n[satisfaction]\n", encoding="utf-8")
    with pytest.raises(BadSettings, match=r"import_columns\.toml"):
        import_columns_from(path)
