"""How much time is left until a due, or has passed since: in working days and hours, or on the wall for urgent matters."""

from datetime import datetime, timedelta

from hotline.rules.working_calendar import WorkingCalendar


def time_left(due_at: datetime, now: datetime, calendar: WorkingCalendar, *, on_the_wall: bool = False) -> str:
    """`还有2个工作日3小时`, or `已超1个工作日2小时` from the due on."""
    begin, end = (now, due_at) if now <= due_at else (due_at, now)
    span = _on_the_wall(end - begin) if on_the_wall else calendar.span_between(begin, end).text()
    return ("还有" if now <= due_at else "已超") + span


def _on_the_wall(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    hours = f"{minutes // 60}小时" if minutes >= 60 else ""
    return f"{hours}{minutes % 60}分钟"
