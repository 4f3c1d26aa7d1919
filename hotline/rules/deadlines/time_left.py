"""How much time is left until a due, or has passed since: in working days and hours, or on the wall for urgent matters."""

from datetime import datetime, timedelta

from hotline.rules.deadlines.lateness import due_is_late, has_passed
from hotline.rules.deadlines.working_calendar import WorkingCalendar

PROVISIONAL_HAS_PASSED = "暂定的到期时间已过，待该年放假安排公布后确定"


def time_left(
    due_at: datetime, now: datetime, calendar: WorkingCalendar, *, provisional: bool = False, on_the_wall: bool = False
) -> str:
    """`还有2个工作日3小时`, or `已超1个工作日2小时` from the due on; `已超期` before a minute of work has passed.

    A provisional due passes for nobody: nothing is counted from it on.
    """
    if has_passed(due_at, now) and not due_is_late(due_at, now, provisional=provisional):
        return PROVISIONAL_HAS_PASSED
    if not has_passed(due_at, now):
        return "还有" + (_on_the_wall(due_at - now) if on_the_wall else calendar.span_between(now, due_at).text())
    if on_the_wall:
        return "已超" + _on_the_wall(now - due_at)
    over = calendar.span_between(due_at, now)
    return "已超" + over.text() if any((over.days, over.hours, over.minutes)) else "已超期"


def _on_the_wall(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    hours = f"{minutes // 60}小时" if minutes >= 60 else ""
    return f"{hours}{minutes % 60}分钟"
