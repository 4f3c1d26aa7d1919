"""The terms on which something may be asked for beside the state: how often, until when, for how long, and who decides.

They are said before anybody asks (`terms`), and asked again when somebody does (`check`): one home for each condition.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hotline.rules.deadlines.lateness import has_passed
from hotline.rules.deadlines.time_limits import TimeLimits
from hotline.rules.deadlines.working_calendar import WorkingCalendar
from hotline.rules.handling.requests import ROWS
from hotline.rules.refusals import ConditionUnmet, Duplicate, Refusal, WindowClosed
from hotline.rules.vocabulary import ClockKind, Difficulty, RequestKind, ResultKind, Role


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a ticket decides what may be asked for; the instants are None where nothing of the kind runs.

    `extended`, `suspended_days` and `suspended_for` are what was granted in this round, `waiting` what is not decided yet.
    """

    difficulty: Difficulty = Difficulty.ORDINARY
    no_return: bool = False
    returns: int = 0
    sign_due_at: datetime | None = None
    handle_started_at: datetime | None = None
    handle_due_at: datetime | None = None
    extended: bool = False
    suspended_days: int = 0
    suspended_for: frozenset[str] = frozenset()
    waiting: frozenset[RequestKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Position:
    """Where a ticket stands when somebody asks: what was asked before, the instant, and the limits and the calendar in force."""

    asked: Asked
    now: datetime
    limits: TimeLimits
    calendar: WorkingCalendar

    @property
    def difficult_until(self) -> datetime | None:
        """Until when "difficult" may be asked for."""
        start = self.asked.handle_started_at
        return None if start is None else self.calendar.due(start, self.limits.difficult_within_days).at

    @property
    def suspension_left(self) -> int:
        """The working days for which this round may still be suspended."""
        return self.limits.suspension_days - self.asked.suspended_days


@dataclass(frozen=True, slots=True)
class Terms:
    """`sentences` say the rule; `until` when the window closes, `days` how many may be asked for (None: no such limit)."""

    kind: RequestKind
    sentences: tuple[str, ...]
    until: datetime | None
    days: int | None
    refusal: Refusal | None


def check_not_waiting(kind: RequestKind, waiting: frozenset[RequestKind]) -> None:
    """Refuses `Duplicate`: one open request of a kind."""
    if kind in waiting:
        raise Duplicate(f"待审批的“{kind.label}”申请")


def check(kind: RequestKind, here: Position) -> None:
    """Refuses what may not be asked for now, whatever is written in it."""
    if kind is RequestKind.RETURN:
        _check_return(here)
    elif kind is RequestKind.DIFFICULT:
        _check_difficult(here)
    elif kind is RequestKind.EXTENSION:
        _check_extension(here)
    elif kind is RequestKind.SUSPENSION and here.suspension_left < 1:
        raise ConditionUnmet(f"本轮办理已经挂起{here.asked.suspended_days}个工作日，不能再挂起")


def _check_return(here: Position) -> None:
    asked, limits = here.asked, here.limits
    if asked.no_return:
        raise ConditionUnmet("承办单位已经裁定，不能再退单")
    if asked.returns >= limits.returns:
        raise ConditionUnmet(f"工单已退过{limits.returns}次，不能再退单")
    if asked.sign_due_at is not None and has_passed(asked.sign_due_at, here.now):
        raise WindowClosed("退单")


def _check_difficult(here: Position) -> None:
    if here.asked.difficulty is Difficulty.DIFFICULT:
        raise ConditionUnmet("这张工单已经认定为疑难")
    until = here.difficult_until
    if until is not None and has_passed(until, here.now):
        raise WindowClosed(f"认定疑难（开始办理后{here.limits.difficult_within_days}个工作日内）")


def _check_extension(here: Position) -> None:
    asked = here.asked
    if not here.limits.extension[asked.difficulty]:
        raise ConditionUnmet(f"{asked.difficulty.label}事项不能延期")
    if asked.handle_due_at is not None and has_passed(asked.handle_due_at, here.now):
        raise WindowClosed("申请延期")
    if asked.extended:
        raise ConditionUnmet("本轮办理已经延期过一次")


def terms(kind: RequestKind, here: Position) -> Terms:
    """The terms as they are for this ticket now, with the refusal that asking would meet."""
    refusal: Refusal | None = None
    try:
        check_not_waiting(kind, here.asked.waiting)
        check(kind, here)
    except Refusal as error:
        refusal = error
    says, until, days = SAYS[kind](here)
    return Terms(kind, (*says, *_decided(kind, here.limits)), until, days, refusal)


def _decided(kind: RequestKind, limits: TimeLimits) -> tuple[str, ...]:
    row = ROWS[kind]
    deciders = "或".join(role.label for role in Role if role in row.deciders)
    signed = "承办人提出的，先由单位负责人签批。" if row.of_the_unit else ""
    return (f"{signed}由{deciders}在{limits.plain[ClockKind.REQUEST].text()}内决定；决定之前时限照常计算。",)


Said = tuple[tuple[str, ...], datetime | None, int | None]


def _return(here: Position) -> Said:
    often = f"一张工单最多退{here.limits.returns}次，已退{here.asked.returns}次。"
    says = ("须在签收期限之前提出，写明法定或职责依据和建议的承办单位。", often, "不同意退单的，签收期限不变。")
    return says, here.asked.sign_due_at, None


def _difficult(here: Position) -> Said:
    within = f"须在开始办理后{here.limits.difficult_within_days}个工作日内提出，一张工单一次。"
    longer = f"同意后从同一起点按{here.limits.handle[Difficulty.DIFFICULT].text()}计，不是重新起算。"
    return (within, longer), here.difficult_until, None


def _extension(here: Position) -> Said:
    asked = here.asked
    longest = here.limits.extension[asked.difficulty]
    says = f"须在到期之前提出，每轮一次，{asked.difficulty.label}事项最多延{longest}个工作日。"
    return (says, "延期后标注“超出政策时限”，最初的到期时间仍然可见。"), asked.handle_due_at, longest


def _suspension(here: Position) -> Said:
    left, limits = here.suspension_left, here.limits
    often = f"同一原因每轮一次，本轮累计不超过{limits.suspension_days}个工作日，还可挂起{max(0, left)}个。"
    material = f"等待企业补充材料的，不超过{limits.suspension_material_days}个工作日。"
    return (often, material, "挂起期间办理时限暂停，期满自动恢复，企业会收到通知。"), None, left


def _promised(kind: ResultKind) -> Callable[[Position], Said]:
    def says(here: Position) -> Said:
        longest = here.limits.tracked[kind]
        within = f"所写日期须在今后{longest}个工作日之内。"
        return (within, "同意后以此提交本轮结果并挂账：定期登记进展，完成后申请销账，由中心二次回访。"), None, longest

    return says


def _plain(*sentences: str) -> Callable[[Position], Said]:
    return lambda _: (sentences, None, None)


K = RequestKind
SAYS: Mapping[RequestKind, Callable[[Position], Said]] = {
    K.RETURN: _return,
    K.DIFFICULT: _difficult,
    K.EXTENSION: _extension,
    K.SUSPENSION: _suspension,
    K.REASSIGN: _plain("须写明应由哪个其他单位承办；改派到本单位下属的，时限不重新起算。"),
    K.TERMINATE: _plain("限于已进入诉讼、复议、仲裁或企业不配合的，须写明告知企业的办理途径。"),
    K.REJECT: _plain("确认后企业将收到理由和正确的办理途径。"),
    K.EXPLAINED: _plain("须由另一人同意，才能按解释到位办结。"),
    K.UNRESOLVED: _plain("须由另一人同意，并书面告知企业理由和救济途径；不计为解决。"),
    K.PROMISED: _promised(ResultKind.PROMISED),
    K.STATUTORY: _promised(ResultKind.STATUTORY),
}
