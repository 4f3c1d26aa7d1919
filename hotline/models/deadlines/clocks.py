"""Clocks: every running time limit is one row. Escalations: each step a clock climbed, once for each due that it had."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word, stored
from hotline.rules.vocabulary import ClockKind

RUNNING = "stopped_at IS NULL"
MET = "met_at IS NOT NULL"
WAITING = "next_step_at IS NOT NULL"
RATED = "kind IN ('sign','handle')"
"""What the rates of what was on time are counted of."""
IS_RATED = stored("clocks", RATED)
ONE_SUBJECT = "(ticket_id IS NULL) <> (task_id IS NULL)"
UNKNOWN_DUE = "1970-01-01 00:00:00"
"""The due of a step that the program before this one writes while both run."""


# What a clock may be about beside its ticket.
SUBJECTS = ("order_id", "request_id", "rectification_id", "assist_id", "tracked_item_id")


def _of_subject(name: str) -> Index:
    """The clocks of one order, request ...: few clocks have one."""
    where = text(f"{name} IS NOT NULL")
    return Index(f"ix_clocks_{name.removesuffix('_id')}", name, sqlite_where=where, postgresql_where=where)


class Clock(Record):
    """A time limit of a ticket, or of an order, a request, a rectification or a tracked item of it; or of the knowledge base.

    `days` is the limit in working days (None: same day or minutes). What was added to the due afterwards: `extra_days`, whole
    days, and `paused_seconds`, the time of its pauses. A clock of minutes has moved by these seconds; on any other they are
    working time, less than a day, that waits for the next pause. `paused_at`: it stands still since then;
    `stopped_at` ends it, `met_at` says that it ended by being met; `late` is fixed then, for good. `step` is the last step
    of the ladder recorded for the due that it has now (-1: none), `next_step_at` when the scheduler has to look at it again.
    `rules_version`: the version of the rules by which it began (None: it began before versions were kept).
    """

    __tablename__ = "clocks"
    __table_args__ = (
        Index("ix_clocks_next_step", "next_step_at", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        Index("ix_clocks_running_due", "due_at", "id", sqlite_where=text(RUNNING), postgresql_where=text(RUNNING)),
        Index(
            "ix_clocks_running_unit",
            "unit_path",
            "due_at",
            "id",
            sqlite_where=text(RUNNING),
            postgresql_where=text(RUNNING),
            postgresql_ops={"unit_path": "text_pattern_ops"},
        ),
        Index("ix_clocks_rated", "kind", "due_at", "id", sqlite_where=text(RATED), postgresql_where=text(RATED)),
        Index("ix_clocks_met", "met_at", "id", sqlite_where=text(MET), postgresql_where=text(MET)),
        *(_of_subject(name) for name in SUBJECTS),
        Index("ix_clocks_provisional", "id", sqlite_where=text("provisional"), postgresql_where=text("provisional")),
        CheckConstraint("next_step_at IS NULL OR stopped_at IS NULL", name="stopped_climbs_no_more"),
        CheckConstraint(ONE_SUBJECT, name="one_subject"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[ClockKind] = mapped_column(Word(ClockKind))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("article_tasks.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    rectification_id: Mapped[int | None] = mapped_column(ForeignKey("rectifications.id"))
    assist_id: Mapped[int | None] = mapped_column(ForeignKey("assists.id"))
    tracked_item_id: Mapped[int | None] = mapped_column(ForeignKey("tracked_items.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    unit_path: Mapped[str | None] = mapped_column(String(200))
    round: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    days: Mapped[int | None]
    limit_text: Mapped[str] = mapped_column(String(40))
    rules_version: Mapped[int | None]
    due_at: Mapped[datetime]
    first_due_at: Mapped[datetime]
    extra_days: Mapped[int] = mapped_column(default=0)
    paused_seconds: Mapped[float] = mapped_column(default=0.0, server_default="0")
    provisional: Mapped[bool] = mapped_column(default=False)
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    late: Mapped[bool | None]
    step: Mapped[int] = mapped_column(default=-1)
    next_step_at: Mapped[datetime | None]


class Escalation(Record):
    """A step of the ladder: `at` is the instant of the breach, `recorded_at` when it was written.

    Once for a clock, step and due: a due that moves arms the steps again, one that returns does not. `passed_over`: recorded so
    that the rows of a due are whole, and nobody was told. A breach is counted once a clock, by `Clock.late`, never by these rows.
    """

    __tablename__ = "escalations"
    __table_args__ = (UniqueConstraint("clock_id", "step", "due_at"), CheckConstraint(ONE_SUBJECT, name="one_subject"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clocks.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("article_tasks.id"), index=True)
    step: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(server_default=UNKNOWN_DUE)
    round: Mapped[int]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    passed_over: Mapped[bool] = mapped_column(default=False)
