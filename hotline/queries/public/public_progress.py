"""Where a matter stands, in the words of the enterprise that waits: what happens now, what comes next and by when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.queries.deadlines.due import standing_of
from hotline.queries.formatting import instant
from hotline.rules.deadlines.time_left import time_left
from hotline.rules.tickets.states import is_accepted, is_finished, is_suspended
from hotline.rules.vocabulary import Channel, ClockKind, State, Word

PUBLIC_STATUS = {
    State.SUBMITTED: "已提交",
    State.NEED_INFO: "待补充材料",
    State.ACCEPTED: "已受理",
    State.DISPATCHED: "办理中",
    State.HANDLING: "办理中",
    State.SUSPENDED: "办理中（暂停）",
    State.REVIEWING: "办理中",
    State.CALLING_BACK: "已答复",
    State.CLOSED: "已办结",
    State.ARCHIVED: "已办结",
    State.REJECTED: "不予受理",
    State.WITHDRAWN: "已撤回",
    State.MERGED: "已并入其他工单",
    State.TERMINATED: "终止办理",
    State.TRANSFERRED: "已转出",
}
WHERE = {
    State.SUBMITTED: "热线中心已经收到，正在核对。",
    State.NEED_INFO: "还缺材料，正等您补正。",
    State.ACCEPTED: "已经受理，热线中心正在派给负责的单位。",
    State.DISPATCHED: "已经派给{unit}，等它签收。",
    State.HANDLING: "{unit}正在办理。",
    State.SUSPENDED: "暂停办理，期限停止计算；原因见下面的办理进度。",
    State.REVIEWING: "{unit}已经提交办理结果，热线中心正在审核。",
    State.CALLING_BACK: "已经答复您，等热线中心回访。",
    State.CLOSED: "已经办结。",
    State.ARCHIVED: "已经办结并归档。",
    State.REJECTED: "没有受理；原因和可以走的途径见下面的办理进度。",
    State.WITHDRAWN: "已经撤回，不再办理。",
    State.MERGED: "已经并入另一张工单一起办理。",
    State.TERMINATED: "已经终止办理；原因和可以走的途径见下面的办理进度。",
    State.TRANSFERRED: "不归本热线办理，已经转出；去向见下面的办理进度。",
}
SENT_ANEW = "原来派给的单位不再办理，热线中心正在派给另一个负责的单位。"
"""Instead, where it was taken back from a unit."""
NEXT = {
    State.SUBMITTED: "核对后受理，派给负责的单位。缺材料的，一次告诉您。",
    State.NEED_INFO: "您补正后接着受理；到期没有补正的，终止办理。",
    State.ACCEPTED: "负责的单位签收，然后联系您。",
    State.DISPATCHED: "签收后开始办理，并联系您。",
    State.HANDLING: "办完后由热线中心审核，审核通过就答复您。",
    State.SUSPENDED: "到了这一天，或者原因早些消除，就恢复办理，期限接着计算。",
    State.REVIEWING: "审核通过就答复您；通不过的，退回去重新办理。",
    State.CALLING_BACK: "热线中心打电话问您：问题解决了没有，是否满意。没有解决的，退回去重新办理。",
    State.WITHDRAWN: "热线中心会打电话核实是不是您自愿撤回。",
    State.MERGED: "请用那张工单的编号和查询码查看进度。",
}
"""One home for what the enterprise reads of each state; a state that is missing in `NEXT` has nothing more to come."""

PROMISE = {
    ClockKind.ACCEPT: "受理",
    ClockKind.DISPATCH: "派单",
    ClockKind.SIGN: "签收",
    ClockKind.HANDLE: "办完",
    ClockKind.REVIEW: "审完",
    ClockKind.CALL_BACK: "回访",
    ClockKind.SUPPLY: "补正",
}


class Station(Word):
    """The way of a matter that goes well."""

    ACCEPT = "accept", "受理"
    DISPATCH = "dispatch", "派单"
    SIGN = "sign", "签收"
    HANDLE = "handle", "办理"
    REVIEW = "review", "审核"
    CALL_BACK = "call_back", "回访评价"
    CLOSE = "close", "办结"


AT = {
    State.SUBMITTED: Station.ACCEPT,
    State.NEED_INFO: Station.ACCEPT,
    State.ACCEPTED: Station.DISPATCH,
    State.DISPATCHED: Station.SIGN,
    State.HANDLING: Station.HANDLE,
    State.SUSPENDED: Station.HANDLE,
    State.REVIEWING: Station.REVIEW,
    State.CALLING_BACK: Station.CALL_BACK,
}
"""At which station a matter stands that is on its way."""

_c = Clock.__table__.c
_CLOCKS = (
    select(_c.kind, _c.started_at, _c.met_at)
    .where(_c.ticket_id == bindparam("ticket_id"), _c.kind.in_((*PROMISE,)))
    .order_by(_c.id)
)


def where(row: Any) -> str:
    """What happens now, in one sentence."""
    if _is_bad_rating(row):
        return "已经收到您的差评；核实和整改的结果写在下面的办理进度里。"
    if row.sent_before and is_accepted(row.state):
        return SENT_ANEW
    return WHERE[row.state].format(unit=row.unit or "承办单位")


def _is_bad_rating(row: Any) -> bool:
    """What only a bad rating has made goes no way of its own: its case does."""
    return row.channel is Channel.RATING and is_finished(row.state)


def promise(ctx: Context, row: Any) -> dict[str, Any] | None:
    """What is due next, when, and how much working time is left; None where nothing is promised."""
    if is_suspended(row.state) and row.suspended_until is not None:
        left = time_left(row.suspended_until, ctx.now, ctx.rules.calendar)
        return {
            "what": "恢复办理",
            "due_at": instant(row.suspended_until),
            "provisional": False,
            "left": left,
            "mark": "still",
        }
    what = PROMISE.get(row.due_kind) if row.state in AT else None
    if what is None:
        return None
    until = {"due_at": instant(row.due_at), "provisional": row.due_provisional}
    return {"what": what, **until, **standing_of(ctx, row)}


def stations(session: Session, row: Any) -> list[dict[str, Any]]:
    """The line of a matter: what is done and when, where it stands, what lies ahead; cut short where it ended otherwise."""
    if _is_bad_rating(row):
        return []
    latest = {clock.kind: clock for clock in session.execute(_CLOCKS, {"ticket_id": row.id})}
    done = _dates(latest, row)
    if row.state in AT:
        here = list(Station).index(AT[row.state])
        return [
            _station(s, done, "done" if i < here else "here" if i == here else "ahead") for i, s in enumerate(Station)
        ]
    if not is_finished(row.state):
        passed = [_station(station, done, "done") for station in Station if done[station]]
        return [*passed, {"name": str(row.state), "label": PUBLIC_STATUS[row.state], **_when("done", row.state_at)}]
    if ClockKind.SIGN in latest or row.imported:
        return [_station(station, done, "done") for station in Station]
    answered = {"name": "answer", "label": "直接答复", **_when("done", row.replied_at)}
    return [_station(Station.ACCEPT, done, "done"), answered, _station(Station.CLOSE, done, "done")]


def _dates(latest: Mapping[ClockKind, Any], row: Any) -> dict[Station, datetime | None]:
    """When each station was last passed, as the clocks know it."""
    met = {kind: clock.met_at for kind, clock in latest.items()}
    sign, review = latest.get(ClockKind.SIGN), latest.get(ClockKind.REVIEW)
    return {
        Station.ACCEPT: met.get(ClockKind.ACCEPT),
        Station.DISPATCH: sign.started_at if sign else None,
        Station.SIGN: met.get(ClockKind.SIGN),
        # A result is handed in when its review begins.
        Station.HANDLE: review.started_at if review else None,
        Station.REVIEW: met.get(ClockKind.REVIEW),
        Station.CALL_BACK: met.get(ClockKind.CALL_BACK),
        Station.CLOSE: row.closed_at,
    }


def _station(station: Station, done: Mapping[Station, datetime | None], stands: str) -> dict[str, Any]:
    return {"name": str(station), "label": station.label, **_when(stands, done[station] if stands == "done" else None)}


def _when(stands: str, at: datetime | None) -> dict[str, Any]:
    return {"stands": stands, "at": instant(at)}
