"""How the service itself is: migrations, the calendar, the jobs' last runs, the outbox, one line each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from hotline.context import Context
from hotline.models.database.jobs import JobRun
from hotline.models.database.replica import OLDEST, Fault, Standing
from hotline.models.deadlines.clocks import Clock
from hotline.queries.dashboards import operations
from hotline.queries.deadlines.rule_versions import rule_versions
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.jobs import name_of

SILENT_PERIODS = 3
OUTBOX_WAITS = timedelta(hours=1)
CLOCKS_DIFFER = timedelta(seconds=2)
FAULTS = {
    Fault.SILENT: "不能访问",
    Fault.FOREIGN: "不是本数据库的副本",
    Fault.PROMOTED: "已提升为主库",
    Fault.BEHIND: f"落后超过{OLDEST.seconds}秒",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One finding: `well` or not, and the sentence that says it."""

    name: str
    well: bool
    sentence: str


def jobs(ctx: Context) -> Iterator[Line]:
    """A job that has not finished for three of its periods is silent; one that never ran has never been started."""
    for run in ctx.session.scalars(select(JobRun).order_by(JobRun.name)):
        yield _job(run, ctx.now)


def _job(run: JobRun, now: datetime) -> Line:
    name, job = f"job:{run.name}", name_of(run.name)
    if run.last_error:
        return Line(name, False, f"任务“{job}”上次运行出错：{run.last_error}")
    last = run.last_finished_at or run.last_started_at
    if last is None:
        return Line(name, False, f"任务“{job}”从未运行")
    silent = now - last
    if silent > timedelta(seconds=run.period_seconds * SILENT_PERIODS):
        return Line(
            name, False, f"任务“{job}”已有{int(silent.total_seconds())}秒没有运行（每{run.period_seconds}秒一次）"
        )
    return Line(name, True, f"任务“{job}”正常，上次处理{run.last_count}项")


def scheduler(ctx: Context) -> Iterator[Line]:
    """The jobs, or that no scheduler was ever started."""
    lines = list(jobs(ctx))
    yield from lines or [Line("jobs", False, "调度进程从未运行：请启动 hotline scheduler")]


def calendar(ctx: Context) -> Line:
    """Whether this year is announced, and how many running dues are provisional."""
    year = local(ctx.now).year
    waiting = ctx.session.scalar(
        select(func.count()).select_from(Clock).where(Clock.provisional, Clock.stopped_at.is_(None))
    )
    if year not in ctx.rules.calendar.announced_years():
        return Line("calendar", False, f"{year}年的节假日安排尚未公布，请导入")
    last = max(ctx.rules.calendar.announced_years())
    return Line("calendar", not waiting, f"节假日安排已公布至{last}年，暂定期限{waiting}项")


def ladder(ctx: Context) -> Line:
    """Steps that should have fired more than ten minutes ago."""
    behind = ctx.session.scalar(operations.behind(ctx.now))
    return Line("ladder", not behind, f"积压的预警升级{behind}项")


def rules(ctx: Context) -> Line:
    """Check that the rules in force are those that `config/` states."""
    found = rule_versions(ctx)
    if not found["versions"]:
        return Line("rules", True, "规则还没有装入：首次使用时以配置文件为第1版")
    changed = "、".join(found["changed"])
    said = f"规则第{found['in_force']}版" + (f"；配置文件中{changed}已改，请运行 hotline load" if changed else "")
    return Line("rules", not changed, said)


def outbox(ctx: Context) -> Line:
    """How many messages wait, and how long the oldest of those that might have left by now has waited."""
    found = operations.outbox(ctx)
    if found.oldest is None:
        return Line("outbox", True, "没有待发的消息")
    waited = ctx.now - found.oldest
    minutes = int(waited.total_seconds()) // 60
    return Line("outbox", waited <= OUTBOX_WAITS, f"待发的消息{found.waiting}条，最早的已等{minutes}分钟")


def host_clock(ctx: Context) -> Line:
    """How far this host's clock is from that of the host of the database, which is the same for all: steps fire by it."""
    apart = abs(ctx.now - ctx.session.execute(select(func.clock_timestamp())).scalar_one())
    well = apart <= CLOCKS_DIFFER
    said = f"本机时钟与数据库主机相差{apart.total_seconds():.1f}秒"
    return Line("clock", well, said if well else f"{said}，请检查时间同步（NTP）")


def replica(standing: Standing) -> Line:
    """Whether lists and figures come from the replica; people work on where they do not."""
    if standing.fault is not None:
        return Line("replica", False, f"只读副本{FAULTS[standing.fault]}，列表和统计改从主库读取")
    behind = standing.behind.total_seconds() if standing.behind else 0
    return Line("replica", True, f"只读副本跟得上，落后{behind:.1f}秒")
