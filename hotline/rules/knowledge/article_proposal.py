"""Which answered matter may become an article, and what must not be carried into it."""

import re
from collections.abc import Iterable
from typing import Protocol

from hotline.rules.masking import mask_in_text
from hotline.rules.vocabulary import TicketType

CREDIT_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NP-RT-UW-Y]{18}(?![0-9A-Za-z])", re.IGNORECASE)
PLACE = re.compile(r"^(湖北省?|襄阳市?|[一-鿿]{2,4}?[省市县区])+")
LEGAL_FORM = re.compile(r"(有限责任公司|股份有限公司|有限公司|集团公司|分公司|公司|集团|合作社|经营部|商行|厂|店)+$")
BRACKETS = {"(": "[（(]", "（": "[（(]", ")": "[）)]", "）": "[）)]"}
TITLES = "(?:先生|女士|小姐|老板|总经理|经理|总|师傅|同志|主任)"
SHORTEST_NAME = 3
SOMEBODY, SOME_ENTERPRISE = "某某", "某企业"


class Answered(Protocol):
    """What has to be known of a ticket."""

    @property
    def type(self) -> TicketType | None: ...
    @property
    def confidential(self) -> bool: ...
    @property
    def anonymous(self) -> bool: ...
    @property
    def reply(self) -> str | None: ...


def may_become_article(ticket: Answered) -> bool:
    """An answered consultation of which nothing is secret: never a report, never what is confidential or anonymous."""
    open_matter = not ticket.confidential and not ticket.anonymous
    return ticket.type is TicketType.CONSULT and open_matter and bool(ticket.reply)


def without_identity(text: str, enterprise: str | None, people: Iterable[str]) -> str:
    """Without the enterprise's name (also without place and legal form), the people's, credit codes, phones, cards, addresses."""
    for name in _names_of(enterprise or ""):
        text = _pattern(name).sub(SOME_ENTERPRISE, text)
    for person in people:
        if len(person) > 1:
            text = _pattern(person).sub(SOMEBODY, text)
        if person:
            text = re.sub(re.escape(person[0]) + TITLES, SOMEBODY, text)
    return mask_in_text(CREDIT_CODE.sub("***", text))


def _names_of(enterprise: str) -> list[str]:
    """The whole name first, then what people say of it."""
    short = LEGAL_FORM.sub("", enterprise)
    names = (enterprise, short, PLACE.sub("", enterprise), PLACE.sub("", short))
    return [name for name in dict.fromkeys(names) if len(name) >= SHORTEST_NAME]


def _pattern(name: str) -> re.Pattern[str]:
    """However it is spaced, and with either kind of brackets."""
    return re.compile(r"\s*".join(BRACKETS.get(c, re.escape(c)) for c in name if not c.isspace()), re.IGNORECASE)
