"""The ladder and the time limits in force, as sentences with the file each number comes from; and what would happen when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.queries.deadlines.due import days_of
from hotline.queries.formatting import instant, labelled
from hotline.rules.deadlines.ladder import CIRCULAR, NOTICE, ORDER, RED, STEP_LABELS, YELLOW, Ladder, Timing
from hotline.rules.deadlines.time_limits import Limit, TimeLimits
from hotline.rules.refusals import InvalidInput
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import UNIT_CLOCKS, UNIT_ROLES, ClockKind, Difficulty, Role, Urgency

LIMITS_FILE, LADDER_FILE = "config/time_limits.toml", "config/ladder.toml"
STARTS = {
    "signed_capped": "办理时限从签收时起算，最迟从签收到期时起算（不签收不会多得时间）",
    "dispatched": "办理时限从派单时起算",
}
NUMBERS = {
    "rounds": "同一诉求最多办理{}轮，仍未解决的才可以按“未能解决”办结",
    "review_days_given_back": "每轮第一次审核退回时，审核占用的时间最多还给承办单位{}个工作日（敷衍或不实的不还）",
    "archive_after_days": "办结{}个工作日后归档",
    "returns": "一张工单最多退单{}次，此后的派单以督办员裁定为准，不得再退",
    "difficult_within_days": "办理开始后{}个工作日内可以申请认定疑难",
    "suspension_days": "一轮办理累计最多挂起{}个工作日",
    "suspension_material_days": "因等待企业补充材料挂起的，最多{}个工作日",
    "reopen_days": "办结后{}个工作日内有新情况的，可以重新办理",
    "object_days": "办结、不予受理或终止后{}个工作日内，企业可以提出异议",
    "quality_call_days": "派单后撤单的，{}个工作日内回访核实",
    "merges_to_order": "同一诉求并入{}次重复诉求后，拟督办单",
    "reworks_to_order": "同一诉求从第{}次退回重办起，拟督办单",
    "refused_returns_to_order": "同一轮办理从第{}次退单未获同意起，拟督办单",
    "appeal_within_days": "差评核实后{}个工作日内，承办单位可以申诉",
    "attempts": "回访至少拨打{}次仍未接通，才算联系不上",
    "attempt_days": "联系不上的回访须分布在至少{}天",
}


@dataclass(frozen=True, slots=True)
class Supposed:
    """A clock that might be started: `days` in place of the limit that is in force."""

    start: datetime
    kind: ClockKind
    difficulty: Difficulty = Difficulty.ORDINARY
    days: int | None = None
    round: int = 1
    urgency: Urgency = Urgency.ROUTINE


def limits(rules: TimeLimits) -> list[dict[str, str]]:
    """Each limit: of what, how long, in which file under which name."""
    rows = [_row(kind.label, limit.text(), f"plain.{kind}") for kind, limit in rules.plain.items()]
    for name, label in (("handle", "办理"), ("rework", "退回重办"), ("rectify", "差评整改")):
        found = getattr(rules, name).items()
        rows += [_row(f"{label}（{grade.label}）", limit.text(), f"{name}.{grade}") for grade, limit in found]
    urgent = rules.urgent_sign.items()
    rows += [_row(f"紧急签收（{grade.label}）", limit.text(), f"urgent_sign.{grade}") for grade, limit in urgent]
    rows.append(_row("紧急事项出结果", rules.urgent_handle.text(), "urgent_handle"))
    for grade, days in rules.extension.items():
        rows.append(
            _row(f"延期（{grade.label}）", f"至多{days}个工作日，一次" if days else "不得延期", f"extension.{grade}")
        )
    rows += [
        _row(f"挂账（{kind.label}）", f"{days}个工作日", f"tracked.{kind}") for kind, days in rules.tracked.items()
    ]
    return rows


def _row(what: str, text: str, key: str) -> dict[str, str]:
    return {"what": what, "limit": text, "file": LIMITS_FILE, "key": key}


def numbers(rules: TimeLimits) -> list[dict[str, str]]:
    """The other numbers, a sentence each."""
    begin = {"sentence": STARTS[rules.handle_clock_start], "file": LIMITS_FILE, "key": "handle_clock_start"}
    rest = [
        {"sentence": text.format(getattr(rules, key)), "file": LIMITS_FILE, "key": key} for key, text in NUMBERS.items()
    ]
    return [begin, *rest]


def steps(rulebook: Rulebook) -> list[dict[str, Any]]:
    """The five steps: when each comes, for which clocks, and who is told by whose clock it is."""
    ladder = rulebook.ladder
    return [
        {
            "step": step,
            "label": STEP_LABELS[step],
            "when": when,
            "file": LADDER_FILE,
            "kinds": [kind.label for kind in ClockKind if ladder.last_step(kind) >= step],
            "every": all(ladder.last_step(kind) >= step for kind in ClockKind),
            "unit": recipients(ladder, ClockKind.HANDLE if step != CIRCULAR else ClockKind.ORDER_REPLY, step),
        }
        for step, when in _when(ladder)
    ]


def _when(ladder: Ladder) -> Iterator[tuple[int, str]]:
    hours = f"{ladder.short_warning.total_seconds() / 3600:g}"
    yield NOTICE, "时限的工作时间过半时；全天候计时的，按钟点过半时"
    short = f"1个工作日及更短的时限，在到期前{hours}个工作小时（不足的，工作时间过四分之三时）"
    yield YELLOW, f"到期当天上班时；{short}；全天候计时的，按钟点过四分之三时"
    yield RED, "到期时"
    yield ORDER, f"到期后第{ladder.order_after_days}个工作日下班时，拟出督办单（{ladder.order_issue.label}）"
    yield CIRCULAR, f"督办单签发后{ladder.circular_after_days}个工作日仍未回复，下班时拟出通报"


def centre_desks(rulebook: Rulebook) -> list[dict[str, str]]:
    """Who is told of the clocks that are the centre's own or the knowledge base's; from red on the supervisors as well."""
    ladder, kinds = rulebook.ladder, [kind for kind in ClockKind if kind not in UNIT_CLOCKS]
    return [
        {"kind": kind.label, "before": recipients(ladder, kind, NOTICE), "after": recipients(ladder, kind, RED)}
        for kind in kinds
    ]


def recipients(ladder: Ladder, kind: ClockKind, step: int) -> str:
    """承办单位的承办人、联络员；中心的督办员."""
    unit, desk = ladder.recipients(kind, step)
    owners, centre = desk & UNIT_ROLES, desk - UNIT_ROLES
    parts = [f"承办单位的{_labels(unit)}" if unit else "", f"中心的{_labels(centre)}" if centre else ""]
    parts.append(f"文章责任单位的{_labels(owners)}" if owners else "")
    return "；".join(part for part in parts if part)


def _labels(roles: Iterable[Role]) -> str:
    held = frozenset(roles)
    return "、".join(role.label for role in Role if role in held)


def what_if(rulebook: Rulebook, given: Supposed) -> dict[str, Any]:
    """The due of such a clock, each day on the way to it, and the instant of each step; refuses a kind without a fixed limit."""
    limit = _limit(rulebook.limits, given)
    due = limit.due(given.start, rulebook.calendar)
    short = limit.days is None or limit.days <= 1
    timing = Timing(given.kind, given.start, due.at, short, on_the_wall=limit.minutes is not None)
    planned = () if due.provisional else rulebook.ladder.plan(timing, rulebook.calendar)
    counted = rulebook.calendar.explain(given.start, limit.days) if limit.days else None
    return {
        **labelled("kind", given.kind),
        "start": instant(given.start),
        "limit": limit.text(),
        "due_at": instant(due.at),
        "provisional": due.provisional,
        "counted": days_of(counted) if counted else [],
        "steps": [
            {
                "step": step.step,
                "label": STEP_LABELS[step.step],
                "at": instant(step.at),
                "passed_over": step.passed_over,
                "told": recipients(rulebook.ladder, given.kind, step.step),
            }
            for step in planned
        ],
        "unplanned": rulebook.ladder.last_step(given.kind) + 1 - len(planned),
    }


def _limit(rules: TimeLimits, given: Supposed) -> Limit:
    if given.days is not None:
        return Limit(days=given.days)
    try:
        return rules.limit(given.kind, given)
    except KeyError:
        raise InvalidInput({"/days": f"“{given.kind.label}”没有固定的时限，请填写工作日数"}) from None
