"""The demonstration: an embedded database, one person of every role, and matters on every part of the way."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline import clock, server
from hotline.app_context import AppContext
from hotline.casework.accounts import account_admin, accounts
from hotline.casework.handling import reply_templates
from hotline.casework.knowledge import article_files
from hotline.demo.articles import Knowledge
from hotline.demo.matters import MATTERS
from hotline.demo.ratings import Halls
from hotline.demo.walk import CENTRE, LAWYERS, OTHER_UNIT, REPORTED_TO, UNIT, Day, Walk
from hotline.jobs import scheduler
from hotline.models.accounts.staff import Staff
from hotline.models.accounts.units import Unit
from hotline.models.database import migrate
from hotline.models.knowledge.articles import Article
from hotline.models.tickets.tickets import Ticket
from hotline.observability import logs
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.actors import Actor
from hotline.rules.vocabulary import (
    Role,
)
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings

PASSWORD = "hotline-demo"
PEOPLE: tuple[tuple[str, str, str, Role], ...] = (
    ("operator", "周坐席", CENTRE, Role.OPERATOR),
    ("outsourced", "吴外包坐席", CENTRE, Role.OUTSOURCED_OPERATOR),
    ("dispatcher", "郑分拨", CENTRE, Role.DISPATCHER),
    ("reviewer", "王审核", CENTRE, Role.REVIEWER),
    ("supervisor", "冯督办", CENTRE, Role.SUPERVISOR),
    ("editor", "陈编辑", CENTRE, Role.EDITOR),
    ("second-editor", "何编辑", CENTRE, Role.EDITOR),
    ("inspector", "褚检查", CENTRE, Role.INSPECTOR),
    ("administrator", "卫管理", CENTRE, Role.ADMINISTRATOR),
    ("handler", "蒋承办", UNIT, Role.HANDLER),
    ("liaison", "沈联络", UNIT, Role.LIAISON),
    ("deputy", "韩分管", UNIT, Role.DEPUTY),
    ("leader", "杨负责", UNIT, Role.LEADER),
    ("tax-handler", "朱承办", OTHER_UNIT, Role.HANDLER),
    ("tax-leader", "秦负责", OTHER_UNIT, Role.LEADER),
    ("discipline-handler", "尤承办", REPORTED_TO, Role.HANDLER),
    ("discipline-leader", "许负责", REPORTED_TO, Role.LEADER),
    ("lawyer", "何律师", LAWYERS, Role.HANDLER),
    ("justice-leader", "吕负责", LAWYERS, Role.LEADER),
)
NOBODY_SIGNS = "civil-air-defence"
"""Left without anybody, to show what is asked before something is dispatched to such a unit."""
TEMPLATES = (
    ("已办结", "关于您反映的“{标题}”（{编号}），{单位}已核实并办结。如有疑问，请拨打12345。"),
    ("解释说明", "关于您反映的“{标题}”（{编号}），经{单位}核实，有关政策规定如下："),
)


class NotPossible(Exception):
    """The demonstration cannot be set up; the sentence says why."""


def settings_for(data: Path) -> Settings:
    """Settings of a demonstration: its keys are made once and lie beside its data, readable by the owner alone."""
    keys = data / "keys.json"
    if not keys.exists():
        data.mkdir(parents=True, exist_ok=True)
        keys.touch(mode=0o600)
        keys.write_text(json.dumps([secrets.token_urlsafe(32), secrets.token_urlsafe(32)]))
    secret_key, data_key = json.loads(keys.read_text())
    url = f"sqlite:///{(data / 'hotline.db').absolute()}"
    return Settings(url, secret_key, data_key, resource("config"), data)


def prepare(data: Path, *, reset: bool, out: Console) -> None:
    """Migrates, loads and peoples the demonstration; data that is there already is kept."""
    if reset and data.exists():
        if not (data / "keys.json").exists():
            raise NotPossible(f"{data} 不是演示数据目录，不会清空。")
        shutil.rmtree(data)
    settings = settings_for(data)
    with Progress(console=out, transient=True) as progress:
        task = progress.add_task("准备演示数据", total=len(MATTERS) + 4)
        migrate.upgrade(settings.database_url)
        progress.advance(task)
        app_context = AppContext(settings)
        with app_context.transaction() as ctx:
            article_files.load_all(ctx, settings.config, resource("knowledge_base"))
        progress.advance(task)
        if _is_empty(app_context):
            enliven(app_context, lambda: progress.advance(task))
        scheduler.run_once(app_context, clock.now())
        app_context.database.dispose()


def enliven(app_context: AppContext, tick: Callable[[], None]) -> None:
    """People of every role and their matters, in a database that has neither."""
    _hire(app_context)
    tick()
    _live(app_context, tick)


def _is_empty(app_context: AppContext) -> bool:
    with app_context.snapshot() as ctx:
        return not ctx.session.scalar(select(func.count()).select_from(Staff))


def _hire(app_context: AppContext) -> None:
    """The demonstration's password is told to everybody, so no rule could make it a good one."""
    with app_context.transaction() as ctx:
        any_password = replace(ctx.rules.passwords, shortest=1, longest=len(PASSWORD), words=frozenset())
        lenient = ctx.by(CONSOLE).under(replace(ctx.rules, passwords=any_password))
        for username, name, unit, role in (*PEOPLE, *_signers(ctx.session)):
            new_staff = accounts.NewStaff(username, name, PASSWORD, unit, (role,))
            account_admin.hire(lenient, new_staff)


def _signers(session: Session) -> Iterator[tuple[str, str, str, Role]]:
    """A handler for each department and utility that has nobody, but for one: what is dispatched there can be signed for."""
    departments = select(Unit.code).where(Unit.kind.in_(("department", "utility"))).order_by(Unit.id)
    staffed = {NOBODY_SIGNS, *(unit for _, _, unit, _ in PEOPLE)}
    for code in session.scalars(departments):
        if code not in staffed:
            yield f"{code}-handler", "经办人", code, Role.HANDLER


def _live(app_context: AppContext, tick: Callable[[], None]) -> None:
    with app_context.snapshot() as ctx:
        people = {row.username: accounts.actor_for(row) for row in ctx.session.scalars(select(Staff))}
    day = Day(app_context)
    for matter in sorted(MATTERS, key=lambda matter: -matter.days_ago):
        Walk(app_context, people, day, matter).go()
        tick()
    _write_templates(app_context, people["leader"])
    Halls(app_context, people, day).go()
    Knowledge(app_context, people, day).go()


def _write_templates(app_context: AppContext, leader: Actor) -> None:
    with app_context.transaction() as ctx:
        for name, text in TEMPLATES:
            template = reply_templates.Writing(name, text)
            reply_templates.add(ctx.by(leader), leader.unit_id or 0, template)


def made(data: Path) -> str:
    """What lies in the demonstration, and how it is opened."""
    app_context = AppContext(settings_for(data))
    with app_context.snapshot() as ctx:
        people, tickets, articles = (
            ctx.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Staff, Ticket, Article)
        )
    app_context.database.dispose()
    held = f"账号{people}个（密码均为 {PASSWORD}）、工单{tickets}张、知识文章{articles}篇"
    return f"演示数据在 {data}：{held}；打开网站：hotline demo --data {data}"


def serve(data: Path, port: int, *, out: Console) -> None:
    """The site and its scheduler, until Ctrl+C."""
    settings = settings_for(data)
    os.environ["HOTLINE_DATABASE_URL"] = settings.database_url
    os.environ["HOTLINE_SECRET_KEY"], os.environ["HOTLINE_DATA_KEY"] = settings.secret_key, settings.data_key
    os.environ["HOTLINE_DATA"] = str(data)
    # Somebody looks at this terminal: the addresses and the sign-ins stay in sight.
    os.environ.setdefault(logs.LEVEL, "warning")
    out.print(_directory(port))
    ticking = subprocess.Popen([sys.executable, "-m", "hotline", "scheduler"])
    try:
        server.serve(f"127.0.0.1:{port}", workers=1)
    finally:
        ticking.terminate()
        ticking.wait()


def _directory(port: int) -> Table:
    table = Table(title=f"演示网站 http://127.0.0.1:{port}   接口文档 /api/v1/docs   密码均为 {PASSWORD}")
    for column in ("账号", "姓名", "岗位", "单位代码"):
        table.add_column(column)
    for username, name, unit, role in PEOPLE:
        table.add_row(username, name, role.label, unit)
    return table
