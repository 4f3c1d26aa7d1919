"""The outbox on its way out: one delivery for each notice and channel, claimed by one worker, tried again with growing waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from hotline.casework.accounts.audit_log import record
from hotline.casework.tickets import contacts
from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.database.upsert import insert
from hotline.models.intake.enterprises import Contact
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.messages.notices import Delivery, Notice
from hotline.models.tickets.tickets import Ticket
from hotline.rules.accounts.administration import AdminDeed, check_administers
from hotline.rules.intake.phone import takes_messages
from hotline.rules.messages.asks import DIGEST
from hotline.rules.messages.delivery import DeliveryState
from hotline.rules.refusals import ConditionUnmet, UnknownThing

SENT_AT_ONCE = 50
SPREAD_AT_ONCE = 500
CLAIMED_FOR = timedelta(minutes=5)
MAIL, SMS, WEBHOOK = "mail", "sms", "webhook"


def spread(ctx: Context, channels: Sequence[str]) -> int:
    """One batch of notices whose time has come becomes deliveries by the channels that are on; answers how many notices.

    A person is written to by every channel for which there is an address; a webhook hears of an event once, of no account.
    """
    earlier = aliased(Notice)
    of_work = or_(Notice.ticket_id.is_not(None), Notice.task_id.is_not(None), Notice.kind == DIGEST)
    first = and_(of_work, ~exists().where(earlier.event == Notice.event, earlier.id < Notice.id))
    query = (
        select(Notice.id, Notice.contact_id, Staff.email, Staff.phone, first.label("first"))
        .outerjoin(Staff, Staff.id == Notice.staff_id)
        .where(Notice.spread_at.is_(None), Notice.not_before <= ctx.now)
    )
    query = (
        query.order_by(Notice.not_before, Notice.id).limit(SPREAD_AT_ONCE).with_for_update(of=Notice, skip_locked=True)
    )
    rows = ctx.session.execute(query).all()
    made = [row for found in rows for row in _deliveries(ctx, found, channels)]
    if made:
        row = insert(ctx.session, Delivery)
        ctx.session.execute(row.on_conflict_do_nothing(index_elements=["notice_id", "channel"]), made)
    ctx.session.execute(update(Notice).where(Notice.id.in_([row.id for row in rows])).values(spread_at=ctx.now))
    return len(rows)


def _deliveries(ctx: Context, found: Any, channels: Sequence[str]) -> Iterable[dict[str, Any]]:
    has = {MAIL: bool(found.email), SMS: takes_messages(found.phone), WEBHOOK: found.first}
    if found.contact_id is not None:
        contact = contacts.opened(ctx.session, ctx.session.get_one(Contact, found.contact_id))
        has |= {MAIL: bool(contact.email), SMS: takes_messages(contact.phone)}
    for channel in channels:
        if has[channel]:
            row = {"notice_id": found.id, "channel": channel, "state": DeliveryState.WAITING}
            yield {**row, "attempts": 0, "next_at": ctx.now}


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed delivery with its notice; `to` is an address in clear, for the channel's eyes only.

    `number` is that of the ticket, or the name of what the knowledge base owes; `about` says the same in words.
    """

    id: int
    channel: str
    to: str
    number: str
    notice_id: int
    kind: str
    data: dict[str, Any]
    at: datetime
    attempts: int
    urgent: bool
    about: str


def claim(ctx: Context) -> list[Letter]:
    """Takes what is due, for five minutes: nobody else sends it meanwhile, and if this worker dies it is taken again."""
    free = or_(Delivery.claimed_until.is_(None), Delivery.claimed_until < ctx.now)
    query = select(Delivery).where(Delivery.state == DeliveryState.WAITING, Delivery.next_at <= ctx.now, free)
    query = query.order_by(Delivery.next_at, Delivery.id).limit(SENT_AT_ONCE).with_for_update(skip_locked=True)
    rows = ctx.session.scalars(query).all()
    for row in rows:
        row.claimed_until = ctx.now + CLAIMED_FOR
    return [_letter(ctx.session, row) for row in rows]


def _letter(session: Session, row: Delivery) -> Letter:
    notice = session.get_one(Notice, row.notice_id)
    number, about, urgent = _subject(session, notice)
    to = _address(session, notice, row.channel)
    return Letter(
        row.id, row.channel, to, number, notice.id, notice.kind, notice.data, notice.at, row.attempts, urgent, about
    )


def _subject(session: Session, notice: Notice) -> tuple[str, str, bool]:
    """(its number, the words for it, whether it is urgent)."""
    if notice.task_id is not None:
        task = session.get_one(ArticleTask, notice.task_id)
        return task.name, f"知识库《{' '.join(task.title.split())}》", False
    if notice.kind == DIGEST:
        return "", notice.data["name"], False
    if notice.ticket_id is None:
        return "", "您的账号", True
    ticket = session.get_one(Ticket, notice.ticket_id)
    return ticket.number, f"工单{ticket.number}", ticket.urgency.is_urgent


def _address(session: Session, notice: Notice, channel: str) -> str:
    if channel == WEBHOOK:
        return ""
    person: Any
    if notice.contact_id is not None:
        person = contacts.opened(session, session.get_one(Contact, notice.contact_id))
    else:
        person = session.get_one(Staff, notice.staff_id)
    return (person.email if channel == MAIL else person.phone) or ""


def mark_sent(ctx: Context, delivery_id: int) -> None:
    """It went out."""
    row = ctx.session.get_one(Delivery, delivery_id)
    row.state, row.sent_at, row.claimed_until, row.last_error = DeliveryState.SENT, ctx.now, None, None
    row.attempts += 1


def mark_failed(ctx: Context, letter: Letter, why: str, retry_minutes: Sequence[int]) -> None:
    """It did not: tried again after the next wait, not in quiet hours unless it is urgent; dead after the last one."""
    row = ctx.session.get_one(Delivery, letter.id)
    row.attempts, row.claimed_until, row.last_error = row.attempts + 1, None, why[:200]
    if row.attempts > len(retry_minutes):
        row.state = DeliveryState.DEAD
        return
    again = ctx.now + timedelta(minutes=retry_minutes[row.attempts - 1])
    row.next_at = again if letter.urgent else ctx.rules.calendar.next_opening(again)


def resend(ctx: Context, delivery_id: int) -> None:
    """An administrator sends a dead letter again, from the first attempt on."""
    check_administers(ctx.actor, AdminDeed.RESEND)
    row = ctx.session.scalar(select(Delivery).where(Delivery.id == delivery_id).with_for_update())
    if row is None:
        raise UnknownThing("这条消息")
    if row.state is not DeliveryState.DEAD:
        raise ConditionUnmet(f"这条消息{row.state.label}")
    row.state, row.attempts, row.next_at = DeliveryState.WAITING, 0, ctx.now
    record(ctx, AdminDeed.RESEND, str(row.id), row.channel)
