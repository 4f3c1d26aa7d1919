"""How fresh an article is: what waits for review, what expires, what is disputed, and which policies still want an article.

The legal upper bound for publishing is 20 working days (Regulations on Open Government Information, article 26); a policy is
in the knowledge base within one working day. The numbers are those of `config/freshness.toml`.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hotline.rules.deadlines.working_calendar import ZONE, Due, WorkingCalendar
from hotline.rules.invisible import without_invisible
from hotline.rules.knowledge.article import ArticleState
from hotline.rules.knowledge.validity import in_force
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import ClockKind, Role, Word

WATCH_ARTICLES = frozenset({Role.EDITOR, Role.SUPERVISOR, Role.INSPECTOR})
"""Who sees what the knowledge base owes."""
LONGEST_KEY = 200
BRACKETS = ("〔〕", "[]", "()", "（）", "［］", "【】")
NO_NUMBER = frozenset(
    {"", "无", "无文号", "没有", "没有文号", "暂无", "暂无文号", "空", "未知", "不详", "未编号", "待定"}
    | {"na", "nil", "none", "null"}
)
"""What people write where a document has no number, without signs."""
TO_SQUARE = str.maketrans("〔〕()【】", "[][][]")


class PolicyState(Word):
    """A registered policy: without an article yet, answered from one, or recorded as wanting none."""

    WAITING = "waiting", "尚无文章"
    ANSWERED = "answered", "已有文章"
    NOT_NEEDED = "not_needed", "无需文章"


class ErrorKind(Word):
    WRONG = "wrong", "内容有误"
    OUTDATED = "outdated", "已经过时"
    MISSING = "missing", "缺少内容"
    UNCLEAR = "unclear", "表述不清"
    LINK = "link", "链接失效"


class ErrorState(Word):
    """`OPEN` and `CONFIRMED` reports dispute their article."""

    OPEN = "open", "待核实"
    CONFIRMED = "confirmed", "属实，待更正"
    DISMISSED = "dismissed", "不属实"
    MENDED = "mended", "已更正"


DISPUTING = (ErrorState.OPEN, ErrorState.CONFIRMED)


class TaskKind(Word):
    """What the knowledge base owes somebody, each with clocks of its own."""

    POLICY = "policy", "新政策入库"
    REVIEW = "review", "到期复核"
    EXPIRY = "expiry", "即将失效"
    ERROR = "error", "纠错"


CLOCKS = {
    TaskKind.POLICY: ClockKind.POLICY_ARTICLE,
    TaskKind.REVIEW: ClockKind.ARTICLE_REVIEW,
    TaskKind.EXPIRY: ClockKind.ARTICLE_EXPIRY,
    TaskKind.ERROR: ClockKind.ERROR_CONFIRM,
}
"""The clock with which a task begins."""


class Standing(Word):
    """What an article is worth on a day: its state, and the dates of its version."""

    NEW = "new", "未发布"
    IN_FORCE = "in_force", "现行有效"
    TO_COME = "to_come", "尚未生效"
    EXPIRED = "expired", "已失效"
    SUSPENDED = "suspended", "已暂停"
    WITHDRAWN = "withdrawn", "已撤下"


def standing(state: ArticleState, effective_from: date, effective_to: date | None, on: date) -> Standing:
    """What is published is in force, still to come or expired, by the one rule of `validity`."""
    if state is not ArticleState.PUBLISHED:
        return Standing(str(state))
    if in_force(effective_from, effective_to, on):
        return Standing.IN_FORCE
    return Standing.TO_COME if effective_from > on else Standing.EXPIRED


class Pile(Word):
    """The rows of the page of freshness: what of a unit's articles there is to see to."""

    IN_FORCE = "in_force", "现行有效"
    TO_CONFIRM = "to_confirm", "待复核"
    REVIEW_DUE = "review_due", "复核临近"
    REVIEW_OVERDUE = "review_overdue", "复核逾期"
    EXPIRING = "expiring", "30日内失效"
    EXPIRED = "expired", "已失效"
    DISPUTED = "disputed", "有争议"


@dataclass(frozen=True, slots=True)
class FreshnessRules:
    """Calendar days before the day itself on which a task opens, the longest and the usual time until a review, and
    `least_days`, the working days that a task leaves at least, also when it opens late."""

    review_opens_days: int
    expiry_opens_days: int
    longest_review_days: int
    usual_review_days: int
    least_days: int

    def opens_days(self, kind: TaskKind) -> int:
        return self.review_opens_days if kind is TaskKind.REVIEW else self.expiry_opens_days

    def usual_review(self, today: date) -> date:
        """Return the day that a new article proposes for its first review."""
        return today + timedelta(days=self.usual_review_days)

    def opens_at(self, kind: TaskKind, on: date, published_at: datetime) -> datetime:
        """The first instant of the day on which the task opens, or the publication when that came later."""
        first = datetime.combine(on - timedelta(days=self.opens_days(kind)), time(), ZONE)
        return max(first, published_at)

    def due(self, on: date, started_at: datetime, calendar: WorkingCalendar) -> Due:
        """Close of business of the day (of the next working day, on a rest day), never before `least_days` have passed."""
        by_day = calendar.same_day_due(datetime.combine(on, time(), ZONE))
        least = calendar.due(started_at, self.least_days)
        return max(by_day, least, key=lambda due: due.at)

    def check_confirmation(self, next_review_on: date | None, effective_to: date | None, today: date) -> date:
        """The day of the next review. Without one only where the article expires soon or has: it is let expire.

        Refuses `InvalidInput` for a day that is past, later than a year from now, or after the end of the article.
        """
        if next_review_on is None:
            if effective_to is not None and effective_to <= today + timedelta(days=self.expiry_opens_days):
                return effective_to
            raise InvalidInput({"/next_review_on": "请填写下次复核日期"})
        if not today < next_review_on <= today + timedelta(days=self.longest_review_days):
            raise InvalidInput({"/next_review_on": f"下次复核应在今后{self.longest_review_days}日内"})
        if effective_to is not None and next_review_on > effective_to:
            raise InvalidInput({"/next_review_on": "复核日期不能晚于失效日期"})
        return next_review_on


def document_key(number: str) -> str:
    """Return a document number as it is compared: one width, one kind of bracket, no blanks, at most `LONGEST_KEY` characters.

    Empty for what says that there is none (无, -, N/A): two policies without a number are not one.
    """
    key = _plain(number).casefold()
    return "" if "".join(filter(str.isalnum, key)) in NO_NUMBER else key[:LONGEST_KEY]


def _plain(number: str) -> str:
    bare = "".join(unicodedata.normalize("NFKC", without_invisible(number)).split())
    return unicodedata.normalize("NFKC", bare).translate(TO_SQUARE)


def document_forms(number: str) -> set[str]:
    """The ways in which people write the same document number, for finding it in what is stored as written."""
    plain = _plain(number)
    forms = {number, plain, document_key(number)}
    for pair in BRACKETS:
        forms.add(plain.replace("[", pair[0]).replace("]", pair[1]))
    return forms


def policy_identity(document_number: str, title: str, published_on: date) -> str:
    """What makes a policy the same policy: its document number, or without one its title and day."""
    return document_key(document_number) or f"{published_on.isoformat()} {document_key(title)}"
