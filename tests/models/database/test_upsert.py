"""An insert that meets the same row, on both engines."""

from hotline.app_context import AppContext
from hotline.models.database.upsert import insert
from hotline.models.tickets.tickets import Counter


def test_the_second_of_the_same_is_left_out_or_changes_the_first(app_context: AppContext) -> None:
    with app_context.transaction() as ctx:
        first = insert(ctx.session, Counter).values(name="T", value=1)
        again = insert(ctx.session, Counter).values(name="T", value=5)
        added = {"value": Counter.value + again.excluded.value}
        ctx.session.execute(first)
        left_out = again.on_conflict_do_nothing(index_elements=["name"]).returning(Counter.value)
        assert ctx.session.scalar(left_out) is None
        changed = again.on_conflict_do_update(index_elements=["name"], set_=added).returning(Counter.value)
        assert ctx.session.scalar(changed) == 6
