"""The demonstration: an embedded database, one person of every role, and matters on every part of the way."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import func, select

from hotline import clock, serving
from hotline.casework import call_back, dispatch, handling, intake, rating, review, sources, staffing
from hotline.casework.contacts import ContactGiven, EnterpriseGiven
from hotline.demo_matters import MATTERS, Matter
from hotline.jobs import scheduler
from hotline.office import Office, Work
from hotline.records import migrate
from hotline.records.staff import Staff
from hotline.records.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.grounds import BadReason, Fault
from hotline.rules.vocabulary import (
    Difficulty,
    Outcome,
    ResultKind,
    Role,
    Satisfaction,
    Solved,
    TicketType,
    Urgency,
)
from hotline.rules.working_calendar import ZONE
from hotline.settings import Settings, resource

PASSWORD = "hotline-demo"
CENTRE, UNIT, OTHER_UNIT = "hotline-centre", "market-supervision", "tax"
REPORTED_TO = "discipline-inspection"
PEOPLE: tuple[tuple[str, str, str, Role], ...] = (
    ("operator", "周坐席", CENTRE, Role.OPERATOR),
    ("outsourced", "吴外包坐席", CENTRE, Role.OUTSOURCED_OPERATOR),
    ("dispatcher", "郑分拨", CENTRE, Role.DISPATCHER),
    ("reviewer", "王审核", CENTRE, Role.REVIEWER),
    ("supervisor", "冯督办", CENTRE, Role.SUPERVISOR),
    ("editor", "陈编辑", CENTRE, Role.EDITOR),
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
)
OF_UNIT = {
    UNIT: ("handler", "leader"),
    OTHER_UNIT: ("tax-handler", "tax-leader"),
    REPORTED_TO: ("discipline-handler", "discipline-leader"),
}


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
        office = Office(settings)
        with office.deed() as work:
            sources.load_all(work.session, settings.config, resource("knowledge_base"), now=work.now)
        progress.advance(task)
        if _is_empty(office):
            _hire(office)
            progress.advance(task)
            _live(office, lambda: progress.advance(task))
        scheduler.run_once(office, clock.now())
        office.database.dispose()


def _is_empty(office: Office) -> bool:
    with office.reading() as work:
        return not work.session.scalar(select(func.count()).select_from(Staff))


def _hire(office: Office) -> None:
    with office.deed() as work:
        for username, name, unit, role in PEOPLE:
            staffing.add(work.session, staffing.NewStaff(username, name, PASSWORD, unit, (role,)))


class _Day:
    """Instants that lie some working days back, and never after now."""

    def __init__(self, office: Office) -> None:
        self.now = clock.now()
        self.calendar = office.rulebook.calendar

    def back(self, days: int, hour: int) -> datetime:
        on: date = self.now.astimezone(ZONE).date()
        while days:
            on -= timedelta(days=1)
            days -= self.calendar.remaining_working_days(
                datetime.combine(on - timedelta(days=1), time(12), ZONE), datetime.combine(on, time(12), ZONE)
            )
        return min(datetime.combine(on, time(hour), ZONE), self.now)


def _live(office: Office, tick: Callable[[], None]) -> None:
    with office.reading() as work:
        people = {row.username: staffing.actor_for(row) for row in work.session.scalars(select(Staff))}
    day = _Day(office)
    for matter in sorted(MATTERS, key=lambda matter: -matter.days_ago):
        _Walk(office, people, day, matter).go()
        tick()


class _Walk:
    """One matter on its way, as far as it goes."""

    def __init__(self, office: Office, people: dict[str, Actor], day: _Day, matter: Matter) -> None:
        self.office, self.people, self.day, self.matter = office, people, day, matter
        self.number = ""
        self.handler, self.leader = OF_UNIT[matter.unit]

    def go(self) -> None:
        for step in STEPS[self.matter.goes_to]:
            getattr(self, step)()

    def do(self, days: int, hour: int, who: str, deed: Callable[..., Any], given: Any) -> Any:
        back = max(0, self.matter.days_ago - days)
        with self.office.deed(self.day.back(back, hour)) as work:
            return self.call(work, who, deed, given)

    def call(self, work: Work, who: str, deed: Callable[..., Any], given: Any) -> Any:
        subject = (self.number,) if self.number else ()
        return deed(work.session, *subject, given, actor=self.people[who], now=work.now, rulebook=work.rulebook)

    def log(self) -> None:
        matter = self.matter
        known = matter.goes_to != "submitted"
        call = intake.NewCall(
            title=matter.title,
            content=matter.content,
            type=TicketType(matter.type),
            category=matter.category,
            difficulty=Difficulty(matter.difficulty) if known else None,
            urgency=Urgency(matter.urgency),
            enterprise=EnterpriseGiven(matter.enterprise),
            contact=ContactGiven(name="张经理", phone="+8613800138000"),
        )
        logged: intake.Logged = self.do(0, 9, "operator", intake.log_call, call)
        self.number = logged.ticket.number

    def answer(self) -> None:
        reply = "企业开办一般当日办结，全程网上申请，详见市政务服务网。"
        self.do(0, 10, "operator", intake.answer_direct, intake.DirectAnswer(reply))

    def send(self) -> None:
        self.do(0, 10, "dispatcher", dispatch.dispatch, dispatch.DispatchGiven(self.matter.unit))

    def sign(self) -> None:
        self.do(1, 9, self.handler, dispatch.sign, dispatch.Signing())

    def contact(self) -> None:
        self.do(1, 11, self.handler, handling.record_contact, handling.ContactReport("已电话联系企业，说明办理安排。"))

    def finish(self) -> None:
        given = handling.ResultGiven(ResultKind.SOLVED, "经核实，已为企业办结并当面说明。")
        self.do(2, 10, self.handler, handling.draft_result, given)
        self.do(2, 15, self.leader, handling.submit_result, handling.ResultGiven())

    def refuse(self) -> None:
        given = review.Refusing(Fault.INCOMPLETE, "未说明收费依据，请补充。")
        self.do(3, 10, "reviewer", review.audit_refuse, given)

    def approve(self) -> None:
        self.do(3, 10, "reviewer", review.audit_pass, review.Passing())

    def ring(self) -> None:
        self.do(3, 15, "reviewer", call_back.record_call_back, call_back.Answer(connected=False))

    def hear_good(self) -> None:
        given = call_back.Answer(True, True, Solved.SOLVED, Satisfaction.SATISFIED)
        self.do(4, 10, "reviewer", call_back.record_call_back, given)
        self.do(4, 10, "reviewer", call_back.close, call_back.Closing(Outcome.SOLVED))

    def hear_bad(self) -> None:
        given = call_back.Answer(True, True, Solved.UNSOLVED, Satisfaction.DISSATISFIED, remark="物品仍未返还")
        self.do(4, 10, "reviewer", call_back.record_call_back, given)
        self.do(4, 11, "reviewer", call_back.rework, call_back.Rework("企业反映物品仍未返还，请落实。"))

    def praise(self) -> None:
        self._rate(rating.RatingGiven(Satisfaction.VERY_SATISFIED))

    def blame(self) -> None:
        self._rate(rating.RatingGiven(Satisfaction.VERY_DISSATISFIED, (BadReason.SHIRKING,), "来回跑了三次"))

    def _rate(self, given: rating.RatingGiven) -> None:
        with self.office.deed(self.day.back(max(0, self.matter.days_ago - 5), 9)) as work:
            ticket_id = work.session.scalar(select(Ticket.id).where(Ticket.number == self.number))
            enterprise = Actor(name="企业", ticket_id=ticket_id)
            rating.rate(work.session, self.number, given, actor=enterprise, now=work.now, rulebook=work.rulebook)


TO_UNIT = ("log", "send")
IN_HAND = (*TO_UNIT, "sign", "contact")
ANSWERED = (*IN_HAND, "finish", "approve")
STEPS: dict[str, tuple[str, ...]] = {
    "submitted": ("log",),
    "accepted": ("log",),
    "answered": ("log", "answer"),
    "dispatched": TO_UNIT,
    "signed": IN_HAND,
    "result": (*IN_HAND, "finish"),
    "refused": (*IN_HAND, "finish", "refuse"),
    "passed": (*ANSWERED, "ring"),
    "reworked": (*ANSWERED, "hear_bad"),
    "closed": (*ANSWERED, "hear_good"),
    "rated_well": (*ANSWERED, "hear_good", "praise"),
    "rated_badly": (*ANSWERED, "hear_good", "blame"),
}


def serve(data: Path, port: int, *, out: Console) -> None:
    """The site and its scheduler, until Ctrl+C."""
    settings = settings_for(data)
    os.environ["HOTLINE_DATABASE_URL"] = settings.database_url
    os.environ["HOTLINE_SECRET_KEY"], os.environ["HOTLINE_DATA_KEY"] = settings.secret_key, settings.data_key
    os.environ["HOTLINE_DATA"] = str(data)
    out.print(_directory(port))
    ticking = subprocess.Popen([sys.executable, "-m", "hotline", "scheduler"])
    try:
        serving.serve(f"127.0.0.1:{port}", workers=1)
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
