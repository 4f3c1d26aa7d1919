"""A supervisor imports a file by the pages: looks, explains, starts, watches, and gets back what was not taken."""

import csv
import io

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.looks import assert_good

HEADER = (
    "工单编号",
    "来电时间",
    "诉求标题",
    "诉求内容",
    "企业名称",
    "联系电话",
    "承办单位",
    "办结时间",
    "答复内容",
    "满意度",
    "坐席心情",
)
GOOD = (
    "2024/1/2 9:05",
    "窗口不受理变更登记",
    "材料齐全，窗口不受理。",
    "襄阳甲乙机械有限公司",
    "13812345678",
    "税务局",
    "2024年1月4日",
)
GOOD += ("已当场办结", "5", "好")


def file_of(prefix: str) -> bytes:
    text = io.StringIO()
    rows = [(f"{prefix}{n:03}", *GOOD) for n in range(12)]
    rows[4] = (f"{prefix}004", "昨天上午", *GOOD[1:])
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode("gb18030")


def upload(page: Page, prefix: str) -> None:
    page.goto("/imports")
    page.set_input_files("#file", {"name": "旧系统导出.csv", "mimeType": "text/csv", "buffer": file_of(prefix)})
    page.get_by_role("button", name="上传并预览").click()


def explain(page: Page) -> None:
    page.get_by_label("“坐席心情”列对应").select_option(label="同意不导入这一列")
    page.get_by_role("button", name="按以上选择重新预览").click()
    page.get_by_label("满意度“5”").select_option(label="非常满意")
    page.get_by_role("button", name="按以上选择重新预览").click()


@pytest.mark.parametrize("width", [1440, 375])
def test_an_import_from_upload_to_report(visit: Visit, width: int) -> None:
    page = visit("supervisor", width=width)
    upload(page, f"B{width}-")
    expect(page.get_by_role("heading", name="还不能导入")).to_be_visible()
    assert_good(page)
    explain(page)
    expect(page.get_by_role("heading", name="可以导入：共12行，其中1行有误")).to_be_visible()
    assert_good(page)
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_role("heading", name="已完成")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("第6行", exact=True)).to_be_visible()
    assert_good(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载有误的行").click()
    assert download.value.suggested_filename.endswith(".xlsx")
