"""The consequences of dues that a calendar has moved: steps armed again, drafts, lines, and the due that a ticket shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from hotline.casework.deadlines import sign_dues
from hotline.casework.tickets import clocks, lapsed_orders, timeline
from hotline.casework.tickets.ladder_plan import pass_over, plan, rearm, recorded_steps
from hotline.context import Context
from hotline.models.database.bulk import insert_rows, update_rows
from hotline.models.database.session import keys_of
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.actors import SYSTEM
from hotline.rules.deadlines.ladder import ORDER, RED
from hotline.rules.deadlines.lateness import has_come
from hotline.rules.deadlines.working_calendar import Due
from hotline.rules.vocabulary import Audience

DUE_WRITES = ("started_at", "due_at", "first_due_at", "provisional")
PLAN_WRITES = ("step", "next_step_at", "stopped_at", "late")
TICKET_WRITES = (
    "timeline_length",
    "timeline_head",
    "due_at",
    "due_kind",
    "due_provisional",
    "step",
    "unsigned_late",
)


class Writes:
    """The rows that follow from a batch of moved dues, gathered and then written with a handful of statements."""

    def __init__(self, ctx: Context, starts: Mapping[int, datetime]) -> None:
        self.ctx, self.keys, self.starts = ctx, keys_of(ctx.session), starts
        self.lines: list[dict[str, Any]] = []
        self.turned_exact: list[Any] = []
        self.ended: list[Any] = []

    def apply(self, tickets: Sequence[Any], rows: Sequence[Any], moves: Mapping[int, Due]) -> None:
        felt = {row.ticket_id for row in rows if row.id in moves or waits_for_its_year(row)}
        changed = {ticket.id: SimpleNamespace(**ticket._mapping) for ticket in tickets if ticket.id in felt}
        running = [SimpleNamespace(**row._mapping) for row in rows if row.ticket_id in changed]
        moved = [clock for clock in running if clock.id in moves]
        ordered = {clock.id: clock for clock in moved if clock.step >= ORDER}
        begun = [clock for clock in running if clock.id in self.starts and clock.id not in moves]
        for clock in running:
            clock.started_at = self.starts.get(clock.id, clock.started_at)
        for clock in moved:
            self._move(changed[clock.ticket_id], clock, moves[clock.id])
        update_rows(self.ctx.session, Clock.__table__, DUE_WRITES, moved + begun)  # type: ignore[arg-type]
        passed = self._arm(changed, moved, running)
        sign_dues.follow(self.ctx, changed, moved)
        ordered |= {clock.id: clock for clock in (*moved, *self.ended) if clock.step >= ORDER}
        lapsed_orders.follow(self.ctx, changed, list(ordered.values()), running, self._add_line)
        clocks.show_nearest(changed, [clock for clock in running if clock.stopped_at is None])
        update_rows(self.ctx.session, Ticket.__table__, TICKET_WRITES, list(changed.values()))  # type: ignore[arg-type]
        insert_rows(self.ctx.session, TimelineEntry.__table__, self.lines)  # type: ignore[arg-type]
        insert_rows(self.ctx.session, Escalation.__table__, passed)  # type: ignore[arg-type]

    def _move(self, ticket: Any, clock: Any, due: Due) -> None:
        old, clock.old_due_at = clock.due_at, clock.due_at
        if clock.provisional and not due.provisional:
            self.turned_exact.append(clock)
        # What has climbed nothing and moves later is looked at when its first step was planned: the ladder is asked again then.
        clock.replan = due.at < old or clock.provisional or due.provisional or clock.step >= 0
        clocks.set_due(clock, due)
        self._add_line(ticket, "due_moved", clocks.moved_data(clock, old, self.ctx.rules), Audience.UNIT)

    def _arm(self, tickets: Mapping[int, Any], moved: Sequence[Any], running: Sequence[Any]) -> list[dict[str, Any]]:
        """Put the moved clocks on their steps and plan the next ones; answers the rows of what is passed over."""
        falls_away = {
            clock.ticket_id for clock in running if not has_come(self.starts.get(clock.id, self.ctx.now), self.ctx.now)
        }
        passed = rearm(self.ctx, moved, self._recorded(moved))
        for clock in self.turned_exact:
            if has_come(clock.due_at, self.ctx.now):
                passed += pass_over(self.ctx, clock)
        for ticket_id in sorted(falls_away):
            self._end_handling(tickets[ticket_id], running)
        planned = [clock for clock in moved if clock.replan or clock.step >= 0]
        planned += [clock for clock in running if waits_for_its_year(clock) or clock.id in self.starts]
        for clock in planned:
            plan(clock, rulebook=self.ctx.rules)
        written = {clock.id: clock for clock in (*planned, *self.ended)}
        update_rows(self.ctx.session, Clock.__table__, PLAN_WRITES, list(written.values()))  # type: ignore[arg-type]
        return passed

    def _recorded(self, moved: Sequence[Any]) -> dict[int, int]:
        if not moved:
            return {}
        ids = [clock.ticket_id for clock in moved]
        here = Escalation.ticket_id.between(min(ids), max(ids))
        return recorded_steps(self.ctx.session, here, Clock.stopped_at.is_(None))

    def _end_handling(self, ticket: Any, running: Sequence[Any]) -> None:
        ticket.unsigned_late = False
        for clock in running:
            if clock.ticket_id == ticket.id and clock.id in self.starts:
                clock.stopped_at, clock.late, clock.next_step_at = self.ctx.now, False, None
                self.ended.append(clock)
        self._add_line(ticket, "handle_start_withdrawn", {}, Audience.UNIT)

    def _add_line(self, ticket: Any, entry: str, data: dict[str, Any], audience: Audience = Audience.CENTRE) -> None:
        ctx, at = self.ctx.by(SYSTEM), self.ctx.now
        self.lines.append(timeline.next_line(ctx, self.keys, ticket, entry, at=at, audience=audience, data=data))


def waits_for_its_year(row: Any) -> bool:
    """Return whether steps that lay in a year nobody had announced can be planned now."""
    return row.unplanned and not row.provisional and row.step >= RED and row.paused_at is None
