"""Rectifications: opened with the bad rating, in the same transaction; verified, mended, checked again, confirmed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks, false_completion, notices, order_drafts, timeline
from hotline.casework.tickets.access import open_for
from hotline.casework.tickets.numbers import next_number
from hotline.context import Context
from hotline.models.accounts.role_holders import is_held
from hotline.models.accounts.units import Unit
from hotline.models.ratings.ratings import Rating
from hotline.models.ratings.rectifications import IS_OPEN_CASE, Rectification
from hotline.models.tickets.attachments import Attachment
from hotline.models.tickets.result_authors import result_authors
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import SYSTEM
from hotline.rules.deadlines.lateness import has_passed
from hotline.rules.deadlines.time_limits import Limit
from hotline.rules.messages.recipients import REVIEW_AND_SUPERVISION, SUPERVISORS, WHOLE_UNIT
from hotline.rules.permissions import check_not_own_work
from hotline.rules.ratings.rectification import CLOCK_OF, FIRST, STEPS, check_step
from hotline.rules.reason_codes import Finding
from hotline.rules.refusals import ConditionUnmet, InvalidInput, OwnWork, RoleMissing, UnknownThing, WindowClosed
from hotline.rules.tickets.ticket_number import RECTIFICATION, normalise
from hotline.rules.vocabulary import Audience, ClockKind, RectificationState, Role


def open_case(ctx: Context, ticket: Ticket, rating: Rating) -> Rectification:
    """Exactly one case for a bad rating (the rating's id is unique in it); the centre is told and verifies."""
    case = Rectification(
        number=next_number(ctx, RECTIFICATION),
        rating_id=rating.id,
        ticket_id=ticket.id,
        unit_id=ticket.lead_unit_id,
        state=FIRST,
        round=1,
        opened_at=ctx.now,
    )
    ctx.session.add(case)
    ctx.session.flush()
    clocks.start(ctx, ticket, CLOCK_OF[FIRST], ctx.now, rectification_id=case.id)
    centre, number = Audience.CENTRE, case.number
    timeline.write(ctx.by(SYSTEM), ticket, "rectification_opened", audience=centre, case=number)
    event = f"rectification:{case.id}"
    notices.notify(ctx, ticket, event, "bad_rating", REVIEW_AND_SUPERVISION, number=ticket.number)
    return case


@dataclass(frozen=True)
class At:
    """A locked case in the state that the step begins in, with all that its consequences need."""

    ctx: Context
    ticket: Ticket
    case: Rectification
    unit: Unit | None

    def move(self, state: RectificationState, *, keep: ClockKind | None = None, limit: Limit | None = None) -> None:
        """Into the next state: its clock starts (with its own limit or this one), the others stop but the one that is kept."""
        stopping = [kind for kind in CLOCK_OF.values() if kind is not keep]
        clocks.stop(self.ctx, self.ticket, *stopping, rectification_id=self.case.id)
        self.case.state = state
        kind = CLOCK_OF.get(state)
        if kind is not None and not self._runs(kind):
            unit = (self.unit.id, self.unit.path) if self.unit else None
            clocks.start(
                self.ctx, self.ticket, kind, self.ctx.now, unit=unit, limit=limit, rectification_id=self.case.id
            )
        self.ctx.session.flush()

    def _runs(self, kind: ClockKind) -> bool:
        running = clocks.running(self.ctx.session, self.ticket, kind)
        return any(clock.rectification_id == self.case.id for clock in running)

    def write(self, entry: str, audience: Audience = Audience.UNIT, **data: Any) -> None:
        case = self.case.number
        timeline.write(self.ctx, self.ticket, entry, audience=audience, case=case, **data)

    def tell(self, kind: str, roles: frozenset[Role]) -> None:
        path = self.unit.path if self.unit else None
        people = notices.Directory.read(self.ctx.session).people(roles, path)
        key = f"rectification:{self.case.id}:{kind}:{self.case.round}"
        data = {"number": self.ticket.number, "case": self.case.number}
        event = notices.Event(key, kind, self.ctx.now, data)
        rows = notices.build_rows(self.ctx, people, self.ticket, event)
        notices.enqueue(self.ctx.session, rows)


def _open(ctx: Context, number: str, step: str) -> At:
    query = select(Rectification, Ticket.number, Unit).join(Ticket, Ticket.id == Rectification.ticket_id)
    query = query.outerjoin(Unit, Unit.id == Rectification.unit_id)
    found = ctx.session.execute(query.where(Rectification.number == normalise(number))).one_or_none()
    if found is None:
        raise UnknownThing("这项整改")
    case, ticket_number, unit = found

    def desk(ticket: Ticket) -> str | None:
        return unit.path if unit else None

    ticket = open_for(ctx, ticket_number, STEPS[step].action, desk=desk)
    ctx.session.refresh(case)
    check_step(case.state, step)
    return At(ctx, ticket, case, unit)


def _workers(at: At) -> set[int | None]:
    """Who worked on the result, or on the rectification: they neither verify nor check it."""
    return result_authors(at.ctx.session, at.ticket) | {at.case.submitted_by}


def _check_not_own(at: At, action: str) -> None:
    check_not_own_work(at.ctx.actor, at.unit.path if at.unit else None, _workers(at) - {None}, action)


@dataclass(frozen=True, slots=True)
class Verification:
    finding: Finding
    text: str


def verify(ctx: Context, number: str, given: Verification) -> Ticket:
    """The centre says what it found; the unit has five working days to mend, fifteen for a difficult matter."""
    at = _open(ctx, number, "verify")
    _check_not_own(at, "核实")
    at.case.finding, at.case.verification = given.finding, given.text
    at.case.verified_by, at.case.verified_at = ctx.actor.staff_id, ctx.now
    at.move(RectificationState.RECTIFYING)
    at.write("case_verified", finding=str(given.finding), text=given.text)
    at.tell("case_verified", WHOLE_UNIT)
    return at.ticket


def found_true(session: Session, ticket: Ticket) -> bool:
    """An open case of this ticket whose rating the centre has found true, wholly or in part."""
    query = select(Rectification.id).where(
        Rectification.ticket_id == ticket.id,
        IS_OPEN_CASE,
        Rectification.finding.in_((Finding.TRUE, Finding.PARTLY)),
    )
    return session.scalar(query.limit(1)) is not None


def follow_new_round(ctx: Context, ticket: Ticket, why: str) -> None:
    """A round that is reworked or reopened and was badly rated: the new round is the rectification, due with it (amendment 7).

    What was not verified yet is so by this; a mending that runs already keeps its due.
    """
    waiting = (RectificationState.VERIFYING, RectificationState.RECTIFYING)
    query = select(Rectification, Unit).outerjoin(Unit, Unit.id == Rectification.unit_id)
    query = query.where(Rectification.ticket_id == ticket.id, Rectification.state.in_(waiting))
    limit = ctx.rules.limits.limit(ClockKind.HANDLE, ticket)
    for case, unit in ctx.session.execute(query).all():
        if case.verified_at is None:
            at = At(ctx, ticket, case, unit)
            case.finding, case.verification, case.verified_by, case.verified_at = (
                Finding.TRUE,
                why,
                ctx.actor.staff_id,
                ctx.now,
            )
            at.move(RectificationState.RECTIFYING, limit=limit)
            at.write("case_verified", finding=str(case.finding), text=why)


@dataclass(frozen=True, slots=True)
class Words:
    text: str


def appeal(ctx: Context, number: str, given: Words) -> Ticket:
    """Once, within three working days of the verification; the clock of the mending runs on."""
    at = _open(ctx, number, "appeal")
    days = ctx.rules.limits.appeal_within_days
    assert at.case.verified_at is not None, "what is mended has been verified"
    if at.case.appealed_at is not None:
        raise ConditionUnmet("这项整改已经申诉过一次")
    if has_passed(ctx.rules.calendar.due(at.case.verified_at, days).at, ctx.now):
        raise WindowClosed(f"申诉（核实后{days}个工作日内）")
    at.case.appeal, at.case.appealed_by, at.case.appealed_at = given.text, ctx.actor.staff_id, ctx.now
    at.move(RectificationState.APPEALED, keep=ClockKind.RECTIFY)
    at.write("case_appealed", text=given.text)
    at.tell("case_appealed", SUPERVISORS)
    return at.ticket


@dataclass(frozen=True, slots=True)
class AppealRuling:
    upheld: bool
    text: str


def rule(ctx: Context, number: str, given: AppealRuling) -> Ticket:
    """By somebody who neither handled, nor verified, nor was rated. Upheld: the case ends, the rating leaves the rates."""
    at = _open(ctx, number, "rule")
    _check_not_own(at, "裁定")
    if ctx.actor.staff_id == at.case.verified_by:
        raise OwnWork("裁定")
    at.case.ruling, at.case.ruled_by, at.case.ruled_at, at.case.upheld = (
        given.text,
        ctx.actor.staff_id,
        ctx.now,
        given.upheld,
    )
    if given.upheld:
        ctx.session.get_one(Rating, at.case.rating_id).excluded_at = ctx.now
        at.case.closed_by, at.case.closed_at = ctx.actor.staff_id, ctx.now
        at.move(RectificationState.CLOSED)
    else:
        at.move(RectificationState.RECTIFYING, keep=ClockKind.RECTIFY)
    at.write("appeal_ruled", upheld=given.upheld, text=given.text)
    at.tell("appeal_ruled", WHOLE_UNIT)
    return at.ticket


@dataclass(frozen=True, slots=True)
class Mending:
    """What was done, what the rater was told, and the attachments that prove it."""

    measures: str
    feedback: str
    proof: tuple[int, ...]


def mend(ctx: Context, number: str, given: Mending) -> Ticket:
    """By the unit's leader; by a supervisor where the unit has none, or the centre was rated. Refuses it without proof."""
    at = _open(ctx, number, "mend")
    if at.unit is not None and Role.LEADER not in ctx.actor.roles and is_held(ctx.session, {Role.LEADER}, at.unit.id):
        raise RoleMissing(STEPS["mend"].action.label)
    wanted = select(func.count()).where(Attachment.ticket_id == at.ticket.id, Attachment.id.in_(given.proof))
    if not given.proof or ctx.session.scalar(wanted) != len(set(given.proof)):
        raise InvalidInput({"/proof": "请选择本工单的附件作为整改证明"})
    at.case.measures, at.case.feedback, at.case.proof = given.measures, given.feedback, list(given.proof)
    at.case.submitted_by, at.case.submitted_at, at.case.passed = ctx.actor.staff_id, ctx.now, None
    at.move(RectificationState.RECHECKING)
    at.write("case_mended", measures=given.measures)
    at.tell("case_mended", REVIEW_AND_SUPERVISION)
    return at.ticket


@dataclass(frozen=True, slots=True)
class Recheck:
    passed: bool
    text: str
    untrue: bool = False


def recheck(ctx: Context, number: str, given: Recheck) -> Ticket:
    """The centre asks the rater again. What is not mended goes back, with a supervision order."""
    at = _open(ctx, number, "recheck")
    _check_not_own(at, "复核")
    at.case.recheck, at.case.rechecked_by, at.case.rechecked_at = given.text, ctx.actor.staff_id, ctx.now
    at.case.passed = given.passed
    at.write("case_rechecked", passed=given.passed, text=given.text)
    if given.passed:
        at.tell("case_rechecked", SUPERVISORS)
        return at.ticket
    if given.untrue:
        false_completion.mark(ctx, at.ticket)
    at.case.round += 1
    at.move(RectificationState.RECTIFYING)
    order_drafts.draft_order(ctx, at.ticket, "rectification")
    at.tell("case_returned", WHOLE_UNIT)
    return at.ticket


def confirm(ctx: Context, number: str, given: Words) -> Ticket:
    """A supervisor, who did not check it, closes the case; the rater is told. Refuses before a re-check has passed."""
    at = _open(ctx, number, "confirm")
    _check_not_own(at, "确认")
    if not at.case.passed:
        raise ConditionUnmet("整改还没有通过复核，不能销号")
    if ctx.actor.staff_id == at.case.rechecked_by:
        raise OwnWork("确认")
    at.case.closed_by, at.case.closed_at = ctx.actor.staff_id, ctx.now
    at.move(RectificationState.CLOSED)
    at.write("case_closed", Audience.PUBLIC, feedback=at.case.feedback)
    event, feedback = f"rectification:{at.case.id}:closed", at.case.feedback
    notices.tell_enterprise(ctx, at.ticket, event, "case_closed", feedback=feedback)
    return at.ticket
