"""The log of the administration as people read it: who did what, in a sentence, the newest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.models.accounts.audit_log import AdministrationEntry
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.rules.accounts.administration import AdminDeed
from hotline.rules.vocabulary import Role

Data = Mapping[str, Any]
SHOWN_DAYS = 3
ADDRESSES = {"email": "邮箱", "phone": "手机"}


def _hired(data: Data) -> str:
    return f"{data['unit']}，岗位：{'、'.join(Role(role).label for role in data['roles'])}"


def _changed(data: Data) -> str:
    parts = [f"{label}由“{data[what][0]}”改为“{data[what][1]}”" for what, label in NAMED.items() if what in data]
    if "addresses" in data:
        parts.append(f"更改了接收提醒的{'和'.join(ADDRESSES[what] for what in data['addresses'])}")
    return "；".join(parts)


NAMED = {"name": "姓名", "unit": "单位"}


def _role(data: Data) -> str:
    return f"{Role(data['role']).label}（范围：{data['over']}）"


def _phone(data: Data) -> str:
    old, new = (phone or "无" for phone in data["duty_phone"])
    return f"由“{old}”改为“{new}”"


def _closed(data: Data) -> str:
    moved = f"，移交工单{data['tickets']}件" if data.get("tickets") else ""
    return f"由{data['successor']}承接{moved}" if "successor" in data else ""


def _days(data: Data) -> str:
    named = [f"{on}{'上班' if working else '休息'}（{name}）" for on, working, name in data["days"][:SHOWN_DAYS]]
    more = f"等{len(data['days'])}天" if len(data["days"]) > SHOWN_DAYS else ""
    return f"{'、'.join(named)}{more}，变动期限{data['moved']}项"


def _token(data: Data) -> str:
    return f"有效{data['days']}天"


def _reason(data: Data) -> str:
    return f"理由：{data['reason']}"


def _nothing(data: Data) -> str:
    return ""


SENTENCES: Mapping[AdminDeed, Callable[[Data], str]] = {
    AdminDeed.HIRE: _hired,
    AdminDeed.CHANGE_PERSON: _changed,
    AdminDeed.GRANT_ROLE: _role,
    AdminDeed.WITHDRAW_ROLE: _role,
    AdminDeed.SET_PASSWORD: _nothing,
    AdminDeed.RESET_SECOND_FACTOR: _nothing,
    AdminDeed.DISABLE: _nothing,
    AdminDeed.ENABLE: _nothing,
    AdminDeed.GRANT_TOKEN: _token,
    AdminDeed.GRANT_CHANNEL_TOKEN: _token,
    AdminDeed.SET_DUTY_PHONE: _phone,
    AdminDeed.CLOSE_UNIT: _closed,
    AdminDeed.REOPEN_UNIT: _nothing,
    AdminDeed.IMPORT_YEAR: _days,
    AdminDeed.CHANGE_DAY: _days,
    AdminDeed.RESEND: _nothing,
    AdminDeed.RENAME_ENTERPRISE: _reason,
    AdminDeed.MERGE_ENTERPRISES: lambda data: f"并入企业{data['into']}，{_reason(data)}",
    AdminDeed.SPLIT_ENTERPRISE: lambda data: f"从企业{data['out_of']}分出，{_reason(data)}",
}


@dataclass(frozen=True, slots=True)
class LogFilters:
    """Of one account, unit or year (`subject`), and of one deed; None narrows nothing."""

    subject: str | None = None
    deed: AdminDeed | None = None


def log_page(session: Session, filters: LogFilters, page: paging.Page) -> dict[str, Any]:
    """`items` and `next_cursor`."""
    table = AdministrationEntry
    query = select(table)
    if filters.subject is not None:
        query = query.where(table.subject == filters.subject)
    if filters.deed is not None:
        query = query.where(table.deed == filters.deed)
    query = paging.page_of(query, paging.Order(table.at, table.id, newest_first=True), page)
    rows = session.scalars(query).all()
    last = rows[page.limit - 1] if len(rows) > page.limit else None
    return {
        "items": [_line(row) for row in rows[: page.limit]],
        "next_cursor": paging.cursor_of(last.at, last.id) if last else None,
    }


def _line(row: AdministrationEntry) -> dict[str, Any]:
    return {
        "at": instant(row.at),
        "actor": row.actor,
        **labelled("deed", row.deed),
        "subject": row.subject,
        "name": row.name,
        "sentence": SENTENCES[row.deed](row.data),
    }
