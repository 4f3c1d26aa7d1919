"""The public legal-service zone of 12345 and 12348 (item 31 of the policy): what it takes, and under which category."""

from collections.abc import Mapping

from hotline.rules.vocabulary import TicketType, Word

CONSULTATION, CHECK_UP = "legal-consultation", "legal-check-up"
"""The categories of `config/categories.toml` whose lead unit is the justice bureau."""
OF_LEGAL_ZONE: Mapping[TicketType | None, str] = {TicketType.LEGAL_CHECK_UP: CHECK_UP}


class CheckUpSubject(Word):
    """What the lawyers are to look at."""

    CONTRACTS = "contracts", "合同"
    EMPLOYMENT = "employment", "用工"
    INTELLECTUAL_PROPERTY = "intellectual_property", "知识产权"
    TAX = "tax", "税务"
    OTHER = "other", "其他"
