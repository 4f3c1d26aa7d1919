"""The template of an import: headings, one row as an example, and a sheet that explains each column."""

import csv
import re
import zlib
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils import get_column_letter

from hotline.rules.intake.import_columns import FIELDS, REQUIRED
from hotline.rules.refusals import BadFile
from hotline.rules.vocabulary import TicketType

SHEET, EXPLANATION = "诉求导入", "填写说明"
WIDTH = 18
SHEETS = re.compile(r'<(?:\w+:)?sheet [^>]*?name="([^"]*)"')
LARGEST_LIST = 1024 * 1024
EXAMPLE: Mapping[str, str] = {
    "source_no": "示例0001",
    "received_at": "2026-01-05 09:05",
    "title": "厂房停电影响生产",
    "content": "厂房已停电三天，影响正常生产，希望尽快恢复供电。",
    "type": "求助",
    "difficult": "否",
    "company_name": "襄阳示例机械有限公司",
    "contact_name": "王某",
    "contact_phone": "0710-3512345",
    "unit": "市税务局",
    "signed_at": "2026-01-05 14:30",
    "replied_at": "2026-01-07 16:00",
    "reply": "已恢复供电。",
    "satisfied": "满意",
}
HELP: Mapping[str, str] = {
    "source_no": "原系统的编号，每件一个，不能重复；请设为文本格式，以免长编号丢失末位",
    "received_at": "例如 2026-01-05 09:05、2026年1月5日上午9:05、20260105090500；只写日期的按当日上班时间",
    "title": "最多200字",
    "content": "最多20000字",
    "type": "、".join(word.label for word in TicketType),
    "category": "事项类别的名称或代码",
    "difficult": "是或否",
    "company_name": "填写统一社会信用代码时必须填写",
    "credit_code": "18位；请设为文本格式",
    "contact_name": "没有的留空",
    "contact_phone": "一格一个号码，可带分机（0710-3512345转8001）；没有的留空",
    "unit": "单位的全称、简称或代码；没有办结时间的行由分拨员派单，这里的单位只作参考",
    "signed_at": "承办单位签收的时间；只写日期的按当日下班时间",
    "replied_at": "填写的按已办结导入；留空的按待办理导入，时限从导入时起算",
    "reply": "填写的必须同时填写办结时间",
    "satisfied": "非常满意、满意、基本满意、不满意、非常不满意；写数字的，导入时须指明哪一端是满意",
    "superior_no": "上级平台转来的编号",
    "superior_due_on": "上级平台要求的办结日期",
}


def headings() -> list[str]:
    """Return the headings in the order of the fields; the required ones say so."""
    return [f"{label}（必填）" if name in REQUIRED else label for name, label in FIELDS.items()]


def write_template(path: Path) -> None:
    """Write the template to a new file; refuse (`BadFile`) an existing one and a kind that is neither XLSX nor CSV."""
    kinds = {".xlsx": write_template_xlsx, ".csv": write_template_csv}
    write = kinds.get(path.suffix.lower())
    if write is None:
        raise BadFile("模板只能写成 .xlsx 或 .csv 文件")
    try:
        with path.open("xb") as file:
            write(file)
    except FileExistsError:
        raise BadFile(f"{path} 已经存在，请换一个文件名") from None
    except OSError as error:
        raise BadFile(f"{path} 不能写入（{error.strerror}）") from None


def write_template_csv(file: IO[bytes]) -> None:
    """Write headings and example as Excel opens them without questions: UTF-8 with a mark."""
    text = StringIO(newline="")
    csv.writer(text).writerows([headings(), [EXAMPLE.get(name, "") for name in FIELDS]])
    file.write(text.getvalue().encode("utf-8-sig"))


def write_template_xlsx(file: IO[bytes]) -> None:
    """Write the workbook; every column is formatted as text, so that long numbers keep their digits."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.freeze_panes = "A2"
    sheet.append(headings())
    sheet.append([EXAMPLE.get(name) for name in FIELDS])
    for position in range(1, len(FIELDS) + 1):
        column = sheet.column_dimensions[get_column_letter(position)]
        column.width, column.number_format = WIDTH, "@"
    explained = book.create_sheet(EXPLANATION)
    explained.append(["列", "是否必填", "怎样填写"])
    explained.append(["（示例）", "", f"“{SHEET}”第2行是示例，导入前请删去。"])
    for name, label in FIELDS.items():
        explained.append([label, "必填" if name in REQUIRED else "", HELP[name]])
    book.save(file)


def template_sheet(path: Path) -> str | None:
    """Return the sheet to read in a filled-in template, whose other sheet is the explanation; None for any other file."""
    try:
        with ZipFile(path) as book:
            sheets = SHEETS.findall(book.read("xl/workbook.xml").decode()) if _small(book) else []
    except (BadZipFile, KeyError, OSError, ValueError, RuntimeError, NotImplementedError, zlib.error):
        return None
    return SHEET if sorted(sheets) == sorted((SHEET, EXPLANATION)) else None


def _small(book: ZipFile) -> bool:
    return book.getinfo("xl/workbook.xml").file_size < LARGEST_LIST
