"""A matter of an import, as its row states it."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import Satisfaction, TicketType
from hotline.security.keys import Keys

SOURCE = "import"


@dataclass(frozen=True, slots=True)
class PastMatter:
    """One row of an import; instants aware. Without `signed_at` it counts as signed when received.

    `satisfied` decides how it ended, `satisfaction` is the level in the row's own words. `unit` on a row without a reply is what
    the old system suggested: it goes into the timeline for the dispatcher, who decides.

    `superior_no` and `superior_due_on` are the number and the last day that a superior platform gave it.
    """

    source_no: str
    received_at: datetime
    title: str
    content: str
    type: TicketType | None = None
    category: str | None = None
    difficult: bool = False
    unit: str | None = None
    signed_at: datetime | None = None
    replied_at: datetime | None = None
    reply: str | None = None
    satisfied: bool | None = None
    enterprise: EnterpriseGiven | None = None
    contact: ContactGiven = field(default_factory=ContactGiven)
    superior_no: str | None = None
    superior_due_on: date | None = None
    satisfaction: Satisfaction | None = None


def check(matter: PastMatter, now: datetime) -> None:
    """Refuse `InvalidInput` for instants that contradict each other or lie in the future."""
    signed_at, replied_at = matter.signed_at or matter.received_at, matter.replied_at
    if matter.received_at > now:
        raise InvalidInput({"/received_at": "收到时间在将来"})
    if signed_at < matter.received_at:
        raise InvalidInput({"/signed_at": "签收时间早于收到时间"})
    if replied_at is not None and not signed_at <= replied_at <= now:
        raise InvalidInput({"/replied_at": "答复时间早于签收时间或在将来"})


def digest_of(keys: Keys, matter: PastMatter) -> str:
    """Return a keyed digest of all that the row states; a cell that was not given counts for nothing.

    A field that is added later changes the digest of no row that lacks it.
    """
    enterprise, contact = matter.enterprise or NOBODY, matter.contact
    stated = {name: _plain(getattr(matter, name)) for name in FIELDS}
    stated |= {"company": enterprise.name, "code": enterprise.credit_code}
    stated |= {"name": contact.name, "phone": contact.phone, "email": contact.email}
    given = {
        name: value for name, value in stated.items() if value not in (None, "") and value is not UNSTATED.get(name)
    }
    return keys.digest("import-row", json.dumps(given, ensure_ascii=False, sort_keys=True))


FIELDS = tuple(name for name in PastMatter.__dataclass_fields__ if name not in ("enterprise", "contact"))
UNSTATED = {"difficult": False}
NOBODY = EnterpriseGiven("")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    return value.isoformat() if isinstance(value, date) else value
