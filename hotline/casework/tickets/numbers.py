"""Running numbers: QS for tickets, DB for supervision orders, CP for rectifications; one counter for each prefix and day."""

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
    taken = insert(ctx.session, Counter).values(name=f"{prefix}{day:%Y%m%d}", value=count)
    counted = taken.on_conflict_do_update(index_elements=["name"], set_={"value": Counter.value + count})
    last = ctx.session.execute(counted.returning(Counter.value)).scalar_one()
    return [format_number(prefix, day, sequence) for sequence in range(last - count + 1, last + 1)]
