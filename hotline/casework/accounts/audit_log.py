"""The log of the administration: every change outside a ticket leaves one line, in the transaction of the change."""

from typing import Any

from hotline.context import Context
from hotline.models.accounts.audit_log import AdministrationEntry
from hotline.rules.accounts.administration import AdminDeed


def record(ctx: Context, deed: AdminDeed, subject: str, name: str, **data: Any) -> None:
    """One line; `data` holds no password, no token and no address of a person."""
    ctx.session.add(
        AdministrationEntry(
            at=ctx.now,
            actor_id=ctx.actor.staff_id,
            actor=ctx.actor.name,
            deed=deed,
            subject=subject,
            name=name,
            data=data,
        )
    )
    ctx.session.flush()
