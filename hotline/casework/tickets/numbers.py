"""Running numbers: QS for tickets, DB for supervision orders, CP for rectifications; one counter for each prefix and day."""

from collections.abc import Mapping
from datetime import date

from hotline.context import Context
from hotline.models.database.upsert import insert
from hotline.models.tickets.tickets import Counter
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.tickets.ticket_number import format_number


def next_number(ctx: Context, prefix: str) -> str:
    """The next number of this day (Asia/Shanghai); two transactions never get the same."""
    return next_numbers(ctx, prefix, 1)[0]


def next_numbers(ctx: Context, prefix: str, count: int) -> list[str]:
    """The next `count` numbers of this day, in order."""
    day = local(ctx.now).date()
    return numbers_of_days(ctx, prefix, {day: count})[day]


def numbers_of_days(ctx: Context, prefix: str, counts: Mapping[date, int]) -> dict[date, list[str]]:
    """The next numbers of several days, so many of each, in order; one statement. Days are locked in their order."""
    days = {f"{prefix}{day:%Y%m%d}": day for day in sorted(counts)}
    rows = [{"name": name, "value": counts[day]} for name, day in days.items()]
    taken = insert(ctx.session, Counter).values(rows)
    added = {"value": Counter.value + taken.excluded.value}
    counted = taken.on_conflict_do_update(index_elements=["name"], set_=added).returning(Counter.name, Counter.value)
    return {
        days[name]: [format_number(prefix, days[name], n) for n in range(last - counts[days[name]] + 1, last + 1)]
        for name, last in ctx.session.execute(counted)
    }
