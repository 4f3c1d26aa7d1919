"""How much time a due leaves, in the words of a desk: working days, and on the last day working hours."""

from datetime import datetime, timedelta

from hotline.rules.working_calendar import WorkingCalendar

AN_HOUR = timedelta(hours=1)


def time_left(calendar: WorkingCalendar, due_at: datetime, now: datetime) -> str:
    """还剩2个工作日, 今天到期，还剩3小时20分, 已超期1个工作日."""
    if now > due_at:
        over = calendar.working_days_over(due_at, now)
        return f"已超期{over}个工作日" if over else "已超期，不足1个工作日"
    days = calendar.remaining_working_days(now, due_at)
    if days:
        return f"还剩{days}个工作日"
    hours, rest = divmod(calendar.working_time_between(now, due_at), AN_HOUR)
    return f"今天到期，还剩{hours}小时{rest // timedelta(minutes=1)}分"
