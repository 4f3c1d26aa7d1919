"""The timeline as sentences, for the reader who asks: the enterprise, the unit, or the centre."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from hotline.reading.shown import instant
from hotline.records.timeline import TimelineEntry
from hotline.rules.actors import Actor
from hotline.rules.ladder import STEP_LABELS
from hotline.rules.masking import mask_in_text
from hotline.rules.vocabulary import (
    CENTRE_ROLES,
    Audience,
    Channel,
    ClockKind,
    Fault,
    Outcome,
    RequestKind,
    RequestState,
    ResultKind,
    Satisfaction,
    Solved,
)

Data = dict[str, Any]


def _at(text: str) -> str:
    return (instant(datetime.fromisoformat(text)) or "")[:16].replace("T", " ")


def _called_back(data: Data) -> str:
    if not data["connected"]:
        return "回访未接通"
    if data["solved"] is None:
        return "回访已接通，企业表示无需回复"
    return f"回访已接通：{Solved(data['solved']).label}，{Satisfaction(data['satisfaction']).label}"


def _refused(data: Data) -> str:
    back = f"，退还审核占用的{data['given_back']}个工作日" if data["given_back"] else ""
    return f"审核退回（{Fault(data['fault']).label}）：{data['remark']}{back}，{_at(data['due_at'])}到期"


def _decided(data: Data) -> str:
    return f"申请{RequestKind(data['kind']).label}：{RequestState(data['state']).label}。{data['reason']}"


SENTENCES: dict[str, Callable[[Data], str]] = {
    "submitted": lambda d: f"收到诉求（{Channel(d['channel']).label}）",
    "imported": lambda d: f"导入（原编号 {d['source_no']}）",
    "accepted": lambda d: "受理",
    "answered_direct": lambda d: "直接答复并办结" + ("（未引用知识库）" if d["free"] else f"（依据 {d['article']}）"),
    "dispatched": lambda d: f"派单至{d['unit']}" + (f"：{d['remark']}" if d["remark"] else ""),
    "signed": lambda d: "签收" + ("（超期）" if d["late"] else ""),
    "handle_started_unsigned": lambda d: f"超期未签收，办理时限自动起算，{_at(d['due_at'])}到期",
    "contact_recorded": lambda d: f"已联系企业：{d['summary']}",
    "noted": lambda d: f"备注：{d['text']}",
    "result_drafted": lambda d: f"拟写办理结果（{ResultKind(d['kind']).label}）",
    "result_submitted": lambda d: f"提交办理结果（{ResultKind(d['kind']).label}）" + ("，超期" if d["late"] else ""),
    "result_refused": _refused,
    "result_passed": lambda d: "办理结果审核通过，已答复企业",
    "called_back": _called_back,
    "requested": lambda d: f"申请{RequestKind(d['kind']).label}：{d['reason']}",
    "request_decided": _decided,
    "closed": lambda d: "办结" + (f"（{Outcome(d['outcome']).label}）" if d["outcome"] else ""),
    "reworked": lambda d: f"退回重办（第{d['round']}轮），{_at(d['due_at'])}到期：{d['reason']}",
    "rated": lambda d: f"企业评价：{Satisfaction(d['level']).label}",
    "rectification_opened": lambda d: f"差评整改立案 {d['case']}",
    "escalated": lambda d: f"{ClockKind(d['clock']).label}时限{STEP_LABELS[d['step']]}（{_at(d['due_at'])}到期）",
    "order_drafted": lambda d: f"拟发督办单 {d['order']}",
    "order_issued": lambda d: f"签发督办单 {d['order']}：{d['demand']}",
    "order_declined": lambda d: f"不予督办 {d['order']}：{d['reason']}",
    "order_replied": lambda d: f"回复督办单 {d['order']}：{d['reply']}",
    "order_closed": lambda d: f"督办单 {d['order']} 销号：{d['reason']}",
    "due_moved": lambda d: f"节假日安排变更，{ClockKind(d['clock']).label}时限由{_at(d['old'])}改为{_at(d['new'])}",
    "archived": lambda d: "归档",
}


def audiences_of(actor: Actor) -> tuple[Audience, ...]:
    """Which lines this reader may read."""
    if actor.is_enterprise:
        return (Audience.PUBLIC,)
    return tuple(Audience) if actor.at_centre else (Audience.PUBLIC, Audience.UNIT)


_t = TimelineEntry.__table__.c
_LINES = (
    select(_t.sequence, _t.at, _t.recorded_at, _t.entry, _t.actor, _t.data)
    .where(_t.ticket_id == bindparam("ticket_id"), _t.audience.in_(bindparam("audiences", expanding=True)))
    .order_by(_t.sequence)
)


def timeline_of(session: Session, ticket_id: int, actor: Actor) -> list[Data]:
    """The lines of a ticket that the access check has let through, in the order in which they happened."""
    clean = str if actor.roles & CENTRE_ROLES else mask_in_text
    rows = session.execute(_LINES, {"ticket_id": ticket_id, "audiences": audiences_of(actor)})
    return [
        {
            "sequence": row.sequence,
            "at": instant(row.at),
            "recorded_at": instant(row.recorded_at),
            "entry": row.entry,
            "actor": None if actor.is_enterprise else row.actor,
            "sentence": clean(SENTENCES[row.entry](row.data)),
        }
        for row in rows
    ]
