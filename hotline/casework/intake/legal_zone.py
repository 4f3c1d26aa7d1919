"""What the legal-service zone takes from an enterprise: a consultation or a check-up, each a ticket like any other.

Their category suggests the justice bureau; its lawyers are a team of that unit. What a law firm asks beforehand stands in the
content, line by line, so that it is read wherever the ticket is.
"""

from hotline.casework.intake.intake import NewCall
from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.rules.intake.legal_zone import CHECK_UP, CONSULTATION, CheckUpSubject
from hotline.rules.vocabulary import Channel, TicketType


def consultation(title: str, content: str, contact: ContactGiven, enterprise: EnterpriseGiven | None = None) -> NewCall:
    """A question to a lawyer."""
    return NewCall(
        title=title,
        content=content,
        type=TicketType.CONSULT,
        category=CONSULTATION,
        channel=Channel.WEB,
        enterprise=enterprise,
        contact=contact,
    )


def check_up(
    employees: int,
    field: str,
    subjects: tuple[CheckUpSubject, ...],
    enterprise: EnterpriseGiven,
    contact: ContactGiven,
    wished: str | None = None,
    remark: str | None = None,
) -> NewCall:
    """A wish for a legal check-up (法治体检)."""
    looked_at = "、".join(subject.label for subject in subjects)
    said = {
        "职工人数": f"{employees}人",
        "所属行业": field,
        "希望检查": looked_at,
        "希望时间": wished or "由律师安排",
        "补充说明": remark or "无",
    }
    return NewCall(
        title=f"申请法治体检：{looked_at}",
        content="\n".join(f"{name}：{text}" for name, text in said.items()),
        type=TicketType.LEGAL_CHECK_UP,
        category=CHECK_UP,
        channel=Channel.WEB,
        enterprise=enterprise,
        contact=contact,
    )
