"""Filters that people keep for themselves, each for the list it was made on."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import delete, func, select

from hotline.context import Context
from hotline.models.accounts.saved_filters import SavedFilter
from hotline.rules.refusals import InvalidInput, UnknownThing

MOST = 20
LONGEST = 500


@dataclass(frozen=True, slots=True)
class FilterGiven:
    page: str
    name: str
    query: str = ""


def keep(ctx: Context, given: FilterGiven) -> SavedFilter:
    """A name that is taken means the new choice from now on; refuses `InvalidInput` for more than twenty on a page."""
    query = _asked(given.query)
    mine = select(SavedFilter).where(SavedFilter.staff_id == ctx.actor.staff_id, SavedFilter.page == given.page)
    found = ctx.session.scalars(mine.where(SavedFilter.name == given.name)).one_or_none()
    if found is None:
        if (ctx.session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST:
            raise InvalidInput({"/name": f"一个页面最多保存{MOST}个筛选，请先删除不用的"})
        assert ctx.actor.staff_id is not None
        found = SavedFilter(staff_id=ctx.actor.staff_id, page=given.page, name=given.name, query=query)
        ctx.session.add(found)
    found.query = query
    ctx.session.flush()
    return found


def _asked(query: str) -> str:
    """Names and values alone, without the place in the list."""
    asked = [(name, value) for name, value in parse_qsl(query) if name != "cursor"]
    text = urlencode(asked)
    if not asked or len(text) > LONGEST:
        raise InvalidInput({"/query": "请先选择筛选条件再保存" if not asked else "筛选条件太长"})
    return text


def forget(ctx: Context, filter_id: int) -> str:
    """Answers the page it was for; refuses `UnknownThing` for what is somebody else's."""
    mine = (SavedFilter.id == filter_id, SavedFilter.staff_id == ctx.actor.staff_id)
    page = ctx.session.scalar(select(SavedFilter.page).where(*mine))
    if page is None:
        raise UnknownThing("这个筛选")
    ctx.session.execute(delete(SavedFilter).where(*mine))
    return page
