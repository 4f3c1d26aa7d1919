"""Rows of a file as matters: what each cell becomes, and that nothing is dropped in silence."""

import csv
import io
import secrets
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from random import Random

import openpyxl
import pytest
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.models.accounts.units import Unit
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.queries.timeline_texts import SENTENCES
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.refusals import BadFile
from hotline.rules.vocabulary import Outcome, Satisfaction, State
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_preview import ImportPreview, preview
from hotline.transfer.import_rows import BadRow, MatterRow, read_matters
from hotline.transfer.import_template import write_template
from hotline.transfer.import_tickets import Outcome as Count
from hotline.transfer.import_tickets import import_matters

GOOD = {
    "工单编号": "GD1",
    "来电时间": "2026/1/5 9:05",
    "诉求标题": "厂房停电",
    "诉求内容": "已停电三天",
    "企业名称": "甲乙机械有限公司",
    "统一社会信用代码": "",
    "联系人": "王某",
    "联系电话": "13800138001",
    "承办单位": "市税务局",
    "办结时间": "2026/1/7 16:00",
    "答复内容": "已恢复",
    "满意度": "满意",
}
OLD = list(GOOD)
WORD = ImportChoices()
FIVE_IS_BEST = ImportChoices(
    satisfaction={n: str(level) for n, level in zip("54321", Satisfaction, strict=True)},
)


def workbook(path: Path, *rows: Mapping[str, object], headings: list[str] | None = None) -> Path:
    """A workbook: cells as they are given, numbers and dates included."""
    book, columns = (
        openpyxl.Workbook(),
        headings or list(dict.fromkeys([*OLD, *(name for row in rows for name in row)])),
    )
    book.active.append(columns)
    for row in rows:
        book.active.append([row.get(name) or None for name in columns])
    book.save(path)
    return path


def text_file(
    path: Path, *rows: Mapping[str, object], headings: list[str] | None = None, encoding: str = "gbk"
) -> Path:
    out, columns = io.StringIO(newline=""), headings or OLD
    csv.writer(out).writerows([columns, *([row.get(name, "") for name in columns] for row in rows)])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def read(app_context: AppContext, path: Path, choices: ImportChoices = WORD) -> list[MatterRow | BadRow]:
    with app_context.snapshot() as ctx:
        return list(read_matters(ctx, path, choices))


def shown(app_context: AppContext, path: Path, choices: ImportChoices = WORD) -> ImportPreview:
    with app_context.snapshot() as ctx:
        return preview(ctx, path, choices)


def taken(app_context: AppContext, path: Path, choices: ImportChoices = WORD, *, dry_run: bool = False) -> Count:
    return import_matters(app_context, path, choices, dry_run=dry_run, progress=lambda rows: None)


def tickets(app_context: AppContext) -> list[Ticket]:
    with app_context.snapshot() as ctx:
        return list(ctx.session.scalars(select(Ticket).order_by(Ticket.source_no)))


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-8-sig", "utf-8"])
def test_a_typical_export_goes_in(app_context: AppContext, tmp_path: Path, encoding: str) -> None:
    second = GOOD | {"工单编号": "GD2", "来电时间": "2026年1月6日 10:30", "联系电话": "0710-3512345转8001"}
    second |= {"承办单位": "市市场监管局", "办结时间": "2026-01-09", "满意度": "基本满意"}
    path = text_file(tmp_path / "old.csv", GOOD, second, encoding=encoding)
    one, two = read(app_context, path)
    assert isinstance(one, MatterRow) and isinstance(two, MatterRow)
    assert (one.unit, one.satisfied, one.contact.phone) == ("tax", True, "+8613800138001")
    assert (two.unit, two.contact.phone) == ("market-supervision", "+867103512345转8001")
    assert two.replied_at == datetime(2026, 1, 9, 17, 30, tzinfo=ZONE)
    assert (two.satisfied, two.satisfaction, two.line) == (True, Satisfaction.BASICALLY_SATISFIED, 3)
    assert taken(app_context, path).added == 2
    assert [t.state for t in tickets(app_context)] == [State.CLOSED] * 2


RIGHT: list[tuple[dict[str, object], dict[str, object]]] = [
    ({"工单编号": 2026010500001}, {"source_no": "2026010500001"}),
    ({"工单编号": 2026010500001.0}, {"source_no": "2026010500001"}),
    ({"工单编号": "'0012"}, {"source_no": "0012"}),
    ({"联系电话": 13800138001}, {"phone": "+8613800138001"}),
    ({"联系电话": 13800138001.0}, {"phone": "+8613800138001"}),
    ({"联系电话": "１３８００１３８００１"}, {"phone": "+8613800138001"}),
    ({"联系电话": "无"}, {"phone": None}),
    ({"联系电话": "-"}, {"phone": None}),
    ({"联系电话": "/"}, {"phone": None}),
    ({"联系电话": "139****1234"}, {"phone": None}),
    ({"联系电话": "139xxxx1234"}, {"phone": None}),
    ({"联系电话": "0710-351****"}, {"phone": None}),
    ({"来电时间": 46027.378472222}, {"received_at": datetime(2026, 1, 5, 9, 5, tzinfo=ZONE)}),
    ({"来电时间": datetime(2026, 1, 5, 9, 5)}, {"received_at": datetime(2026, 1, 5, 9, 5, tzinfo=ZONE)}),
    ({"办结时间": date(2026, 1, 5)}, {"replied_at": datetime(2026, 1, 5, 17, 30, tzinfo=ZONE)}),
    ({"承办单位": "国家税务总局襄阳市税务局"}, {"unit": "tax"}),
    ({"承办单位": "襄阳市税务局"}, {"unit": "tax"}),
    ({"承办单位": "tax"}, {"unit": "tax"}),
    ({"承办单位": " 税务局 "}, {"unit": "tax"}),
    ({"事项类别": "停电、电压不稳"}, {"category": "power-cut"}),
    ({"事项类别": "暂无"}, {"category": None}),
    ({"诉求类型": "投诉"}, {"type": "complaint"}),
    ({"诉求类型": "求助类"}, {"type": "help"}),
    ({"是否疑难": "是"}, {"difficult": True}),
    ({"是否疑难": "一般"}, {"difficult": False}),
    ({"满意度": "不满意"}, {"satisfied": False, "satisfaction": Satisfaction.DISSATISFIED}),
    ({"满意度": "非常满意"}, {"satisfied": True, "satisfaction": Satisfaction.VERY_SATISFIED}),
    ({"满意度": "未评价"}, {"satisfied": None, "satisfaction": None}),
    ({"满意度": True}, {"satisfied": True}),
    ({"满意度": "否"}, {"satisfied": False}),
    ({"诉求内容": "第一行\r\n第二行"}, {"content": "第一行\n第二行"}),
    ({"答复内容": "无"}, {"reply": "无"}),
    ({"企业名称": "-"}, {"enterprise": None}),
    ({"联系人": "\u200b"}, {"name": None}),
    ({"上级工单编号": 900000000001}, {"superior_no": "900000000001"}),
    ({"上级办结期限": "2026年1月9日"}, {"superior_due_on": date(2026, 1, 9)}),
    ({"诉求标题": 12}, {"title": "12"}),
    ({"诉求标题": 3.5}, {"title": "3.5"}),
]  # fmt: skip
WRONG: list[tuple[dict[str, object], str]] = [
    ({"工单编号": "2.0260105E+17"}, "丢失"),
    ({"工单编号": 202601050000100001}, "丢失位数"),
    ({"工单编号": 1.5}, "小数"),
    ({"工单编号": "无"}, "必须填写"),
    ({"工单编号": "-"}, "必须填写"),
    ({"工单编号": date(2026, 1, 5)}, "日期"),
    ({"工单编号": "9" * 65}, "不能超过64"),
    ({"来电时间": "1/5/2026"}, "分不清月和日"),
    ({"来电时间": "2026-02-30"}, "没有这一天"),
    ({"来电时间": "2999-01-01"}, "将来"),
    ({"办结时间": "2026-01-04 10:00"}, "早于签收时间"),
    ({"办结时间": ""}, "没有办结时间"),
    ({"办结时间": "-", "答复内容": ""}, "没有办结时间"),
    ({"签收时间": "2026-01-05 10:00", "办结时间": "", "答复内容": "", "满意度": ""}, "没有办结时间"),
    ({"统一社会信用代码": "91420600MA4ABCDEF0", "企业名称": ""}, "没有企业名称"),
    ({"统一社会信用代码": 914206001794567891}, "丢失位数"),
    ({"联系电话": "13800138000/0710-3512345"}, "2个号码"),
    ({"联系电话": "13800138000、13900139000、0710-3512345"}, "3个号码"),
    ({"联系电话": "1.38E+10"}, "丢失"),
    ({"联系电话": "转123"}, "电话号码不对"),
    ({"承办单位": "市税务局、市住建局"}, "没有“市税务局、市住建局”这个单位"),
    ({"承办单位": "' OR 1=1 --"}, "这个单位"),
    ({"事项类别": "停电问题"}, "这个事项类别"),
    ({"诉求类型": "投诉举报"}, "这个诉求类型"),
    ({"满意度": "5"}, "须先指定"),
    ({"满意度": "一般"}, "须先指定"),
    ({"诉求标题": "长" * 201}, "不能超过200"),
    ({"诉求标题": "\u200b\u202a"}, "必须填写"),
    ({"诉求标题": "甲\x07乙"}, "控制字符"),
    ({"诉求内容": "#N/A"}, "#N/A"),
    ({"答复内容": date(2026, 1, 5)}, "日期"),
    ({"答复内容": True}, "逻辑值"),
    ({"上级办结期限": "2026-01-09 12:00"}, "只能是日期"),
]  # fmt: skip


def numbered(rows: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    for n, row in enumerate(rows):
        yield {**GOOD, "工单编号": f"A{n}", **row}


def test_cells_become_what_they_say(app_context: AppContext, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", *numbered([row for row, _ in RIGHT]))
    rows = read(app_context, path)
    assert len(rows) == len(RIGHT)
    for row, (given, right) in zip(rows, RIGHT, strict=True):
        assert isinstance(row, MatterRow), (given, row)
        contact = {"phone": row.contact.phone, "name": row.contact.name}
        assert {name: contact[name] if name in contact else getattr(row, name) for name in right} == right, given


def test_what_cannot_be_trusted_is_named_with_its_column(app_context: AppContext, tmp_path: Path) -> None:
    given = [(row, why) for row, why in WRONG if "控制字符" not in why]
    rows = read(app_context, workbook(tmp_path / "a.xlsx", *numbered([row for row, _ in given])))
    for row, (cells, why) in zip(rows, given, strict=True):
        assert isinstance(row, BadRow) and why in row.sentence, (cells, row)
        assert len(row.sentence) <= 400 and "\n" not in row.sentence
        assert row.cells[1] == GOOD["来电时间"] or "来电时间" in cells


def test_control_characters_and_more_cells_than_columns_are_named(app_context: AppContext, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [",".join(OLD), ",".join(GOOD.values()), ",".join(GOOD.values()) + ",5", ",".join(GOOD.values())]
    path.write_bytes("\r\n".join(lines).replace("厂房停电", "厂房\x07停电", 1).encode("gbk"))
    first, second, third = read(app_context, path)
    assert isinstance(first, BadRow) and "U+0007" in first.sentence
    assert isinstance(second, BadRow) and "多出1格" in second.sentence
    assert isinstance(third, MatterRow)


def test_numbers_kept_as_texts_by_a_sign_are_read_without_it(app_context: AppContext, tmp_path: Path) -> None:
    given = {'="0012"': "0012", "'0013": "0013", "\t0014": "0014", "0015 ": "0015"}
    path = text_file(tmp_path / "a.csv", *(GOOD | {"工单编号": number} for number in given))
    assert [row.source_no for row in read(app_context, path) if isinstance(row, MatterRow)] == list(given.values())


def test_a_formula_without_a_value_is_named(app_context: AppContext, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", GOOD | {"工单编号": "B1"}, GOOD | {"诉求标题": "=A1"}, GOOD | {"答复内容": "=NA()"}
    )
    good, *bad = read(app_context, path)
    assert isinstance(good, MatterRow) and all(isinstance(row, BadRow) for row in bad)


def test_a_column_without_a_heading_is_no_place_for_content(app_context: AppContext, tmp_path: Path) -> None:
    headings = [*OLD[:4], "", "联系人"]
    path = workbook(tmp_path / "a.xlsx", GOOD, GOOD | {"": "丢了"}, headings=headings)
    good, bad = read(app_context, path)
    assert isinstance(good, MatterRow) and isinstance(bad, BadRow) and "没有标题却有内容" in bad.sentence
    assert all(isinstance(row, MatterRow) for row in read(app_context, path, ImportChoices(drop_unknown=True)))


def test_the_same_alias_of_two_units_is_named_with_both(app_context: AppContext, tmp_path: Path) -> None:
    with app_context.transaction() as ctx:
        for unit in ctx.session.scalars(select(Unit).where(Unit.code.in_(("tax", "housing")))):
            unit.aliases += " 窗口办"
    (row,) = read(app_context, workbook(tmp_path / "a.xlsx", GOOD | {"承办单位": "窗口办"}))
    assert isinstance(row, BadRow) and "国家税务总局襄阳市税务局、襄阳市住房和城乡建设局" in row.sentence


def test_nobody_guesses_which_end_of_a_scale_is_good(app_context: AppContext, tmp_path: Path) -> None:
    rows = [GOOD | {"工单编号": f"S{n}", "满意度": word} for n, word in enumerate((1, 5, "5分", "１", 4.0))]
    path = workbook(tmp_path / "a.xlsx", *rows)
    found = shown(app_context, path)
    assert not found.ready and found.satisfaction == {"1": 2, "4": 1, "5": 2}
    assert taken(app_context, path).added == 0
    assert shown(app_context, path, FIVE_IS_BEST).ready
    assert taken(app_context, path, FIVE_IS_BEST).added == 5
    assert [t.outcome for t in tickets(app_context)] == [
        Outcome.UNRESOLVED, Outcome.SOLVED, Outcome.SOLVED, Outcome.UNRESOLVED, Outcome.SOLVED,
    ]  # fmt: skip


def test_a_misnamed_column_brings_no_history_to_life(app_context: AppContext, tmp_path: Path) -> None:
    row = {("reply_at" if name == "办结时间" else name): value for name, value in GOOD.items()}
    path = workbook(tmp_path / "a.xlsx", row, headings=list(row))
    found = shown(app_context, path)
    assert (found.ready, found.unknown, found.total) == (False, ("reply_at",), 1)
    for choices in (WORD, ImportChoices(drop_unknown=True)):
        with pytest.raises(BadFile, match="replied_at"):
            taken(app_context, path, choices)
    (bad,) = taken(app_context, path, ImportChoices(columns={"reply_at": None})).bad
    assert "没有办结时间" in bad[1]
    assert tickets(app_context) == []
    assert taken(app_context, path, ImportChoices(columns={"reply_at": "replied_at"})).added == 1


def test_an_open_matter_keeps_the_unit_that_the_old_system_named(app_context: AppContext, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", GOOD | {"办结时间": "", "答复内容": "无", "满意度": ""})
    assert taken(app_context, path).added == 1
    (ticket,) = tickets(app_context)
    assert (ticket.state, ticket.lead_unit_id, ticket.reply) == (State.SUBMITTED, None, None)
    with app_context.snapshot() as ctx:
        (line,) = ctx.session.scalars(select(TimelineEntry).where(TimelineEntry.ticket_id == ticket.id))
    assert (
        SENTENCES["imported"](line.data) == "导入（原编号 GD1；原系统的承办单位 国家税务总局襄阳市税务局，供派单参考）"
    )


def test_the_same_number_with_other_content_is_named_and_a_mended_row_goes_in(
    app_context: AppContext, tmp_path: Path
) -> None:
    rows = [
        GOOD,
        GOOD,
        GOOD | {"诉求内容": "别的"},
        GOOD | {"工单编号": "B", "办结时间": "1/7/2026"},
        GOOD | {"工单编号": "B"},
    ]
    path = workbook(tmp_path / "a.xlsx", *rows)
    dry, real, again = taken(app_context, path, dry_run=True), taken(app_context, path), taken(app_context, path)
    for found, counts in ((dry, (2, 1)), (real, (2, 1)), (again, (0, 3))):
        assert (found.added, found.present) == counts
        assert [line for line, _ in found.bad] == [4, 5] and "内容不同" in found.bad[0][1]
    mended = workbook(tmp_path / "b.xlsx", GOOD | {"工单编号": "C", "办结时间": "x"})
    assert taken(app_context, mended).added == 0
    assert taken(app_context, workbook(tmp_path / "b.xlsx", GOOD | {"工单编号": "C"})).added == 1


def test_a_trial_run_remembers_what_earlier_batches_would_have_put_in(
    app_context: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.transfer.import_tickets.BATCH", 1)
    path = workbook(tmp_path / "a.xlsx", GOOD, GOOD, GOOD | {"诉求内容": "别的"})
    dry, real = taken(app_context, path, dry_run=True), taken(app_context, path)
    assert [line for line, _ in dry.bad] == [line for line, _ in real.bad] == [4]
    assert (dry.added, dry.present) == (real.added, real.present) == (1, 1)


def test_the_preview_says_what_is_read_as_something_else(app_context: AppContext, tmp_path: Path) -> None:
    rows = [GOOD | {"联系电话": "139****1234", "办结时间": "2026-01-09"}, GOOD | {"来电时间": "x"}]
    rows[0]["统一社会信用代码"] = "91420600MA48XUD546"
    found = shown(app_context, workbook(tmp_path / "a.xlsx", *rows))
    assert found.ready and (found.total, found.bad) == (2, 1)
    assert found.problems == [(3, "“来电时间”列不是时间：x")]
    assert {
        "联系电话只有掩码（如 139****1234），按没有电话导入：1行",
        "办结时间只有日期，按当日下班时间导入：1行",
        "统一社会信用代码的校验位不符，请对照营业执照核对：1行",
    } <= set(found.notes)
    (row,) = found.rows
    assert row["导入后"] == "已办结" and row["办结时间"] == "2026-01-09 17:30" and row["满意度"] == "满意"
    assert row["承办单位"] == "国家税务总局襄阳市税务局" and "联系电话" not in row
    assert tickets(app_context) == []


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_imports_again_and_overwrites_nothing(app_context: AppContext, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"template.{kind}"
    write_template(path)
    with pytest.raises(BadFile, match="已经存在"):
        write_template(path)
    assert shown(app_context, path).ready
    assert (taken(app_context, path).added, len(tickets(app_context))) == (1, 1)


NOISE: list[object] = [
    None, "", " ", "无", "-", "甲", "甲\n乙", "2026-01-05", "2026/1/5 9:05", "1/5/2026", 46027.378, 46027, 13800138001,
    13800138001.0, 2.0260105e17, True, date(2026, 1, 5), datetime(2026, 1, 6, 8), "=1+1", "#N/A", "市税务局", "满意", "1",
    "139****1234", "长" * 300, "\u200b", "１３８００１３８００１", "GD7", "GD8", "'=cmd|' /C calc'!A0", "{{7*7}}", "9" * 70,
]  # fmt: skip


def wild(chance: Random) -> Iterator[dict[str, object]]:
    for n in range(60):
        row: dict[str, object] = {**GOOD, "工单编号": f"W{n}"}
        for name in chance.sample(OLD, chance.choice((0, 0, 1, 1, 2, 5))):
            row[name] = chance.choice(NOISE)
        yield row


def given_texts(rows: list[dict[str, object]], *, as_text: bool) -> set[str]:
    """Every text that a ticket may hold. A text file holds numbers and dates as texts, a workbook whole numbers as digits."""
    values = [value for row in rows for value in row.values()]
    if as_text:
        return {str(value).strip() for value in values}
    numbers = {str(int(value)) for value in values if isinstance(value, (int, float)) and value == int(value)}
    return numbers | {value.strip() for value in values if isinstance(value, str)} | {"46027.378"}


def drawn() -> Random:
    """Another sample each time; a failure shows its seed."""
    seed = secrets.randbelow(2**32)
    print(f"seed {seed}")
    return Random(seed)


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_rows_in_and_rows_named_are_the_rows_of_the_file(
    app_context: AppContext, tmp_path: Path, turn: int, kind: str
) -> None:
    chance = drawn()
    rows = list(wild(chance))
    headings = chance.sample(OLD, len(OLD))
    if kind == "xlsx":
        path = workbook(tmp_path / "wild.xlsx", *rows, headings=headings)
    else:
        encoding = chance.choice(("utf-8", "utf-8-sig", "utf-16", "gb18030"))
        path = text_file(tmp_path / "wild.csv", *rows, headings=headings, encoding=encoding)
    read_rows = read(app_context, path, FIVE_IS_BEST)
    assert len(read_rows) == len(rows)
    outcome = taken(app_context, path, FIVE_IS_BEST)
    assert outcome.rows == len(rows) and len({line for line, _ in outcome.bad}) == len(outcome.bad)
    assert 5 < outcome.added < len(rows)
    texts = given_texts(rows, as_text=kind == "csv")
    with app_context.snapshot() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Ticket)) == outcome.added
        for ticket in ctx.session.scalars(select(Ticket)):
            assert {ticket.title, ticket.content, ticket.reply or ticket.title} <= texts
            # A number alone is read without the sign by which a spreadsheet keeps it a text.
            assert ticket.source_no in texts or f"'{ticket.source_no}" in texts


def beside_hidden_ones(path: Path, rows: list[dict[str, object]]) -> Path:
    """A workbook of these rows, behind a hidden sheet with other rows and a hidden column."""
    workbook(path, *rows)
    book = openpyxl.load_workbook(path)
    hidden = book.create_sheet("旧表", 0)
    hidden.append(OLD)
    hidden.append([f"藏{n}" for n in range(len(OLD))])
    hidden.sheet_state = "hidden"
    book.worksheets[1].column_dimensions["C"].hidden = True
    book.save(path)
    return path


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_that_was_cut_puts_in_nothing_or_what_stands_in_it(
    app_context: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("hotline.transfer.import_tickets.BATCH", 7)
    chance = drawn()
    rows = list(wild(chance))
    path = tmp_path / f"cut.{kind}"
    if kind == "xlsx":
        beside_hidden_ones(path, rows)
    else:
        text_file(path, *rows, encoding=chance.choice(("utf-8", "utf-16", "gb18030")))
    whole, given, added = path.read_bytes(), given_texts(rows, as_text=kind == "csv"), 0
    for _ in range(8):
        path.write_bytes(whole[: chance.randrange(1, len(whole))])
        try:
            outcome = taken(app_context, path, FIVE_IS_BEST)
        except BadFile:
            assert len(tickets(app_context)) == added
            continue
        assert outcome.rows <= len(rows)
        added += outcome.added
        assert len(tickets(app_context)) == added
    path.write_bytes(whole)
    assert taken(app_context, path, FIVE_IS_BEST).rows == len(rows)
    stored = {text for ticket in tickets(app_context) for text in (ticket.title, ticket.content)}
    assert all(text in given or any(one.startswith(text) for one in given) for text in stored)
