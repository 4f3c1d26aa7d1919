"""Ratings: five levels, the last two bad; one per rater, object and round; a verified bad one opens a rectification."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import InvalidInput, WindowClosed
from hotline.rules.vocabulary import Satisfaction, Word

BAD_LEVELS = (Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED)


class BodyKind(Word):
    """What is rated beside tickets, over all channels of the policy."""

    HALL = "hall", "办事大厅"
    WINDOW = "window", "办事窗口"
    SITE = "site", "服务网站"
    BUSINESS_SYSTEM = "business_system", "业务系统"
    HOTLINE = "hotline", "热线话务"
    MOBILE = "mobile", "移动端"
    SELF_SERVICE = "self_service", "自助终端"


class RatedBy(Word):
    """The ways that are no channel with a token: by ticket code, by a link in a notice, on the phone, at a printed QR code."""

    TICKET_CODE = "ticket_code", "工单查询"
    LINK = "link", "评价链接"
    OPERATOR = "operator", "电话"
    QR = "qr", "现场二维码"


@dataclass(frozen=True, slots=True)
class ReasonList:
    """One version of what a bad rating may be for, in force from `since` until the next one is."""

    version: int
    since: date
    labels: Mapping[str, str]

    def codes(self, names: Iterable[str]) -> tuple[str, ...]:
        """The codes of reasons that are given by their codes or in words; what is neither stays as it is."""
        by_label = {label: code for code, label in self.labels.items()}
        return tuple(by_label.get(name, name) for name in names)


@dataclass(frozen=True)
class RatingRules:
    """`open_days`, `link_days`: calendar days; `smallest_cell`: published numbers under it are hidden; lists in order."""

    open_days: int
    link_days: int
    smallest_cell: int
    reasons: tuple[ReasonList, ...]

    def reasons_at(self, at: datetime) -> ReasonList:
        """The list in force on the day (Asia/Shanghai); the first one for what is older than it."""
        day = local(at).date()
        return next((entry for entry in reversed(self.reasons) if entry.since <= day), self.reasons[0])

    def labels(self, version: int, codes: Collection[str]) -> list[str]:
        """The reasons of a stored rating in the words of its own list."""
        (reason_list,) = (reason_list for reason_list in self.reasons if reason_list.version == version)
        return [reason_list.labels[code] for code in codes]


def is_bad(level: Satisfaction) -> bool:
    """Return whether this is 不满意 or 非常不满意."""
    return level in BAD_LEVELS


def check_reasons(level: Satisfaction, reasons: Collection[str], reason_list: ReasonList) -> None:
    """A bad rating needs at least one reason of the list in force, a good one takes none."""
    if is_bad(level) and not reasons:
        raise InvalidInput({"/reasons": "请至少选择一个不满意的原因"})
    if not is_bad(level) and reasons:
        raise InvalidInput({"/reasons": "只有不满意时才选择原因"})
    if any(code not in reason_list.labels for code in reasons):
        named = "、".join(f"{label}（{code}）" for code, label in reason_list.labels.items())
        raise InvalidInput({"/reasons": f"只能选择：{named}"})


def is_open(invited_at: datetime, now: datetime, days: int) -> bool:
    """A rating is open for `days` calendar days after the invitation (default 30)."""
    return now <= invited_at + timedelta(days=days)


def check_window(invited_at: datetime, now: datetime, days: int) -> None:
    """Refuses `WindowClosed` when the rating is not open any more."""
    if not is_open(invited_at, now, days):
        raise WindowClosed("评价")


def shown_cells(counts: Sequence[int], smallest: int) -> list[int | None]:
    """Cells as they may be published beside their sum: those under `smallest` are hidden (None).

    What subtraction would give back is hidden as well: the smallest of the others go too, until at least two cells are hidden
    and together are no less than `smallest`.
    """
    cells: list[int | None] = [count if count >= smallest else None for count in counts]
    while None in cells:
        hidden = [count for count, cell in zip(counts, cells, strict=True) if cell is None]
        left = [cell for cell in cells if cell is not None]
        if not left or (len(hidden) > 1 and sum(hidden) >= smallest):
            break
        cells[cells.index(min(left))] = None
    return cells
