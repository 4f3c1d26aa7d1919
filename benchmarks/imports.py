"""`python -m benchmarks.imports`: a city's old system, exported as CSV (GBK) and XLSX, taken in by `hotline import`.

Each run is the command itself in a process of its own: wall clock, processor time and the most memory that it held.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from openpyxl import Workbook
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import load_all
from hotline.models.database import migrate
from hotline.models.tickets.tickets import Ticket
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings

HEADER = (
    "工单编号",
    "来电时间",
    "诉求标题",
    "诉求内容",
    "企业名称",
    "统一社会信用代码",
    "联系人",
    "联系电话",
    "承办单位",
)
HEADER += ("办结时间", "答复内容", "满意度")
UNITS = ("税务局", "市市场监管局", "市人社局", "市住建局", "襄城区", "樊城区")
SAID = ("满意", "基本满意", "非常满意", "不满意", "")
FIRMS, BEGIN, APART = 20_000, datetime(2023, 1, 3, 8, 30), timedelta(minutes=11)  # noqa: DTZ001
KEYS = {"HOTLINE_SECRET_KEY": "secret-for-benchmarks", "HOTLINE_DATA_KEY": "data-key-for-benchmarks"}


def rows(count: int, prefix: str) -> Iterator[tuple[str, ...]]:
    """Closed matters in the order of their receipt, 11 minutes apart, of twenty thousand firms."""
    chance = Random(12345)
    for n in range(count):
        at, firm = BEGIN + n * APART, chance.randrange(FIRMS)
        done = at + timedelta(minutes=chance.randrange(60, 60 * 24 * 12))
        yield (
            f"{prefix}{at:%Y%m%d}{n:06}", f"{at:%Y/%-m/%-d %-H:%M}", f"企业反映第{n}件事项办理中的问题",
            f"企业于{at:%Y年%m月%d日}来电反映：窗口以系统升级为由不受理变更登记，材料齐全，往返三次。" * chance.randrange(1, 4),
            f"襄阳第{firm}精密机械有限公司", "", "王经理", f"138{firm:08}",
            chance.choice(UNITS), f"{done:%Y-%m-%d %H:%M:%S}",
            "经联系企业，已当场受理并办结，企业表示认可。" * chance.randrange(1, 4),
            chance.choice(SAID),
        )  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    """As Excel saves it in China."""
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count, "C"))


def write_xlsx(path: Path, count: int) -> None:
    """Texts in cells, one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("工单")
    sheet.append(HEADER)
    for row in rows(count, "X"):
        sheet.append(row)
    book.save(path)


def prepare(url: str, folder: Path) -> AppContext:
    """Migrate and load units, categories and articles."""
    migrate.upgrade(url)
    app_context = AppContext(Settings(url, *KEYS.values(), resource("config"), folder))
    with app_context.transaction() as ctx:
        load_all(ctx, resource("config"), resource("knowledge_base"))
    return app_context


def measure(url: str, file: Path, folder: Path) -> tuple[float, float, float]:
    """Seconds on the wall, of the processor, and the most megabytes held, of one import by the command."""
    environment = {**os.environ, **KEYS, "HOTLINE_DATABASE_URL": url, "HOTLINE_DATA": str(folder)}
    command = [sys.executable, "-m", "hotline", "import", str(file)]
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(said.decode()[-2000:])
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def tickets(app_context: AppContext) -> int:
    """Count what is in."""
    with app_context.snapshot() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(Ticket)) or 0


def run(url: str, count: int, folder: Path) -> None:
    """Both files into one database; it fails where a row is missing."""
    app_context = prepare(url, folder)
    engine = app_context.database.engine.dialect.name
    for number, (kind, write) in enumerate((("CSV, GBK", write_csv), ("XLSX", write_xlsx)), start=1):
        file = folder / f"export.{kind[:4].lower().strip(',')}"
        write(file, count)
        wall, processor, memory = measure(url, file, folder)
        if tickets(app_context) != number * count:
            raise RuntimeError(f"{tickets(app_context)} tickets instead of {number * count}")
        size, speed = file.stat().st_size / 1024**2, count / wall
        line = (f"{kind}, {size:.0f} MB", f"{count:,}", f"{wall:.0f} s", f"{speed:,.0f}", f"{processor:.0f} s")
        print("|", " | ".join((engine, *line, f"{memory:.0f} MB")), "|", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--postgresql", help="the address of an empty database; without it SQLite is measured")
    arguments = parser.parse_args()
    print(
        "| engine | file | rows | wall clock | rows a second | processor | most memory |\n|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:
        run(arguments.postgresql or f"sqlite:///{folder}/hotline.db", arguments.rows, Path(folder))


main()
