"""The command line as people type it, and the wheel as it is carried to another machine."""

import os
import re
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.fill import open_tickets
from hotline.app_context import AppContext
from hotline.models.database import migrate
from hotline.models.deadlines.clocks import Escalation
from hotline.models.messages.notices import Notice
from hotline.models.tickets.tickets import Ticket
from hotline.rules.vocabulary import State
from tests.commands.command import hotline

ROOT = Path(__file__).parents[2]
NOT_CARRIED = (".git", ".venv", "var", "build", "*.egg-info", ".*_cache")
HEADER = "source_no,received_at,title,content,reply,replied_at,difficult,contact_phone\n"
ROWS = (
    "A1,2024-03-01 09:00:00,按时,内容,答复,2024-03-08 17:30:00,,\n"
    "A2,2024-03-01 09:00:00,超期,内容,答复,2024-03-08 17:30:01,,\n"
    'A3,2024-03-01 09:00:00,疑难按时,"两行\n内容",答复,2024-03-22 17:30:00,yes,\n'
    "A4,yesterday,时间不对,内容,,,,\n"
    "A5,2024-03-01 09:00:00,,没有标题,,,,\n"
    "A6,2024-03-05 09:00:00,答复早于收到,内容,答复,2024-03-04 09:00:00,,\n"
    "A7,2024-03-05 09:00:00,电话不对,内容,,,,转123\n"
    "A8,2024-03-05 09:00:00,仍在办理,内容,,,,13812345678\n"
    "A1,2024-03-01 09:00:00,另一件,内容,答复,2024-03-08 17:30:00,,\n"
    "A1,2024-03-01 09:00:00,按时,内容,答复,2024-03-08 17:30:00,,\n"
)


def test_a_deadline_names_every_day_it_skipped() -> None:
    told = hotline("deadline", "2026-09-30 17:00", "--days", "5")
    assert told.returncode == 0
    for day in range(1, 8):
        assert f"2026-10-0{day}  不计  国庆节" in told.stdout
    assert "2026-10-11  不计  周末" in told.stdout
    assert "到期 2026-10-13 17:30" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["deadline", "soon", "--days", "5"], "“soon”不是时间"),
        (["deadline", "2026-09-30", "--days", "0"], "'--days' 的值不对，应为1至366的整数"),
        (["deadline", "2026-09-30", "--days"], "选项 --days 的写法不对"),
        (["deadline", "--days", "3"], "缺少 'START'"),
        (["deadline", "2026-09-30", "--speed", "3"], "没有选项 --speed"),
        (["deadline", "2026-09-30", "--days", "3", "more"], "参数不对"),
        (["staff", "add", "a", "--name", "甲", "--unit", "tax", "--role", "king"], "应为 operator、"),
        (["staff", "fly"], "没有命令“fly”；用法见 hotline staff --help。"),
        (["fly"], "没有命令“fly”；用法见 hotline --help。"),
        (["staff", "list"], "HOTLINE_SECRET_KEY"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line_and_a_failure(arguments: list[str], said: str) -> None:
    told = hotline(*arguments)
    assert told.returncode != 0
    assert said in told.stderr and len(told.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", [["demo", "--port"], ["serve", "--bind"]])
def test_a_taken_port_is_said_before_anything_is_made(command: list[str], tmp_path: Path) -> None:
    """Another server of ours would let us listen beside it, and share its callers out between two databases."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port, data = taken.getsockname()[1], tmp_path / "demo"
        where = [str(port), "--data", str(data)] if command[0] == "demo" else [f"127.0.0.1:{port}"]
        told = hotline(*command, *where, url=f"sqlite:///{tmp_path / 'empty.db'}", data=tmp_path)
    assert told.returncode != 0
    assert told.stderr.strip() == f"端口{port}已被占用，请换一个端口，或先停止占用它的程序。"
    assert not data.exists()


@pytest.mark.parametrize("bind", ["localhost", "127.0.0.1:", "127.0.0.1:²", "127.0.0.1:99999", "nowhere.invalid:8000"])
def test_an_address_that_is_none_is_refused(bind: str, tmp_path: Path) -> None:
    told = hotline("serve", "--bind", bind, url=f"sqlite:///{tmp_path / 'empty.db'}", data=tmp_path)
    assert (told.returncode, len(told.stderr.strip().splitlines())) == (1, 1)
    assert bind in told.stderr


def test_a_database_that_was_never_set_up_is_said_plainly(empty_url: str, tmp_path: Path) -> None:
    told = hotline("staff", "list", url=empty_url, data=tmp_path)
    assert told.returncode == 1
    assert "hotline db upgrade" in told.stderr
    assert "Traceback" not in told.stderr


def test_from_an_empty_database_to_people_and_tokens(empty_url: str, tmp_path: Path) -> None:
    def ok(*arguments: str, stdin: str = "") -> str:
        told = hotline(*arguments, url=empty_url, data=tmp_path, stdin=stdin)
        assert told.returncode == 0, told.stderr
        return told.stdout

    ok("db", "upgrade")
    assert ok("db", "check") == f"现为 {migrate.head()}，本程序 {migrate.head()}\n"
    assert "units: 新增90" in ok("load")
    assert "units: 新增0 变更0 未变90" in ok("load")
    ok(
        "staff",
        "add",
        "op",
        "--name",
        "甲",
        "--unit",
        "hotline-centre",
        "--role",
        "operator",
        stdin="long enough word\n",
    )
    assert "op" in ok("staff", "list")
    assert len(ok("token", "op").strip()) > 40
    ok("staff", "set-password", "op", stdin="another long word\n")
    ok("staff", "disable", "op")
    assert "停用" in ok("staff", "list")
    short = hotline(
        "staff",
        "add",
        "b",
        "--name",
        "乙",
        "--unit",
        "tax",
        "--role",
        "handler",
        url=empty_url,
        data=tmp_path,
        stdin="x\n",
    )
    assert short.returncode == 1 and "密码" in short.stderr
    assert "预警升级（escalate）: 0" in ok("scheduler", "--once")
    assert "已核验0张工单" in ok("timeline", "verify")
    said = hotline("doctor", url=empty_url, data=tmp_path).stdout
    assert "正常  数据库可访问" in said and "正常  任务“预警升级”正常" in said and "正常  没有待发的消息" in said


def test_past_matters_come_in_once_and_bad_rows_are_named(
    app_context: AppContext, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "past.csv"
    file.write_text(HEADER + ROWS, encoding="utf-8")
    dry = hotline("import", str(file), "--dry-run", url=database_url, data=tmp_path)
    assert "新增4，已有1，有误5（仅检查，未写入）" in dry.stdout
    first = hotline("import", str(file), url=database_url, data=tmp_path)
    assert first.returncode == 1
    assert "共10行：新增4，已有1，有误5" in first.stdout
    assert "已办结诉求3件，其中办理超期1件" in first.stdout
    bad = [line for line in first.stderr.splitlines() if line.startswith("第")]
    assert sorted(line.split("：")[0] for line in bad) == ["第11行", "第6行", "第7行", "第8行", "第9行"]
    second = hotline("import", str(file), url=database_url, data=tmp_path)
    assert "新增0，已有5，有误5" in second.stdout
    with app_context.snapshot() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Ticket)) == 4
        assert ctx.session.scalar(select(func.count()).select_from(Notice)) == 0
    hotline("scheduler", "--once", url=database_url, data=tmp_path)
    with app_context.snapshot() as ctx:
        imported = select(func.count()).select_from(Escalation).join(Ticket, Ticket.id == Escalation.ticket_id)
        assert ctx.session.scalar(imported.where(Ticket.state != State.SUBMITTED)) == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"x,y\n1,2\n"),
        ("a.csv", b"source_no,received_at,title,content\n1,2024-01-01,\xe6\xa0\x87,\xff\xff\n"),
        ("a.csv", b'source_no,received_at,title,content\n1,"open\n'),
        ("a.xlsx", b"no spreadsheet"),
        ("a.txt", b"text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    database_url: str, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    told = hotline("import", str(tmp_path / name), url=database_url, data=tmp_path)
    assert told.returncode == 1
    assert "文件不能读取" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_scheduler_refuses_an_instant_before_what_the_data_holds(
    app_context: AppContext, database_url: str, tmp_path: Path
) -> None:
    with app_context.transaction() as ctx:
        start = datetime(2026, 3, 2, 2, tzinfo=UTC)
        open_tickets(ctx.session, 1, 1, dispatched_at=start, rulebook=ctx.rules)
    later, earlier = "2026-03-06 10:00", "2026-03-05 10:00"
    assert hotline("scheduler", "--once", "--at", later, url=database_url, data=tmp_path).returncode == 0
    refused = hotline("scheduler", "--once", "--at", earlier, url=database_url, data=tmp_path)
    assert refused.returncode == 2
    assert "更晚的记录" in refused.stderr
    assert hotline("scheduler", "--at", later, url=database_url, data=tmp_path).returncode == 2


def test_the_wheel_runs_the_demonstration_in_an_empty_folder(tmp_path: Path) -> None:
    built, installed, empty = tmp_path / "built", tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    source = shutil.copytree(ROOT, tmp_path / "source", ignore=shutil.ignore_patterns(*NOT_CARRIED))
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(installed), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "PYTHON"))}
    env["PYTHONPATH"] = str(installed)
    told = subprocess.run(
        [sys.executable, "-P", "-m", "hotline", "demo", "--no-serve"],
        cwd=empty, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert (empty / "var/demo/hotline.db").exists()
    assert re.search(r"账号\d+个（密码均为 hotline-demo）、工单\d+张、知识文章\d+篇", told.stdout)
    where = "import hotline, hotline.settings.config_files as s; print(hotline.__file__, s.resource('knowledge_base'))"
    shown = subprocess.run(
        [sys.executable, "-P", "-c", where], cwd=empty, env=env, capture_output=True, text=True, check=True
    )
    assert shown.stdout.count(str(installed)) == 2
    for carried in (
        "pages/templates/shared/base.html",
        "pages/static/styles/hotline.css",
        "config/units.toml",
        "wsgi.py",
    ):
        assert (installed / "hotline" / carried).exists()
