"""Hot topics: the same matter so often, and from so many different callers, that somebody should look at it as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.rules.intake.similarity import clusters, pairs_of


@dataclass(frozen=True, slots=True)
class HotTopicRules:
    """`days`: how far back is looked, in calendar days; `compared`: the newest tickets of a category, at most."""

    days: int
    times: int
    callers: int
    compared: int


@dataclass(frozen=True, slots=True)
class Report:
    """What one ticket says, and who said it (None: not known)."""

    ticket_id: int
    text: str
    caller: str | None


def topics_of(reports: Sequence[Report], rules: HotTopicRules) -> list[list[int]]:
    """The tickets of each hot topic, the largest first. Who calls five times is no topic; all unknown callers are one."""
    caller = {report.ticket_id: report.caller for report in reports}
    groups = clusters({report.ticket_id: pairs_of(report.text) for report in reports})
    hot = [group for group in groups if len(group) >= rules.times]
    return [group for group in hot if len({caller[id] for id in group}) >= rules.callers]
