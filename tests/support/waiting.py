"""What waits for somebody on a ticket - requests, orders, tasks, cases, promises, objections - and what would settle it."""

from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.dispatch.assisting import AssistStep
from hotline.casework.handling.requests import Decision
from hotline.casework.handling.tracking import TrackCheck, TrackWords
from hotline.casework.ratings import rectification
from hotline.casework.supervision.supervision import OrderStep
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import Request
from hotline.models.handling.tracked import TrackedItem
from hotline.models.ratings.rectifications import Rectification
from hotline.models.supervision.orders import Order
from hotline.models.tickets.attachments import Attachment
from hotline.models.tickets.objections import Objection
from hotline.models.tickets.tickets import Ticket
from hotline.rules.handling.assisting import AssistState
from hotline.rules.handling.requests import KIND_OF, ROWS
from hotline.rules.handling.tracking import TrackState
from hotline.rules.ratings.rectification import STEPS as CASES
from hotline.rules.reason_codes import Finding
from hotline.rules.tickets.objection import ObjectionState
from hotline.rules.vocabulary import Action, OrderState, RequestState, State
from hotline.schemas import actions as forms

Name = Action


def waiting(ctx: Context, ticket: Ticket, draw: Random) -> list[tuple[Name, Any]]:
    """What waits for somebody on this ticket: (name, what it takes), or (name, None) by an action.

    What it takes: what would be sent, on whose desk it lies, and which roles it is for, where not for all of the action's.
    """
    found: list[tuple[Name, Any]] = []
    if ticket.state is State.NEED_INFO and ticket.due_at is not None and ticket.due_at < ctx.now:
        found.append((Action.NO_INFO, None))
    for table, names in WAITING:
        for row in ctx.session.scalars(select(table).where(table.ticket_id == ticket.id).order_by(table.id)):
            unit = ctx.session.get(Unit, getattr(row, "unit_id", None) or ticket.lead_unit_id or 0)
            for name in names(row):
                path = unit.path if unit else None
                roles = ROWS[row.kind].deciders if name is Action.DECIDE_REQUEST else None
                takes = (STEPS[name][1](draw, row, ctx.session, name), path, roles) if name in STEPS else None
                found.append((name, takes))
    return found


def _on_request(row: Request) -> list[Name]:
    if row.state is RequestState.DRAFTED:
        return [Action.SIGN_REQUEST]
    if row.state is RequestState.PENDING:
        return [
            Action.DECIDE_REQUEST,
            *(action for action in KIND_OF if KIND_OF[action] is row.kind and action is not Action.REJECT),
        ]
    return []


def _on_order(row: Order) -> list[Action]:
    ways = {
        OrderState.DRAFT: [Action.ISSUE_ORDER, Action.ISSUE_ORDER, Action.DECLINE_ORDER],
        OrderState.ISSUED: [Action.REPLY_ORDER],
        OrderState.REPLIED: [Action.CLOSE_ORDER, Action.CLOSE_ORDER, Action.SEND_BACK_ORDER],
    }
    return ways.get(row.state, [])


def _on_task(row: Assist) -> list[Action]:
    return [Action.REPLY_ASSIST, Action.WAIVE_ASSIST] if row.state is AssistState.OPEN else []


def _on_case(row: Rectification) -> list[Action]:
    return [step.action for step in CASES.values() if step.source is row.state]


def _on_item(row: TrackedItem) -> list[Action]:
    if row.state is TrackState.OPEN:
        return [Action.NOTE_TRACKED, Action.REPORT_TRACKED]
    return [Action.CHECK_TRACKED] if row.state is TrackState.CHECKING else []


def _on_objection(row: Objection) -> list[Name]:
    return [Action.TAKE_UP, Action.DECIDE_OBJECTION] if row.state is ObjectionState.OPEN else []


WAITING: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Request, _on_request),
    (Order, _on_order),
    (Assist, _on_task),
    (Rectification, _on_case),
    (TrackedItem, _on_item),
    (Objection, _on_objection),
)


def _decision(draw: Random, row: Request, session: Session, name: Any) -> Decision:
    return Decision(row.id, draw.random() < 0.8, "情况属实")


def _order(draw: Random, row: Order, session: Session, name: Any) -> OrderStep:
    return OrderStep(row.number, "请办理")


def _task(draw: Random, row: Assist, session: Session, name: Any) -> AssistStep:
    return AssistStep(row.id, "已核实")


def _item(draw: Random, row: TrackedItem, session: Session, name: Any) -> Any:
    if name is Action.CHECK_TRACKED:
        return TrackCheck(row.id, text="已问企业", connected=True, done=draw.random() < 0.7)
    return TrackWords(row.id, "已进场施工")


def _case(draw: Random, row: Rectification, session: Session, name: Any) -> Any:
    """Sent to a case by its number; a mending carries what was attached to the ticket as its proof."""
    proof = tuple(session.scalars(select(Attachment.id).where(Attachment.ticket_id == row.ticket_id).limit(1)))
    given = {
        Action.VERIFY_CASE: rectification.Verification(draw.choice(list(Finding)), "属实"),
        Action.APPEAL_CASE: rectification.Words("有异议"),
        Action.RULE_APPEAL: rectification.AppealRuling(draw.random() < 0.4, "已查"),
        Action.MEND_CASE: rectification.Mending("已改", "已向企业说明", proof),
        Action.RECHECK_CASE: rectification.Recheck(draw.random() < 0.7, "已复核"),
        Action.CONFIRM_CASE: rectification.Words("确认"),
    }
    return (row.number, given[name])


def _case_step(action: Action) -> Any:
    """A step of a case goes by the case's number, not by the ticket's."""
    does = forms.ACTIONS[action][1]

    def step(session: Session, number: str, given: tuple[str, Any], **known: Any) -> Any:
        return does(session, given[0], given[1], **known)

    return step


STEPS: dict[Action, tuple[Any, Any, Any]] = {
    **{action: (Request, _decision, forms.ACTIONS[action][1]) for action in forms.REQUEST_STEPS.values()},
    **{action: (Assist, _task, forms.ACTIONS[action][1]) for action in forms.ASSIST_STEPS.values()},
    **{action: (TrackedItem, _item, forms.ACTIONS[action][1]) for action in forms.TRACK_STEPS.values()},
    **{action: (Order, _order, forms.ACTIONS[action][1]) for action in forms.ORDER_STEPS.values()},
    **{action: (Rectification, _case, _case_step(action)) for action in forms.CASE_STEPS.values()},
}
