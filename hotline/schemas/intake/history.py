"""A row of an import file: the columns' names are fixed, times are those of Asia/Shanghai unless they say otherwise."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields, pre_load

from hotline.casework.intake.history import PastMatter
from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.vocabulary import TicketType
from hotline.schemas.base import Choice, Day, Form, Text, possible
from hotline.schemas.intake.enterprise import CreditCode, Phone

REQUIRED_COLUMNS = ("source_no", "received_at", "title", "content")
TYPES = {word.label: word for word in TicketType} | {str(word): word for word in TicketType}
YES_NO = {"yes": True, "no": False, "是": True, "否": False, "true": True, "false": False, "1": True, "0": False}


class Instant(fields.Field[datetime]):
    """`2026-09-30 17:00:00`, `2026-09-30` or RFC 3339."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        try:
            at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise ValidationError(f"不是时间：{str(value)[:40]}") from None
        possible(at)
        return at if at.tzinfo else at.replace(tzinfo=ZONE)


class DayCell(Day):
    """A day, also where a spreadsheet knows the cell as an instant."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        text = value.isoformat() if isinstance(value, date) else str(value).strip()
        found: date = super()._deserialize(text[:10], attr, data, **kwargs)
        return found


class YesNo(fields.Field[bool]):
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        answer = YES_NO.get(str(value).strip().lower())
        if answer is None:
            raise ValidationError("应为 yes 或 no")
        return answer


class Type(Choice):
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return TYPES.get(str(value).strip()) or super()._deserialize(value, attr, data, **kwargs)


def _matter(**row: Any) -> PastMatter:
    company, code = row.pop("company_name", None), row.pop("credit_code", None)
    contact = ContactGiven(name=row.pop("contact_name", None), phone=row.pop("contact_phone", None))
    return PastMatter(**row, enterprise=EnterpriseGiven(company, code) if company else None, contact=contact)


class PastMatterForm(Form):
    """Empty cells count as not given; columns that are not known are passed by."""

    makes = staticmethod(_matter)

    class Meta:
        unknown = EXCLUDE

    source_no = Text(64, required=True)
    received_at = Instant(required=True, error_messages={"required": "必须填写"})
    title = Text(200, required=True)
    content = Text(20000, required=True)
    type = Type(TicketType)
    category = Text(64)
    company_name = Text(200)
    credit_code = CreditCode(40)
    contact_name = Text(60)
    contact_phone = Phone(40)
    unit = Text(120)
    signed_at = Instant()
    replied_at = Instant()
    reply = Text(20000)
    satisfied = YesNo()
    difficult = YesNo()
    superior_no = Text(64)
    superior_due_on = DayCell()

    @pre_load
    def drop_empty(self, data: Any, **kwargs: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value is not None and str(value).strip()}
