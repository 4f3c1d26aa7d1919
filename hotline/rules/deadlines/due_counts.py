"""What the supervisors' wall counts: how near running clocks are to their dues, and what waits for a decision."""

from collections.abc import Mapping

from hotline.rules.deadlines.due_bucket import Nearness
from hotline.rules.vocabulary import Word


class When(Word):
    """How near its due a running clock is: soon counts what is due today; a provisional due is only running."""

    LATE = "late", "已超期"
    TODAY = "today", "今天到期"
    SOON = "soon", "1个工作日内到期"
    RUNNING = "running", "计时中"


PARTS: Mapping[When, tuple[Nearness, ...]] = {
    When.LATE: (Nearness.LATE,),
    When.TODAY: (Nearness.TODAY,),
    When.SOON: (Nearness.TODAY, Nearness.NEAR),
}
"""The parts that each number counts; running counts every clock that is not paused."""


class Decided(Word):
    """What the centre decides on."""

    ORDER = "order", "督办单"
    REQUEST = "request", "申请"
    OBJECTION = "objection", "异议"
