"""Relative times in words, past and future; the twin in the browser is `times.js`."""

from datetime import datetime, timedelta

from hotline.rules.deadlines.working_calendar import local

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DAYS = {-2: "前天", -1: "昨天", 1: "明天", 2: "后天"}


def relative_time(at: datetime, now: datetime) -> str:
    """`15分钟前`, `3小时后`, `昨天`, `后天`, `5天前`: from an hour on, a day is one of the calendar in Asia/Shanghai."""
    days, between = (local(at).date() - local(now).date()).days, abs(at - now)
    side = "前" if at <= now else "后"
    if between < MINUTE:
        return "刚刚" if at <= now else "马上"
    if between < HOUR:
        return f"{between // MINUTE}分钟{side}"
    return DAYS.get(days, f"{abs(days)}天{side}") if days else f"{between // HOUR}小时{side}"
