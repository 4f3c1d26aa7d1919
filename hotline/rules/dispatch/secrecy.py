"""The secrecy guard: a report 举报 never reaches the reported unit, nor a unit below it."""

from hotline.rules.refusals import SecrecyGuard
from hotline.rules.vocabulary import TicketType


def is_confidential(type: TicketType | None, asked: bool | None) -> bool:
    """A report is confidential unless the caller says otherwise; everything else only when asked."""
    return type is TicketType.REPORT if asked is None else asked


def is_kept_from(type: TicketType | None, target_path: str | None, unit_path: str) -> bool:
    """Whether this is a report about this unit, or about one above it."""
    return type is TicketType.REPORT and target_path is not None and unit_path.startswith(target_path)


def concerns(type: TicketType | None, target_path: str, unit_path: str) -> bool:
    """Return whether this is a report about this unit, one above it, or one in its subtree: it never goes there by itself."""
    related = unit_path.startswith(target_path) or target_path.startswith(unit_path)
    return type is TicketType.REPORT and related


def check_unit(type: TicketType | None, target_path: str | None, unit_path: str, unit_name: str) -> None:
    """Refuses `SecrecyGuard` for the reported unit and its subtree, whatever the way the ticket would take there."""
    if is_kept_from(type, target_path, unit_path):
        raise SecrecyGuard(unit=unit_name)
